import { localDate } from '#libs/kernel/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Referral } from '../domain/referral.js';
import { changeReferral, loadReferral } from './change-referral.js';
import type { ReferralServices } from './services.js';

/** The authority ends the service before its time, for a coded reason. */
export async function endReferralEarly(
  tx: Tx,
  principal: PartnerPrincipal,
  services: ReferralServices,
  command: { readonly referralId: string; readonly endedOn: string; readonly code: string },
  now: Date,
): Promise<Referral> {
  const loaded = await loadReferral(tx, services, command.referralId);
  const change = { type: 'EndReferralEarly' as const, endedOn: localDate(command.endedOn), code: command.code };
  return changeReferral(tx, principal, services, loaded, change, now);
}
