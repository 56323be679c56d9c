import type { Currency, EpochDay } from '#libs/kernel/index.js';
import type { TariffCalendar } from '../calendar.js';
import type { EventOf, Person, Spell } from './person.js';
import { Missing } from '../language/value.js';
import type { FeeLedger } from './ledger.js';

/** A job, or another run of spells that follow each other. `end` is Infinity while it goes on. */
export interface Run {
  readonly start: EpochDay;
  readonly end: number;
  /** In order. */
  readonly spells: readonly Spell[];
  /** Why nobody can say which is its last day, where it may go on with further spells. */
  readonly openEnd?: Missing | undefined;
  /** Spells of which nobody can say whether they belong to it. */
  readonly mayHave?: readonly Spell[] | undefined;
  /** Why nobody can say which of several it is; nothing that it says is known then. */
  readonly unsure?: Missing | undefined;
}

/** What a formula can look at: one person, and where there is one, one payment of one fee. */
export interface Frame {
  readonly person: Person;
  readonly calendar: TariffCalendar;
  readonly currency: Currency;
  /** Fees decided so far. */
  readonly ledger: FeeLedger;
  /** The day that the payment is for: the last day of its span, the day of its event. */
  readonly on: EpochDay;
  readonly periodStart: EpochDay;
  readonly periodEnd: EpochDay;
  /** Which payment of the fee it is, from 1. */
  readonly n: number;
  readonly job: Run | null;
  /** The spell that a condition is about, inside `where`. */
  readonly spell: Spell | null;
  /** The event that a condition is about, inside `where` of an event. */
  readonly event: EventOf | null;
}

/** The spell of a job that holds on a day: the last one begun by then. Missing where another one may have begun since. */
export function spellOn({ spells, mayHave = [], unsure }: Run, day: EpochDay): Spell | Missing | null {
  if (unsure !== undefined) return unsure;
  let found: Spell | null = spells[0] ?? null;
  for (const spell of spells) if (spell.start <= day) found = spell;
  const rival = mayHave.find(({ start }) => start <= day && found !== null && start > found.start);
  return rival === undefined ? found : new Missing('unknown', `whether ${rival.id} belongs to the same job`);
}

/** What is looked at reaches beyond the day that is asked for: the answer is only final on that later day. */
export function looksUntil(frame: Frame, day: number): void {
  if (day > frame.person.horizon && Number.isFinite(day)) frame.person.horizon = day;
}
