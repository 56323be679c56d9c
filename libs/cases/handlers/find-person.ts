import { HubError } from '#libs/kernel/index.js';
import type { Category, Disclosure, Purpose, Seen } from '#libs/disclosure/index.js';
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

/** The person an authority has on record by its own id, looked at and logged. Throws `person.not-found`. */
export async function ownPerson(
  tx: Tx,
  principal: PartnerPrincipal,
  services: PersonServices,
  personId: string,
  operation: string,
  now: Date,
): Promise<{ readonly person: Person; readonly seen: Seen }> {
  const look = { purpose: 'REFERRAL_DELIVERY' as Purpose, operation, categories: ['C0', 'C1'] as Category[] };
  const subjectId = await services.disclosure.resolve(tx, principal.organisationId, { pairwiseId: personId });
  const seen = await services.disclosure.look(tx, principal, subjectId, look, now);
  const person = seen === undefined || subjectId === undefined ? undefined : await services.persons.find(tx, subjectId);
  if (person === undefined || seen === undefined)
    throw new HubError('person.not-found', 'There is no such person.', { field: 'personId' });
  return { person, seen };
}
