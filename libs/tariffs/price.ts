import { HubError, money, type Decimal, type EpochDay, type LocalDate, type Money } from '#libs/kernel/index.js';
import { canBeWritten, dateOf } from './calendar.js';
import type { CompiledFee } from './compile/fee.js';
import type { Tariff } from './compile/tariff.js';
import { minorOf } from './engine/arithmetic.js';
import { capped, type PaymentsByFee } from './engine/caps.js';
import { decideFee } from './engine/decide.js';
import type { Frame } from './engine/frame.js';
import { FeeLedger, undecided } from './engine/ledger.js';
import { withOthers, type Beside } from './engine/beside.js';
import { keepFirst } from './engine/one-of.js';
import type { Payment } from './engine/payment.js';
import { Person } from './engine/person.js';
import type { AsOf, Fact, LockedTerms } from './facts.js';
import { Missing } from './language/value.js';

interface Answer {
  readonly feeId: string;
  /** Which of a repeating fee's payments, from 1; absent where there is one only. */
  readonly occurrence?: string | undefined;
  /** `recover`: the payee pays it back. Amounts are never negative. */
  readonly direction: 'pay' | 'recover';
  /** Where the rule stands: `jobpath-ie@2015 fees.sustainment-26`. */
  readonly rule: string;
  /** In plain words: the rule, the days and the arithmetic. */
  readonly why: string;
}

/** Both days included; without a limit the tariff sets none. */
export interface ClaimWindow {
  readonly from?: LocalDate;
  readonly until?: LocalDate;
}

/** What a tariff says of one payment of one fee, on one day. */
export type Fee =
  | (Answer & {
      readonly kind: 'due';
      readonly amount: Money;
      /** The last day of the span that it pays for, or the day of the event. */
      readonly on: LocalDate;
      readonly vat: string;
      readonly claimWindow?: ClaimWindow | undefined;
      /** Who is paid: `provider`, unless the tariff says otherwise. */
      readonly payee: string;
      /** Where several share it, by contribution; they add up to the amount. */
      readonly shares?: readonly { readonly payee: string; readonly amount: Money }[] | undefined;
      /** Ids of the spells it rests on. */
      readonly spellIds: readonly string[];
      /** All facts it rests on: ids of spells, and `event:name`, `amount:name`, `attribute:name`, `verification:question`. */
      readonly factsUsed: readonly string[];
    })
  /** `earliest`: the day on which it would be due if nothing changes; none when that depends on something to happen. */
  | (Answer & { readonly kind: 'not-yet'; readonly earliest: LocalDate | null; readonly claimWindow?: ClaimWindow })
  | (Answer & { readonly kind: 'never' })
  /** A register must answer the question about the span first, not before `earliest`. */
  | (Answer & {
      readonly kind: 'needs';
      readonly question: string;
      readonly from: LocalDate;
      readonly to: LocalDate;
      readonly earliest: LocalDate;
    })
  /** Nobody can say how much: the tariff, the contract or a fact does not state what it needs. Never zero. */
  | (Answer & { readonly kind: 'unknown'; readonly missing: string });

/**
 * What is due for one person (or one contract, for a programme's fees), by one tariff version, under the terms that were locked,
 * from these facts, as of a day. Pure: the order of facts never matters. Answers one `Fee` for each payment of each fee that was
 * reached, and one for what comes next, in the order of the document. Facts and terms are checked by `checkFacts`, `checkTerms`.
 */
export function price(tariff: Tariff, locked: LockedTerms, facts: readonly Fact[], asOf: AsOf): readonly Fee[] {
  return decide(tariff, locked, facts, asOf).map(({ fee, payment }) => feeOf(tariff, fee, payment));
}

type Subject = 'person' | 'programme';

/** One decided payment with the fee it belongs to and what its own version date is. */
export interface DecidedPayment {
  readonly fee: CompiledFee;
  readonly payment: Payment;
}

/** @param beside where several versions pay: what the others pay */
export function decide(
  tariff: Tariff,
  locked: LockedTerms,
  facts: readonly Fact[],
  asOf: AsOf,
  beside?: Beside,
): readonly DecidedPayment[] {
  const subject = locked.subject ?? 'person';
  const asked = { tariff, person: new Person(locked, facts, asOf), subject, beside } as const;
  const byFee = settled(asked, decideAll(asked, undefined));
  const all: DecidedPayment[] = [];
  for (const fee of tariff.fees)
    for (const payment of byFee.get(fee.id) ?? []) if (payment.elsewhere === undefined) all.push({ fee, payment });
  return all;
}

interface Asked {
  readonly tariff: Tariff;
  readonly person: Person;
  readonly subject: Subject;
  readonly beside: Beside | undefined;
}

/**
 * What caps leave. Where one cuts, whatever asks what was paid is decided again with what is left; each round fixes at least the
 * earliest payment that was not fixed before, so there are at most as many rounds as payments.
 */
function settled(asked: Asked, decided: PaymentsByFee): PaymentsByFee {
  const { tariff, person } = asked;
  if (tariff.caps.length === 0) return decided;
  const frame = startOf(tariff, person);
  let left = capped(tariff, decided, frame);
  if (left === decided) return left;
  let before = left;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    before = left;
    left = capped(tariff, decideAll(asked, left), frame);
    if (isSame(before, left)) return left;
  }
  return unsettled(before, left);
}

/** What no round fixes: a payment that depends on what is left of it. */
function unsettled(before: PaymentsByFee, last: PaymentsByFee): PaymentsByFee {
  const missing = 'what a cap leaves of it depends on itself';
  return new Map(
    [...last].map(([id, payments]) => [
      id,
      payments.map((payment, index): Payment => {
        const other = before.get(id)?.[index];
        if (other !== undefined && isSamePayment(payment, other)) return payment;
        const why = `${payment.why}; it cannot be decided: ${missing}`;
        return { ...payment, kind: 'unknown', amount: payment.amount.mul(0), missing, why };
      }),
    ]),
  );
}

const isSamePayment = (one: Payment, other: Payment): boolean =>
  one.kind === other.kind && one.on === other.on && one.amount.equals(other.amount);

const ROUNDS_MAX = 100;

const isSame = (one: PaymentsByFee, other: PaymentsByFee): boolean =>
  [...one].every(([id, payments]) => {
    const others = other.get(id) ?? [];
    return (
      payments.length === others.length &&
      payments.every((each, index) => {
        const also = others[index];
        return also !== undefined && isSamePayment(each, also);
      })
    );
  });

/** Decides all fees in the order in which they ask for each other; of what `left` says was cut they see what is left. */
function decideAll({ tariff, person, subject, beside }: Asked, left: PaymentsByFee | undefined): PaymentsByFee {
  const frame = startOf(tariff, person);
  const groups = Object.values(tariff.document.oneOf ?? {});
  const byFee = new Map<string, readonly Payment[]>();
  for (const fee of tariff.decided) {
    if (fee.subject !== subject) continue;
    const cut = left?.get(fee.id)?.filter(({ elsewhere }) => elsewhere === undefined);
    const seen = (own: readonly Payment[]) => (cut === undefined ? own : asLeft(own, cut));
    const all = (payments: readonly Payment[], change = seen): readonly Payment[] =>
      beside === undefined ? change(payments) : withOthers(fee, payments, beside, change);
    const payments = decideFee(fee, frame, tariff.versionDate, all);
    byFee.set(
      fee.id,
      all(payments, (own) => own),
    );
    frame.ledger.set(fee.id, all(payments));
    const group = groups.find((members) => members.includes(fee.id));
    if (group?.every((id) => byFee.has(id)) === true) keepFirst(group, byFee, frame.ledger);
  }
  return byFee;
}

/** A payment that a cap took away was reached all the same, at nothing: what requires it is not undone. */
const asLeft = (payments: readonly Payment[], left: readonly Payment[]): readonly Payment[] =>
  payments.map((payment, index) => {
    const cut = left[index];
    if (payment.kind === 'due' && cut !== undefined && undecided(cut) !== undefined) return cut;
    if (payment.kind !== 'due' || cut?.on !== payment.on || cut.amount.compare(payment.amount) >= 0) return payment;
    return { ...payment, amount: cut.amount };
  });

/** A frame before any payment. */
export const startOf = (tariff: Tariff, person: Person): Frame => ({
  person,
  calendar: tariff.calendar,
  currency: tariff.currency,
  ledger: new FeeLedger(),
  on: person.asOf,
  periodStart: person.asOf,
  periodEnd: person.asOf,
  n: 1,
  job: null,
  spell: null,
  event: null,
});

export function feeOf(tariff: Tariff, fee: CompiledFee, payment: Payment): Fee {
  if (payment.kind === 'due') return dueFee(tariff, fee, payment);
  const answer: Answer = {
    feeId: fee.id,
    direction: fee.direction,
    rule: ruleOf(tariff, fee),
    why: payment.why,
    occurrence: payment.occurrence,
  };
  switch (payment.kind) {
    case 'not-yet': {
      const { claimWindow, earliest } = payment;
      return {
        ...answer,
        ...(claimWindow === undefined ? {} : { claimWindow: windowOf(claimWindow) }),
        kind: 'not-yet',
        earliest: earliest === null || !canBeWritten(earliest) ? null : dateOf(earliest),
      };
    }
    case 'needs':
      return {
        ...answer,
        kind: 'needs',
        question: payment.question,
        from: dateOf(payment.from),
        to: dateOf(payment.to),
        earliest: dateOf(payment.earliest),
      };
    case 'unknown':
      return { ...answer, kind: 'unknown', missing: payment.missing };
    case 'never':
      return { ...answer, kind: 'never' };
  }
}

/** In one piece: most of what is priced comes through here, and an object that grows by parts costs three times as much. */
const dueFee = (tariff: Tariff, fee: CompiledFee, payment: Payment): Fee => ({
  feeId: fee.id,
  direction: fee.direction,
  rule: ruleOf(tariff, fee),
  why: payment.why,
  occurrence: payment.occurrence,
  kind: 'due',
  amount: toMoney(tariff, payment.amount),
  on: dateOf(payment.on),
  vat: fee.rule.vat ?? tariff.document.vat,
  payee: fee.rule.payee ?? tariff.document.payee ?? 'provider',
  spellIds: payment.used.filter(isSpell),
  factsUsed: payment.used,
  claimWindow: payment.claimWindow === undefined ? undefined : windowOf(payment.claimWindow),
  shares: payment.shares?.map(({ payee, amount }) => ({ payee, amount: toMoney(tariff, amount) })),
});

const ruleOf = ({ id, version }: Tariff, fee: CompiledFee): string => `${id}@${version} ${fee.place}`;

const OTHER_FACT = /^(event|amount|attribute|verification|claim):/;

const isSpell = (fact: string): boolean => !fact.includes(':') || !OTHER_FACT.test(fact);

const windowOf = ({ from, until }: { readonly from?: EpochDay; readonly until?: EpochDay }): ClaimWindow => ({
  ...(from === undefined ? {} : { from: dateOf(from) }),
  ...(until === undefined ? {} : { until: dateOf(until) }),
});

/** Exact amounts have at most the currency's digits here: a tariff that rounds to less is refused by name. */
function toMoney(tariff: Tariff, amount: Decimal): Money {
  const minor = minorOf(amount, tariff.currency);
  if (minor === undefined)
    throw new HubError('tariff.rounding', `${tariff.id} rounds to less than the smallest unit of ${tariff.currency}.`);
  return money(minor, tariff.currency);
}

/** The most one referral can cost under its locked terms; undefined where the tariff does not say. */
export function ceilingOf(tariff: Tariff, locked: LockedTerms, day: LocalDate): Money | undefined {
  if (tariff.ceiling === undefined) return undefined;
  const frame = startOf(tariff, new Person(locked, [], { day }));
  const value = tariff.ceiling.run(frame);
  return value === null || value instanceof Missing ? undefined : toMoney(tariff, value as Decimal);
}
