import { localDate } from '#libs/kernel/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Referral } from '../domain/referral.js';
import { changeReferral, loadReferral } from './change-referral.js';
import type { ReferralServices } from './services.js';

/** The service ended as planned. */
export async function completeReferral(
  tx: Tx,
  principal: PartnerPrincipal,
  services: ReferralServices,
  command: { readonly referralId: string; readonly completedOn: string },
  now: Date,
): Promise<Referral> {
  const loaded = await loadReferral(tx, services, command.referralId);
  return changeReferral(
    tx,
    principal,
    services,
    loaded,
    { type: 'CompleteReferral', completedOn: localDate(command.completedOn) },
    now,
  );
}
