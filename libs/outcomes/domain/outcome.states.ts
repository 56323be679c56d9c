import type { OutcomeState } from '../contract/outcome.js';
import type { OutcomeCommand } from './outcome.js';

export interface Move {
  readonly from: readonly OutcomeState[];
  /** Said when the move is refused: the rule in one sentence. */
  readonly rule: string;
}

/** What can still become something: everything but what was taken back. */
const STANDING = ['REPORTED', 'DETECTED', 'EVIDENCE_PENDING', 'VERIFIED', 'NOT_VERIFIED', 'LAPSED'] as const;
const UNPROVEN = ['REPORTED', 'DETECTED', 'EVIDENCE_PENDING'] as const;
const SAID = [...UNPROVEN, 'VERIFIED'] as const;

/** The whole state machine: what is not here cannot happen. */
export const MOVES: Readonly<Record<Exclude<OutcomeCommand['type'], 'ReportJob' | 'DetectJob'>, Move>> = {
  RequestEvidence: { from: ['REPORTED'], rule: 'Evidence is asked for once, when the job has begun.' },
  RecordVerification: { from: UNPROVEN, rule: 'An answer is recorded while evidence is pending.' },
  ReportJobEnd: { from: SAID, rule: 'The end is reported of a job that stands.' },
  CorrectJob: { from: [...SAID, 'NOT_VERIFIED'], rule: 'A report that stands, or was not verified, can be corrected.' },
  JoinReport: { from: ['DETECTED', 'VERIFIED'], rule: 'A report joins what the register detected.' },
  ApplyRegisterSpell: { from: STANDING, rule: 'The register corrects what was not taken back.' },
  Attribute: { from: STANDING, rule: 'What was not taken back can be attributed to a referral.' },
  ReopenDuplicate: { from: ['NOT_VERIFIED'], rule: 'A duplicate is asked for again when the first proof is gone.' },
  LapseOutcome: { from: UNPROVEN, rule: 'A report lapses while it is not proven.' },
  ReverseOutcome: { from: STANDING, rule: 'What was taken back stays taken back.' },
};
