import { asId, dayIn, type Envelope, type LocalDate } from '#libs/kernel/index.js';
import type { PlanAgreed } from '#libs/cases/contract/events.generated.js';
import type { Reaction } from '#libs/platform/events/event-log.js';
import type {
  ReferralCompleted,
  ReferralEndedEarly,
  ReferralReassessed,
  ReferralStarted,
} from '#libs/referrals/contract/events.generated.js';
import type { FactBody } from '../domain/fact.js';
import { keepFactAndPrice } from '../handlers/keep-fact.handler.js';
import type { SettlementPorts } from '../handlers/ports.js';

interface Kept {
  /** What the fact is about, within its referral. */
  readonly about: string;
  readonly effectiveOn: LocalDate;
  readonly body: FactBody;
}

/** What each event of a referral means to pricing. */
const FACTS: Readonly<Record<string, (event: Envelope) => Kept>> = {
  'liaison.referral.started.v1': ({ data }) => {
    const { startedOn } = data as ReferralStarted;
    return { about: 'started', effectiveOn: startedOn, body: { kind: 'REFERRAL_STARTED', startedOn } };
  },
  'liaison.referral.completed.v1': ({ data }) => ended((data as ReferralCompleted).completedOn, 'COMPLETED'),
  'liaison.referral.ended-early.v1': ({ data }) => {
    const { endedOn, code } = data as ReferralEndedEarly;
    return ended(endedOn, code);
  },
  'liaison.referral.withdrawn.v1': (event) => voided(event, 'WITHDRAWN'),
  'liaison.referral.entered-in-error.v1': (event) => voided(event, 'ENTERED_IN_ERROR'),
  'liaison.referral.reassessed.v1': ({ data }) => {
    const { assessment, appliesFrom } = data as ReferralReassessed;
    return {
      about: `reassessed:${appliesFrom}`,
      effectiveOn: appliesFrom,
      body: { kind: 'REASSESSED', ...assessment, appliesFrom },
    };
  },
  'liaison.plan.agreed.v1': ({ data }) => {
    const { agreedOn, version } = data as PlanAgreed;
    // The first plan earns the fee; later versions of it are facts of their own.
    return { about: `plan:${version}`, effectiveOn: agreedOn, body: { kind: 'PLAN_AGREED', agreedOn, version } };
  },
};

const ended = (endedOn: LocalDate, code: string): Kept => ({
  about: 'ended',
  effectiveOn: endedOn,
  body: { kind: 'REFERRAL_ENDED', endedOn, code },
});

const voided = (event: Envelope, code: 'WITHDRAWN' | 'ENTERED_IN_ERROR'): Kept => ({
  about: 'void',
  effectiveOn: dayIn('UTC', new Date(event.time)),
  body: { kind: 'REFERRAL_VOID', code },
});

export const keepFactWhenReferralMoved = (ports: SettlementPorts): Reaction => ({
  name: 'keep-fact-when-referral-moved',
  types: Object.keys(FACTS),
  handle: async (tx, event, now) => {
    const kept = FACTS[event.type]?.(event);
    if (kept === undefined) throw new RangeError(`No fact follows from ${event.type}.`);
    const told = event.data as { referralId: string; personId: string; authorityId: string };
    await keepFactAndPrice(
      tx,
      ports,
      {
        key: `referral:${told.referralId}:${kept.about}`,
        referralId: asId<'Referral'>(told.referralId),
        personId: asId<'Person'>(told.personId),
        authorityId: asId<'Organisation'>(told.authorityId),
        effectiveOn: kept.effectiveOn,
        knownSince: new Date(event.time),
        eventId: event.id,
        body: kept.body,
      },
      now,
    );
  },
});
