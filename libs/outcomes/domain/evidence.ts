import { HubError } from '#libs/kernel/index.js';
import type { OutcomeState } from '../contract/outcome.js';

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

/** The first rung that people answer for; the one above it is the register's own. */
const FIRST_BY_PEOPLE = 2;

/** Why a person cannot answer this rung of an outcome now. Errors: `outcome.illegal-move`, `outcome.rung`. */
export function rungRefused(
  outcome: { readonly state: OutcomeState; readonly rung: number },
  rung: number,
): HubError | undefined {
  if (outcome.state !== 'EVIDENCE_PENDING')
    return new HubError(
      'outcome.illegal-move',
      `Evidence is given while it is pending. This outcome is ${outcome.state}.`,
      { facts: { state: outcome.state, allowedFrom: ['EVIDENCE_PENDING'] } },
    );
  if (rung >= FIRST_BY_PEOPLE && rung === outcome.rung) return undefined;
  const open = EVIDENCE_LADDER.find((each) => each.rung === outcome.rung);
  const isRegister = outcome.rung < FIRST_BY_PEOPLE;
  return new HubError(
    'outcome.rung',
    isRegister
      ? 'The register has not said yet that it cannot answer.'
      : `The open rung is ${String(outcome.rung)} (${open?.source.toLowerCase() ?? 'none'}): answer it first, UNKNOWN opens the next one.`,
    { field: 'rung', facts: { openRung: outcome.rung } },
  );
}

/** What a register's feed says is known without a question. */
export const REGISTER_FEED = { rung: 1, source: 'REGISTER', method: 'REGISTER_FEED' } as const;

/** Days after which a report without evidence lapses. */
export const EVIDENCE_DAYS_MAX = 180;

/** Days until a register that could not say is asked again. */
export const ASK_AGAIN_DAYS = 7;
