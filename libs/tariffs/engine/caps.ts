import { decimal, type Decimal } from '#libs/kernel/index.js';
import { partsOf } from '../calendar.js';
import type { CompiledCap, Tariff } from '../compile/tariff.js';
import { numberInWords } from '../language/code.js';
import { Missing } from '../language/value.js';
import type { Frame } from './frame.js';
import type { Payment } from './payment.js';

/** Cuts what is due to what each cap leaves, in the order of the days and, on one day, of the document. */
export function applyCaps(tariff: Tariff, byFee: Map<string, readonly Payment[]>, frame: Frame): void {
  for (const cap of tariff.caps) {
    const left = new Map<number, Left>();
    const due = tariff.fees
      .filter((fee) => cap.fees.has(fee.id))
      .flatMap((fee) => (byFee.get(fee.id) ?? []).map((payment) => ({ id: fee.id, payment })))
      .filter(({ payment }) => payment.kind === 'due')
      .sort((a, b) => a.payment.on - b.payment.on);
    for (const { id, payment } of due) {
      const year = cap.rule.per === 'calendar-year' ? partsOf(payment.on).year : 0;
      const rest = left.get(year) ?? limitsOf(cap, { ...frame, on: payment.on });
      const cut = apply(cap, payment, rest);
      left.set(year, {
        amount: rest.amount?.sub(cut.amount),
        payments: rest.payments === undefined ? undefined : rest.payments - 1,
      });
      if (cut === payment) continue;
      byFee.set(
        id,
        (byFee.get(id) ?? []).map((each) => (each === payment ? cut : each)),
      );
    }
  }
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

function apply(cap: CompiledCap, payment: Payment, left: Left): Payment {
  const title = cap.rule.title ?? cap.id;
  if (left.payments !== undefined && left.payments <= 0)
    return gone(payment, `${payment.why}; ${title}: no payment is left`);
  if (left.amount === undefined || payment.amount.compare(left.amount) <= 0) return payment;
  if (left.amount.compare(0) <= 0) return gone(payment, `${payment.why}; ${title}: nothing is left`);
  return { ...payment, amount: left.amount, why: `${payment.why}; ${title} leaves ${numberInWords(left.amount)}` };
}

const gone = (payment: Payment, why: string): Payment => ({ ...payment, kind: 'never', amount: decimal(0n), why });
