import { asId, type Envelope } from '#libs/kernel/index.js';
import type { Reaction } from '#libs/platform/events/event-log.js';
import type { ReferralAccepted } from '#libs/referrals/contract/events.generated.js';
import type { Engagement } from '../domain/fact.js';
import { openEngagement } from '../handlers/keep-fact.handler.js';
import type { SettlementPorts } from '../handlers/ports.js';

/** The price is locked, budget is committed, and what was told before is priced. */
export const openEngagementWhenReferralAccepted = (ports: SettlementPorts): Reaction => ({
  name: 'open-engagement-when-referral-accepted',
  types: ['liaison.referral.accepted.v1'],
  handle: (tx, event, now) => openEngagement(tx, ports, engagementOf(event, ports), now),
});

function engagementOf(event: Envelope, ports: SettlementPorts): Engagement {
  const accepted = event.data as ReferralAccepted;
  return {
    referralId: asId<'Referral'>(accepted.referralId),
    personId: asId<'Person'>(accepted.personId),
    contractId: asId<'Contract'>(accepted.contractId),
    authorityId: asId<'Organisation'>(accepted.authorityId),
    providerId: asId<'Organisation'>(accepted.providerId),
    tariffId: accepted.tariffId,
    tariffVersion: accepted.tariffVersion,
    currency: ports.pricing.currencyOf(accepted.tariffId, accepted.tariffVersion),
    acceptedAt: new Date(event.time),
    locked: {
      service: accepted.service,
      acceptedOn: accepted.acceptedOn,
      terms: accepted.terms,
      assessment: accepted.assessment,
      area: accepted.area,
      unemployedSince: accepted.unemployedSince,
    },
  };
}
