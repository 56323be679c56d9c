import type { Tx } from '#libs/platform/postgres/index.js';

/** Referrals in figures, as far as the caller of the transaction may see them. */
export abstract class ReferralFigures {
  /** Persons with a referral, whatever became of it. */
  abstract people(tx: Tx): Promise<number>;
  /** Referrals that a provider accepted once, whatever became of them. */
  abstract accepted(tx: Tx): Promise<number>;
  abstract byState(tx: Tx): Promise<readonly { readonly code: string; readonly count: number }[]>;
}
