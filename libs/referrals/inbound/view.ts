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
): Promise<Map<string, GqlReferral & { readonly __typename: 'Referral' }>> {
  const look = { purpose: 'REFERRAL_DELIVERY', operation, categories: ['C0', 'C1', 'C3', 'C4'] } as const;
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
          price: categories?.has('C4') === true ? priceView(referral.price, categories.has('C3')) : null,
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
