import type { Envelope } from '#libs/kernel/index.js';
import type { HubPrincipal } from '#libs/platform/auth/principal.js';
import type { Reaction } from '#libs/platform/events/event-log.js';
import type { EventTypes } from '#libs/referrals/contract/events.generated.js';
import { keepAcceptedReferral, reverseOutcomesOfReferral } from '../handlers/keep-referral.handler.js';
import type { RegisterServices } from '../handlers/services.js';

const by = (actorId: string): HubPrincipal => ({ kind: 'reaction', actorId });

/** Keeps who works with whom, to know whose work a detected job was. */
export const attributeJobsWhenReferralAccepted = (services: RegisterServices): Reaction => {
  const name = 'attribute-jobs-when-referral-accepted';
  return {
    name,
    types: ['liaison.referral.accepted.v1'],
    handle: async (tx, event, now) => {
      const { referralId, personId, authorityId, providerId, acceptedOn } = (
        event as Envelope<string, EventTypes['liaison.referral.accepted.v1']>
      ).data;
      const referral = {
        referralId,
        personId,
        authorityId,
        providerId,
        acceptedOn,
        state: 'ACCEPTED' as const,
        endedOn: null,
      };
      await keepAcceptedReferral(tx, by(name), services, referral, now);
    },
  };
};

type Moved =
  | 'liaison.referral.started.v1'
  | 'liaison.referral.completed.v1'
  | 'liaison.referral.ended-early.v1'
  | 'liaison.referral.withdrawn.v1';
type MovedEvent = { [Type in Moved]: Envelope<Type, EventTypes[Type]> }[Moved];

/** Keeps how far a referral is: jobs long after its end are nobody's result. */
export const followReferralWhenItMoves = (services: RegisterServices): Reaction => ({
  name: 'follow-referral-when-it-moves',
  types: [
    'liaison.referral.started.v1',
    'liaison.referral.completed.v1',
    'liaison.referral.ended-early.v1',
    'liaison.referral.withdrawn.v1',
  ] satisfies Moved[],
  handle: async (tx, envelope) => {
    const event = envelope as MovedEvent;
    const { referralId } = event.data;
    switch (event.type) {
      case 'liaison.referral.started.v1':
        return services.projection.changed(tx, referralId, 'STARTED', null);
      case 'liaison.referral.completed.v1':
        return services.projection.changed(tx, referralId, 'COMPLETED', event.data.completedOn);
      case 'liaison.referral.ended-early.v1':
        return services.projection.changed(tx, referralId, 'ENDED_EARLY', event.data.endedOn);
      case 'liaison.referral.withdrawn.v1':
        return services.projection.changed(tx, referralId, 'WITHDRAWN', null);
    }
  },
});

export const reverseOutcomesWhenReferralEnteredInError = (services: RegisterServices): Reaction => {
  const name = 'reverse-outcomes-when-referral-entered-in-error';
  return {
    name,
    types: ['liaison.referral.entered-in-error.v1'],
    handle: (tx, event, now) =>
      reverseOutcomesOfReferral(
        tx,
        by(name),
        services,
        event.data as EventTypes['liaison.referral.entered-in-error.v1'],
        now,
      ),
  };
};
