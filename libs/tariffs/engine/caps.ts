import { decimal, type Decimal } from '#libs/kernel/index.js';
import { partsOf } from '../calendar.js';
import type { RoundingCode } from '../compile/fee.js';
import type { CompiledCap, Tariff } from '../compile/tariff.js';
import { inWords, numberInWords } from '../language/code.js';
import { Missing } from '../language/value.js';
import { cutShares } from './amount.js';
import type { Frame } from './frame.js';
import type { Payment } from './payment.js';
import { roundTo } from './rounding.js';

export type PaymentsByFee = ReadonlyMap<string, readonly Payment[]>;

/**
 * What the caps leave of what is due, in the order of the days and, on one day, of the document: a payment is cut by all caps that it
 * stands under before the next one is looked at, so that it draws from each only what is paid of it in the end. The same map: nothing
 * is cut.
 */
export function capped(tariff: Tariff, decided: PaymentsByFee, frame: Frame): PaymentsByFee {
  const drawn = new Map<string, Drawn>();
  const cuts = new Map<Payment, Payment>();
  const due = tariff.fees
    .flatMap((fee) => (decided.get(fee.id) ?? []).map((payment) => ({ fee, payment })))
    .filter(({ payment }) => payment.kind === 'due')
    .sort((a, b) => a.payment.on - b.payment.on);
  for (const { fee, payment } of due) {
    const over = tariff.caps
      .filter((cap) => cap.fees.has(fee.id))
      .map((cap) => ({ cap, period: periodOf(cap, { ...frame, on: payment.on, job: payment.job }) }));
    // What another version pays was cut by its caps.
    const cutting = payment.elsewhere === undefined ? over : [];
    const left = cutting.reduce(
      (cut, { cap, period }) => apply(cap, cut, leftOf(cap, period, drawn, { ...frame, on: payment.on }), fee.rounding),
      payment,
    );
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
