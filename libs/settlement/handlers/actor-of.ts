import { dayIn, HubError, type LocalDate } from '#libs/kernel/index.js';
import { isPartner, type PartnerPrincipal, type Principal, type Role } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { findOrganisation } from '#libs/partners/index.js';
import type { Actor } from '../domain/actor.js';

export const actorOf = (principal: Principal): Actor =>
  isPartner(principal)
    ? { kind: principal.kind, actorId: principal.actorId, organisationId: principal.organisationId }
    : { kind: 'hub', actorId: principal.actorId, organisationId: null };

/** The hub's own steps: generating, checking, taking back. */
export const HUB: Actor = { kind: 'hub', actorId: 'settlement', organisationId: null };

/** Error: `settlement.role-required`. */
export function requireRole(principal: Principal, ...roles: readonly Role[]): PartnerPrincipal {
  if (isPartner(principal) && principal.roles.some((role) => roles.includes(role))) return principal;
  throw new HubError('settlement.role-required', `This needs the role ${roles.join(' or ')}.`, {
    facts: { required: roles },
  });
}

/** The calendar day of an instant where an organisation is. */
export async function dayOf(tx: Tx, organisationId: string, now: Date): Promise<LocalDate> {
  const organisation = await findOrganisation(tx, organisationId);
  return dayIn(organisation?.timeZone ?? 'UTC', now);
}
