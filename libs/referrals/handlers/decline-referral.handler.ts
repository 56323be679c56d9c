import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Referral } from '../domain/referral.js';
import { changeReferral, loadReferral } from './change-referral.js';
import type { ReferralServices } from './services.js';
import { endReferralAccess } from './draft-referral.handler.js';

/** The provider does not take the person on, for a coded reason; it sees nothing of the referral any more. */
export async function declineReferral(
  tx: Tx,
  principal: PartnerPrincipal,
  services: ReferralServices,
  command: { readonly referralId: string; readonly code: string },
  now: Date,
): Promise<Referral> {
  const loaded = await loadReferral(tx, services, command.referralId);
  const referral = await changeReferral(
    tx,
    principal,
    services,
    loaded,
    { type: 'DeclineReferral', code: command.code },
    now,
  );
  await endReferralAccess(tx, services.disclosure, referral, loaded.referral.providerId, now);
  return referral;
}
