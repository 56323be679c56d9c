import { dayInWords } from '../calendar.js';
import type { CompiledFee } from '../compile/fee.js';
import type { PaymentsByFee } from './caps.js';
import { firstDayOf, undecided } from './ledger.js';
import type { Payment } from './payment.js';

/** What one version of a tariff is told where several pay for one person. */
export interface Beside {
  /** What the others pay. */
  readonly others: PaymentsByFee;
  /** Whether a payment falls on a day of this version. */
  readonly pays: (payment: Payment) => boolean;
}

/**
 * The payments of a fee by all versions, in the order of their days: those that fall to this one, and those of the others. What pays
 * once is paid by the version that comes first.
 * @param seen what the formulas of this version see of its own
 */
export function withOthers(
  { id, repeats }: CompiledFee,
  payments: readonly Payment[],
  { others, pays }: Beside,
  seen: (own: readonly Payment[]) => readonly Payment[],
): readonly Payment[] {
  const theirs = others.get(id) ?? [];
  const own = payments.filter(pays).flatMap((payment) => beside(payment, theirs, repeats));
  return theirs.length === 0 ? seen(own) : [...seen(own), ...theirs].sort((a, b) => a.on - b.on);
}

/** A payment, as far as no other version pays it: none where there is nothing to say besides. */
function beside(payment: Payment, theirs: readonly Payment[], repeats: boolean): readonly Payment[] {
  const same = theirs.filter(({ occurrence }) => occurrence === payment.occurrence);
  const open = payment.kind === 'due' || undecided(payment) !== undefined;
  if (!open) return same.some(({ kind }) => kind === 'due') ? [] : [payment];
  const first = same.filter((each) => comesBefore(each, payment));
  const rival = first.find(({ kind }) => kind === 'due') ?? first.find((each) => undecided(each) !== undefined);
  if (rival?.elsewhere === undefined) return [payment];
  const rest = { ...payment, amount: payment.amount.mul(0) };
  const { version } = rival.elsewhere;
  if (rival.kind === 'due' && !repeats)
    return [
      { ...rest, kind: 'never', why: `${payment.why}, but version ${version} paid it on ${dayInWords(rival.on)}` },
    ];
  const missing =
    rival.kind === 'due'
      ? `version ${version} pays number ${rival.occurrence ?? '1'} of it too, on ${dayInWords(rival.on)}`
      : `whether version ${version} pays it (${rival.why})`;
  return [{ ...rest, kind: 'unknown', missing, why: `${payment.why}; it cannot be decided: ${missing}` }];
}

function comesBefore(other: Payment, payment: Payment): boolean {
  const day = firstDayOf(other);
  return day === payment.on ? other.elsewhere?.isEarlier === true : day < payment.on;
}
