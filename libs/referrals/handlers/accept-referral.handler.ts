import { HubError } from '#libs/kernel/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Referral } from '../domain/referral.js';
import { changeReferral, loadReferral, todayOf } from './change-referral.js';
import { isInForce, lotOf, requirePlace } from './lots.js';
import { priceBasis } from './price-basis.js';
import type { ReferralServices } from './services.js';

export interface AcceptReferral {
  readonly referralId: string;
  readonly ownReference?: string | null | undefined;
}

/**
 * The provider takes the person on, and the person takes a place of the lot. The price is locked here: the contract's tariff, its version
 * today, and the terms. Errors: `referral.contract`, `referral.lot-full`, those of `priceBasis` and of `decide`.
 */
export async function acceptReferral(
  tx: Tx,
  principal: PartnerPrincipal,
  services: ReferralServices,
  command: AcceptReferral,
  now: Date,
): Promise<Referral> {
  const loaded = await loadReferral(tx, services, command.referralId);
  const place = await lotOf(tx, loaded.referral);
  const today = todayOf(loaded.authority, now);
  const { contract } = place;
  if (!isInForce(contract, today))
    throw new HubError('referral.contract', 'The contract of this referral is not in force today.', {
      field: 'referralId',
      facts: { contractId: contract.id },
    });
  const { tariffId, tariffVersion, terms, area } = priceBasis(services.tariffs, loaded.referral, place, today);
  const price = { tariffId, tariffVersion, terms, area, lotCode: place.lot.code };
  const referral = await changeReferral(tx, principal, services, loaded, { type: 'AcceptReferral', price }, now);
  await requirePlace(tx, services, place);
  if (command.ownReference != null)
    await services.disclosure.setOwnReference(tx, principal.organisationId, referral.personId, command.ownReference);
  return referral;
}
