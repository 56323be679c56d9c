import { asId } from '#libs/kernel/index.js';
import type { VerificationAnswered } from '#libs/outcomes/contract/events.generated.js';
import type { Reaction } from '#libs/platform/events/event-log.js';
import { keepFactAndPrice } from '../handlers/keep-fact.handler.js';
import type { SettlementPorts } from '../handlers/ports.js';

export const keepAnswerWhenVerificationAnswered = (ports: SettlementPorts): Reaction => ({
  name: 'keep-answer-when-verification-answered',
  types: ['liaison.verification.answered.v1'],
  handle: async (tx, event, now) => {
    const answered = event.data as VerificationAnswered;
    const { question, from, to, asOf, answer } = answered;
    await keepFactAndPrice(
      tx,
      ports,
      {
        key: `verification:${answered.verificationId}`,
        referralId: asId<'Referral'>(answered.referralId),
        personId: asId<'Person'>(answered.personId),
        authorityId: asId<'Organisation'>(answered.authorityId),
        effectiveOn: to,
        knownSince: new Date(event.time),
        eventId: event.id,
        body: { kind: 'VERIFICATION', question, from, to, asOf, answer },
      },
      now,
    );
  },
});
