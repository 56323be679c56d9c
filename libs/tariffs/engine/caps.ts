import { decimal, type Decimal } from '#libs/kernel/index.js';
import { partsOf } from '../calendar.js';
import type { CompiledFee, RoundingCode } from '../compile/fee.js';
import type { CompiledCap, Tariff } from '../compile/tariff.js';
import { inWords, numberInWords } from '../language/code.js';
import { Missing } from '../language/value.js';
import { cutShares } from './amount.js';
import type { Frame } from './frame.js';
import { firstDayOf, notDecided, undecided } from './ledger.js';
import type { Payment } from './payment.js';
import { refusalOf } from './refusal.js';
import { roundTo } from './rounding.js';

export type PaymentsByFee = ReadonlyMap<string, readonly Payment[]>;

/**
 * What the caps leave of what is due, in the order of the days and, on one day, of the document: a payment is cut by all caps that it
 * stands under before the next one is looked at, so that it draws from each only what is paid of it in the end. While an earlier payment
 * under a cap is not decided, what would fit only without it waits for it. The same map: nothing is cut.
 */
export function capped(tariff: Tariff, decided: PaymentsByFee, frame: Frame): PaymentsByFee {
  const drawn = new Map<string, Drawn>();
  const cuts = new Map<Payment, Payment>();
  const all = tariff.fees
    .flatMap((fee) => (decided.get(fee.id) ?? []).map((payment) => ({ fee, payment })))
    .map((each, place) => ({ ...each, place }));
  const open = all.filter(({ payment }) => undecided(payment) !== undefined);
  const due = all.filter(({ payment }) => payment.kind === 'due').sort((a, b) => a.payment.on - b.payment.on);
  for (const { fee, payment, place } of due) {
    const over = tariff.caps
      .filter((cap) => cap.fees.has(fee.id))
      .map((cap) => ({ cap, period: periodOf(cap, { ...frame, on: payment.on, job: payment.job }) }));
    // What another version pays was cut by its caps.
    const cutting = payment.elsewhere === undefined ? over : [];
    const left = cutting.reduce((cut, { cap, period }) => {
      const rest = leftOf(cap, period, drawn, { ...frame, on: payment.on });
      const before = open.filter((each) => cap.fees.has(each.fee.id) && mayComeBefore(each, { payment, place }));
      return waiting(cap, cut, rest, before) ?? apply(cap, cut, rest, fee.rounding);
    }, payment);
    if (left.kind === 'not-yet' || left.kind === 'unknown') open.push({ fee, payment: left, place });
    if (left !== payment) cuts.set(payment, left);
    for (const { cap, period } of over) if (!(period instanceof Missing)) draw(drawn, `${cap.id} ${period}`, left);
  }
  if (cuts.size === 0) return decided;
  return new Map([...decided].map(([id, payments]) => [id, payments.map((each) => cuts.get(each) ?? each)]));
}

/** What was paid under a cap so far, in one of its periods. */
interface Drawn {
  readonly amount: Decimal;
  readonly payments: number;
}

const NOTHING: Drawn = { amount: decimal(0n), payments: 0 };

function draw(drawn: Map<string, Drawn>, key: string, { amount }: Payment): void {
  if (amount.compare(0) <= 0) return;
  const before = drawn.get(key) ?? NOTHING;
  drawn.set(key, { amount: before.amount.add(amount), payments: before.payments + 1 });
}

/** Which of the cap's periods a payment falls into. */
function periodOf(cap: CompiledCap, frame: Frame): string | Missing {
  if (cap.rule.per === 'calendar-year') return String(partsOf(frame.on).year);
  const period = cap.per?.run(frame) ?? null;
  return period instanceof Missing ? period : inWords(period);
}

/** Undefined where the cap sets none; `none` sets none either. */
interface Left {
  readonly amount: Decimal | undefined;
  readonly payments: Decimal | undefined;
}

/** Missing: nobody knows how much is left, so nobody knows what can be paid. The limit is that of the day of the payment. */
function leftOf(
  cap: CompiledCap,
  period: string | Missing,
  drawn: ReadonlyMap<string, Drawn>,
  frame: Frame,
): Left | Missing {
  if (period instanceof Missing) return period;
  const [amount, payments] = [cap.amount?.run(frame) ?? undefined, cap.payments?.run(frame) ?? undefined];
  if (amount instanceof Missing) return amount;
  if (payments instanceof Missing) return payments;
  const used = drawn.get(`${cap.id} ${period}`) ?? NOTHING;
  return {
    amount: (amount as Decimal | undefined)?.sub(used.amount),
    payments: (payments as Decimal | undefined)?.sub(used.payments),
  };
}

interface Placed {
  readonly payment: Payment;
  /** Its place in the order of the document. */
  readonly place: number;
}

interface Open extends Placed {
  readonly fee: CompiledFee;
}

function mayComeBefore(open: Placed, due: Placed): boolean {
  const day = firstDayOf(open.payment);
  return day < due.payment.on || (day === due.payment.on && open.place < due.place);
}

/** A payment that may not fit once earlier ones are decided; undefined where they make no difference. */
function waiting(
  cap: CompiledCap,
  payment: Payment,
  left: Left | Missing,
  before: readonly Open[],
): Payment | undefined {
  if (payment.kind !== 'due' || left instanceof Missing || before.length === 0) return undefined;
  const count = before.some((each) => each.payment.andMore === true) ? undefined : before.length + 1;
  const most = before.reduce<Decimal | undefined>((sum, { fee, payment: { andMore } }) => {
    const { fixed } = fee.amount;
    return fixed === undefined || andMore === true ? undefined : sum?.add(fixed.amount);
  }, payment.amount);
  const fits =
    (left.payments === undefined || (count !== undefined && left.payments.compare(count) >= 0)) &&
    (left.amount === undefined || (most !== undefined && most.compare(left.amount) <= 0));
  // What does not fit even without them is cut or gone in any case.
  const alone =
    (left.payments === undefined || left.payments.compare(1) >= 0) &&
    (left.amount === undefined || left.amount.compare(0) > 0);
  const doubt = before.find((each) => each.payment.kind === 'unknown') ?? before[0];
  if (fits || !alone || doubt === undefined) return undefined;
  const title = cap.rule.title ?? cap.id;
  const missing = notDecided(
    doubt.fee.id,
    doubt.payment,
    before.map((each) => each.payment),
  );
  const words = `${payment.why}; ${title} cannot be decided`;
  // It was reached, and falls on its own day as soon as the other is decided.
  return { ...payment, amount: decimal(0n), awaited: true, ...refusalOf(missing, words) };
}

function apply(cap: CompiledCap, payment: Payment, left: Left | Missing, rounding: RoundingCode): Payment {
  const title = cap.rule.title ?? cap.id;
  if (payment.kind !== 'due') return payment;
  if (left instanceof Missing)
    return {
      ...payment,
      kind: 'unknown',
      amount: decimal(0n),
      missing: left.reason,
      why: `${payment.why}; ${title} cannot be decided: ${left.reason}`,
    };
  if (left.payments !== undefined && left.payments.compare(1) < 0)
    return gone(payment, `${payment.why}; ${title}: no payment is left`);
  if (left.amount === undefined || payment.amount.compare(left.amount) <= 0) return payment;
  // A cap may be a fraction of a cent, which nobody pays: never more than the cap.
  const amount = roundTo(left.amount, rounding.to, 'down');
  if (amount.compare(0) <= 0) return gone(payment, `${payment.why}; ${title}: nothing is left`);
  const { shares } = payment;
  return {
    ...payment,
    amount,
    ...(shares === undefined ? {} : { shares: cutShares(shares, payment.amount, amount, rounding) }),
    why: `${payment.why}; ${title} leaves ${numberInWords(amount)}`,
  };
}

const gone = (payment: Payment, why: string): Payment => ({ ...payment, kind: 'never', amount: decimal(0n), why });
