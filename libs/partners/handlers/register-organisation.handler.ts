import { HubError } from '#libs/kernel/index.js';
import { isPartner, type OrganisationKind, type Principal } from '#libs/platform/auth/principal.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { checkOrganisation, type Organisation, type Site } from '../domain/partner.js';
import { insertOrganisation } from '../outbound/partners.store.js';

export interface RegisterOrganisation {
  readonly kind: OrganisationKind;
  readonly name: string;
  readonly country: string;
  readonly timeZone: string;
  readonly sites: readonly Omit<Site, 'id'>[];
}

const SITES_MAX = 50;

/** An authority brings a partner in; authorities themselves are registered by the hub's operator. */
export async function registerOrganisation(
  tx: Tx,
  principal: Principal,
  command: RegisterOrganisation,
  now: Date,
): Promise<Organisation> {
  checkOrganisation(command);
  if (command.sites.length > SITES_MAX) {
    throw new HubError('organisation.sites', `At most ${SITES_MAX} sites at once.`, { field: 'sites' });
  }
  if (command.kind === 'PES' && isPartner(principal)) {
    throw new HubError('organisation.kind', 'Authorities are registered by the operator of the hub.', {
      field: 'kind',
    });
  }
  const organisation: Organisation = {
    id: newId<'Organisation'>(),
    kind: command.kind,
    name: command.name.trim(),
    country: command.country,
    timeZone: command.timeZone,
    sites: command.sites.map((site) => ({ ...site, buildingNumber: site.buildingNumber ?? null, id: newId<'Site'>() })),
  };
  await insertOrganisation(
    tx,
    { ...organisation, registeredBy: isPartner(principal) ? principal.organisationId : null },
    now,
  );
  return organisation;
}
