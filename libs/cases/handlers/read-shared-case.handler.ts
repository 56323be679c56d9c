import type { Category, Purpose, Seen } from '#libs/disclosure/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { SharedCase } from '../domain/shared-case.js';
import { subjectOf, type FindPerson, type PersonServices } from './find-person.js';
import type { Person, Plan } from './ports.js';

export interface SharedCaseView {
  readonly person: Person;
  readonly page: SharedCase;
  readonly plan: Plan | null;
  readonly seen: Seen;
}

const CATEGORIES: readonly Category[] = ['C0', 'C1', 'C2', 'C4'];

/**
 * One person's shared case for a stated purpose: found, decided, logged, read once. A person the hub does not know and one the
 * caller may not see are answered alike.
 */
export async function readSharedCase(
  tx: Tx,
  principal: PartnerPrincipal,
  services: PersonServices,
  query: { readonly purpose: Purpose; readonly by: FindPerson },
  now: Date,
): Promise<SharedCaseView | undefined> {
  const subjectId = await subjectOf(tx, principal, services, query.by);
  const look = { purpose: query.purpose, operation: 'sharedCase', categories: CATEGORIES };
  const seen = await services.disclosure.look(tx, principal, subjectId, look, now);
  if (seen === undefined || subjectId === undefined) return undefined;
  const found = await services.persons.page(tx, subjectId);
  return found === undefined ? undefined : { ...found, seen };
}
