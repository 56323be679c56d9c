import type { LocalDate } from '#libs/kernel/index.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { changeReferral, loadReferral } from './change-referral.js';
import type { ReferralServices } from './services.js';
import { chooseProvider } from './choose-provider.handler.js';
import { endReferralAccess } from './draft-referral.handler.js';
import { offersWithRoom } from './lots.js';
import { reofferReferral } from './reoffer-referral.handler.js';

/** More than this many moves of the clock in one day wait for the next slice of the same day. */
export const CLOCK_MOVES_MAX = 2_000;

/**
 * What the clock does when a day opens: unanswered referrals expire and are offered again to who was not asked yet, reminders go
 * out at half time, and where the person did not choose in time the first offer that has room is taken, recorded as the default rule's choice.
 */
export async function runAnswerClock(
  tx: Tx,
  principal: Principal,
  services: ReferralServices,
  day: LocalDate,
  now: Date,
): Promise<void> {
  const due = await services.store.overdue(tx, day, CLOCK_MOVES_MAX);
  for (const id of due.expire) await expire(tx, principal, services, id, now);
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
  for (const referralId of due.choose) {
    const { referral } = await loadReferral(tx, services, referralId);
    const [first] = await offersWithRoom(tx, services, referral);
    // Nobody has room today: the choice stays open, and the clock looks again tomorrow.
    if (first === undefined) continue;
    await chooseProvider(
      tx,
      principal,
      services,
      { referralId, contractId: first.contractId, chosenBy: 'DEFAULT_RULE' },
      now,
    );
  }
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
  if ((await offersWithRoom(tx, services, referral)).length > 0)
    await reofferReferral(tx, principal, services, { referralId }, now);
}
