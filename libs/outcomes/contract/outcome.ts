import type { Id } from '#libs/kernel/index.js';

/** A job that begins this long after the service ended is still its result; later ones are nobody's. */
export const ATTRIBUTION_DAYS_AFTER_END = 90;

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

export type RegisterAnswer = 'YES' | 'NO' | 'UNKNOWN';
