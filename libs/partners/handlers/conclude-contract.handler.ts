import { HubError, localDate, type LocalDate, type Term } from '#libs/kernel/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { checkContract, type Contract, type Lot, type OrganisationId } from '../domain/partner.js';
import { findContract, findOrganisation, insertContract, insertSubcontract } from '../outbound/partners.store.js';
import type { PublishedTariffs } from './ports.js';

export interface ConcludeContract {
  readonly number: string;
  readonly providerId: string;
  readonly tariffId: string;
  readonly terms: readonly Term[];
  readonly validFrom: string;
  readonly validTo?: string | null;
  readonly lots: readonly { readonly code: string; readonly area: string; readonly capacity?: number | null }[];
}

/** An authority and a provider agree: the tariff, its terms, the lots, from when to when. */
export async function concludeContract(
  tx: Tx,
  principal: PartnerPrincipal,
  command: ConcludeContract,
  now: Date,
  tariffs: PublishedTariffs,
): Promise<Contract> {
  const lots: Lot[] = command.lots.map((lot) => ({ ...lot, capacity: lot.capacity ?? null }));
  const validTo = command.validTo ?? null;
  checkContract({ number: command.number, validFrom: command.validFrom, validTo, terms: command.terms, lots });
  if ((await findOrganisation(tx, command.providerId))?.kind !== 'PROVIDER') {
    throw new HubError('contract.provider', 'There is no such provider.', { field: 'providerId' });
  }
  checkTariff(tariffs, command);
  const contract: Contract = {
    id: newId<'Contract'>(),
    number: command.number,
    authorityId: principal.organisationId,
    providerId: command.providerId as OrganisationId,
    tariffId: command.tariffId,
    terms: command.terms,
    validFrom: localDate(command.validFrom),
    validTo: validTo as LocalDate | null,
    lots,
    subcontracts: [],
  };
  await insertContract(tx, contract, now);
  return contract;
}

/** A wrong price is refused while both parties are at the table, not when the first referral is offered. */
function checkTariff(tariffs: PublishedTariffs, { tariffId, validFrom, terms }: ConcludeContract): void {
  try {
    tariffs.checkTerms(tariffId, localDate(validFrom), terms);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    if (error.code === 'tariff.no-version' || error.code === 'tariff.no-fee')
      throw new HubError('contract.tariff', error.message, { field: 'tariffId', cause: error });
    const name = error.field === undefined ? '' : `${error.field}: `;
    throw new HubError(error.code, `${name}${error.message}`, { field: 'terms', facts: error.facts, cause: error });
  }
}

export interface SubcontractCommand {
  readonly contractId: string;
  readonly providerId: string;
  readonly lotCode: string;
  readonly validFrom: string;
}

/** The prime gives a part of a lot to another provider. */
export async function subcontract(tx: Tx, principal: PartnerPrincipal, command: SubcontractCommand): Promise<Contract> {
  const contract = await findContract(tx, command.contractId);
  if (contract?.providerId !== principal.organisationId) {
    throw new HubError('contract.not-found', 'There is no such contract.', { field: 'contractId' });
  }
  if (!contract.lots.some((lot) => lot.code === command.lotCode)) {
    throw new HubError('contract.lot', 'The contract has no such lot.', { field: 'lotCode' });
  }
  const provider = await findOrganisation(tx, command.providerId);
  if (provider?.kind !== 'PROVIDER' || provider.id === principal.organisationId) {
    throw new HubError('contract.provider', 'A sub-contractor is another provider.', { field: 'providerId' });
  }
  await insertSubcontract(tx, contract.id, {
    providerId: provider.id,
    lotCode: command.lotCode,
    validFrom: localDate(command.validFrom),
  });
  return (await findContract(tx, contract.id)) ?? contract;
}
