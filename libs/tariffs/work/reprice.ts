import type { LocalDate, Money } from '#libs/kernel/index.js';
import type { Fee } from '../price.js';

type Due = Extract<Fee, { kind: 'due' }>;

/** A payment as one version makes it. */
export interface Entry {
  readonly rule: string;
  readonly direction: Fee['direction'];
  readonly amount: Money;
  readonly vat: string;
  readonly on: LocalDate;
  readonly payee: string;
  readonly shares: NonNullable<Due['shares']>;
}

/** One payment that comes to something else under another version: what to reverse and what to enter, each with its version's rule. */
export interface Repricing {
  readonly feeId: string;
  readonly occurrence: string;
  readonly reverse: Entry | null;
  readonly enter: Entry | null;
  /** As the payer sees it: more to pay is positive, and so is less to get back. Null: money of two currencies has no difference. */
  readonly differenceMinor: bigint | null;
}

/** Which payment of which fee, whatever the order of the fees. */
export const keyOf = (fee: Fee): string => `${fee.feeId}#${fee.occurrence ?? ''}`;

const dueOf = (fees: readonly Fee[]): ReadonlyMap<string, Due> =>
  new Map(fees.flatMap((fee) => (fee.kind === 'due' ? [[keyOf(fee), fee] as const] : [])));

/**
 * The differences between two pricings of one person: what is the same in all that is paid, when, to whom and with which VAT is left
 * alone; everything else is one reversal and one new entry that name both versions.
 */
export function repricing(before: readonly Fee[], after: readonly Fee[]): readonly Repricing[] {
  const [old, fresh] = [dueOf(before), dueOf(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), fresh.get(key)];
    const fee = is ?? was;
    if (fee === undefined || (was !== undefined && is !== undefined && isSame(was, is))) return [];
    return [
      {
        feeId: fee.feeId,
        occurrence: fee.occurrence ?? '',
        reverse: was === undefined ? null : entry(was),
        enter: is === undefined ? null : entry(is),
        differenceMinor: was && is && was.amount.currency !== is.amount.currency ? null : owed(is) - owed(was),
      },
    ];
  });
}

/** As the payer sees it: what is to get back is less than nothing. */
export const owed = (fee: Due | undefined): bigint =>
  fee === undefined ? 0n : fee.direction === 'pay' ? fee.amount.amountMinor : -fee.amount.amountMinor;

const entry = ({ rule, direction, amount, vat, on, payee, shares = [] }: Due): Entry => ({
  ...{ rule, direction, amount, vat, on, payee, shares },
});

const isSame = (was: Due, is: Due): boolean => textOf(entry(was)) === textOf(entry(is));

const textOf = ({ direction, amount, vat, on, payee, shares }: Entry): string =>
  [direction, inText(amount), vat, on, payee, ...shares.flatMap((each) => [each.payee, inText(each.amount)])].join(
    '\n',
  );

const inText = ({ amountMinor, currency }: Money): string => `${amountMinor} ${currency}`;
