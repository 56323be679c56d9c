import {
  areTerms,
  CODE_LENGTH_MAX,
  HubError,
  isCode,
  localDate,
  TERMS_RULE,
  type Id,
  type LocalDate,
  type Term,
} from '#libs/kernel/index.js';
import type { OrganisationKind, PartnerPrincipal, Role } from '#libs/platform/auth/principal.js';

export type OrganisationId = Id<'Organisation'>;
export type ContractId = Id<'Contract'>;

export interface Site {
  readonly id: string;
  readonly name: string;
  readonly street: string;
  readonly buildingNumber: string | null;
  readonly postCode: string;
  readonly town: string;
}

export interface Organisation {
  readonly id: OrganisationId;
  readonly kind: OrganisationKind;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly sites: readonly Site[];
}

export interface Contract {
  readonly id: ContractId;
  readonly number: string;
  readonly authorityId: OrganisationId;
  readonly providerId: OrganisationId;
  readonly tariffId: string;
  readonly terms: readonly Term[];
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
  readonly lots: readonly Lot[];
  readonly subcontracts: readonly Subcontract[];
}

export interface Lot {
  readonly code: string;
  readonly area: string;
  readonly capacity: number | null;
}

export interface Subcontract {
  readonly providerId: OrganisationId;
  readonly lotCode: string;
  readonly validFrom: LocalDate;
}

/** Which roles a member or system of a kind of organisation can have: nobody is given a role that its organisation cannot have. */
export const ROLES_OF_KIND: Readonly<Record<OrganisationKind, readonly Role[]>> = {
  PES: ['COUNSELLOR', 'CONTRACT_MANAGER', 'OPERATOR'],
  PROVIDER: ['PROVIDER_ADVISER', 'PROVIDER_FINANCE'],
  MUNICIPALITY: ['MUNICIPALITY_WORKER'],
  SOCIAL_SERVICE: ['SOCIAL_WORKER'],
  EMPLOYER: ['VACANCY_PARTNER'],
  AUDITOR: ['AUDITOR'],
};

const NAME_LENGTH_MAX = 200;

export function checkOrganisation(input: {
  readonly name: string;
  readonly country: string;
  readonly timeZone: string;
}): void {
  if (input.name.trim() === '' || input.name.length > NAME_LENGTH_MAX) {
    throw new HubError('organisation.name', `A name of 1 to ${NAME_LENGTH_MAX} characters is required.`, {
      field: 'name',
    });
  }
  if (!/^[A-Z]{2}$/.test(input.country)) {
    throw new HubError('organisation.country', 'The country is two capital letters (ISO 3166-1).', {
      field: 'country',
    });
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: input.timeZone });
  } catch {
    throw new HubError('organisation.time-zone', 'The time zone is not an IANA name, for example Europe/Dublin.', {
      field: 'timeZone',
    });
  }
}

export function checkContract(input: {
  readonly number: string;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly terms: readonly Term[];
  readonly lots: readonly Lot[];
}): void {
  if (!isCode(input.number)) {
    throw new HubError('contract.number', `A contract has a number of 1 to ${CODE_LENGTH_MAX} characters.`, {
      field: 'number',
    });
  }
  if (!areTerms(input.terms)) throw new HubError('contract.terms', TERMS_RULE, { field: 'terms' });
  localDate(input.validFrom);
  if (input.validTo !== null && localDate(input.validTo) < input.validFrom) {
    throw new HubError('contract.period', 'The contract ends before it begins.', { field: 'validTo' });
  }
  if (input.lots.length === 0)
    throw new HubError('contract.lots', 'A contract has at least one lot.', { field: 'lots' });
  if (!input.lots.every(({ code, area }) => isCode(code) && isCode(area)))
    throw new HubError('contract.lots', `The code and area of a lot have 1 to ${CODE_LENGTH_MAX} characters.`, {
      field: 'lots',
    });
  if (input.lots.some(({ capacity }) => capacity !== null && capacity < 1))
    throw new HubError('contract.lots', 'The capacity of a lot is at least 1, or left open.', { field: 'lots' });
  const codes = new Set(input.lots.map((lot) => lot.code));
  if (codes.size !== input.lots.length)
    throw new HubError('contract.lots', 'Two lots have the same code.', { field: 'lots' });
}

/** What giving somebody an account comes to, as far as the rules ask. */
export interface Grant {
  readonly to: 'person' | 'system';
  readonly roles: readonly Role[];
  readonly by: Pick<PartnerPrincipal, 'kind' | 'roles'>;
  /** The caller's own organisation, or a partner that it brought in. */
  readonly own: boolean;
  /** The partner has registered an account of its own: from then on it looks after them alone. */
  readonly managesItself: boolean;
}

/**
 * Nobody becomes more than they are by way of an account: within an organisation one gives the roles one has, people register people,
 * and who decides about money is registered by the operator. A partner's first accounts are given by a manager of its authority.
 *
 * Errors: `account.person-required`, `account.manager-by-operator`, `account.roles-beyond-own`, `account.partner-manages-itself`.
 */
export function checkGrant({ to, roles, by, own, managesItself }: Grant): void {
  if (to === 'person' && by.kind !== 'person')
    throw new HubError('account.person-required', 'A person registers people; a system may not.');
  if (to === 'person' && roles.includes('CONTRACT_MANAGER'))
    throw new HubError('account.manager-by-operator', 'Contract managers are registered by the operator of the hub.', {
      field: 'roles',
    });
  if (own) {
    const beyond = roles.filter((role) => !by.roles.includes(role));
    if (beyond.length === 0) return;
    throw new HubError('account.roles-beyond-own', `You may give the roles you have: ${by.roles.join(', ')}.`, {
      field: 'roles',
      facts: { refused: beyond },
    });
  }
  if (by.kind !== 'person' || !by.roles.includes('CONTRACT_MANAGER'))
    throw new HubError('account.person-required', 'A contract manager registers the first accounts of a partner.');
  if (managesItself)
    throw new HubError('account.partner-manages-itself', 'This partner registers its accounts itself.', {
      field: 'organisationId',
    });
}

/** Refuses roles that this kind of organisation cannot have. */
export function checkRoles(kind: OrganisationKind, roles: readonly Role[]): void {
  const wrong = roles.filter((role) => !ROLES_OF_KIND[kind].includes(role));
  if (roles.length === 0 || wrong.length > 0) {
    throw new HubError('account.roles', `Roles of a ${kind} are: ${ROLES_OF_KIND[kind].join(', ') || 'none'}.`, {
      field: 'roles',
      facts: { refused: wrong },
    });
  }
}
