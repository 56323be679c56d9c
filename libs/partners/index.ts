/** Who is who: organisations, contracts, terms, accounts. Read directly, in the caller's transaction. */
export type { Contract, ContractId, Lot, Organisation, OrganisationId, Site } from './domain/partner.js';
export {
  findContract,
  findContracts,
  findOrganisation,
  findOrganisations,
  listContracts,
  listOrganisations,
  workingCalendarOf,
} from './outbound/partners.store.js';
export { findActiveClient, findActiveStaff, registrarOf, type Account } from './outbound/accounts.store.js';
export { registerOrganisation } from './handlers/register-organisation.handler.js';
export { registerClient, registerStaff } from './handlers/register-account.handler.js';
export { organisationView, viewOf } from './inbound/view.js';
export { PublishedTariffs } from './handlers/ports.js';
export { PartnersApi, PartnersCore } from './partners.module.js';
