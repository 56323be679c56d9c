import type { Id } from '#libs/kernel/index.js';

export type OutcomeId = Id<'Outcome'>;

/** The states of an outcome; `libs/outcomes/domain/outcome.states.ts` says how one follows another. */
export const OUTCOME_STATES = [
  'REPORTED',
  'DETECTED',
  'EVIDENCE_PENDING',
  'VERIFIED',
  'NOT_VERIFIED',
  'LAPSED',
  'REVERSED',
] as const;
export type OutcomeState = (typeof OUTCOME_STATES)[number];

export const CONTRACT_TYPES = ['OPEN_ENDED', 'FIXED_TERM', 'APPRENTICESHIP', 'SELF_EMPLOYED'] as const;
export type ContractType = (typeof CONTRACT_TYPES)[number];

/**
 * Questions a register answers about one person, one span and one day of knowledge.
 * `IN_WORK`: a job on every day of the span. `OFF_REGISTER`: not registered as unemployed on its last day.
 * `IN_WORK_AND_OFF_REGISTER`: a job on its last day and not registered as unemployed on that day.
 * `EMPLOYED_BY`: a job with the employer named, on every day of the span.
 */
export const REGISTER_QUESTIONS = ['IN_WORK', 'OFF_REGISTER', 'IN_WORK_AND_OFF_REGISTER', 'EMPLOYED_BY'] as const;
export type RegisterQuestion = (typeof REGISTER_QUESTIONS)[number];

export type RegisterAnswer = 'YES' | 'NO' | 'UNKNOWN';
