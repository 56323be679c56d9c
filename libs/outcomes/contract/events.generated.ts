// Generated from schemas/events by `npm run generate`. Do not edit.

import type { LocalDate } from '#libs/kernel/index.js';

/**
 * A person of the authority says what the employer, the person or a document says of a reported job: a rung of the evidence ladder is answered.
 */
export interface EvidenceGiven {
  evidenceId: string;
  outcomeId: string;
  personId: string;
  authorityId: string;
  rung: number;
  answer: 'YES' | 'NO' | 'UNKNOWN';
  /**
   * The job as it stood when it was answered for.
   */
  spell: {
    spellId: string;
    startedOn: LocalDate;
    endedOn: LocalDate | null;
    contractType: 'OPEN_ENDED' | 'FIXED_TERM' | 'APPRENTICESHIP' | 'SELF_EMPLOYED';
    contractMonths: number | null;
    weeklyHours: string;
    normalHoursShare: string | null;
    insured: boolean;
    employerRef: string;
  };
}

/**
 * The job was other than said before; this version counts. A register's correction is proven by itself, a provider's is not until it is verified again.
 */
export interface OutcomeCorrected {
  outcomeId: string;
  personId: string;
  referralId: string | null;
  spell: {
    spellId: string;
    startedOn: LocalDate;
    endedOn: LocalDate | null;
    contractType: 'OPEN_ENDED' | 'FIXED_TERM' | 'APPRENTICESHIP' | 'SELF_EMPLOYED';
    contractMonths: number | null;
    weeklyHours: string;
    normalHoursShare: string | null;
    insured: boolean;
    employerRef: string;
  };
  authorityId: string;
  source: 'PROVIDER' | 'REGISTER';
  providerId: string | null;
}

/**
 * A register's feed says the person works, before anybody reported it.
 */
export interface OutcomeDetected {
  outcomeId: string;
  personId: string;
  referralId: string | null;
  spell: {
    spellId: string;
    startedOn: LocalDate;
    endedOn: LocalDate | null;
    contractType: 'OPEN_ENDED' | 'FIXED_TERM' | 'APPRENTICESHIP' | 'SELF_EMPLOYED';
    contractMonths: number | null;
    weeklyHours: string;
    normalHoursShare: string | null;
    insured: boolean;
    employerRef: string;
  };
  authorityId: string;
  providerId: string | null;
}

/**
 * The job ended; who says so.
 */
export interface OutcomeEnded {
  outcomeId: string;
  personId: string;
  referralId: string | null;
  spell: {
    spellId: string;
    startedOn: LocalDate;
    endedOn: LocalDate | null;
    contractType: 'OPEN_ENDED' | 'FIXED_TERM' | 'APPRENTICESHIP' | 'SELF_EMPLOYED';
    contractMonths: number | null;
    weeklyHours: string;
    normalHoursShare: string | null;
    insured: boolean;
    employerRef: string;
  };
  authorityId: string;
  source: 'PROVIDER' | 'REGISTER';
  providerId: string | null;
}

/**
 * A rung of the evidence ladder is open: until an answer comes, the job is not verified, whatever it was before.
 */
export interface OutcomeEvidenceRequested {
  outcomeId: string;
  personId: string;
  referralId: string | null;
  authorityId: string;
  spellId: string;
  rung: number;
  reason: string;
  providerId: string | null;
}

/**
 * No evidence came in time; the report counts no longer.
 */
export interface OutcomeLapsed {
  outcomeId: string;
  personId: string;
  referralId: string | null;
  authorityId: string;
  spellId: string;
  lapsedOn: LocalDate;
  providerId: string | null;
}

/**
 * The evidence does not confirm the job.
 */
export interface OutcomeNotVerified {
  outcomeId: string;
  personId: string;
  referralId: string | null;
  authorityId: string;
  spellId: string;
  reason: string;
  source: string;
  method: string;
  providerId: string | null;
}

/**
 * A provider says the person works.
 */
export interface OutcomeReported {
  outcomeId: string;
  personId: string;
  referralId: string | null;
  spell: {
    spellId: string;
    startedOn: LocalDate;
    endedOn: LocalDate | null;
    contractType: 'OPEN_ENDED' | 'FIXED_TERM' | 'APPRENTICESHIP' | 'SELF_EMPLOYED';
    contractMonths: number | null;
    weeklyHours: string;
    normalHoursShare: string | null;
    insured: boolean;
    employerRef: string;
  };
  authorityId: string;
  providerId: string;
  /**
   * The vacancy the job came from, where the provider names it.
   */
  vacancyId?: string | null;
}

/**
 * The source took it back: there was no such job.
 */
export interface OutcomeReversed {
  outcomeId: string;
  personId: string;
  referralId: string | null;
  authorityId: string;
  spellId: string;
  reason: string;
  providerId: string | null;
}

/**
 * A register (or a lower rung of evidence) confirms this version of the job. Said again when the job is attributed to a referral.
 */
export interface OutcomeVerified {
  outcomeId: string;
  personId: string;
  referralId: string | null;
  spell: {
    spellId: string;
    startedOn: LocalDate;
    endedOn: LocalDate | null;
    contractType: 'OPEN_ENDED' | 'FIXED_TERM' | 'APPRENTICESHIP' | 'SELF_EMPLOYED';
    contractMonths: number | null;
    weeklyHours: string;
    normalHoursShare: string | null;
    insured: boolean;
    employerRef: string;
  };
  authorityId: string;
  source: string;
  method: string;
  verifiedUntil: LocalDate | null;
  providerId: string | null;
}

/**
 * The register's answer to one question about one span as of one day.
 */
export interface VerificationAnswered {
  verificationId: string;
  referralId: string;
  personId: string;
  authorityId: string;
  question: string;
  from: LocalDate;
  to: LocalDate;
  asOf: LocalDate;
  answer: 'YES' | 'NO' | 'UNKNOWN';
}

/**
 * Settlement needs to know one thing from a register before a fee can be decided.
 */
export interface VerificationAsked {
  verificationId: string;
  referralId: string;
  personId: string;
  authorityId: string;
  question: string;
  from: LocalDate;
  to: LocalDate;
  earliest: LocalDate;
}

/** Data of each event type that this capability publishes. */
export interface EventTypes {
  'liaison.evidence.given.v1': EvidenceGiven;
  'liaison.outcome.corrected.v1': OutcomeCorrected;
  'liaison.outcome.detected.v1': OutcomeDetected;
  'liaison.outcome.ended.v1': OutcomeEnded;
  'liaison.outcome.evidence-requested.v1': OutcomeEvidenceRequested;
  'liaison.outcome.lapsed.v1': OutcomeLapsed;
  'liaison.outcome.not-verified.v1': OutcomeNotVerified;
  'liaison.outcome.reported.v1': OutcomeReported;
  'liaison.outcome.reversed.v1': OutcomeReversed;
  'liaison.outcome.verified.v1': OutcomeVerified;
  'liaison.verification.answered.v1': VerificationAnswered;
  'liaison.verification.asked.v1': VerificationAsked;
}

/** One of its events: the type literal decides the shape of the data. */
export type PublishedEvent = { [Type in keyof EventTypes]: { readonly type: Type; readonly data: EventTypes[Type] } }[keyof EventTypes];
