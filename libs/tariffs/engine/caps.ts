import { decimal, type Decimal } from '#libs/kernel/index.js';
import { partsOf } from '../calendar.js';
import type { RoundingCode } from '../compile/fee.js';
import type { CompiledCap, Tariff } from '../compile/tariff.js';
import { numberInWords } from '../language/code.js';
import { Missing } from '../language/value.js';
import { cutShares } from './amount.js';
import type { Frame } from './frame.js';
import type { Payment } from './payment.js';
import { roundTo } from './rounding.js';

export type PaymentsByFee = ReadonlyMap<string, readonly Payment[]>;

/** What each cap leaves of what is due, in the order of the days and, on one day, of the document. The same map: nothing is cut. */
export function capped(tariff: Tariff, decided: PaymentsByFee, frame: Frame): PaymentsByFee {
  const byFee = new Map(decided);
  let isCut = false;
  for (const cap of tariff.caps) {
    const left = new Map<number, Left | Missing>();
    const due = tariff.fees
      .filter((fee) => cap.fees.has(fee.id))
      .flatMap((fee) => (byFee.get(fee.id) ?? []).map((payment) => ({ id: fee.id, rounding: fee.rounding, payment })))
      .filter(({ payment }) => payment.kind === 'due')
      .sort((a, b) => a.payment.on - b.payment.on);
    for (const { id, rounding, payment } of due) {
      const year = cap.rule.per === 'calendar-year' ? partsOf(payment.on).year : 0;
      const rest = left.get(year) ?? limitsOf(cap, { ...frame, on: payment.on });
      const cut = apply(cap, payment, rest, rounding);
      left.set(year, rest instanceof Missing ? rest : lessOf(rest, cut));
      if (cut === payment) continue;
      isCut = true;
      byFee.set(
        id,
        (byFee.get(id) ?? []).map((each) => (each === payment ? cut : each)),
      );
    }
  }
  return isCut ? byFee : decided;
}

/** Undefined where the cap sets none; `none` sets none either. */
interface Left {
  readonly amount: Decimal | undefined;
  readonly payments: Decimal | undefined;
}

const lessOf = ({ amount, payments }: Left, paid: Payment): Left => ({
  amount: amount?.sub(paid.amount),
  payments: paid.amount.compare(0) > 0 ? payments?.sub(1) : payments,
});

/** Missing: nobody knows how much is left, so nobody knows what can be paid. */
function limitsOf(cap: CompiledCap, frame: Frame): Left | Missing {
  const [amount, payments] = [cap.amount?.run(frame) ?? undefined, cap.payments?.run(frame) ?? undefined];
  if (amount instanceof Missing) return amount;
  if (payments instanceof Missing) return payments;
  return { amount: amount as Decimal | undefined, payments: payments as Decimal | undefined };
}

function apply(cap: CompiledCap, payment: Payment, left: Left | Missing, rounding: RoundingCode): Payment {
  const title = cap.rule.title ?? cap.id;
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
