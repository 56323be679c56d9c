import { money, type LocalDate, type Money } from '#libs/kernel/index.js';
import type { Fee } from '../price.js';

/** One payment that comes to something else under another version: what to reverse and what to enter, each with its version's rule. */
export interface Repricing {
  readonly feeId: string;
  readonly occurrence: string;
  readonly direction: 'pay' | 'recover';
  readonly reverse: { readonly rule: string; readonly amount: Money; readonly on: LocalDate } | null;
  readonly enter: { readonly rule: string; readonly amount: Money; readonly on: LocalDate } | null;
  readonly differenceMinor: bigint;
}

type Due = Extract<Fee, { kind: 'due' }>;

const keyOf = (fee: Fee): string => `${fee.feeId}#${fee.occurrence ?? ''}`;
const dueOf = (fees: readonly Fee[]): ReadonlyMap<string, Due> =>
  new Map(fees.flatMap((fee) => (fee.kind === 'due' ? [[keyOf(fee), fee] as const] : [])));

/**
 * The differences between two pricings of one person: what is the same in amount and day is left alone; everything else is one
 * reversal and one new entry that name both versions.
 */
export function repricing(before: readonly Fee[], after: readonly Fee[]): readonly Repricing[] {
  const [old, fresh] = [dueOf(before), dueOf(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), fresh.get(key)];
    const fee = is ?? was;
    if (fee === undefined || (was?.amount.amountMinor === is?.amount.amountMinor && was?.on === is?.on)) return [];
    return [
      {
        feeId: fee.feeId,
        occurrence: fee.occurrence ?? '',
        direction: fee.direction,
        reverse: was === undefined ? null : entry(was),
        enter: is === undefined ? null : entry(is),
        differenceMinor: (is?.amount.amountMinor ?? 0n) - (was?.amount.amountMinor ?? 0n),
      },
    ];
  });
}

const entry = ({ rule, amount, on }: Due) => ({ rule, amount: money(amount.amountMinor, amount.currency), on });
