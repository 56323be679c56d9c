import { addDays, daysBetween, toEpochDay, type EpochDay, type LocalDate } from '#libs/kernel/index.js';
import type { AsOf, Fact, SpellFact } from './facts.js';

/** A spell as it is known, cut at the day that is asked for: what comes after is not known. */
export interface Spell {
  readonly fact: SpellFact;
  readonly start: LocalDate;
  /** Last day that counts: the spell's end, or the day asked for while it goes on. */
  readonly until: LocalDate;
  /** Still going on, on the day asked for. */
  readonly open: boolean;
}

/** Facts known by the cut. */
export const knownFacts = (facts: readonly Fact[], asOf: AsOf): readonly Fact[] => {
  const { knownBy } = asOf;
  return knownBy === undefined
    ? facts
    : facts.filter((fact) => fact.knownSince === undefined || moment(fact.knownSince) <= moment(knownBy));
};

const moment = (text: string): number => Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);

/** The spells that stand: of each id the version known last, without those taken back, none that begins after the day asked for. */
export function spellsOf(facts: readonly Fact[], asOf: AsOf): readonly Spell[] {
  const latest = new Map<string, SpellFact>();
  const retracted = new Map<string, number>();
  for (const fact of facts) {
    if (fact.type === 'spell-retracted') {
      retracted.set(fact.spellId, Math.max(retracted.get(fact.spellId) ?? -Infinity, knownAt(fact)));
    } else if (fact.type === 'spell') {
      const other = latest.get(fact.spellId);
      if (other === undefined || supersedes(fact, other)) latest.set(fact.spellId, fact);
    }
  }
  return [...latest.values()]
    .filter((fact) => fact.start <= asOf.day && (retracted.get(fact.spellId) ?? -Infinity) < knownAtOr(fact, retracted))
    .map((fact) => toSpell(fact, asOf.day))
    .sort((a, b) => (a.start === b.start ? (a.fact.spellId < b.fact.spellId ? -1 : 1) : a.start < b.start ? -1 : 1));
}

const knownAt = (fact: Fact): number => (fact.knownSince === undefined ? -1 : moment(fact.knownSince));

/** A retraction takes back what was known before it or at the same moment; what is reported again later stands. */
const knownAtOr = (fact: SpellFact, retracted: ReadonlyMap<string, number>): number =>
  retracted.has(fact.spellId) ? knownAt(fact) : Infinity;

/** Later known wins; at the same moment the text decides, so that the order of facts never does. */
function supersedes(a: SpellFact, b: SpellFact): boolean {
  const [knownA, knownB] = [knownAt(a), knownAt(b)];
  return knownA === knownB ? JSON.stringify(a) > JSON.stringify(b) : knownA > knownB;
}

function toSpell(fact: SpellFact, day: LocalDate): Spell {
  const open = fact.end == null || fact.end > day;
  return { fact, start: fact.start, until: open ? day : (fact.end ?? day), open };
}

/** Days worked, each counted once however many spells cover it: disjoint intervals in order. */
export interface DaySet {
  readonly intervals: readonly (readonly [EpochDay, EpochDay])[];
  /** A spell of the set still goes on, on the day asked for. */
  readonly open: boolean;
  readonly days: number;
}

/** The union of spells, clipped to a window (both days count). */
export function daySetOf(spells: readonly Spell[], from: LocalDate | null, to: LocalDate | null): DaySet {
  const first = from === null ? -Infinity : toEpochDay(from);
  const last = to === null ? Infinity : toEpochDay(to);
  const merged: [EpochDay, EpochDay][] = [];
  for (const spell of spells) {
    const start = Math.max(toEpochDay(spell.start), first);
    const end = Math.min(toEpochDay(spell.until), last);
    const previous = merged.at(-1);
    if (start > end) continue;
    if (previous !== undefined && start <= previous[1] + 1) previous[1] = Math.max(previous[1], end);
    else merged.push([start, end]);
  }
  const days = merged.reduce((sum, [a, b]) => sum + b - a + 1, 0);
  return { intervals: merged, open: spells.some((spell) => spell.open && toEpochDay(spell.until) < last), days };
}

/** The day on which the n-th day of the set falls; undefined when it has fewer. */
export function dayReached(set: DaySet, count: number): EpochDay | undefined {
  let left = count;
  for (const [start, end] of set.intervals) {
    const length = end - start + 1;
    if (left <= length) return start + left - 1;
    left -= length;
  }
  return undefined;
}

/** Days of a past job inside a look-back window, the job clipped to it first. */
export function clippedDays(start: LocalDate, end: LocalDate, from: LocalDate, to: LocalDate): number {
  const first = start < from ? from : start;
  const last = end > to ? to : end;
  return first > last ? 0 : daysBetween(first, addDays(last, 1));
}
