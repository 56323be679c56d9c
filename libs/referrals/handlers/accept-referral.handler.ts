import { HubError } from '#libs/kernel/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Referral } from '../domain/referral.js';
import { changeReferral, loadReferral, todayOf } from './change-referral.js';
import { lotOf, requirePlace } from './lots.js';
import { priceBasis } from './price-basis.js';
import type { ReferralServices } from './services.js';

export interface AcceptReferral {
  readonly referralId: string;
  readonly ownReference?: string | null | undefined;
}

const OWN_REFERENCE_LENGTH_MAX = 60;

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
  const { tariffId, tariffVersion, terms, area } = priceBasis(services.tariffs, loaded.referral, place, today);
  const price = { tariffId, tariffVersion, terms, area, lotCode: place.lot.code };
  const referral = await changeReferral(tx, principal, services, loaded, { type: 'AcceptReferral', price }, now);
  await requirePlace(tx, services, place);
  const { ownReference } = command;
  if (ownReference != null) {
    if (ownReference.trim() === '' || ownReference.length > OWN_REFERENCE_LENGTH_MAX) {
      throw new HubError('person.own-reference', `An own reference has 1 to ${OWN_REFERENCE_LENGTH_MAX} characters.`, {
        field: 'ownReference',
      });
    }
    await services.disclosure.setOwnReference(tx, principal.organisationId, referral.personId, ownReference);
  }
  return referral;
}
