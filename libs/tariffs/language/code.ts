import type { Decimal } from '#libs/kernel/index.js';
import { dayInWords, durationInWords, type Duration } from '../calendar.js';
import { DaySet } from '../engine/day-set.js';
import type { Frame } from '../engine/frame.js';
import { Missing, type Type, type Value } from './value.js';

/** What a formula depends on: nothing, the person, or the payment under way. */
export type Depth = 0 | 1 | 2;

/** A compiled formula. */
export interface Code {
  readonly type: Type;
  readonly depth: Depth;
  /** It asks about a job (or a spell inside `where`), so it can stand only where there is one. */
  readonly needsSpell: boolean;
  readonly needsJob: boolean;
  /** Fees it asks about: they are decided first. */
  readonly fees: readonly string[];
  readonly run: (frame: Frame) => Value;
  /** The formula with its values in the place of names. */
  readonly show: (frame: Frame) => string;
  /** The only texts that it can come to, where the document names them. */
  readonly codes?: readonly string[] | undefined;
  /** Days of whole periods are in it, which no spell brings. */
  readonly ofPeriods?: boolean | undefined;
  /** It asks about one payment: its day, its span, its number, or what was paid until its day. */
  readonly asksPayment?: boolean | undefined;
  /** The next day on which it may change by itself, where that is known. */
  readonly changesOn?: ((frame: Frame) => number | undefined) | undefined;
  /** How tightly it binds, for brackets in `show`. */
  readonly rank: number;
}

export const RANK = { choice: 0, or: 1, and: 2, not: 3, comparison: 4, sum: 5, product: 6, unary: 7, atom: 8 } as const;

export const constant = (type: Type, value: Value, shown = inWords(value)): Code => ({
  type,
  depth: 0,
  needsSpell: false,
  needsJob: false,
  fees: [],
  run: () => value,
  show: () => shown,
  rank: RANK.atom,
});

/** What a formula always comes to; undefined where that depends on something. */
export const constantOf = (code: Code | undefined): Value | undefined =>
  // Nothing of the frame is asked for at this depth.
  code?.depth === 0 ? code.run(undefined as unknown as Frame) : undefined;

/** Joins what parts depend on. */
export function combine(
  parts: readonly Code[],
  own: Pick<Code, 'type' | 'run' | 'show'> & {
    readonly depth?: Depth;
    readonly rank?: number;
    readonly fees?: readonly string[];
  },
): Code {
  return {
    type: own.type,
    depth: Math.max(own.depth ?? 0, ...parts.map((part) => part.depth)) as Depth,
    needsSpell: parts.some((part) => part.needsSpell),
    needsJob: parts.some((part) => part.needsJob),
    fees: [...new Set([...parts.flatMap((part) => part.fees), ...(own.fees ?? [])])],
    run: own.run,
    show: own.show,
    rank: own.rank ?? RANK.atom,
    asksPayment: parts.some((part) => part.asksPayment),
    changesOn: soonest(parts),
  };
}

function soonest(parts: readonly Code[]): Code['changesOn'] {
  const changing = parts.flatMap(({ changesOn }) => changesOn ?? []);
  if (changing.length === 0) return undefined;
  return (frame) => {
    const days = changing.flatMap((changesOn) => changesOn(frame) ?? []);
    return days.length === 0 ? undefined : Math.min(...days);
  };
}

/** A number as people write it: `3400`, `0.8`, or a fraction where the decimals would not end. */
export function numberInWords(value: Decimal): string {
  let rest = value.d;
  for (const prime of [2n, 5n]) while (rest % prime === 0n) rest /= prime;
  return rest === 1n ? value.toString() : value.toFraction();
}

export function inWords(value: Value): string {
  if (value instanceof Missing) return `unknown (${value.reason})`;
  if (value === null) return 'nothing';
  if (value instanceof DaySet) return 'days';
  switch (typeof value) {
    case 'boolean':
      return value ? 'yes' : 'no';
    case 'number':
      return dayInWords(value);
    case 'string':
      return `'${value}'`;
    default:
      return isDuration(value) ? durationInWords(value) : numberInWords(value);
  }
}

/** That a condition is not met, in words that name the rule, what it asks, and what that is here. */
export const notMet = (place: string, text: string, code: Code, frame: Frame): string => {
  const values = code.show(frame);
  // "not yes" says no more than that it is not met.
  const here = values === text || /^not (yes|no)$/.test(values) ? '' : `, here "${values}"`;
  return `${place} is not met: "${text}"${here}`;
};

export const isDuration = (value: Value): value is Duration =>
  typeof value === 'object' && value !== null && 'unit' in value;

export const shown = (code: Code, frame: Frame, rank: number): string =>
  code.rank < rank ? `(${code.show(frame)})` : code.show(frame);
