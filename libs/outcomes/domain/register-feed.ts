import type { Outcome } from './outcome.js';
import { isSameJob, type Spell } from './spell.js';

/** What a register's feed says: the whole spell as it stands after a change, never a difference. */
export interface RegisterChange {
  /** The register's own key of the job. */
  readonly registerRef: string;
  /** Counts the changes of one job. */
  readonly revision: number;
  /** There was no such job. */
  readonly withdrawn: boolean;
  readonly spell: Spell;
  readonly employerName: string | null;
}

/** What is known of the register's job already. */
export interface KnownRegisterSpell {
  readonly revision: number;
  readonly outcomeId: string | null;
}

/** What a change means here: nothing new, a job nobody told of, more about one that is known, or the end of one that never was. */
export type Placement =
  | { readonly do: 'nothing' }
  | { readonly do: 'remember' }
  | { readonly do: 'detect' }
  | { readonly do: 'apply'; readonly outcome: Outcome }
  | { readonly do: 'reverse'; readonly outcome: Outcome };

/**
 * Places a change among the outcomes of the person. Only the highest revision counts, so repeated and re-ordered changes are
 * harmless. A report of the same job that no register has answered for becomes the register's job: the earliest one.
 */
export function placeChange(
  change: RegisterChange,
  known: KnownRegisterSpell | undefined,
  outcomes: readonly Outcome[],
): Placement {
  if (known !== undefined && change.revision <= known.revision) return { do: 'nothing' };
  const linked = outcomes.find((outcome) => outcome.id === known?.outcomeId && outcome.state !== 'REVERSED');
  if (change.withdrawn) return linked === undefined ? { do: 'remember' } : { do: 'reverse', outcome: linked };
  const outcome = linked ?? outcomes.filter((each) => isUnanswered(each, change.spell)).sort(byId)[0];
  return outcome === undefined ? { do: 'detect' } : { do: 'apply', outcome };
}

const isUnanswered = (outcome: Outcome, spell: Spell): boolean =>
  outcome.registerRef === null &&
  outcome.state !== 'REVERSED' &&
  outcome.verification?.reason !== 'DUPLICATE' &&
  isSameJob(outcome.spell, spell);

/** Identities are ordered by the time they were made. */
const byId = (a: Outcome, b: Outcome): number => (a.id < b.id ? -1 : 1);
