import type { Disclosure, Seen } from '#libs/disclosure/index.js';
import { findOrganisations, viewOf } from '#libs/partners/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type {
  GqlCaseTeam,
  GqlPerson,
  GqlPurpose,
  GqlReferralState,
  GqlSharedCase,
} from '#libs/platform/graphql/schema.generated.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Person } from '../handlers/ports.js';
import type { SharedCaseView } from '../handlers/read-shared-case.handler.js';

/** Why a category is missing in an answer. */
const NOT_FOR_THIS_PURPOSE = 'NOT_FOR_THIS_PURPOSE_AND_ROLE';

/** What is kept of a mutation about a person. */
export interface KeptPerson {
  /** The caller's own id of the person. */
  readonly id: string;
  readonly municipalityId: string;
}

export const keptOf = (principal: PartnerPrincipal, disclosure: Disclosure, person: Person): KeptPerson => ({
  id: disclosure.pairwiseId(principal.organisationId, person.id),
  municipalityId: person.municipalityId,
});

/** The answer of a mutation that is repeated by somebody whose right has ended: what it was told then, without the person. */
export async function bareView(tx: Tx, kept: KeptPerson): Promise<GqlPerson & { readonly __typename: 'Person' }> {
  const municipality = viewOf(await findOrganisations(tx, [kept.municipalityId]), kept.municipalityId);
  return { __typename: 'Person', id: kept.id, givenName: null, familyName: null, birthDate: null, municipality };
}

/** A person as one organisation may see it: its own id of the person, and what its purpose gives. */
export async function personView(
  tx: Tx,
  principal: PartnerPrincipal,
  disclosure: Disclosure,
  person: Person,
  seen: Seen | undefined,
): Promise<GqlPerson & { readonly __typename: 'Person' }> {
  const organisations = await findOrganisations(tx, [person.municipalityId]);
  const identity = seen?.categories.has('C1') === true;
  return {
    __typename: 'Person',
    id: disclosure.pairwiseId(principal.organisationId, person.id),
    givenName: identity ? person.givenName : null,
    familyName: identity ? person.familyName : null,
    birthDate: identity ? person.birthDate : null,
    municipality: viewOf(organisations, person.municipalityId),
  };
}

/** The case team of a person, whom the authority or a member knows by this id. */
export async function caseTeamView(
  tx: Tx,
  personId: string,
  team: readonly { readonly organisationId: string; readonly purpose: string; readonly since: Date }[],
): Promise<GqlCaseTeam & { readonly __typename: 'CaseTeam' }> {
  const organisations = await findOrganisations(
    tx,
    team.map((member) => member.organisationId),
  );
  return {
    __typename: 'CaseTeam',
    personId,
    members: team.map((member) => ({
      organisation: viewOf(organisations, member.organisationId),
      purpose: member.purpose as GqlPurpose,
      since: member.since,
    })),
  };
}

/** The shared case, category by category: what the purpose and role do not give is null, and said to be so. */
export async function sharedCaseView(
  tx: Tx,
  principal: PartnerPrincipal,
  disclosure: Disclosure,
  { person, page, plan, seen }: SharedCaseView,
): Promise<GqlSharedCase> {
  const providerIds = page.referrals.flatMap((referral) => (referral.providerId === null ? [] : [referral.providerId]));
  const organisations = await findOrganisations(tx, [
    ...providerIds,
    ...page.team.map((member) => member.organisationId),
  ]);
  const may = (category: 'C1' | 'C2' | 'C4'): boolean => seen.categories.has(category);
  return {
    person: await personView(tx, principal, disclosure, person, seen),
    phone: may('C2') ? person.phone : null,
    email: may('C2') ? person.email : null,
    referrals: page.referrals.map((referral) => ({
      id: referral.id,
      state: referral.state as GqlReferralState,
      service: referral.service,
      providerName: referral.providerId === null ? null : (organisations.get(referral.providerId)?.name ?? null),
      startedOn: referral.startedOn,
      endedOn: referral.endedOn,
    })),
    plan: may('C4') ? plan : null,
    outcomes: may('C4') ? page.outcomes : null,
    team: page.team.map((member) => ({
      organisation: viewOf(organisations, member.organisationId),
      purpose: member.purpose as GqlPurpose,
      since: member.since,
    })),
    redactions: seen.redacted.flatMap((category) =>
      (PATHS[category] ?? []).map((path) => ({ path, category, reason: NOT_FOR_THIS_PURPOSE })),
    ),
    receiptId: seen.receiptId,
  };
}

const PATHS: Readonly<Record<string, readonly string[]>> = {
  C1: ['person.givenName', 'person.familyName', 'person.birthDate'],
  C2: ['phone', 'email'],
  C4: ['plan', 'outcomes'],
};
