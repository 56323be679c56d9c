import { HubError, localDate } from '#libs/kernel/index.js';
import type { Disclosure } from '#libs/disclosure/index.js';
import { findOrganisation } from '#libs/partners/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { EventLog } from '#libs/platform/events/event-log.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { nationalIdOf } from '../domain/national-id.js';
import type { Person, PersonStore } from './ports.js';

export interface RegisterPerson {
  readonly nationalId: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly birthDate: string;
  readonly phone?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly municipalityId: string;
}

const TEXT_LENGTH_MAX = 100;

/** The authority puts a person on record; from now on it, and whom it refers to, know the person by ids of their own. */
export async function registerPerson(
  tx: Tx,
  principal: PartnerPrincipal,
  services: { readonly persons: PersonStore; readonly disclosure: Disclosure; readonly events: EventLog },
  command: RegisterPerson,
  now: Date,
): Promise<Person> {
  for (const field of ['nationalId', 'givenName', 'familyName'] as const) {
    if (command[field].trim() === '' || command[field].length > TEXT_LENGTH_MAX) {
      throw new HubError('person.text', `1 to ${TEXT_LENGTH_MAX} characters are required.`, { field });
    }
  }
  const birthDate = localDate(command.birthDate);
  if (birthDate > now.toISOString().slice(0, 10)) {
    throw new HubError('person.birth-date', 'The birth date is in the future.', { field: 'birthDate' });
  }
  if ((await findOrganisation(tx, command.municipalityId))?.kind !== 'MUNICIPALITY') {
    throw new HubError('person.municipality', 'There is no such municipality.', { field: 'municipalityId' });
  }
  const existing = await services.persons.subjectOf(tx, nationalIdOf(command.nationalId));
  if (existing !== undefined && (await services.persons.find(tx, existing))?.authorityId === principal.organisationId) {
    throw new HubError('person.exists', 'This national identifier is on record already.', { field: 'nationalId' });
  }
  const person: Person = {
    id: newId<'Person'>(),
    authorityId: principal.organisationId,
    nationalId: nationalIdOf(command.nationalId),
    givenName: command.givenName.trim(),
    familyName: command.familyName.trim(),
    birthDate,
    phone: command.phone ?? null,
    email: command.email ?? null,
    municipalityId: command.municipalityId,
    version: 1,
  };
  await grantAuthority(tx, services.disclosure, person, now);
  await services.persons.insert(tx, person);
  const { id: personId, authorityId, municipalityId } = person;
  await services.events.publish(tx, [
    { type: 'liaison.person.registered.v1', subject: personId, data: { personId, authorityId, municipalityId } },
  ]);
  return person;
}

/** The authority that keeps the case has to do with the person for each of its purposes. */
async function grantAuthority(tx: Tx, disclosure: Disclosure, person: Person, now: Date): Promise<void> {
  for (const purpose of ['REFERRAL_DELIVERY', 'INTEGRATED_CASE', 'PAYMENT_VERIFICATION', 'CONTRACT_AUDIT'] as const) {
    await disclosure.grant(
      tx,
      {
        organisationId: person.authorityId,
        subjectId: person.id,
        purpose,
        relationship: 'AUTHORITY',
        relationshipId: person.id,
        grantedBy: person.authorityId,
      },
      now,
    );
  }
}
