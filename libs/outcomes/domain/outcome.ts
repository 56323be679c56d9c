import { addDays, fail, HubError, ok, type LocalDate, type Result } from '#libs/kernel/index.js';
import type { EventTypes, PublishedEvent } from '../contract/events.generated.js';
import type { OutcomeId, OutcomeState, RegisterAnswer } from '../contract/outcome.js';
import { mayReport, type ReferralView } from './attribution.js';
import { EVIDENCE_DAYS_MAX, EVIDENCE_LADDER, REGISTER_FEED } from './evidence.js';
import { MOVES } from './outcome.states.js';
import { isSameJob, isSameSpell, spellRefused, type Spell } from './spell.js';

/** Whose work a job was. */
export type Attribution = Pick<ReferralView, 'referralId' | 'providerId'>;

/** What happened in the world: one job of one person, where it is known from, and what proves it. It knows nothing of fees. */
export interface Outcome {
  readonly id: OutcomeId;
  readonly state: OutcomeState;
  readonly origin: 'REPORTED' | 'DETECTED';
  readonly version: number;
  readonly personId: string;
  readonly authorityId: string;
  /** The referral it is attributed to. */
  readonly referralId: string | null;
  /** The provider of that referral: told of all that happens to the outcome. */
  readonly providerId: string | null;
  /** The provider that said so; null for what a register detected and nobody reported. */
  readonly reporterId: string | null;
  readonly spell: Spell;
  /** The end as the provider said it: counts for as long as the register names none. */
  readonly reportedEnd: LocalDate | null;
  readonly employerName: string | null;
  readonly vacancyId: string | null;
  /** The register's own key of this job, once it is known to be the same one. */
  readonly registerRef: string | null;
  /** The rung of the evidence ladder that is open; 0: none was opened. */
  readonly rung: number;
  readonly evidenceReason: string | null;
  readonly evidenceSince: LocalDate | null;
  readonly verification: Verification | null;
}

export interface Verification {
  readonly source: string;
  readonly method: string;
  readonly answeredAt: Date;
  readonly reason: string | null;
}

/** Another outcome that is the same job, and is proven: first proof wins. */
export type Twin = 'NONE' | 'PROVEN';

export type NewOutcome =
  | {
      readonly type: 'ReportJob';
      readonly id: OutcomeId;
      readonly referral: ReferralView;
      readonly providerId: string;
      readonly spell: Spell;
      readonly employerName: string;
      readonly vacancyId: string | null;
    }
  | {
      readonly type: 'DetectJob';
      readonly id: OutcomeId;
      readonly personId: string;
      readonly authorityId: string;
      readonly referral: Attribution | null;
      readonly spell: Spell;
      readonly employerName: string | null;
      readonly registerRef: string;
      readonly twin: Twin;
    };

export type OutcomeCommand =
  | NewOutcome
  /** The day of the job has come: the first rung opens. */
  | { readonly type: 'RequestEvidence' }
  | {
      readonly type: 'RecordVerification';
      /** The spell the question was about: an answer about what was corrected since is no answer. */
      readonly about: Spell;
      readonly rung: number;
      readonly answer: RegisterAnswer;
      /** Why the answer is UNKNOWN. */
      readonly reason: string;
      /** The day of knowledge of who answered. */
      readonly asOf: LocalDate;
      readonly twin: Twin;
    }
  | { readonly type: 'ReportJobEnd'; readonly providerId: string; readonly endedOn: LocalDate }
  | {
      readonly type: 'CorrectJob';
      readonly providerId: string;
      /** When the referral was accepted that the job is a result of; null where it names none. */
      readonly acceptedOn: LocalDate | null;
      readonly startedOn: LocalDate;
      readonly endedOn: LocalDate | null;
      readonly weeklyHours: string;
    }
  /** A provider reports what the register had detected. */
  | {
      readonly type: 'JoinReport';
      readonly referral: ReferralView;
      readonly providerId: string;
      readonly spell: Spell;
      readonly vacancyId: string | null;
    }
  | { readonly type: 'ApplyRegisterSpell'; readonly spell: Spell; readonly twin: Twin }
  | { readonly type: 'Attribute'; readonly referral: Attribution }
  /** What proved the same job was taken back. */
  | { readonly type: 'ReopenDuplicate' }
  | { readonly type: 'LapseOutcome' }
  | { readonly type: 'ReverseOutcome'; readonly reason: string };

/** An event and the day it takes effect in the authority's time zone. */
export type OutcomeEvent = Extract<PublishedEvent, { readonly type: `liaison.outcome.${string}` }> & {
  readonly effectiveOn: LocalDate;
};
type OutcomeEventType = OutcomeEvent['type'];

export type Decision = Result<readonly OutcomeEvent[], HubError>;

/**
 * Decides a first word about a job. Errors: `outcome.referral-not-found` for a referral the provider does not have,
 * `outcome.before-referral`, and one for each impossible detail of the job, naming its field.
 */
export function decideNew(command: NewOutcome, today: LocalDate): Decision {
  const outcome = begin(command);
  if (command.type === 'DetectJob') {
    const detected = happened(outcome, 'liaison.outcome.detected.v1', command.spell.startedOn, {
      spell: spellOf(outcome),
    });
    return ok([
      detected,
      command.twin === 'PROVEN' ? duplicate(outcome, today) : verified(outcome, REGISTER_FEED, today),
    ]);
  }
  const refusal = reportRefused(command.referral, command.providerId, command.spell, today);
  if (refusal !== undefined) return fail(refusal);
  const reported = happened(outcome, 'liaison.outcome.reported.v1', command.spell.startedOn, {
    spell: spellOf(outcome),
    vacancyId: command.vacancyId,
  });
  return ok(command.spell.startedOn <= today ? [reported, asked(outcome, 1, 'REPORTED', today)] : [reported]);
}

/** What stands after a first word about a job. */
export function begin(command: NewOutcome): Outcome {
  const reported = command.type === 'ReportJob';
  return {
    id: command.id,
    state: reported ? 'REPORTED' : 'DETECTED',
    origin: reported ? 'REPORTED' : 'DETECTED',
    version: 1,
    personId: reported ? command.referral.personId : command.personId,
    authorityId: reported ? command.referral.authorityId : command.authorityId,
    referralId: command.referral?.referralId ?? null,
    providerId: command.referral?.providerId ?? null,
    reporterId: reported ? command.providerId : null,
    spell: command.spell,
    reportedEnd: reported ? command.spell.endedOn : null,
    employerName: command.employerName,
    vacancyId: reported ? command.vacancyId : null,
    registerRef: reported ? null : command.registerRef,
    rung: 0,
    evidenceReason: null,
    evidenceSince: null,
    verification: null,
  };
}

/**
 * Decides a command on an outcome: what happened (nothing, when there is no news in it), or why it cannot. Errors:
 * `outcome.illegal-move` (with the states and the rule), `outcome.not-yours`, and one for each rule of a command, naming its field.
 */
export function decide(outcome: Outcome, command: Exclude<OutcomeCommand, NewOutcome>, today: LocalDate): Decision {
  const move = MOVES[command.type];
  const byPartner = command.type === 'ReportJobEnd' || command.type === 'CorrectJob';
  if (byPartner && command.providerId !== outcome.reporterId) {
    return refuse('not-yours', 'Only the provider that reported a job can change what it said.');
  }
  if (!move.from.includes(outcome.state)) {
    // The hub's own commands come late or twice (answers, days, feeds): then there is no news in them.
    return byPartner ? illegal(outcome, command.type, move.rule, move.from) : ok([]);
  }
  switch (command.type) {
    case 'RequestEvidence':
      return ok(outcome.spell.startedOn <= today ? [asked(outcome, 1, 'REPORTED', today)] : []);
    case 'RecordVerification':
      return ok(recordVerification(outcome, command, today));
    case 'ReportJobEnd':
      return reportJobEnd(outcome, command.endedOn, today);
    case 'CorrectJob':
      return correctJob(outcome, command, today);
    case 'JoinReport':
      return joinReport(outcome, command, today);
    case 'ApplyRegisterSpell':
      return ok(applyRegisterSpell(outcome, command, today));
    case 'Attribute':
      return ok(attribute(outcome, command.referral, today));
    case 'ReopenDuplicate':
      return ok(outcome.verification?.reason === 'DUPLICATE' ? [asked(outcome, 1, 'FIRST_PROOF_REVERSED', today)] : []);
    case 'LapseOutcome': {
      const since = outcome.evidenceSince;
      const isOver = since !== null && today > addDays(since, EVIDENCE_DAYS_MAX);
      return ok(
        isOver ? [happened(outcome, 'liaison.outcome.lapsed.v1', today, { spellId: outcome.id, lapsedOn: today })] : [],
      );
    }
    case 'ReverseOutcome':
      return ok([
        happened(outcome, 'liaison.outcome.reversed.v1', outcome.spell.startedOn, {
          spellId: outcome.id,
          reason: command.reason,
        }),
      ]);
  }
}

function recordVerification(
  outcome: Outcome,
  command: Extract<OutcomeCommand, { type: 'RecordVerification' }>,
  today: LocalDate,
): readonly OutcomeEvent[] {
  const rung = EVIDENCE_LADDER.find((each) => each.rung === command.rung);
  if (rung === undefined || rung.rung > outcome.rung || !isSameSpell(command.about, outcome.spell)) return [];
  switch (command.answer) {
    case 'YES':
      return [command.twin === 'PROVEN' ? duplicate(outcome, today) : verified(outcome, rung, command.asOf)];
    case 'NO':
      return [notVerified(outcome, `${rung.source}_SAYS_NO`, rung, today)];
    case 'UNKNOWN': {
      if (rung.rung < outcome.rung) return [];
      const isLast = rung.rung === EVIDENCE_LADDER.length;
      return [
        isLast
          ? notVerified(outcome, 'NO_EVIDENCE', rung, today)
          : asked(outcome, rung.rung + 1, command.reason, today),
      ];
    }
  }
}

function reportJobEnd(outcome: Outcome, endedOn: LocalDate, today: LocalDate): Decision {
  if (outcome.spell.endedOn === endedOn) return ok([]);
  if (outcome.spell.endedOn !== null) {
    return refuse('already-ended', `The job ended on ${outcome.spell.endedOn}: correct it.`, 'endedOn');
  }
  const spell = { ...outcome.spell, endedOn };
  const refusal = spellRefused(spell, today);
  if (refusal !== undefined) return fail(refusal);
  return ok([
    happened(outcome, 'liaison.outcome.ended.v1', endedOn, {
      spell: spellOf({ ...outcome, spell }),
      source: 'PROVIDER',
    }),
  ]);
}

function correctJob(
  outcome: Outcome,
  { startedOn, endedOn, weeklyHours, acceptedOn }: Extract<OutcomeCommand, { type: 'CorrectJob' }>,
  today: LocalDate,
): Decision {
  if (outcome.registerRef !== null) {
    return refuse('register-knows', 'The register knows this job: what is wrong there is corrected there.');
  }
  const spell = { ...outcome.spell, startedOn, endedOn, weeklyHours };
  const refusal = beforeReferral(spell, acceptedOn) ?? spellRefused(spell, today);
  if (refusal !== undefined) return fail(refusal);
  if (isSameSpell(spell, outcome.spell)) return ok([]);
  const next = { ...outcome, spell };
  const corrected = happened(next, 'liaison.outcome.corrected.v1', startedOn, {
    spell: spellOf(next),
    source: 'PROVIDER',
  });
  return ok(startedOn <= today ? [corrected, asked(next, 1, 'CORRECTED', today)] : [corrected]);
}

/** The register was first: its version stands, the report says whose work it was. */
function joinReport(
  outcome: Outcome,
  { referral, providerId, spell, vacancyId }: Extract<OutcomeCommand, { type: 'JoinReport' }>,
  today: LocalDate,
): Decision {
  if (outcome.reporterId !== null) return refuse('already-reported', 'This job was reported already.');
  const refusal = reportRefused(referral, providerId, spell, today);
  if (refusal !== undefined) return fail(refusal);
  const normalHoursShare = outcome.spell.normalHoursShare ?? spell.normalHoursShare;
  const { referralId } = referral;
  const next = { ...outcome, referralId, providerId, spell: { ...outcome.spell, normalHoursShare } };
  const reported = happened(next, 'liaison.outcome.reported.v1', next.spell.startedOn, {
    spell: spellOf(next),
    vacancyId,
  });
  return ok(outcome.state === 'VERIFIED' ? [reported, verified(next, REGISTER_FEED, today)] : [reported]);
}

function applyRegisterSpell(
  outcome: Outcome,
  command: Extract<OutcomeCommand, { type: 'ApplyRegisterSpell' }>,
  today: LocalDate,
): readonly OutcomeEvent[] {
  const before = outcome.spell;
  const spell: Spell = {
    ...command.spell,
    endedOn: command.spell.endedOn ?? outcome.reportedEnd,
    normalHoursShare: command.spell.normalHoursShare ?? before.normalHoursShare,
  };
  const next = { ...outcome, spell };
  const proof = command.twin === 'PROVEN' ? duplicate(next, today) : verified(next, REGISTER_FEED, today);
  const isProven = outcome.state === 'VERIFIED' && command.twin === 'NONE';
  if (isSameSpell(spell, before)) return isProven ? [] : [proof];
  if (spell.endedOn !== null && isSameSpell({ ...spell, endedOn: null }, before)) {
    const ended = happened(next, 'liaison.outcome.ended.v1', spell.endedOn, {
      spell: spellOf(next),
      source: 'REGISTER',
    });
    return isProven ? [ended] : [ended, proof];
  }
  const corrected = happened(next, 'liaison.outcome.corrected.v1', spell.startedOn, {
    spell: spellOf(next),
    source: 'REGISTER',
  });
  return [corrected, proof];
}

function attribute(
  outcome: Outcome,
  { referralId, providerId }: Attribution,
  today: LocalDate,
): readonly OutcomeEvent[] {
  if (outcome.referralId !== null || outcome.state !== 'VERIFIED') return [];
  return [verified({ ...outcome, referralId, providerId }, REGISTER_FEED, today)];
}

function reportRefused(
  referral: ReferralView,
  providerId: string,
  spell: Spell,
  today: LocalDate,
): HubError | undefined {
  if (!mayReport(referral, providerId)) {
    return new HubError('outcome.referral-not-found', 'There is no such referral.', { field: 'referralId' });
  }
  return beforeReferral(spell, referral.acceptedOn) ?? spellRefused(spell, today);
}

const beforeReferral = (spell: Spell, acceptedOn: LocalDate | null): HubError | undefined =>
  acceptedOn === null || spell.startedOn >= acceptedOn
    ? undefined
    : new HubError('outcome.before-referral', `The job began before the referral was accepted on ${acceptedOn}.`, {
        field: 'startedOn',
      });

/** Whether another outcome is the same job of the same person and is proven. */
export const twinOf = (outcome: Pick<Outcome, 'id' | 'spell'>, others: readonly Outcome[]): Outcome | undefined =>
  others.find(
    (other) => other.id !== outcome.id && other.state === 'VERIFIED' && isSameJob(other.spell, outcome.spell),
  );

const asked = (outcome: Outcome, rung: number, reason: string, today: LocalDate): OutcomeEvent =>
  happened(outcome, 'liaison.outcome.evidence-requested.v1', today, { spellId: outcome.id, rung, reason });

interface Prover {
  readonly source: string;
  readonly method: string;
}

const verified = (outcome: Outcome, by: Prover, asOf: LocalDate): OutcomeEvent =>
  happened(outcome, 'liaison.outcome.verified.v1', outcome.spell.startedOn, {
    spell: spellOf(outcome),
    source: by.source,
    method: by.method,
    verifiedUntil: outcome.spell.endedOn ?? asOf,
  });

const notVerified = (outcome: Outcome, reason: string, by: Prover, today: LocalDate): OutcomeEvent =>
  happened(outcome, 'liaison.outcome.not-verified.v1', today, {
    spellId: outcome.id,
    reason,
    source: by.source,
    method: by.method,
  });

/** It says nothing of who else reported the job. */
const duplicate = (outcome: Outcome, today: LocalDate): OutcomeEvent =>
  notVerified(outcome, 'DUPLICATE', { source: 'HUB', method: 'FIRST_PROOF' }, today);

/** An outcome is one spell, so they share their identity. */
const spellOf = (outcome: Outcome): EventTypes['liaison.outcome.reported.v1']['spell'] => ({
  spellId: outcome.id,
  ...outcome.spell,
});

type Subject = 'outcomeId' | 'personId' | 'referralId' | 'authorityId' | 'providerId';

function happened<Type extends OutcomeEventType>(
  outcome: Outcome,
  type: Type,
  effectiveOn: LocalDate,
  more: Omit<EventTypes[Type], Subject>,
): OutcomeEvent {
  const { id, personId, referralId, providerId, authorityId } = outcome;
  return {
    type,
    effectiveOn,
    data: { outcomeId: id, personId, referralId, providerId, authorityId, ...more },
  } as unknown as OutcomeEvent;
}

const illegal = (outcome: Outcome, command: string, rule: string, from: readonly string[]): Decision =>
  fail(
    new HubError('outcome.illegal-move', `${rule} This one is ${outcome.state}.`, {
      facts: { command, state: outcome.state, allowedFrom: from },
    }),
  );

const refuse = (code: string, message: string, field?: string): Decision =>
  fail(new HubError(`outcome.${code}`, message, field === undefined ? {} : { field }));
