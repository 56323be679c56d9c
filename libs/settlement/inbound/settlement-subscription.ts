import type { Subscription } from '#libs/platform/events/event-log.js';
import type { SettlementPorts } from '../handlers/ports.js';
import { issueStatementsWhenDayOpened } from './issue-statements-when-day-opened.reaction.js';
import { keepAnswerWhenVerificationAnswered } from './keep-answer-when-verification-answered.reaction.js';
import { keepFactWhenReferralMoved } from './keep-fact-when-referral-moved.reaction.js';
import { keepJobWhenOutcomeTold } from './keep-job-when-outcome-told.reaction.js';
import { openEngagementWhenReferralAccepted } from './open-engagement-when-referral-accepted.reaction.js';
import { priceAgainWhenDecided } from './price-again-when-decided.reaction.js';
import { priceAgainWhenDayOpened } from './price-again-when-day-opened.reaction.js';
import { repriceWhenVersionChanged } from './reprice-when-version-changed.reaction.js';

/** Everything settlement does because something happened elsewhere. */
export const settlementSubscription = (ports: SettlementPorts): Subscription => ({
  group: 'settlement',
  reactions: [
    openEngagementWhenReferralAccepted(ports),
    keepFactWhenReferralMoved(ports),
    keepJobWhenOutcomeTold(ports),
    keepAnswerWhenVerificationAnswered(ports),
    priceAgainWhenDayOpened(ports),
    issueStatementsWhenDayOpened(ports),
    repriceWhenVersionChanged(ports),
    priceAgainWhenDecided(ports),
  ],
});
