import { HubError } from '#libs/kernel/index.js';
import type { Disclosure, Look, Seen } from '#libs/disclosure/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { nationalIdOf } from '../domain/national-id.js';
import type { Person, PersonStore } from './ports.js';

/** By exactly one of them. */
export interface FindPerson {
  readonly personId?: string | null | undefined;
  readonly nationalId?: string | null | undefined;
  readonly ownReference?: string | null | undefined;
}

export interface PersonServices {
  readonly persons: PersonStore;
  readonly disclosure: Disclosure;
}

/** Whom the caller means: by its own id, by the national identifier or by its own reference. Decides nothing. */
export async function subjectOf(
  tx: Tx,
  principal: PartnerPrincipal,
  services: PersonServices,
  by: FindPerson,
): Promise<string | undefined> {
  const given = Object.values(by).filter((value) => value != null);
  if (given.length !== 1)
    throw new HubError('person.by', 'Find a person by exactly one of personId, nationalId, ownReference.', {
      field: 'by',
    });
  if (by.nationalId != null) return services.persons.subjectOf(tx, nationalIdOf(by.nationalId));
  return services.disclosure.resolve(tx, principal.organisationId, {
    ...(by.personId == null ? {} : { pairwiseId: by.personId }),
    ...(by.ownReference == null ? {} : { ownReference: by.ownReference }),
  });
}

/** A person by the caller's own id: decided and logged. Undefined for one it does not know as for one it may not see. */
export async function lookAtPerson(
  tx: Tx,
  principal: PartnerPrincipal,
  services: PersonServices,
  personId: string,
  look: Look,
  now: Date,
): Promise<{ readonly person: Person; readonly seen: Seen } | undefined> {
  const found = await services.disclosure.lookBy(tx, principal, personId, look, now);
  const person = found === undefined ? undefined : await services.persons.find(tx, found.subjectId);
  return found === undefined || person === undefined ? undefined : { person, seen: found.seen };
}

/** As `lookAtPerson`, for a change of what the caller must be able to see. Throws `person.not-found`. */
export async function seenPerson(...given: Parameters<typeof lookAtPerson>): Promise<Person> {
  const found = await lookAtPerson(...given);
  if (found === undefined) throw new HubError('person.not-found', 'There is no such person.', { field: 'personId' });
  return found.person;
}

/** The person an authority has on record by its own id, looked at and logged. Throws `person.not-found`. */
export async function ownPerson(
  tx: Tx,
  principal: PartnerPrincipal,
  services: PersonServices,
  personId: string,
  operation: string,
  now: Date,
): Promise<Person> {
  const look = { purpose: 'REFERRAL_DELIVERY', operation, categories: ['C0', 'C1'] } as const;
  return seenPerson(tx, principal, services, personId, look, now);
}
