import type { LocalDate } from '#libs/kernel/index.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { ReferralState } from './referral.js';

/** A referral as other capabilities may read it in the caller's transaction: what the caller may not see does not exist. */
export interface ReferralSummary {
  readonly id: string;
  readonly state: ReferralState;
  readonly personId: string;
  readonly authorityId: string;
  readonly providerId: string | null;
  readonly acceptedOn: LocalDate | null;
  readonly startedOn: LocalDate | null;
  readonly endedOn: LocalDate | null;
}

/** Offered by `referrals`; a token of its own so that nobody reaches into its folders. */
export abstract class ReferralLookup {
  abstract find(tx: Tx, referralId: string): Promise<ReferralSummary | undefined>;
}
