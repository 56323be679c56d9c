import { assertNever } from '#libs/kernel/index.js';
import type { Outcome, OutcomeEvent } from './outcome.js';
import type { Spell } from './spell.js';

/** The state after an event that was recorded `at` this moment. Pure and total: what happened, happened. */
export function evolve(outcome: Outcome, event: OutcomeEvent, at: Date): Outcome {
  const next = { ...outcome, version: outcome.version + 1 };
  switch (event.type) {
    case 'liaison.outcome.detected.v1':
      return outcome;
    case 'liaison.outcome.reported.v1':
      if (outcome.reporterId !== null) return outcome;
      return { ...next, ...attributedTo(event), reporterId: event.data.providerId, spell: spellIn(event) };
    case 'liaison.outcome.evidence-requested.v1':
      return {
        ...next,
        state: 'EVIDENCE_PENDING',
        rung: event.data.rung,
        evidenceReason: event.data.reason,
        evidenceSince: event.data.rung === 1 ? event.effectiveOn : outcome.evidenceSince,
        verification: null,
      };
    case 'liaison.outcome.verified.v1': {
      const { source, method } = event.data;
      const verification = { source, method, answeredAt: at, reason: null };
      return { ...next, state: 'VERIFIED', ...attributedTo(event), spell: spellIn(event), verification };
    }
    case 'liaison.outcome.not-verified.v1': {
      const { source, method, reason } = event.data;
      return { ...next, state: 'NOT_VERIFIED', verification: { source, method, answeredAt: at, reason } };
    }
    case 'liaison.outcome.ended.v1': {
      const spell = spellIn(event);
      return { ...next, spell, reportedEnd: event.data.source === 'PROVIDER' ? spell.endedOn : outcome.reportedEnd };
    }
    case 'liaison.outcome.corrected.v1': {
      const spell = spellIn(event);
      if (event.data.source === 'REGISTER') return { ...next, spell };
      return { ...next, state: 'REPORTED', spell, reportedEnd: spell.endedOn, rung: 0, verification: null };
    }
    case 'liaison.outcome.lapsed.v1':
      return { ...next, state: 'LAPSED' };
    case 'liaison.outcome.reversed.v1':
      return {
        ...next,
        state: 'REVERSED',
        verification: outcome.verification === null ? null : { ...outcome.verification, reason: event.data.reason },
      };
    default:
      return assertNever(event);
  }
}

const attributedTo = ({ data }: OutcomeEvent): Pick<Outcome, 'referralId' | 'providerId'> => ({
  referralId: data.referralId,
  providerId: data.providerId,
});

function spellIn(event: Extract<OutcomeEvent, { data: { spell: unknown } }>): Spell {
  const { startedOn, endedOn, contractType, contractMonths, weeklyHours, normalHoursShare, insured, employerRef } =
    event.data.spell;
  return { startedOn, endedOn, contractType, contractMonths, weeklyHours, normalHoursShare, insured, employerRef };
}
