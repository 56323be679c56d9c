import type { EpochDay } from '#libs/kernel/index.js';
import type { Share } from './amount.js';
import type { Decided } from './ledger.js';

interface PaymentBase extends Decided {
  readonly occurrence: string | undefined;
  readonly claimWindow?: { readonly from?: EpochDay; readonly until?: EpochDay } | undefined;
  readonly shares?: readonly Share[] | undefined;
  readonly used: readonly string[];
  /** It stands for any number of further payments of its fee. */
  readonly andMore?: true | undefined;
  /** The day that decides which version of the tariff pays it; undefined where the tariff names none, or it has not come. */
  readonly versionDay?: EpochDay | undefined;
  /** The other version of the tariff that pays it, and whether that is an earlier one; undefined where it is the one at hand. */
  readonly elsewhere?: { readonly version: string; readonly isEarlier: boolean } | undefined;
}

/** What was decided about one payment of one fee. */
export type Payment =
  | (PaymentBase & { readonly kind: 'due' })
  | (PaymentBase & { readonly kind: 'never' })
  | (PaymentBase & { readonly kind: 'not-yet'; readonly earliest: EpochDay | null })
  | (PaymentBase & { readonly kind: 'unknown'; readonly missing: string })
  | (PaymentBase & {
      readonly kind: 'needs';
      readonly question: string;
      readonly from: EpochDay;
      readonly to: EpochDay;
      readonly earliest: EpochDay;
    });
