import type { Id } from '#libs/kernel/index.js';
import { registerOrganisation, registerStaff, type Organisation } from '#libs/partners/index.js';
import type { HubPrincipal, Role } from '#libs/platform/auth/principal.js';
import type { UnitOfWork } from '#libs/platform/postgres/index.js';

/** An authority as the operator of a hub registers it, with the first people who may act for it. Everybody else it brings in itself. */
export interface Authority {
  readonly name: string;
  readonly country: string;
  readonly timeZone: string;
  readonly site: {
    readonly street: string;
    readonly buildingNumber: string;
    readonly postCode: string;
    readonly town: string;
  };
  /** Subjects at the identity provider, and what each may do. */
  readonly staff: readonly { readonly subject: string; readonly roles: readonly Role[] }[];
}

const OPERATOR: HubPrincipal = { kind: 'operator', actorId: 'operator' };

/** Registers an authority once: the same call again answers the same organisation. */
export async function registerAuthority(
  unitOfWork: UnitOfWork,
  issuer: string,
  authority: Authority,
): Promise<Id<'Organisation'>> {
  const command = { name: 'RegisterAuthority', idempotencyKey: `authority/${authority.name}`, input: authority };
  const { id } = await unitOfWork.command(OPERATOR, command, async (tx, now): Promise<{ id: Organisation['id'] }> => {
    const { name, country, timeZone, site } = authority;
    const organisation = await registerOrganisation(
      tx,
      OPERATOR,
      { kind: 'PES', name, country, timeZone, sites: [{ name: 'Head office', ...site }] },
      now,
    );
    for (const { subject, roles } of authority.staff) {
      await registerStaff(tx, OPERATOR, { organisationId: organisation.id, issuer, subject, roles });
    }
    return { id: organisation.id };
  });
  return id;
}
