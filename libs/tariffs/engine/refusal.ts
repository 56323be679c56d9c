import type { EpochDay } from '#libs/kernel/index.js';
import type { Missing } from '../language/value.js';
import { restOf } from './trigger.js';

/** A first and a last day; without one, no limit. */
export interface ClaimWindowDays {
  readonly from?: EpochDay;
  readonly until?: EpochDay;
}

/** A reason not to pay now: each kind of payment but `due`. */
export type Refusal = { readonly why: string } & (
  | { readonly kind: 'never' }
  | { readonly kind: 'not-yet'; readonly earliest: EpochDay | null; readonly claimWindow?: ClaimWindowDays }
  | { readonly kind: 'unknown'; readonly missing: string }
  | {
      readonly kind: 'needs';
      readonly question: string;
      readonly from: EpochDay;
      readonly to: EpochDay;
      readonly earliest: EpochDay;
    }
);

/** What a value that is not there means for a payment that was reached otherwise. */
export function refusalOf(missing: Missing, words: string): Refusal {
  const rest = restOf(missing);
  switch (rest.kind) {
    case 'not-yet':
      return { kind: 'not-yet', earliest: rest.earliest, why: `${words}; ${missing.reason}` };
    case 'never':
      return { kind: 'never', why: `${words}, but ${missing.reason}` };
    case 'unknown':
      return { kind: 'unknown', missing: missing.reason, why: `${words}; it cannot be decided: ${missing.reason}` };
  }
}
