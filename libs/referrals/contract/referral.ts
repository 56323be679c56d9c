import type { Id } from '#libs/kernel/index.js';

export type ReferralId = Id<'Referral'>;

/** The states of a referral; `libs/referrals/domain/referral.states.ts` says how one follows another. */
export const REFERRAL_STATES = [
  'DRAFT',
  'CHOICE_OPEN',
  'REQUESTED',
  'ACCEPTED',
  'STARTED',
  'COMPLETED',
  'DECLINED',
  'EXPIRED',
  'ENDED_EARLY',
  'CANCEL_REQUESTED',
  'WITHDRAWN',
  'ENTERED_IN_ERROR',
] as const;
export type ReferralState = (typeof REFERRAL_STATES)[number];
