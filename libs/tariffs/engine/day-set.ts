import { decimal, type Decimal, type EpochDay } from '#libs/kernel/index.js';
import { Missing } from '../language/value.js';
import type { Spell } from './person.js';

/** A stretch of days, both counted. `to` is Infinity while it goes on. */
export interface Stretch {
  readonly from: EpochDay;
  readonly to: number;
}

/** A stretch that one spell brings. Stretches without a spell come from calendar periods. */
export interface Piece extends Stretch {
  readonly spell: Spell | null;
}

/** What nobody can decide about a set: the days that it may have besides, and why. */
interface Open {
  readonly most: DaySet;
  readonly why: readonly Missing[];
}

/**
 * A set of days, each counted once however many spells cover it, and the spells that it comes from. Where a condition on a spell cannot
 * be decided, the set lies between what it has for certain and what it may have at most: what comes to the same for both is known.
 */
export class DaySet {
  private merged: readonly Stretch[] | undefined;

  /** @param pieces in order of their first day: those that are certain */
  constructor(
    readonly pieces: readonly Piece[],
    readonly open: Open | null = null,
  ) {}

  /** Disjoint stretches in order, neighbours joined. */
  get stretches(): readonly Stretch[] {
    this.merged ??= mergeStretches(this.pieces, 0);
    return this.merged;
  }
}

export const EMPTY = new DaySet([]);

/** All days that may be in a set. */
export const mostOf = (set: DaySet): DaySet => set.open?.most ?? set;

/** The set that has the days of `least` for certain, and of `most` perhaps. */
export function between(least: DaySet, most: DaySet, why: readonly Missing[]): DaySet {
  const same =
    least.pieces.length === most.pieces.length &&
    least.pieces.every(({ from, to, spell }, index) => {
      const other = most.pieces[index];
      return other?.from === from && other.to === to && other.spell === spell;
    });
  return same ? least : new DaySet(least.pieces, { most, why });
}

/** A change by which a set never loses a day when it is given more. */
function growing(sets: readonly DaySet[], change: (sets: readonly DaySet[]) => DaySet): DaySet {
  const least = change(sets);
  if (sets.every(({ open }) => open === null)) return least;
  return between(least, change(sets.map(mostOf)), whyOpen(sets));
}

export const whyOpen = (sets: readonly DaySet[]): readonly Missing[] => [
  ...new Set(sets.flatMap(({ open }) => open?.why ?? [])),
];

/** Reasons as one; waiting helps only where nobody has to say something. */
export function allMissing(why: readonly Missing[]): Missing {
  const reason = [...new Set(why.map((each) => each.reason))].join('; ');
  if (!why.every(({ kind }) => kind === 'pending')) return new Missing('unknown', reason);
  const days = why.flatMap(({ until }) => until ?? []);
  const until = days.length === 0 ? undefined : Math.min(...days);
  return new Missing('pending', reason, until, why.some(({ looksAhead }) => looksAhead) ? true : undefined);
}

/** Joins stretches (in order of their first day) that overlap or lie at most `gapDays` apart. */
function mergeStretches(ordered: readonly Stretch[], gapDays: number): readonly Stretch[] {
  if (ordered.length < 2) return ordered;
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of ordered) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last.to + 1 + gapDays) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

export const byStart = (a: Piece, b: Piece): number =>
  a.from - b.from || a.to - b.to || compareText(a.spell?.id ?? '', b.spell?.id ?? '');

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** How many days of the set lie in a window. */
export function countDays(set: DaySet, from: number, to: number): number {
  let days = 0;
  for (const stretch of set.stretches) {
    if (stretch.from > to) break;
    const length = Math.min(stretch.to, to) - Math.max(stretch.from, from) + 1;
    if (length > 0) days += length;
  }
  return days;
}

export const holdsOn = (set: DaySet, day: EpochDay): boolean =>
  set.stretches.some((stretch) => stretch.from <= day && day <= stretch.to);

/** The day on which the n-th day of the set falls, counted from `from`; undefined when it has fewer. */
export function nthDay(set: DaySet, count: number, from: number): EpochDay | undefined {
  let left = count;
  for (const stretch of set.stretches) {
    const first = Math.max(stretch.from, from);
    const length = stretch.to - first + 1;
    if (length <= 0) continue;
    if (left <= length) return first + left - 1;
    left -= length;
  }
  return undefined;
}

export function union(sets: readonly DaySet[]): DaySet {
  const filled = sets.filter((set) => mostOf(set).pieces.length > 0);
  const [only] = filled;
  if (filled.length <= 1) return only ?? EMPTY;
  return growing(filled, (each) => new DaySet(each.flatMap((set) => set.pieces).sort(byStart)));
}

/** The days that are in both; pieces keep the spells of the first. */
export const overlap = (a: DaySet, b: DaySet): DaySet =>
  growing([a, b], ([one = EMPTY, other = EMPTY]) => {
    const pieces = one.pieces.flatMap((piece) =>
      other.stretches.flatMap((stretch) => {
        const [from, to] = [Math.max(piece.from, stretch.from), Math.min(piece.to, stretch.to)];
        return from <= to ? [{ from, to, spell: piece.spell }] : [];
      }),
    );
    return new DaySet(pieces.sort(byStart));
  });

/** The days of the first that are not in the second. */
export function without(a: DaySet, b: DaySet): DaySet {
  if (a.open === null && b.open === null) return lessCertain(a, b);
  return between(lessCertain(a, mostOf(b)), lessCertain(mostOf(a), b), whyOpen([a, b]));
}

function lessCertain(a: DaySet, b: DaySet): DaySet {
  const pieces: Piece[] = [];
  for (const piece of a.pieces) {
    let from = piece.from;
    for (const stretch of b.stretches) {
      if (stretch.to < from || stretch.from > piece.to) continue;
      if (stretch.from > from) pieces.push({ from, to: stretch.from - 1, spell: piece.spell });
      from = stretch.to + 1;
    }
    // After a stretch that goes on there is no day left.
    if (from <= piece.to && Number.isFinite(from)) pieces.push({ from, to: piece.to, spell: piece.spell });
  }
  return new DaySet(pieces.sort(byStart));
}

/** The days in a window: the set itself where none lies outside. */
export function clip(set: DaySet, from: number, to: number): DaySet {
  if (mostOf(set).pieces.every((piece) => piece.from >= from && piece.to <= to)) return set;
  return growing([set], ([{ pieces } = EMPTY]) => {
    const inside = pieces.flatMap((piece) => {
      const [first, last] = [Math.max(piece.from, from), Math.min(piece.to, to)];
      return first <= last ? [{ from: first, to: last, spell: piece.spell }] : [];
    });
    return new DaySet(inside);
  });
}

/** Gaps of at most `gapDays` count as days of the set; with `over`, only where the whole gap lies in that set. */
export const bridge = (set: DaySet, gapDays: number, over: DaySet | null): DaySet =>
  growing(over === null ? [set] : [set, over], ([bridged = EMPTY, inside]) => {
    const gaps: Piece[] = [];
    const { stretches } = bridged;
    for (const [index, next] of stretches.entries()) {
      const previous = stretches[index - 1];
      if (previous === undefined) continue;
      const [from, to] = [previous.to + 1, next.from - 1];
      if (to - from + 1 > gapDays) continue;
      if (inside === undefined || countDays(inside, from, to) === to - from + 1) gaps.push({ from, to, spell: null });
    }
    return gaps.length === 0 ? new DaySet(bridged.pieces) : new DaySet([...bridged.pieces, ...gaps].sort(byStart));
  });

/** Days on which a number, added up over the spells that hold then, passes a test: two part-time jobs make a full one. */
export function daysWhereSum(
  set: DaySet,
  valueOf: (spell: Spell) => Decimal,
  passes: (sum: Decimal) => boolean,
): DaySet {
  const edges = [...new Set(set.pieces.flatMap(({ from, to }) => [from, to + 1]))].sort((a, b) => a - b);
  const pieces: Piece[] = [];
  for (const [index, from] of edges.entries()) {
    const to = (edges[index + 1] ?? Infinity) - 1;
    const held = set.pieces.filter((piece) => piece.from <= from && from <= piece.to);
    const spells = new Set(held.flatMap(({ spell }) => (spell === null ? [] : [spell])));
    if (spells.size === 0) continue;
    const sum = [...spells].reduce((total, spell) => total.add(valueOf(spell)), decimal(0n));
    if (passes(sum)) for (const { spell } of held) pieces.push({ from, to, spell });
  }
  return new DaySet(pieces.sort(byStart));
}
