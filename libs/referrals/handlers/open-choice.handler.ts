import { HubError, localDate } from '#libs/kernel/index.js';
import { findContracts } from '#libs/partners/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Offer, Referral } from '../domain/referral.js';
import { changeReferral, loadReferral, todayOf } from './change-referral.js';
import { isInForce, priceBasis } from './price-basis.js';
import type { ReferralServices } from './services.js';

export interface OpenChoice {
  readonly referralId: string;
  readonly contractIds: readonly string[];
  readonly chooseBy: string;
}

/** The person may choose among the providers of these contracts, until the day named. */
export async function openChoice(
  tx: Tx,
  principal: PartnerPrincipal,
  services: ReferralServices,
  command: OpenChoice,
  now: Date,
): Promise<Referral> {
  const loaded = await loadReferral(tx, services, command.referralId);
  const today = todayOf(loaded.authority, now);
  const contracts = await findContracts(tx, command.contractIds);
  const offers = command.contractIds.map((contractId): Offer => {
    const contract = contracts.get(contractId);
    if (contract === undefined || !isInForce(contract, today) || contract.authorityId !== principal.organisationId) {
      throw new HubError('referral.contract', 'Not a contract of this authority that is in force today.', {
        field: 'contractIds',
        facts: { contractId },
      });
    }
    priceBasis(services.tariffs, loaded.referral, contract, today);
    return { contractId, providerId: contract.providerId };
  });
  const change = { type: 'OpenChoice' as const, offers, chooseBy: localDate(command.chooseBy) };
  return changeReferral(tx, principal, services, loaded, change, now, { offers });
}
