import type { Id } from '#libs/kernel/index.js';

/** Kinds of organisation that take part. */
export type OrganisationKind = 'PES' | 'PROVIDER' | 'MUNICIPALITY' | 'SOCIAL_SERVICE' | 'EMPLOYER' | 'AUDITOR';

/** What a signed-in person or system may do. One role a job of the field; a person may have several. */
export const ROLES = [
  'PROVIDER_ADVISER',
  'PROVIDER_FINANCE',
  'MUNICIPALITY_WORKER',
  'SOCIAL_WORKER',
  'COUNSELLOR',
  'CONTRACT_MANAGER',
  'AUDITOR',
  'OPERATOR',
  'VACANCY_PARTNER',
] as const;
export type Role = (typeof ROLES)[number];

/** Somebody outside the hub, acting for one organisation: a member of its staff, or one of its systems. */
export interface PartnerPrincipal {
  readonly kind: 'person' | 'client';
  /** Subject of the identity provider, or the client's id. Stored in histories and the access log. */
  readonly actorId: string;
  readonly organisationId: Id<'Organisation'>;
  readonly organisationKind: OrganisationKind;
  readonly roles: readonly Role[];
}

/** The hub itself, doing what an event, a day or a named job asks for. */
export interface HubPrincipal {
  readonly kind: 'reaction' | 'job' | 'operator';
  /** Name of the reaction, of the job, or of the command line's user. */
  readonly actorId: string;
}

export type Principal = PartnerPrincipal | HubPrincipal;

export const isPartner = (principal: Principal): principal is PartnerPrincipal =>
  principal.kind === 'person' || principal.kind === 'client';
