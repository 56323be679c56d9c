import type { EpochDay } from '#libs/kernel/index.js';
import type { DaySet, Piece } from '../engine/day-set.js';
import type { Run } from '../engine/frame.js';
import type { Spell } from '../engine/person.js';
import { Missing } from '../language/value.js';

/** What a spell is joined by: spells with the same key that follow each other are one job. */
export type Reading = (spell: Spell) => string;

interface Readings {
  readonly readings: readonly [Reading, ...Reading[]];
  /** What nobody told, where there is more than one. */
  readonly why: readonly Missing[];
}

/**
 * By what spells are joined. A spell of an untold employer may be of any employer that it is near to, or of another one; where no
 * spell is near enough, that makes no difference.
 */
export function readingsOf(set: DaySet, join: 'spell' | 'employer' | 'any', gapDays: number): Readings {
  if (join === 'any') return { readings: [() => ''], why: [] };
  const apart: Reading = ({ id, fact: { employer } }) =>
    join === 'employer' && employer !== undefined ? `employer ${employer}` : `spell ${id}`;
  if (join === 'spell' || set.pieces.length < 2) return { readings: [apart], why: [] };
  const pieces = set.pieces.filter((piece): piece is SpellPiece => piece.spell !== null);
  const untold = pieces.filter(isUntold);
  if (untold.length === 0) return { readings: [apart], why: [] };
  const bridged = set.pieces.filter(({ spell }) => spell === null);
  const near = (one: Piece, other: Piece): boolean =>
    isNear(one, other, gapDays, bridged) || isNear(other, one, gapDays, bridged);
  const told = [...new Set(pieces.filter((piece) => !isUntold(piece)).map(({ spell }) => apart(spell)))];
  // Whichever employer the untold ones are of, or one that nobody named.
  const joined = told.map((key) => joinedTo(key, pieces, apart, near));
  const among = untold.flatMap(({ spell }) => joinedTo(apart(spell), untold, apart, near));
  const readings = [...joined, ...among].filter(({ size }) => size > 0);
  const why = untold.map(({ spell }) => new Missing('unknown', `nobody said the employer of ${spell.id}`));
  return {
    readings: [
      apart,
      ...readings.map(
        (keys): Reading =>
          (spell) =>
            keys.get(spell) ?? apart(spell),
      ),
    ],
    why,
  };
}

type SpellPiece = Piece & { readonly spell: Spell };

const isUntold = ({ spell }: SpellPiece): boolean => spell.fact.employer === undefined;

/** The spells of untold employers that are near to those of one key, one through the other, with that key. */
function joinedTo(
  key: string,
  pieces: readonly SpellPiece[],
  apart: Reading,
  near: (one: Piece, other: Piece) => boolean,
): ReadonlyMap<Spell, string> {
  const keys = new Map<Spell, string>();
  const reached = pieces.filter(({ spell }) => apart(spell) === key);
  for (const from of reached) {
    for (const piece of pieces) {
      if (!isUntold(piece) || apart(piece.spell) === key || keys.has(piece.spell) || !near(from, piece)) continue;
      keys.set(piece.spell, key);
      reached.push(...pieces.filter(({ spell }) => spell === piece.spell));
    }
  }
  return keys;
}

/** Whether the other follows closely enough to be the same job. */
const isNear = (one: Piece, other: Piece, gapDays: number, bridged: readonly Piece[]): boolean =>
  one.spell !== other.spell && other.from <= lastDayBridged(one.to, bridged) + 1 + gapDays;

/** Jobs, in order of their first day, the longer one before the shorter: spells, joined as the tariff says where they follow each other. */
export function runsOf(set: DaySet, reading: Reading, gapDays: number): readonly Run[] {
  const runs: { start: EpochDay; end: number; spells: Spell[]; readonly key: string }[] = [];
  const bridged: Piece[] = [];
  for (const piece of set.pieces) {
    if (piece.spell === null) {
      bridged.push(piece);
      continue;
    }
    const key = reading(piece.spell);
    const open = runs.find((run) => run.key === key && piece.from <= lastDayBridged(run.end, bridged) + 1 + gapDays);
    if (open === undefined) runs.push({ start: piece.from, end: piece.to, spells: [piece.spell], key });
    else {
      open.end = Math.max(open.end, piece.to);
      if (!open.spells.includes(piece.spell)) open.spells.push(piece.spell);
    }
  }
  return runs.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** The last day of the set from a day on without a break: gaps that the set itself bridges are days of it. */
const lastDayBridged = (end: number, bridged: readonly Piece[]): number =>
  bridged.reduce((last, gap) => (gap.from <= last + 1 ? Math.max(last, gap.to) : last), end);
