import type { LocalDate } from '#libs/kernel/index.js';
import type { EventTypes as CaseEvents } from '../contract/events.generated.js';
import type { EventTypes as OutcomeEvents } from '#libs/outcomes/contract/events.generated.js';
import type { EventTypes as ReferralEvents } from '#libs/referrals/contract/events.generated.js';

/** One page about a person: what everybody who helps sees, each as far as its purpose goes. No name of the person is in it. */
export interface SharedCase {
  readonly referrals: readonly CaseReferral[];
  readonly plan: CasePlan | null;
  readonly outcomes: readonly CaseOutcome[];
  readonly team: readonly CaseTeamMember[];
}

export interface CaseReferral {
  readonly id: string;
  readonly state: string;
  readonly service: string;
  readonly providerId: string | null;
  readonly startedOn: LocalDate | null;
  readonly endedOn: LocalDate | null;
}

export interface CasePlan {
  readonly referralId: string;
  readonly version: number;
  readonly agreedOn: LocalDate;
}

export interface CaseOutcome {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly startedOn: LocalDate;
  readonly endedOn: LocalDate | null;
}

export interface CaseTeamMember {
  readonly organisationId: string;
  readonly purpose: string;
  readonly since: string;
}

type Consumed = ReferralEvents & CaseEvents & OutcomeEvents;

/** An event that was received, as kept in the history of this capability. `subject` and `sequence` order events of one aggregate. */
export type Received = {
  readonly [Type in keyof Consumed]: {
    readonly id: string;
    readonly type: Type;
    readonly subject: string;
    readonly time: string;
    readonly data: Consumed[Type];
  };
}[keyof Consumed];

export const EMPTY_CASE: SharedCase = { referrals: [], plan: null, outcomes: [], team: [] };

/** Event types that change the page; others of the same capabilities are of no interest here. */
export const CASE_EVENT_TYPES = [
  'liaison.referral.drafted.v1',
  'liaison.referral.choice-opened.v1',
  'liaison.referral.requested.v1',
  'liaison.referral.accepted.v1',
  'liaison.referral.declined.v1',
  'liaison.referral.expired.v1',
  'liaison.referral.started.v1',
  'liaison.referral.completed.v1',
  'liaison.referral.ended-early.v1',
  'liaison.referral.cancellation-requested.v1',
  'liaison.referral.withdrawn.v1',
  'liaison.referral.entered-in-error.v1',
  'liaison.case-team.joined.v1',
  'liaison.case-team.left.v1',
  'liaison.plan.agreed.v1',
  'liaison.outcome.reported.v1',
  'liaison.outcome.detected.v1',
  'liaison.outcome.evidence-requested.v1',
  'liaison.outcome.verified.v1',
  'liaison.outcome.not-verified.v1',
  'liaison.outcome.lapsed.v1',
  'liaison.outcome.ended.v1',
  'liaison.outcome.corrected.v1',
  'liaison.outcome.reversed.v1',
] as const satisfies readonly (keyof Consumed)[];

/**
 * The page after everything that was received, in whatever order it came: events of one aggregate carry ids that grow with their
 * versions, so they are sorted first; events of different aggregates do not touch each other's part of the page.
 */
export function foldCase(received: readonly Received[]): SharedCase {
  const inOrder = [...received].sort((a, b) => (a.time === b.time ? (a.id < b.id ? -1 : 1) : a.time < b.time ? -1 : 1));
  return inOrder.reduce(applyEvent, EMPTY_CASE);
}

function applyEvent(page: SharedCase, event: Received): SharedCase {
  if (event.type.startsWith('liaison.referral.')) return { ...page, referrals: applyReferral(page.referrals, event) };
  if (event.type.startsWith('liaison.outcome.')) return { ...page, outcomes: applyOutcome(page.outcomes, event) };
  switch (event.type) {
    case 'liaison.plan.agreed.v1':
      return {
        ...page,
        plan: { referralId: event.data.referralId, version: event.data.version, agreedOn: event.data.agreedOn },
      };
    case 'liaison.case-team.joined.v1': {
      const { organisationId, purpose } = event.data;
      const others = page.team.filter((member) => member.organisationId !== organisationId);
      return { ...page, team: [...others, { organisationId, purpose, since: event.time }] };
    }
    case 'liaison.case-team.left.v1': {
      const { organisationId } = event.data;
      return { ...page, team: page.team.filter((member) => member.organisationId !== organisationId) };
    }
    default:
      return page;
  }
}

const REFERRAL_STATE: Readonly<Record<string, string>> = {
  'liaison.referral.drafted.v1': 'DRAFT',
  'liaison.referral.choice-opened.v1': 'CHOICE_OPEN',
  'liaison.referral.requested.v1': 'REQUESTED',
  'liaison.referral.accepted.v1': 'ACCEPTED',
  'liaison.referral.declined.v1': 'DECLINED',
  'liaison.referral.expired.v1': 'EXPIRED',
  'liaison.referral.started.v1': 'STARTED',
  'liaison.referral.completed.v1': 'COMPLETED',
  'liaison.referral.ended-early.v1': 'ENDED_EARLY',
  'liaison.referral.cancellation-requested.v1': 'CANCEL_REQUESTED',
  'liaison.referral.withdrawn.v1': 'WITHDRAWN',
  'liaison.referral.entered-in-error.v1': 'ENTERED_IN_ERROR',
};

/** States in which no provider has the person. */
const WITHOUT_PROVIDER: ReadonlySet<string> = new Set(['CHOICE_OPEN', 'DECLINED', 'EXPIRED']);

function applyReferral(referrals: readonly CaseReferral[], event: Received): readonly CaseReferral[] {
  const state = REFERRAL_STATE[event.type];
  if (state === undefined) return referrals;
  const data = event.data as Partial<ReferralEvents['liaison.referral.accepted.v1']> & {
    readonly startedOn?: LocalDate;
    readonly completedOn?: LocalDate;
    readonly endedOn?: LocalDate;
  };
  const before = referrals.find((referral) => referral.id === event.subject);
  const after: CaseReferral = {
    id: event.subject,
    state,
    service: data.service ?? before?.service ?? '',
    providerId: WITHOUT_PROVIDER.has(state) ? null : (data.providerId ?? before?.providerId ?? null),
    startedOn: data.startedOn ?? before?.startedOn ?? null,
    endedOn: data.completedOn ?? data.endedOn ?? before?.endedOn ?? null,
  };
  return before === undefined
    ? [...referrals, after]
    : referrals.map((referral) => (referral.id === after.id ? after : referral));
}

const OUTCOME_STATE: Readonly<Record<string, string>> = {
  'liaison.outcome.reported.v1': 'REPORTED',
  'liaison.outcome.detected.v1': 'DETECTED',
  'liaison.outcome.evidence-requested.v1': 'EVIDENCE_PENDING',
  'liaison.outcome.verified.v1': 'VERIFIED',
  'liaison.outcome.not-verified.v1': 'NOT_VERIFIED',
  'liaison.outcome.lapsed.v1': 'LAPSED',
  'liaison.outcome.reversed.v1': 'REVERSED',
};

function applyOutcome(outcomes: readonly CaseOutcome[], event: Received): readonly CaseOutcome[] {
  const before = outcomes.find((outcome) => outcome.id === event.subject);
  const spell = (event.data as Partial<OutcomeEvents['liaison.outcome.reported.v1']>).spell;
  const startedOn = spell?.startedOn ?? before?.startedOn;
  if (startedOn === undefined) return outcomes;
  const after: CaseOutcome = {
    id: event.subject,
    kind: spell?.contractType ?? before?.kind ?? 'EMPLOYMENT',
    state: OUTCOME_STATE[event.type] ?? before?.state ?? 'REPORTED',
    startedOn,
    endedOn: spell === undefined ? (before?.endedOn ?? null) : spell.endedOn,
  };
  return before === undefined
    ? [...outcomes, after]
    : outcomes.map((outcome) => (outcome.id === after.id ? after : outcome));
}
