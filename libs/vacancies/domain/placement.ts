/** How many jobs came from a vacancy: those that stand, and of them those that are proven. */
export interface Placements {
  readonly reported: number;
  readonly verified: number;
}

/** What is known of one of those jobs: told of, proven, or found not to be one. */
export type Standing = 'REPORTED' | 'VERIFIED' | 'GONE';

/** What an event of an outcome says of the job. A rung of evidence that opens again takes the proof back. */
export const STANDINGS = {
  'liaison.outcome.reported.v1': 'REPORTED',
  'liaison.outcome.evidence-requested.v1': 'REPORTED',
  'liaison.outcome.verified.v1': 'VERIFIED',
  'liaison.outcome.not-verified.v1': 'GONE',
  'liaison.outcome.lapsed.v1': 'GONE',
  'liaison.outcome.reversed.v1': 'GONE',
} as const satisfies Readonly<Record<string, Standing>>;
