import { dayIn, HubError, localDate } from '#libs/kernel/index.js';
import { PURPOSE_RULES, type Purpose } from '#libs/disclosure/index.js';
import { findOrganisation } from '#libs/partners/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { ownPerson, seenPerson } from './find-person.js';
import type { Person } from './ports.js';
import type { CaseServices } from './services.js';

export interface InviteToCaseTeam {
  readonly personId: string;
  readonly organisationId: string;
  readonly purpose: Purpose;
}

/** The authority brings a municipality or social service into the person's case team. What it sees depends on the permission. */
export async function inviteToCaseTeam(
  tx: Tx,
  principal: PartnerPrincipal,
  services: CaseServices,
  command: InviteToCaseTeam,
  now: Date,
): Promise<Person> {
  const person = await ownPerson(tx, principal, services, command.personId, 'inviteToCaseTeam', now);
  const organisation = await findOrganisation(tx, command.organisationId);
  if (organisation?.kind !== 'MUNICIPALITY' && organisation?.kind !== 'SOCIAL_SERVICE') {
    throw new HubError('case-team.organisation', 'Only a municipality or a social service joins a case team.', {
      field: 'organisationId',
    });
  }
  if (!PURPOSE_RULES[command.purpose].relationships.includes('CASE_TEAM')) {
    throw new HubError('case-team.purpose', 'This purpose does not rest on a case team.', { field: 'purpose' });
  }
  await join(tx, services, person, command.organisationId, command.purpose, now);
  return person;
}

async function join(
  tx: Tx,
  services: CaseServices,
  person: Person,
  organisationId: string,
  purpose: Purpose,
  now: Date,
): Promise<void> {
  await services.disclosure.grant(
    tx,
    {
      organisationId,
      subjectId: person.id,
      purpose,
      relationship: 'CASE_TEAM',
      relationshipId: person.id,
      grantedBy: person.authorityId,
    },
    now,
  );
  await services.events.publish(tx, [
    { type: 'liaison.case-team.joined.v1', subject: person.id, data: { personId: person.id, organisationId, purpose } },
  ]);
}

async function leave(tx: Tx, services: CaseServices, person: Person, organisationId: string, now: Date): Promise<void> {
  await services.disclosure.end(tx, { relationship: 'CASE_TEAM', relationshipId: person.id, organisationId }, now);
  await services.events.publish(tx, [
    { type: 'liaison.case-team.left.v1', subject: person.id, data: { personId: person.id, organisationId } },
  ]);
}

/** An organisation leaves the team, on its own or because the authority says so: its access ends in this commit. */
export async function leaveCaseTeam(
  tx: Tx,
  principal: PartnerPrincipal,
  services: CaseServices,
  command: { readonly personId: string; readonly organisationId: string },
  now: Date,
): Promise<Person> {
  const person = await ownPerson(tx, principal, services, command.personId, 'leaveCaseTeam', now);
  await leave(tx, services, person, command.organisationId, now);
  return person;
}

/** The person lives elsewhere: the new municipality takes the old one's place in the team, and the old one sees nothing any more. */
export async function movePerson(
  tx: Tx,
  principal: PartnerPrincipal,
  services: CaseServices,
  command: { readonly personId: string; readonly municipalityId: string; readonly movedOn: string },
  now: Date,
): Promise<Person> {
  const person = await ownPerson(tx, principal, services, command.personId, 'movePerson', now);
  const movedOn = localDate(command.movedOn);
  const authority = await findOrganisation(tx, principal.organisationId);
  if (movedOn > dayIn(authority?.timeZone ?? 'UTC', now))
    throw new HubError('person.moved-on', 'A move is recorded when it has happened, not before.', { field: 'movedOn' });
  if ((await findOrganisation(tx, command.municipalityId))?.kind !== 'MUNICIPALITY') {
    throw new HubError('person.municipality', 'There is no such municipality.', { field: 'municipalityId' });
  }
  if (command.municipalityId === person.municipalityId) {
    throw new HubError('person.municipality', 'The person is on record in this municipality already.', {
      field: 'municipalityId',
    });
  }
  // The access rows: the shared-case page hears of an invitation only later.
  const team = await services.disclosure.teamOf(tx, person.id);
  const itsPurposes = team.filter((member) => member.organisationId === person.municipalityId);
  await services.persons.move(tx, person, command.municipalityId);
  const { id: personId, authorityId, municipalityId: fromMunicipalityId } = person;
  await services.events.publish(tx, [
    {
      type: 'liaison.person.moved.v1',
      subject: personId,
      data: { personId, authorityId, fromMunicipalityId, municipalityId: command.municipalityId, movedOn },
    },
  ]);
  await leave(tx, services, person, fromMunicipalityId, now);
  for (const { purpose } of itsPurposes) await join(tx, services, person, command.municipalityId, purpose, now);
  return { ...person, municipalityId: command.municipalityId, version: person.version + 1 };
}

export interface RecordPermission {
  readonly personId: string;
  readonly organisationId: string;
  readonly purpose: Purpose;
  readonly effect: 'GIVEN' | 'REFUSED' | 'WITHDRAWN';
  readonly channel: string;
  readonly validTo?: string | null | undefined;
}

/** What the person allowed or refused, as the authority was told. It holds from this commit on. */
export async function recordPermission(
  tx: Tx,
  principal: PartnerPrincipal,
  services: CaseServices,
  command: RecordPermission,
  now: Date,
): Promise<Person> {
  const person = await ownPerson(tx, principal, services, command.personId, 'recordPermission', now);
  if ((await findOrganisation(tx, command.organisationId)) === undefined) {
    throw new HubError('organisation.not-found', 'There is no such organisation.', { field: 'organisationId' });
  }
  await services.disclosure.recordPermission(
    tx,
    {
      subjectId: person.id,
      organisationId: command.organisationId,
      purpose: command.purpose,
      effect: command.effect,
      channel: command.channel,
      validTo: command.validTo == null ? null : new Date(`${localDate(command.validTo)}T00:00:00Z`),
      recordedBy: principal.actorId,
      recordedByOrganisation: principal.organisationId,
    },
    now,
  );
  return person;
}

/** A member of the case team says by which own reference it knows the person, to find the case by it later. */
export async function setOwnReference(
  tx: Tx,
  principal: PartnerPrincipal,
  services: CaseServices,
  command: { readonly personId: string; readonly ownReference: string },
  now: Date,
): Promise<Person> {
  const look = { purpose: 'INTEGRATED_CASE', operation: 'setOwnReference', categories: ['C0'] } as const;
  const person = await seenPerson(tx, principal, services, command.personId, look, now);
  await services.disclosure.setOwnReference(tx, principal.organisationId, person.id, command.ownReference);
  return person;
}
