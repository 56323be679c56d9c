import { decimal, formatMinor, minorDigits, type Currency, type Decimal, type EpochDay } from '#libs/kernel/index.js';
import { dayInWords } from '../calendar.js';
import type { CompiledFee } from '../compile/fee.js';
import { numberInWords, type Code } from '../language/code.js';
import { Missing } from '../language/value.js';
import { apportioned, sharesOf } from './amount.js';
import { claimAnswer } from './claim.js';
import { allMissing, type DaySet, type Stretch } from './day-set.js';
import type { Frame } from './frame.js';
import type { Payment } from './payment.js';
import { number, type ClaimOf } from './person.js';
import { refusalOf, type Refusal } from './refusal.js';
import { roundTo } from './rounding.js';
import type { Reached } from './trigger.js';
import { verificationAnswer } from './verification.js';

const ZERO = decimal(0n);

/**
 * Decides every payment of one fee that was reached, and says what comes next. `seen` makes of its payments what formulas see of them:
 * one that asks for its own earlier ones finds them in the ledger.
 */
export function decideFee(
  fee: CompiledFee,
  start: Frame,
  versionDate: Code | undefined,
  seen: (payments: readonly Payment[]) => readonly Payment[],
): readonly Payment[] {
  const { person } = start;
  person.used = new Set();
  person.horizon = -Infinity;
  const { reached, rest } = fee.trigger(start);
  const version = fee.versionDate ?? versionDate;
  const payments: Payment[] = [];
  const spent = new Set<ClaimOf>();
  for (const each of reached) {
    payments.push(withVersion(decidePayment(fee, start, each, spent), version, start, each));
    if (fee.asksItself) start.ledger.set(fee.id, seen(payments));
  }
  if (rest === null) return payments;
  const common = {
    ...base(fee, start.person.asOf, rest.n ?? payments.length + 1, rest.words),
    // What has not been reached has no day of its own yet: only what the person brings can decide.
    ...(version === undefined || version.depth === 2 ? {} : { versionDay: dayOf(version, start) }),
  };
  switch (rest.kind) {
    case 'not-yet':
      return [...payments, { ...common, kind: 'not-yet', earliest: rest.earliest }];
    case 'never':
      return payments.length > 0 ? payments : [{ ...common, kind: 'never' }];
    case 'unknown':
      return [...payments, { ...common, kind: 'unknown', missing: rest.words }];
  }
}

function withVersion(
  payment: Payment,
  version: Code | undefined,
  start: Frame,
  { from, to, n, job }: Reached,
): Payment {
  if (version === undefined) return payment;
  const frame = { ...start, on: payment.on, periodStart: from, periodEnd: to, n, job };
  return { ...payment, versionDay: dayOf(version, frame) };
}

function dayOf(version: Code, frame: Frame): EpochDay | undefined {
  const day = version.run(frame);
  return typeof day === 'number' ? day : undefined;
}

const base = (fee: CompiledFee, on: EpochDay, n: number, why: string) => ({
  occurrence: fee.repeats ? String(n) : undefined,
  on,
  amount: ZERO,
  job: null,
  used: [],
  why,
});

function decidePayment(fee: CompiledFee, start: Frame, reached: Reached, spent: Set<ClaimOf>): Payment {
  const { person } = start;
  person.used = new Set(reached.used);
  person.horizon = -Infinity;
  const on = laterOf(reached.on, requiredDay(fee, start));
  const frame: Frame = {
    ...start,
    on,
    periodStart: reached.from,
    periodEnd: reached.to,
    n: reached.n,
    job: reached.job,
    event: reached.event ?? null,
  };
  const common = { ...base(fee, on, reached.n, reached.words), job: reached.job };
  const refused =
    required(fee, frame, reached.words) ?? provided(fee, frame, reached.words) ?? early(frame, reached.words);
  if (refused !== undefined) return { ...common, ...refused };
  const held = heldUntil(fee, frame);
  if (typeof held !== 'number') return { ...common, ...held };
  const due = { ...frame, on: held };
  const unverified = verificationAnswer(fee, due, reached);
  if (unverified !== undefined) return { ...common, ...unverified };
  const claim = claimAnswer(fee, due, reached, spent);
  if ('kind' in claim) return { ...common, ...claim };
  const amount = amountOf(fee, due, reached);
  const later = early(frame, reached.words);
  if (later !== undefined) return { ...common, ...later };
  return { ...common, on: held, ...amount, ...claim, used: [...person.used].sort() } as Payment;
}

const laterOf = (a: EpochDay, b: EpochDay | undefined): EpochDay => (b === undefined || b < a ? a : b);

/** The first day on which every required fee was due. */
function requiredDay(fee: CompiledFee, frame: Frame): EpochDay | undefined {
  const days = (fee.rule.requires ?? []).flatMap((id) => frame.ledger.due(id)[0]?.on ?? []);
  return days.length === 0 ? undefined : Math.max(...days);
}

function required(fee: CompiledFee, frame: Frame, words: string): Refusal | undefined {
  for (const id of fee.rule.requires ?? []) {
    if (frame.ledger.due(id).length > 0) continue;
    const other = frame.ledger.why(id);
    const why = `${words}, but ${id} is not due${other === undefined ? '' : ` (${other.why})`}`;
    return other === undefined || other.kind === 'never'
      ? { kind: 'never', why }
      : { kind: 'not-yet', earliest: null, why };
  }
  return undefined;
}

function provided(fee: CompiledFee, frame: Frame, words: string): Refusal | undefined {
  for (const { code, text, otherwise } of fee.provisos) {
    const passes = code.run(frame);
    if (passes === true) continue;
    if (passes instanceof Missing) return refusalOf(passes, words);
    const because = otherwise ?? `not (${text}): ${code.show(frame)}`;
    // What has not come yet may still change the answer.
    const { horizon, asOf } = frame.person;
    if (horizon > asOf)
      return { kind: 'not-yet', earliest: horizon, why: `${words}; it can be decided on ${dayInWords(horizon)}` };
    return { kind: 'never', why: `${words}, but ${because}` };
  }
  return undefined;
}

/** A condition that looks ahead is decided when that day has come. */
function early({ person }: Frame, words: string): Refusal | undefined {
  if (person.horizon <= person.asOf) return undefined;
  return {
    kind: 'not-yet',
    earliest: person.horizon,
    why: `${words}; it can be decided on ${dayInWords(person.horizon)}`,
  };
}

/** The day on which it falls due: after a suspension, where there is one. */
function heldUntil(fee: CompiledFee, frame: Frame): EpochDay | Refusal {
  const set = fee.heldWhile?.run(frame);
  if (set === undefined || set === null) return frame.on;
  if (set instanceof Missing) return refusalOf(set, 'it may be held back');
  const days = set as DaySet;
  const stretch = stretchOn(days, frame.on);
  if (days.open !== null && stretchOn(days.open.most, frame.on)?.to !== stretch?.to)
    return refusalOf(allMissing(days.open.why), 'it may be held back');
  if (stretch === undefined) return frame.on;
  const free = stretch.to + 1;
  if (free <= frame.person.asOf) return free;
  const why = `held back since ${dayInWords(stretch.from)}`;
  return { kind: 'not-yet', earliest: Number.isFinite(free) ? free : null, why };
}

const stretchOn = (days: DaySet, on: EpochDay): Stretch | undefined =>
  days.stretches.find(({ from, to }) => from <= on && on <= to);

function amountOf(fee: CompiledFee, frame: Frame, reached: Reached): Pick<Payment, 'kind' | 'why'> & Partial<Payment> {
  const value =
    fee.amount.apportion === undefined
      ? fee.amount.code?.run(frame)
      : apportioned(fee.amount.apportion, fee.rounding, frame);
  if (value instanceof Missing) return refusalOf(value, reached.words);
  if (value === null || value === undefined)
    return { kind: 'never', why: `${reached.words}, but nothing is payable in this case` };
  const amount = fee.amount.fixed ?? roundTo(value as Decimal, fee.rounding.to, fee.rounding.mode);
  const { to, mode } = fee.rounding;
  const rounded = amount.equals(value as Decimal) ? '' : `, rounded ${mode} to ${numberInWords(to)}`;
  const why = `${reached.words}: ${arithmetic(fee, frame, inMoney(amount, frame.currency))}${rounded}`;
  if (amount.compare(0) <= 0) {
    const nothing = amount.compare(0) < 0 ? 'nothing below zero is paid' : 'nothing is payable';
    return { kind: 'never', why: `${why}, ${nothing}` };
  }
  const { sharedBy } = fee.rule;
  const shares = sharedBy === undefined ? undefined : sharesOf(sharedBy, amount, fee.rounding, frame);
  if (shares instanceof Missing) return refusalOf(shares, why);
  return {
    kind: 'due',
    amount,
    why,
    ...(shares === undefined ? {} : { shares }),
  };
}

/** `lowest + (index - 0.5) * 2 * span = 1000 + (0.8 - 0.5) * 2 * 4000 = 3400.00` */
function arithmetic(fee: CompiledFee, frame: Frame, shown: string): string {
  const { text, code, apportion, plain } = fee.amount;
  if (apportion !== undefined) {
    const share = apportion.shares[frame.n - 1];
    return `${share === undefined ? '' : numberInWords(share)} of ${apportion.whole.show(frame)} = ${shown}`;
  }
  if (plain || code === undefined) return shown;
  const values = code.show(frame);
  const said = values === text || (/^[\d.]+$/.test(values) && number(values).equals(number(shown)));
  return [text.trim().replace(/\s+/g, ' '), ...(said ? [] : [values]), shown].join(' = ');
}

/** With the digits of the currency, or as many as there are. */
function inMoney(amount: Decimal, currency: Currency): string {
  const minor = amount.mul(10 ** minorDigits(currency));
  return minor.d === 1n ? formatMinor(minor.s * minor.n, currency) : numberInWords(amount);
}
