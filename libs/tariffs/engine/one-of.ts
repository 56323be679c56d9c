import { dayInWords } from '../calendar.js';
import { firstDayOf, undecided, waitsUntil, type FeeLedger } from './ledger.js';
import type { Payment } from './payment.js';

/** A payment of a group, with the day from which on it is, or may turn out to be, the first. */
interface Contender {
  readonly id: string;
  readonly payment: Payment;
  readonly from: number;
}

/**
 * Of a group, the fee that was reached first is paid; the others never. Where one that is not decided may have been reached before,
 * nobody can say which it is, and what is due waits too. On one day the first of the list is first.
 */
export function keepFirst(group: readonly string[], byFee: Map<string, readonly Payment[]>, ledger: FeeLedger): void {
  const contenders = group
    .flatMap((id) => (byFee.get(id) ?? []).map((payment) => ({ id, payment, from: firstDayOf(payment) })))
    .filter(({ payment }) => payment.kind === 'due' || undecided(payment) !== undefined)
    .sort((a, b) => a.from - b.from);
  const winner = contenders.find(({ payment }) => payment.kind === 'due');
  if (winner === undefined) return;
  const before = contenders.slice(0, contenders.indexOf(winner)).filter(({ id }) => id !== winner.id);
  const doubt = before.find(({ payment }) => payment.kind === 'unknown') ?? before[0];
  for (const id of group) {
    const payments = byFee.get(id) ?? [];
    const kept = payments.map((payment) => {
      if (doubt !== undefined) return payment.kind === 'due' ? doubtful(payment, doubt) : payment;
      return id === winner.id ? payment : lost(payment, winner);
    });
    byFee.set(id, kept);
    ledger.set(id, kept);
  }
}

const lost = (payment: Payment, { id, payment: { on } }: Contender): Payment => ({
  ...withoutAmount(payment),
  kind: 'never',
  awaited: undefined,
  notBefore: undefined,
  why: `${id} was reached first, on ${dayInWords(on)}; only one of them is paid`,
});

function doubtful(payment: Payment, { id, payment: because }: Contender): Payment {
  const missing = `${id} may have been reached first, and only one of them is paid (${because.why})`;
  const why = `${payment.why}; ${missing}`;
  return because.kind === 'unknown'
    ? { ...withoutAmount(payment), kind: 'unknown', missing, why }
    : { ...withoutAmount(payment), kind: 'not-yet', earliest: waitsUntil({ because }) ?? null, awaited: true, why };
}

const withoutAmount = (payment: Payment): Payment => ({ ...payment, amount: payment.amount.mul(0) });
