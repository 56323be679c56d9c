import { HubError } from '#libs/kernel/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Referral } from '../domain/referral.js';
import { changeReferral, loadReferral } from './change-referral.js';
import type { ReferralServices } from './services.js';
import { endReferralAccess } from './draft-referral.handler.js';

/** Wrong person or duplicate: the provider's access ends in this commit; feeds and fees stop as they hear of it. */
export async function markEnteredInError(
  tx: Tx,
  principal: PartnerPrincipal,
  services: ReferralServices,
  command: { readonly referralId: string; readonly reason: string },
  now: Date,
): Promise<Referral> {
  if (command.reason.trim() === '')
    throw new HubError('referral.reason', 'Say why it was entered in error.', { field: 'reason' });
  const loaded = await loadReferral(tx, services, command.referralId);
  const referral = await changeReferral(tx, principal, services, loaded, { type: 'MarkEnteredInError' }, now, {
    reasonCode: command.reason,
  });
  await endReferralAccess(tx, services.disclosure, referral, loaded.referral.providerId, now);
  return referral;
}
