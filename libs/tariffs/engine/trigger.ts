import type { EpochDay } from '#libs/kernel/index.js';
import { dayInWords } from '../calendar.js';
import type { Code } from '../language/code.js';
import { Missing, type Value } from '../language/value.js';
import { allMissing } from './day-set.js';
import type { Frame, Run } from './frame.js';
import type { EventOf } from './person.js';

/** One payment's trigger was reached. */
export interface Reached {
  /** The last day of the qualifying span, or the day of the event. */
  readonly on: EpochDay;
  readonly from: EpochDay;
  readonly to: EpochDay;
  readonly n: number;
  readonly job: Run | null;
  /** The event that reached it, for formulas that ask for its details. */
  readonly event?: EventOf;
  readonly used: readonly string[];
  /** `26 of 26 weeks reached on 9 July 2017` */
  readonly words: string;
  /** By which days the claimed stretch is counted back, for a verification of its last part. */
  readonly nthDayBack?: (days: number) => EpochDay;
}

/** Why there is no further payment, for now or for good. `n`: which one it would be, where that is not the next after the last. */
export type Rest = { readonly n?: number } &
  /** `notBefore`: what it waits for may yet show that it was reached, on this day or later. */
  (
    | {
        readonly kind: 'not-yet';
        readonly earliest: EpochDay | null;
        readonly words: string;
        readonly notBefore?: number;
      }
    | { readonly kind: 'never'; readonly words: string }
    /** `notBefore`: whatever is not known turns out to be, it is not reached before this day. */
    | { readonly kind: 'unknown'; readonly words: string; readonly notBefore?: number }
  );

export interface TriggerAnswer {
  readonly reached: readonly Reached[];
  /** Null when all payments were reached. */
  readonly rest: Rest | null;
}

/** Finds the payments of one fee for one person. */
export type TriggerCode = (frame: Frame) => TriggerAnswer;

export const notYet = (words: string, earliest: EpochDay | null = null): TriggerAnswer => ({
  reached: [],
  rest: { kind: 'not-yet', earliest, words },
});

export const never = (words: string): TriggerAnswer => ({ reached: [], rest: { kind: 'never', words } });

/** What a formula of a trigger comes to; what looks beyond the day that is asked for is pending until that day has come. */
export function judged(code: Code, frame: Frame): Value {
  const { person } = frame;
  const { horizon } = person;
  person.horizon = -Infinity;
  const value = code.run(frame);
  const ahead = person.horizon;
  person.horizon = horizon;
  if (ahead <= person.asOf || value instanceof Missing) return value;
  return new Missing('pending', `it can be decided on ${dayInWords(ahead)}`, ahead, true);
}

/** What a value that is not there means for a trigger. */
export function restOf({ kind, until, looksAhead, reason: words }: Missing): Rest {
  switch (kind) {
    case 'pending':
      return {
        ...{ kind: 'not-yet', earliest: until ?? null, words },
        ...(looksAhead === true ? { notBefore: -Infinity } : {}),
      };
    case 'never':
      return { kind, words };
    case 'unknown':
      return until === undefined ? { kind, words } : { kind, words, notBefore: until };
  }
}

/** What is asked for is not known; it is above zero, so that nothing is reached before the first day that counts. */
export const waitsFrom = (missing: Missing, firstDay: number): TriggerAnswer => {
  const rest = restOf(missing);
  return { reached: [], rest: rest.kind === 'unknown' ? { notBefore: firstDay, ...rest } : rest };
};

/**
 * What is reached whether undecided days and jobs count (`most`) or not (`least`). From where the two differ on nobody knows; where
 * both only wait, the earlier day is waited for.
 */
export function eitherWay(least: TriggerAnswer, most: TriggerAnswer, why: readonly Missing[]): TriggerAnswer {
  const missing = restOf(allMissing(why));
  const differs = least.reached.findIndex((each, index) => !isSame(each, most.reached[index]));
  const same = differs < 0 ? least.reached : least.reached.slice(0, differs);
  const common = same.map((each, index) => withWhatDiffers(each, most.reached[index], allMissing(why)));
  if (differs >= 0 || most.reached.length > common.length)
    return { reached: common, rest: notBefore(missing, [least, most], common.length) };
  const rests = [least.rest, most.rest].filter((rest) => rest !== null);
  const waiting = rests.filter((rest) => rest.kind === 'not-yet');
  const [first] = waiting;
  const unknown = rests.find(({ kind }) => kind === 'unknown');
  if (unknown !== undefined) return { reached: common, rest: unknown };
  if (first === undefined)
    return { reached: common, rest: least.rest?.kind === most.rest?.kind ? least.rest : missing };
  const days = waiting.flatMap(({ earliest }) => earliest ?? []);
  const note = ` (not known: ${missing.words})`;
  const words = first.words.endsWith(note) ? first.words : `${first.words}${note}`;
  return { reached: common, rest: { ...first, earliest: days.length === 0 ? null : Math.min(...days), words } };
}

/** The first payment on which the two ways differ comes on the earlier of its two days at the earliest. */
function notBefore(rest: Rest, ways: readonly TriggerAnswer[], index: number): Rest {
  const days = ways.flatMap(
    ({ reached, rest: open }) => reached[index]?.on ?? (open?.kind === 'unknown' ? (open.notBefore ?? -Infinity) : []),
  );
  const mayBeOver = rest.kind === 'unknown' || (rest.kind === 'not-yet' && rest.notBefore !== undefined);
  return mayBeOver ? { ...rest, notBefore: Math.min(...days) } : rest;
}

const isSame = (a: Reached, b: Reached | undefined): boolean =>
  a.on === b?.on && a.from === b.from && a.to === b.to && a.event === b.event;

/** What is reached on the same day either way is decided, save what only one way says of its job. */
function withWhatDiffers(each: Reached, other: Reached | undefined, why: Missing): Reached {
  const [one, two] = [each.job, other?.job ?? null];
  const job = one === null || two === null ? (one ?? two) : one;
  if (job === null) return each;
  if (one === null || two === null || one.spells[0] !== two.spells[0] || one.unsure !== two.unsure)
    return { ...each, job: { ...job, spells: [], unsure: why } };
  const rest = [...two.spells, ...(two.mayHave ?? []), ...(one.mayHave ?? [])];
  const mayHave = [...new Set(rest)].filter((spell) => !one.spells.includes(spell));
  const isOpen = one.end !== two.end || one.openEnd !== two.openEnd;
  if (mayHave.length === 0 && !isOpen) return each;
  const openEnd = isOpen ? (one.openEnd ?? two.openEnd ?? why) : one.openEnd;
  return { ...each, job: { ...job, openEnd, mayHave } };
}

export const waitsFor = (missing: Missing): TriggerAnswer => ({ reached: [], rest: restOf(missing) });
