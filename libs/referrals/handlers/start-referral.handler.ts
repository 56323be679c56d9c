import { localDate } from '#libs/kernel/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Referral } from '../domain/referral.js';
import { changeReferral, loadReferral } from './change-referral.js';
import type { ReferralServices } from './services.js';

/** The first qualifying meeting took place. */
export async function startReferral(
  tx: Tx,
  principal: PartnerPrincipal,
  services: ReferralServices,
  command: { readonly referralId: string; readonly startedOn: string },
  now: Date,
): Promise<Referral> {
  const loaded = await loadReferral(tx, services, command.referralId);
  return changeReferral(
    tx,
    principal,
    services,
    loaded,
    { type: 'StartReferral', startedOn: localDate(command.startedOn) },
    now,
  );
}
