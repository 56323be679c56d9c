import type { Disclosure } from '#libs/disclosure/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { GqlOutcome } from '#libs/platform/graphql/schema.generated.js';
import { EVIDENCE_LADDER } from '../domain/evidence.js';
import type { Outcome } from '../domain/outcome.js';
import type { OutcomeView } from '../handlers/read-outcomes.handler.js';

const JOB_DETAILS = ['contractType', 'contractMonths', 'weeklyHours', 'insured', 'employerName'] as const;

/** What is kept of a mutation of an outcome; a day, because an outcome is never without the one it begins on. */
export type KeptOutcome = Pick<GqlOutcome, 'id' | 'state' | 'referralId' | 'personId' | 'origin' | 'startedOn'>;

export const keptOf = (outcome: Outcome, principal: PartnerPrincipal, disclosure: Disclosure): KeptOutcome => ({
  id: outcome.id,
  state: outcome.state,
  referralId: outcome.referralId,
  personId: disclosure.pairwiseId(principal.organisationId, outcome.personId),
  origin: outcome.origin,
  startedOn: outcome.spell.startedOn,
});

/** The answer of a mutation that is repeated by somebody whose right has ended: what was kept, and why there is no more. */
export const bareView = (kept: KeptOutcome): GqlOutcome => ({
  ...kept,
  ...{ endedOn: null, contractType: null, contractMonths: null, weeklyHours: null, insured: null, employerName: null },
  ...{ vacancyId: null, verification: null, openEvidence: null, evidence: [], timeline: [] },
  redactions: JOB_DETAILS.map((path) => ({ path, category: 'C5', reason: 'NO_RELATION' })),
});

/** An outcome as the API shows it to this organisation: its own id of the person, and the details only where it may see them. */
export function outcomeView(
  { outcome, history, evidence, seen }: OutcomeView,
  principal: PartnerPrincipal,
  disclosure: Disclosure,
): GqlOutcome {
  const { spell } = outcome;
  const hidden = detailsHidden(outcome, principal, seen.categories.has('C5'));
  const isShown = hidden === undefined;
  return {
    id: outcome.id,
    state: outcome.state,
    referralId: outcome.referralId,
    personId: disclosure.pairwiseId(principal.organisationId, outcome.personId),
    origin: outcome.origin,
    startedOn: spell.startedOn,
    endedOn: spell.endedOn,
    contractType: isShown ? spell.contractType : null,
    contractMonths: isShown ? spell.contractMonths : null,
    weeklyHours: isShown ? spell.weeklyHours : null,
    insured: isShown ? spell.insured : null,
    employerName: isShown ? outcome.employerName : null,
    vacancyId: outcome.vacancyId,
    verification: outcome.verification,
    openEvidence: openEvidence(outcome),
    evidence: evidence.map(({ rung, answer, note, recordedAt }) => ({
      rung,
      source: EVIDENCE_LADDER.find((each) => each.rung === rung)?.source ?? 'UNKNOWN',
      answer,
      note: isShown ? note : null,
      recordedAt,
    })),
    timeline: history.map((entry) => ({
      type: entry.type,
      effectiveOn: entry.effectiveOn,
      recordedAt: entry.recordedAt,
      startedOn: entry.spell?.startedOn ?? null,
      endedOn: entry.spell?.endedOn ?? null,
      weeklyHours: isShown ? (entry.spell?.weeklyHours ?? null) : null,
    })),
    redactions: hidden === undefined ? [] : JOB_DETAILS.map((path) => ({ path, category: 'C5', reason: hidden })),
  };
}

/** Why the details of the job are not shown: a provider sees those it reported itself, not what a register told the authority. */
function detailsHidden(outcome: Outcome, principal: PartnerPrincipal, isAllowed: boolean): string | undefined {
  if (!isAllowed) return 'PURPOSE';
  const isStranger = principal.organisationKind === 'PROVIDER' && outcome.reporterId !== principal.organisationId;
  return isStranger ? 'REPORTED_BY_ANOTHER' : undefined;
}

function openEvidence(outcome: Outcome): GqlOutcome['openEvidence'] {
  const rung = EVIDENCE_LADDER.find((each) => each.rung === outcome.rung);
  if (outcome.state !== 'EVIDENCE_PENDING' || rung === undefined || outcome.evidenceSince === null) return null;
  return {
    rung: rung.rung,
    source: rung.source,
    reason: outcome.evidenceReason ?? 'REPORTED',
    since: outcome.evidenceSince,
  };
}
