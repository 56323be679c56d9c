import { HubError } from '#libs/kernel/index.js';
import { findContract } from '#libs/partners/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Referral } from '../domain/referral.js';
import { changeReferral, loadReferral, todayOf } from './change-referral.js';
import { isInForce, priceBasis } from './price-basis.js';
import type { ReferralServices } from './services.js';

export interface AcceptReferral {
  readonly referralId: string;
  readonly ownReference?: string | null | undefined;
}

/** The provider takes the person on. The price is locked here: the contract's tariff, its version today, and the terms. */
export async function acceptReferral(
  tx: Tx,
  principal: PartnerPrincipal,
  services: ReferralServices,
  command: AcceptReferral,
  now: Date,
): Promise<Referral> {
  const loaded = await loadReferral(tx, services, command.referralId);
  const contract = loaded.referral.contractId === null ? undefined : await findContract(tx, loaded.referral.contractId);
  if (contract === undefined)
    throw new HubError('referral.contract', 'The contract of this referral is gone.', { field: 'referralId' });
  const today = todayOf(loaded.authority, now);
  if (!isInForce(contract, today))
    throw new HubError('referral.contract', 'The contract of this referral is not in force today.', {
      field: 'referralId',
      facts: { contractId: contract.id },
    });
  const { tariffId, tariffVersion, terms, area } = priceBasis(services.tariffs, loaded.referral, contract, today);
  const price = { tariffId, tariffVersion, terms, area };
  const referral = await changeReferral(tx, principal, services, loaded, { type: 'AcceptReferral', price }, now);
  if (command.ownReference != null)
    await services.disclosure.setOwnReference(tx, principal.organisationId, referral.personId, command.ownReference);
  return referral;
}
