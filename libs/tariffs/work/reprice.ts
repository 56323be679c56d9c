import { money, type LocalDate, type Money } from '#libs/kernel/index.js';
import type { Fee } from '../price.js';

/** One payment that comes to something else under another version: what to reverse and what to enter, each with its version's rule. */
export interface Repricing {
  readonly feeId: string;
  readonly occurrence: string;
  readonly direction: 'pay' | 'recover';
  readonly reverse: {
    readonly rule: string;
    readonly amount: Money;
    readonly vat: string;
    readonly on: LocalDate;
  } | null;
  readonly enter: {
    readonly rule: string;
    readonly amount: Money;
    readonly vat: string;
    readonly on: LocalDate;
  } | null;
  /** As the payer sees it: more to pay is positive, and so is less to get back. */
  readonly differenceMinor: bigint;
}

type Due = Extract<Fee, { kind: 'due' }>;

const keyOf = (fee: Fee): string => `${fee.feeId}#${fee.occurrence ?? ''}`;
const dueOf = (fees: readonly Fee[]): ReadonlyMap<string, Due> =>
  new Map(fees.flatMap((fee) => (fee.kind === 'due' ? [[keyOf(fee), fee] as const] : [])));

/** What a payment comes to: the same money with other VAT is another payment. */
export const textOf = (fee: Due | undefined): string =>
  fee === undefined ? '' : `${fee.amount.amountMinor} ${fee.vat} ${fee.on}`;

/**
 * The differences between two pricings of one person: what is the same in amount, VAT and day is left alone; everything else is one
 * reversal and one new entry that name both versions.
 */
export function repricing(before: readonly Fee[], after: readonly Fee[]): readonly Repricing[] {
  const [old, fresh] = [dueOf(before), dueOf(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), fresh.get(key)];
    const fee = is ?? was;
    if (fee === undefined || textOf(was) === textOf(is)) return [];
    const sign = fee.direction === 'pay' ? 1n : -1n;
    return [
      {
        feeId: fee.feeId,
        occurrence: fee.occurrence ?? '',
        direction: fee.direction,
        reverse: was === undefined ? null : entry(was),
        enter: is === undefined ? null : entry(is),
        differenceMinor: sign * ((is?.amount.amountMinor ?? 0n) - (was?.amount.amountMinor ?? 0n)),
      },
    ];
  });
}

const entry = ({ rule, amount, vat, on }: Due) => ({
  rule,
  amount: money(amount.amountMinor, amount.currency),
  vat,
  on,
});
