import { HubError } from '#libs/kernel/index.js';
import { workingCalendarOf } from '#libs/partners/index.js';
import type { PartnerPrincipal, Principal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Referral } from '../domain/referral.js';
import { changeReferral, loadReferral } from './change-referral.js';
import type { ReferralServices } from './services.js';
import { endReferralAccess } from './draft-referral.handler.js';

/** The authority takes the referral back before the start; where a provider was asked, it confirms, or its time to confirm passes. */
export async function requestCancellation(
  tx: Tx,
  principal: PartnerPrincipal,
  services: ReferralServices,
  command: { readonly referralId: string; readonly reason: string },
  now: Date,
): Promise<Referral> {
  if (command.reason.trim() === '')
    throw new HubError('referral.reason', 'A cancellation has a reason.', { field: 'reason' });
  const loaded = await loadReferral(tx, services, command.referralId);
  const calendar = await workingCalendarOf(tx, loaded.authority.country);
  return changeReferral(tx, principal, services, loaded, { type: 'RequestCancellation', calendar }, now, {
    reasonCode: command.reason,
  });
}

/** The provider confirms: nobody works for it any more, and the provider sees nothing of it any more. */
export async function confirmCancellation(
  tx: Tx,
  principal: PartnerPrincipal,
  services: ReferralServices,
  command: { readonly referralId: string },
  now: Date,
): Promise<Referral> {
  const loaded = await loadReferral(tx, services, command.referralId);
  const referral = await changeReferral(tx, principal, services, loaded, { type: 'ConfirmCancellation' }, now);
  await endReferralAccess(tx, services.disclosure, referral, loaded.referral.providerId, now);
  return referral;
}

/** The provider did not confirm in time: the cancellation takes effect as if it had. */
export async function withdrawUnconfirmed(
  tx: Tx,
  principal: Principal,
  services: ReferralServices,
  command: { readonly referralId: string },
  now: Date,
): Promise<Referral> {
  const loaded = await loadReferral(tx, services, command.referralId);
  const referral = await changeReferral(tx, principal, services, loaded, { type: 'WithdrawUnconfirmed' }, now);
  await endReferralAccess(tx, services.disclosure, referral, loaded.referral.providerId, now);
  return referral;
}
