import type { Subscription } from '#libs/platform/events/event-log.js';
import type { RegisterServices } from '../handlers/services.js';
import {
  askRegisterWhenEvidenceRequested,
  askRegisterWhenVerificationAsked,
  readRegisterWhenPersonRegistered,
} from './ask-register.reactions.js';
import {
  attributeJobsWhenReferralAccepted,
  followReferralWhenItMoves,
  reverseOutcomesWhenReferralEnteredInError,
} from './keep-referrals.reactions.js';
import { askRegistersWhenDayOpened } from './open-day.reaction.js';
import { recordEvidenceWhenGiven } from './record-evidence-when-given.reaction.js';

/** What this capability does when something happened elsewhere. */
export const outcomesSubscription = (services: RegisterServices): Subscription => ({
  group: 'outcomes',
  reactions: [
    attributeJobsWhenReferralAccepted(services),
    followReferralWhenItMoves(services),
    reverseOutcomesWhenReferralEnteredInError(services),
    askRegisterWhenEvidenceRequested(services),
    askRegisterWhenVerificationAsked(services),
    readRegisterWhenPersonRegistered(services),
    recordEvidenceWhenGiven(services),
    askRegistersWhenDayOpened(services),
  ],
});
