import { decimal, type Decimal, type EpochDay } from '#libs/kernel/index.js';
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

/** A set of days, each counted once however many spells cover it, and the spells that it comes from. */
export class DaySet {
  private merged: readonly Stretch[] | undefined;

  /** @param pieces in order of their first day */
  constructor(
    readonly pieces: readonly Piece[],
    /** Spells that were left out because something about them is not known. */
    readonly notes: readonly string[] = [],
  ) {}

  /** Disjoint stretches in order, neighbours joined. */
  get stretches(): readonly Stretch[] {
    this.merged ??= mergeStretches(this.pieces, 0);
    return this.merged;
  }
}

export const EMPTY = new DaySet([]);

/** Joins stretches (in order of their first day) that overlap or lie at most `gapDays` apart. */
export function mergeStretches(ordered: readonly Stretch[], gapDays: number): readonly Stretch[] {
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

export const union = (sets: readonly DaySet[]): DaySet => new DaySet(sets.flatMap((set) => set.pieces).sort(byStart));

/** The days that are in both; pieces keep the spells of the first. */
export function overlap(a: DaySet, b: DaySet): DaySet {
  const pieces = a.pieces.flatMap((piece) =>
    b.stretches.flatMap((stretch) => {
      const [from, to] = [Math.max(piece.from, stretch.from), Math.min(piece.to, stretch.to)];
      return from <= to ? [{ from, to, spell: piece.spell }] : [];
    }),
  );
  return new DaySet(pieces.sort(byStart));
}

/** The days of the first that are not in the second. */
export function without(a: DaySet, b: DaySet): DaySet {
  const pieces: Piece[] = [];
  for (const piece of a.pieces) {
    let from = piece.from;
    for (const stretch of b.stretches) {
      if (stretch.to < from || stretch.from > piece.to) continue;
      if (stretch.from > from) pieces.push({ from, to: stretch.from - 1, spell: piece.spell });
      from = stretch.to + 1;
    }
    if (from <= piece.to) pieces.push({ from, to: piece.to, spell: piece.spell });
  }
  return new DaySet(pieces.sort(byStart));
}

export function clip(set: DaySet, from: number, to: number): DaySet {
  const pieces = set.pieces.flatMap((piece) => {
    const [first, last] = [Math.max(piece.from, from), Math.min(piece.to, to)];
    return first <= last ? [{ from: first, to: last, spell: piece.spell }] : [];
  });
  return new DaySet(pieces);
}

/** Gaps of at most `gapDays` count as days of the set; with `over`, only where the whole gap lies in that set. */
export function bridge(set: DaySet, gapDays: number, over: DaySet | null): DaySet {
  const gaps: Piece[] = [];
  const { stretches } = set;
  for (const [index, next] of stretches.entries()) {
    const previous = stretches[index - 1];
    if (previous === undefined) continue;
    const [from, to] = [previous.to + 1, next.from - 1];
    if (to - from + 1 > gapDays) continue;
    if (over === null || countDays(over, from, to) === to - from + 1) gaps.push({ from, to, spell: null });
  }
  return gaps.length === 0 ? set : new DaySet([...set.pieces, ...gaps].sort(byStart));
}

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
