import { addWorkingDays } from '#libs/kernel/index.js';
import { workingCalendarOf } from '#libs/partners/index.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Referral } from '../domain/referral.js';
import { changeReferral, loadReferral, todayOf } from './change-referral.js';
import { openOffers } from './lots.js';
import type { ReferralServices } from './services.js';

const CHOICE_WORKING_DAYS = 5;

/** A declined or unanswered referral is open for choice again, without the providers that were asked and those that are full. */
export async function reofferReferral(
  tx: Tx,
  principal: Principal,
  services: ReferralServices,
  command: { readonly referralId: string },
  now: Date,
): Promise<Referral> {
  const loaded = await loadReferral(tx, services, command.referralId);
  const calendar = await workingCalendarOf(tx, loaded.authority.country);
  const today = todayOf(loaded.authority, now);
  const chooseBy = addWorkingDays(calendar, today, CHOICE_WORKING_DAYS);
  const offers = await openOffers(tx, services, loaded.referral, today);
  return changeReferral(tx, principal, services, loaded, { type: 'ReofferReferral', offers, chooseBy }, now);
}
