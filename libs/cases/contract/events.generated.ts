// Generated from schemas/events by `npm run generate`. Do not edit.

import type { LocalDate } from '#libs/kernel/index.js';

/**
 * An organisation is part of the person's case team.
 */
export interface CaseTeamJoined {
  personId: string;
  organisationId: string;
  purpose: string;
}

/**
 * An organisation is no longer part of the person's case team.
 */
export interface CaseTeamLeft {
  personId: string;
  organisationId: string;
}

/**
 * The person lives in another municipality.
 */
export interface PersonMoved {
  personId: string;
  authorityId: string;
  fromMunicipalityId: string;
  municipalityId: string;
  movedOn: LocalDate;
}

/**
 * A person is known to an authority.
 */
export interface PersonRegistered {
  personId: string;
  authorityId: string;
  municipalityId: string;
}

/**
 * The person and the provider agreed the plan.
 */
export interface PlanAgreed {
  referralId: string;
  personId: string;
  authorityId: string;
  providerId: string;
  version: number;
  agreedOn: LocalDate;
}

/** Data of each event type that this capability publishes. */
export interface EventTypes {
  'liaison.case-team.joined.v1': CaseTeamJoined;
  'liaison.case-team.left.v1': CaseTeamLeft;
  'liaison.person.moved.v1': PersonMoved;
  'liaison.person.registered.v1': PersonRegistered;
  'liaison.plan.agreed.v1': PlanAgreed;
}

/** One of its events: the type literal decides the shape of the data. */
export type PublishedEvent = { [Type in keyof EventTypes]: { readonly type: Type; readonly data: EventTypes[Type] } }[keyof EventTypes];
