import { HubError, localDate } from '#libs/kernel/index.js';
import { findContracts } from '#libs/partners/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Offer, Referral } from '../domain/referral.js';
import { changeReferral, loadReferral, todayOf } from './change-referral.js';
import { isFull, isInForce, lotFull, namedLot } from './lots.js';
import { priceBasis } from './price-basis.js';
import type { ReferralServices } from './services.js';

export interface OpenChoice {
  readonly referralId: string;
  readonly contractIds: readonly string[];
  /** For contracts with several lots: which one the person would be in. */
  readonly lots?: readonly { readonly contractId: string; readonly lotCode: string }[] | null | undefined;
  readonly chooseBy: string;
}

/**
 * The person may choose among the providers of these contracts, until the day named. Errors: `referral.contract`, `referral.lot`,
 * `referral.lot-full`, those of `priceBasis` and of `decide`.
 */
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
  const lots = new Map(command.lots?.map(({ contractId, lotCode }) => [contractId, lotCode]));
  const offers: Offer[] = [];
  for (const contractId of command.contractIds) {
    const contract = contracts.get(contractId);
    if (contract === undefined || !isInForce(contract, today) || contract.authorityId !== principal.organisationId) {
      throw new HubError('referral.contract', 'Not a contract of this authority that is in force today.', {
        field: 'contractIds',
        facts: { contractId },
      });
    }
    const lot = namedLot(contract, lots.get(contractId));
    if (await isFull(tx, services, contract, lot)) throw lotFull(contract, lot, 'contractIds');
    priceBasis(services.tariffs, loaded.referral, { contract, lot }, today);
    offers.push({ contractId, providerId: contract.providerId, lotCode: lot.code });
  }
  const change = { type: 'OpenChoice' as const, offers, chooseBy: localDate(command.chooseBy) };
  return changeReferral(tx, principal, services, loaded, change, now, { offers });
}
