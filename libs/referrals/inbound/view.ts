import type { PersonNames } from '#libs/cases/contract/person-names.js';
import type { Disclosure } from '#libs/disclosure/index.js';
import { findOrganisations, viewOf } from '#libs/partners/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { GqlReferral } from '#libs/platform/graphql/schema.generated.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { lotCodeOf, type LockedPrice, type Referral } from '../domain/referral.js';
import type { ReferralStore } from '../handlers/ports.js';

export interface ViewServices {
  readonly store: ReferralStore;
  readonly disclosure: Disclosure;
  readonly names: PersonNames;
}

type View = GqlReferral & { readonly __typename: 'Referral' };

/** What is kept of a mutation of a referral: ids, codes and days. */
export type KeptReferral = Pick<
  Referral,
  | 'id'
  | 'state'
  | 'version'
  | 'service'
  | 'authorityId'
  | 'providerId'
  | 'contractId'
  | 'chosenBy'
  | 'answerBy'
  | 'acceptedOn'
  | 'startedOn'
  | 'endedOn'
> & {
  readonly lotCode: string | null;
  /** The caller's own id of the person. */
  readonly personId: string;
};

export function keptOf(principal: PartnerPrincipal, disclosure: Disclosure, referral: Referral): KeptReferral {
  const { id, state, version, service, authorityId, providerId, contractId, chosenBy } = referral;
  const { answerBy, acceptedOn, startedOn, endedOn } = referral;
  const personId = disclosure.pairwiseId(principal.organisationId, referral.personId);
  return {
    ...{ id, state, version, personId, service, authorityId, providerId, contractId, chosenBy },
    ...{ answerBy, acceptedOn, startedOn, endedOn },
    lotCode: lotCodeOf(referral),
  };
}

/**
 * The answer of a mutation: the referral as it stands and as the caller may see it; for a caller that sees it no more what was kept,
 * with nothing of the person but its own id.
 */
export async function answerView(
  tx: Tx,
  principal: PartnerPrincipal,
  services: ViewServices,
  kept: KeptReferral,
  operation: string,
  now: Date,
): Promise<View> {
  const referral = await services.store.find(tx, kept.id);
  const view =
    referral === undefined
      ? undefined
      : (await referralViews(tx, principal, services, [referral], operation, now)).get(referral.id);
  if (view !== undefined) return view;
  const look = { purpose: 'REFERRAL_DELIVERY', operation, categories: ['C0'] } as const;
  await services.disclosure.lookBy(tx, principal, kept.personId, look, now);
  const { authorityId, providerId, ...told } = kept;
  const organisations = await findOrganisations(tx, providerId === null ? [authorityId] : [authorityId, providerId]);
  return {
    __typename: 'Referral',
    ...told,
    authority: viewOf(organisations, authorityId),
    provider: providerId === null ? null : viewOf(organisations, providerId),
    personName: null,
    reasonCode: null,
    price: null,
    timeline: [],
  };
}

/**
 * Referrals as one organisation may see them: one decision and one log row a person, one read each for names, organisations and
 * timelines. What its roles may not see is null.
 */
export async function referralViews(
  tx: Tx,
  principal: PartnerPrincipal,
  services: ViewServices,
  referrals: readonly Referral[],
  operation: string,
  now: Date,
): Promise<Map<string, View>> {
  const look = { purpose: 'REFERRAL_DELIVERY', operation, categories: ['C0', 'C1', 'C4', 'C11'] } as const;
  const personIds = referrals.map((referral) => referral.personId);
  const seen = await services.disclosure.lookAll(tx, principal, personIds, look, now);
  const named = personIds.filter((id) => seen.get(id)?.categories.has('C1') === true);
  const names = named.length === 0 ? new Map<string, string>() : await services.names.of(tx, named);
  const timelines = await services.store.timelines(
    tx,
    referrals.map((referral) => referral.id),
  );
  const organisationIds = referrals.flatMap(({ authorityId, providerId }) =>
    providerId === null ? [authorityId] : [authorityId, providerId],
  );
  const byIds = [...timelines.values()]
    .flat()
    .flatMap((entry) => (entry.organisationId === null ? [] : [entry.organisationId]));
  const organisations = await findOrganisations(tx, [...organisationIds, ...byIds]);
  return new Map(
    referrals.map((referral) => {
      const categories = seen.get(referral.personId)?.categories;
      return [
        referral.id,
        {
          __typename: 'Referral',
          id: referral.id,
          state: referral.state,
          version: referral.version,
          personId: services.disclosure.pairwiseId(principal.organisationId, referral.personId),
          personName: names.get(referral.personId) ?? null,
          service: referral.service,
          authority: viewOf(organisations, referral.authorityId),
          provider: referral.providerId === null ? null : viewOf(organisations, referral.providerId),
          contractId: referral.contractId,
          lotCode: lotCodeOf(referral),
          chosenBy: referral.chosenBy,
          answerBy: referral.answerBy,
          acceptedOn: referral.acceptedOn,
          startedOn: referral.startedOn,
          endedOn: referral.endedOn,
          reasonCode: referral.reasonCode,
          price: categories?.has('C4') === true ? priceView(referral.price, categories.has('C11')) : null,
          timeline: (timelines.get(referral.id) ?? []).map((entry) => ({
            type: entry.type,
            effectiveOn: entry.effectiveOn,
            recordedAt: entry.recordedAt,
            byOrganisation:
              entry.organisationId === null ? null : (organisations.get(entry.organisationId)?.name ?? null),
          })),
        },
      ];
    }),
  );
}

/** The sum is for whoever is paid or pays; the ground of it, what was decided about the person, is a category of its own. */
function priceView(price: LockedPrice | null, withGround: boolean): GqlReferral['price'] {
  if (price === null) return null;
  const { tariffId, tariffVersion, terms, group, index } = price;
  return { tariffId, tariffVersion, terms, group: withGround ? group : null, index: withGround ? index : null };
}
