import { decimal, type Decimal } from '#libs/kernel/index.js';
import { partsOf } from '../calendar.js';
import type { RoundingCode } from '../compile/fee.js';
import type { CompiledCap, Tariff } from '../compile/tariff.js';
import { numberInWords } from '../language/code.js';
import { Missing } from '../language/value.js';
import { cutShares } from './amount.js';
import type { Frame } from './frame.js';
import type { Payment } from './payment.js';

export type PaymentsByFee = ReadonlyMap<string, readonly Payment[]>;

/** What each cap leaves of what is due, in the order of the days and, on one day, of the document. The same map: nothing is cut. */
export function capped(tariff: Tariff, decided: PaymentsByFee, frame: Frame): PaymentsByFee {
  const byFee = new Map(decided);
  let isCut = false;
  for (const cap of tariff.caps) {
    const left = new Map<number, Left>();
    const due = tariff.fees
      .filter((fee) => cap.fees.has(fee.id))
      .flatMap((fee) => (byFee.get(fee.id) ?? []).map((payment) => ({ id: fee.id, rounding: fee.rounding, payment })))
      .filter(({ payment }) => payment.kind === 'due')
      .sort((a, b) => a.payment.on - b.payment.on);
    for (const { id, rounding, payment } of due) {
      const year = cap.rule.per === 'calendar-year' ? partsOf(payment.on).year : 0;
      const rest = left.get(year) ?? limitsOf(cap, { ...frame, on: payment.on });
      const cut = apply(cap, payment, rest, rounding);
      left.set(year, {
        amount: rest.amount?.sub(cut.amount),
        payments: rest.payments === undefined ? undefined : rest.payments - 1,
      });
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

interface Left {
  readonly amount: Decimal | undefined;
  readonly payments: number | undefined;
}

function limitsOf(cap: CompiledCap, frame: Frame): Left {
  const [amount, payments] = [cap.amount?.run(frame), cap.payments?.run(frame)];
  return {
    amount: amount === undefined || amount === null || amount instanceof Missing ? undefined : (amount as Decimal),
    payments:
      payments === undefined || payments === null || payments instanceof Missing
        ? undefined
        : (payments as Decimal).valueOf(),
  };
}

function apply(cap: CompiledCap, payment: Payment, left: Left, rounding: RoundingCode): Payment {
  const title = cap.rule.title ?? cap.id;
  if (left.payments !== undefined && left.payments <= 0)
    return gone(payment, `${payment.why}; ${title}: no payment is left`);
  if (left.amount === undefined || payment.amount.compare(left.amount) <= 0) return payment;
  if (left.amount.compare(0) <= 0) return gone(payment, `${payment.why}; ${title}: nothing is left`);
  const { shares } = payment;
  return {
    ...payment,
    amount: left.amount,
    ...(shares === undefined ? {} : { shares: cutShares(shares, payment.amount, left.amount, rounding) }),
    why: `${payment.why}; ${title} leaves ${numberInWords(left.amount)}`,
  };
}

const gone = (payment: Payment, why: string): Payment => ({ ...payment, kind: 'never', amount: decimal(0n), why });
