/** A rung of the evidence ladder. A lower one is asked only when the one above it could not say. */
export interface Rung {
  readonly rung: number;
  readonly source: 'REGISTER' | 'EMPLOYER' | 'PERSON' | 'DOCUMENT';
  readonly method: string;
}

/** The authority's register first, paper last: nobody hunts payslips for what a register can answer. */
export const EVIDENCE_LADDER: readonly Rung[] = [
  { rung: 1, source: 'REGISTER', method: 'REGISTER_ANSWER' },
  { rung: 2, source: 'EMPLOYER', method: 'EMPLOYER_ATTESTATION' },
  { rung: 3, source: 'PERSON', method: 'PERSON_ATTESTATION' },
  { rung: 4, source: 'DOCUMENT', method: 'DOCUMENT' },
];

/** What a register's feed says is known without a question. */
export const REGISTER_FEED = { rung: 1, source: 'REGISTER', method: 'REGISTER_FEED' } as const;

/** Days after which a report without evidence lapses. */
export const EVIDENCE_DAYS_MAX = 180;

/** Days until a register that could not say is asked again. */
export const ASK_AGAIN_DAYS = 7;
