import type { LocalDate } from '#libs/kernel/index.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { ReferralState } from '../contract/referral.js';
import type { Referral, ReferralEvent } from '../domain/referral.js';

/** One line of a referral's history. */
export interface TimelineEntry {
  readonly referralId: string;
  readonly type: string;
  readonly effectiveOn: LocalDate;
  readonly recordedAt: Date;
  readonly organisationId: string | null;
}

/** What the clock does: with an answer, a reminder, a choice or a confirmation that is overdue. */
export type ClockMove = 'expire' | 'remind' | 'choose' | 'withdraw';

/** Where referrals are kept. */
export interface ReferralStore {
  insert(tx: Tx, referral: Referral): Promise<void>;
  /** Loads for a change; undefined when it does not exist for the caller. */
  find(tx: Tx, id: string): Promise<Referral | undefined>;
  /** Saves what followed from `previousVersion`; throws `referral.changed-meanwhile` when somebody was faster. */
  update(tx: Tx, referral: Referral, previousVersion: number): Promise<void>;
  appendHistory(tx: Tx, referral: Referral, event: ReferralEvent, principal: Principal, now: Date): Promise<void>;
  list(
    tx: Tx,
    filter: { readonly states: readonly ReferralState[] | null; readonly after: string | null; readonly limit: number },
  ): Promise<Referral[]>;
  timelines(tx: Tx, referralIds: readonly string[]): Promise<Map<string, TimelineEntry[]>>;
  /** How many referrals hold a place of a lot: accepted and not ended, a cancellation that nobody has confirmed included. */
  placesTaken(tx: Tx, contractId: string, lotCode: string): Promise<number>;
  /** One transaction at a time gives away places of a lot. */
  lockLot(tx: Tx, contractId: string, lotCode: string): Promise<void>;
  /** Ids of referrals by what the clock does with them on this day. */
  overdue(tx: Tx, day: LocalDate, limit: number): Promise<Readonly<Record<ClockMove, readonly string[]>>>;
}

/** What a price is locked with. */
export interface PriceBasis {
  readonly tariffId: string;
  readonly tariffVersion: string;
  readonly terms: readonly { readonly name: string; readonly value: string }[];
  readonly assessment: { readonly group: string | null; readonly index: string | null };
  readonly area: string | null;
  readonly unemployedSince: LocalDate | null;
}

/** The published tariffs, as far as referrals ask them. */
export abstract class TariffVersions {
  /** Which version of a tariff a provider that accepts on this day is promised. Throws `tariff.no-version`. */
  abstract versionAt(tariffId: string, day: LocalDate): string;
  /** Refuses what the tariff does not know, lacks or limits. Errors: `terms.unknown`, `terms.missing`, `terms.value` and the like. */
  abstract checkBasis(basis: PriceBasis): void;
}
