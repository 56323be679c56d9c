import { addDays, type LocalDate } from '#libs/kernel/index.js';
import { ATTRIBUTION_DAYS_AFTER_END } from '../contract/outcome.js';
import type { Spell } from './spell.js';

/** What outcomes keep of a referral that a provider accepted, from its events. */
export interface ReferralView {
  readonly referralId: string;
  readonly personId: string;
  readonly authorityId: string;
  readonly providerId: string;
  readonly state: 'ACCEPTED' | 'STARTED' | 'COMPLETED' | 'ENDED_EARLY' | 'WITHDRAWN' | 'ENTERED_IN_ERROR';
  readonly acceptedOn: LocalDate;
  readonly endedOn: LocalDate | null;
}

const isReal = (referral: ReferralView): boolean =>
  referral.state !== 'WITHDRAWN' && referral.state !== 'ENTERED_IN_ERROR';

/** Whether this provider may report a job for the referral; to others it does not exist. */
export const mayReport = (referral: ReferralView, providerId: string): boolean =>
  referral.providerId === providerId && isReal(referral);

/** Whether a job that a register detected falls into the time of a referral. */
export const covers = (referral: ReferralView, spell: Spell): boolean =>
  isReal(referral) &&
  referral.acceptedOn <= spell.startedOn &&
  (referral.endedOn === null || spell.startedOn <= addDays(referral.endedOn, ATTRIBUTION_DAYS_AFTER_END));

/** The referral a detected job belongs to: of those whose time it falls into the latest one; none: the person found it alone. */
export function referralFor(spell: Spell, referrals: readonly ReferralView[]): ReferralView | undefined {
  return referrals
    .filter((referral) => covers(referral, spell))
    .reduce<ReferralView | undefined>(
      (latest, each) => (latest === undefined || later(each, latest) ? each : latest),
      undefined,
    );
}

const later = (a: ReferralView, b: ReferralView): boolean =>
  a.acceptedOn > b.acceptedOn || (a.acceptedOn === b.acceptedOn && a.referralId > b.referralId);
