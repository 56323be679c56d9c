import type { Id } from '#libs/kernel/index.js';
import { PrincipalDirectory } from '#libs/platform/auth/authenticator.js';
import type { HubPrincipal, PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { type UnitOfWork } from '#libs/platform/postgres/index.js';
import { findActiveClient, findActiveStaff, type Account } from './accounts.store.js';

const SIGN_IN: HubPrincipal = { kind: 'job', actorId: 'sign-in' };

/** Accounts as sign-in asks for them, read each time: what was revoked is refused from that commit on. */
export class PostgresPrincipalDirectory extends PrincipalDirectory {
  constructor(private readonly unitOfWork: UnitOfWork) {
    super();
  }

  override async findClient(
    clientId: string,
  ): Promise<(PartnerPrincipal & { readonly publicJwk: object }) | undefined> {
    const account = await this.unitOfWork.transaction(SIGN_IN, (tx) => findActiveClient(tx, clientId));
    return account === undefined ? undefined : { ...principalOf('client', account), publicJwk: account.publicJwk };
  }

  override async findStaff(issuer: string, subject: string): Promise<PartnerPrincipal | undefined> {
    const account = await this.unitOfWork.transaction(SIGN_IN, (tx) => findActiveStaff(tx, issuer, subject));
    return account === undefined ? undefined : principalOf('person', account);
  }
}

const principalOf = (kind: PartnerPrincipal['kind'], account: Account): PartnerPrincipal => ({
  kind,
  actorId: account.id,
  organisationId: account.organisationId as Id<'Organisation'>,
  organisationKind: account.organisationKind,
  roles: account.roles,
});
