import type { GqlContract, GqlOrganisation } from '#libs/platform/graphql/schema.generated.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Contract, Organisation } from '../domain/partner.js';
import { findOrganisations } from '../outbound/partners.store.js';

/** An organisation as the API shows it. */
export const organisationView = (organisation: Organisation): GqlOrganisation => ({
  id: organisation.id,
  kind: organisation.kind,
  name: organisation.name,
  country: organisation.country,
  timeZone: organisation.timeZone,
  sites: organisation.sites,
});

/** The organisation of an id that a row names; rows never name one that does not exist. */
export function viewOf(organisations: ReadonlyMap<string, Organisation>, id: string): GqlOrganisation {
  const organisation = organisations.get(id);
  if (organisation === undefined) throw new Error('A row names an organisation that does not exist.');
  return organisationView(organisation);
}

/** Contracts as the API shows them, with one read for all organisations they name. */
export async function contractViews(tx: Tx, contracts: readonly Contract[]): Promise<Map<string, GqlContract>> {
  const ids = contracts.flatMap((contract) => [
    contract.authorityId,
    contract.providerId,
    ...contract.subcontracts.map((part) => part.providerId),
  ]);
  const organisations = await findOrganisations(tx, ids);
  return new Map(
    contracts.map((contract) => [
      contract.id,
      {
        id: contract.id,
        number: contract.number,
        authority: viewOf(organisations, contract.authorityId),
        provider: viewOf(organisations, contract.providerId),
        tariffId: contract.tariffId,
        validFrom: contract.validFrom,
        validTo: contract.validTo,
        lots: contract.lots,
        subcontracts: contract.subcontracts.map((part) => ({
          provider: viewOf(organisations, part.providerId),
          lotCode: part.lotCode,
          validFrom: part.validFrom,
        })),
      },
    ]),
  );
}
