import type { LocalDate } from '#libs/kernel/index.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { withdrawUnconfirmed } from './cancel-referral.handler.js';
import { changeReferral, loadReferral, todayOf } from './change-referral.js';
import type { ReferralServices } from './services.js';
import { chooseProvider } from './choose-provider.handler.js';
import { endReferralAccess } from './draft-referral.handler.js';
import { openOffers } from './lots.js';
import { reofferReferral } from './reoffer-referral.handler.js';

/** More than this many moves of the clock in one day wait for the next slice of the same day. */
export const CLOCK_MOVES_MAX = 2_000;

/**
 * What the clock does when a day opens: unanswered referrals expire and are offered again to who was not asked yet, reminders go
 * out at half time, cancellations that no provider confirmed take effect, and where the person did not choose in time the first offer
 * that has room is taken, recorded as the default rule's choice.
 */
export async function runAnswerClock(
  tx: Tx,
  principal: Principal,
  services: ReferralServices,
  day: LocalDate,
  now: Date,
): Promise<void> {
  const due = await services.store.overdue(tx, day, CLOCK_MOVES_MAX);
  for (const id of await over(tx, services, due.expire, now)) await expire(tx, principal, services, id, now);
  for (const id of due.remind) {
    await changeReferral(
      tx,
      principal,
      services,
      await loadReferral(tx, services, id),
      { type: 'RemindProvider' },
      now,
    );
  }
  for (const referralId of await over(tx, services, due.withdraw, now))
    await withdrawUnconfirmed(tx, principal, services, { referralId }, now);
  for (const id of await over(tx, services, due.choose, now)) await chooseByDefault(tx, principal, services, id, now);
}

/** Those whose last day is over where their authority is: elsewhere the day may have begun earlier, and the next one sees to them. */
async function over(tx: Tx, services: ReferralServices, ids: readonly string[], now: Date): Promise<string[]> {
  const found: string[] = [];
  for (const id of ids) {
    const { referral, authority } = await loadReferral(tx, services, id);
    const lastDay = referral.state === 'CHOICE_OPEN' ? referral.chooseBy : referral.answerBy;
    if (lastDay !== null && lastDay < todayOf(authority, now)) found.push(id);
  }
  return found;
}

/** The first offer that is open; with none the choice stays open: the clock looks again tomorrow, and the authority may take it back. */
async function chooseByDefault(
  tx: Tx,
  principal: Principal,
  services: ReferralServices,
  referralId: string,
  now: Date,
): Promise<void> {
  const { referral, authority } = await loadReferral(tx, services, referralId);
  const [first] = await openOffers(tx, services, referral, todayOf(authority, now));
  if (first === undefined) return;
  const { contractId } = first;
  await chooseProvider(tx, principal, services, { referralId, contractId, chosenBy: 'DEFAULT_RULE' }, now);
}

async function expire(
  tx: Tx,
  principal: Principal,
  services: ReferralServices,
  referralId: string,
  now: Date,
): Promise<void> {
  const loaded = await loadReferral(tx, services, referralId);
  const referral = await changeReferral(tx, principal, services, loaded, { type: 'ExpireReferral' }, now);
  await endReferralAccess(tx, services.disclosure, referral, loaded.referral.providerId, now);
  if ((await openOffers(tx, services, referral, todayOf(loaded.authority, now))).length > 0)
    await reofferReferral(tx, principal, services, { referralId }, now);
}
