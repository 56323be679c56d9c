import { decimal, HubError, type Decimal, type EpochDay } from '#libs/kernel/index.js';
import { epochDay } from '../calendar.js';
import { canonical } from '../canonical.js';
import { momentMs } from '../moment.js';
import type { AsOf, Attributes, Fact, LockedTerms, SpellFact } from '../facts.js';
import { byStart, DaySet, EMPTY, type Piece } from './day-set.js';

/** A state of the person that lasted, as it stands by what is known. */
export interface Spell {
  readonly id: string;
  readonly start: EpochDay;
  /** Last day; Infinity while it goes on. */
  readonly end: number;
  readonly fact: SpellFact;
}

export interface EventOf {
  readonly on: EpochDay;
  readonly attributes: Attributes | undefined;
}

export interface AmountOf {
  readonly on: EpochDay;
  readonly value: Decimal;
  readonly source: string | undefined;
}

export interface DecisionOf {
  readonly from: EpochDay;
  /** Since when it is known, in milliseconds. */
  readonly known: number;
  readonly value: string;
  readonly source: string | undefined;
}

export type VerificationOf = Extract<Fact, { type: 'verification' }>;
export type ClaimOf = Extract<Fact, { type: 'claim' }>;

const NOTHING: readonly never[] = [];

/** What is known of one person (or, for a programme's fees, of one contract), indexed once for all fees. */
export class Person {
  readonly asOf: EpochDay;
  readonly verifications: VerificationOf[] = [];
  readonly claims: ClaimOf[] = [];
  /** Values of formulas that are the same for every fee, by their number; filled as they are asked for. */
  readonly memo: unknown[] = [];
  /** Facts that the payment under way has looked at. */
  used = new Set<string>();
  /** The last day that the payment under way has looked at, where it lies ahead. */
  horizon = -Infinity;
  private readonly pieces = new Map<string, Piece[]>();
  private readonly events = new Map<string, EventOf[]>();
  private readonly amounts = new Map<string, AmountOf[]>();
  private readonly decisions = new Map<string, DecisionOf[]>();
  private readonly sets = new Map<string, DaySet>();

  constructor(
    readonly locked: LockedTerms,
    facts: readonly Fact[],
    asOf: AsOf,
  ) {
    this.asOf = epochDay(asOf.day);
    for (const fact of standing(facts, asOf.knownBy)) this.keep(fact);
    for (const events of this.events.values()) events.sort((a, b) => a.on - b.on || compareCanonical(a, b));
    for (const amounts of this.amounts.values()) amounts.sort((a, b) => a.on - b.on || a.value.compare(b.value));
    for (const decisions of this.decisions.values())
      decisions.sort((a, b) => a.from - b.from || a.known - b.known || compareText(a.value, b.value));
  }

  /** Days of spells of one kind, those ahead included. */
  spellsOf(kind: string): DaySet {
    const known = this.sets.get(kind);
    if (known !== undefined) return known;
    const pieces = this.pieces.get(kind);
    const set = pieces === undefined ? EMPTY : new DaySet(pieces.length > 1 ? pieces.sort(byStart) : pieces);
    this.sets.set(kind, set);
    return set;
  }

  /** In order; those after the day that is asked for have not happened. */
  eventsOf(name: string): readonly EventOf[] {
    return this.events.get(name) ?? NOTHING;
  }

  amountsOf(name: string): readonly AmountOf[] {
    return this.amounts.get(name) ?? NOTHING;
  }

  decisionsOf(name: string): readonly DecisionOf[] {
    return this.decisions.get(name) ?? NOTHING;
  }

  private keep(fact: Fact): void {
    switch (fact.type) {
      case 'spell':
        this.keepSpell(fact);
        break;
      case 'past-employment':
        this.keepSpell(pastJob(fact));
        break;
      case 'event':
        push(this.events, fact.name, { on: epochDay(fact.on), attributes: fact.attributes });
        break;
      case 'amount':
        push(this.amounts, fact.name, { on: epochDay(fact.on), value: number(fact.value), source: fact.source });
        break;
      case 'attribute':
        push(this.decisions, fact.name, {
          from: epochDay(fact.from),
          known: knownAt(fact),
          value: fact.value,
          source: fact.source,
        });
        break;
      case 'verification':
        this.verifications.push(fact);
        break;
      case 'claim':
        this.claims.push(fact);
        break;
      case 'spell-retracted':
        break;
    }
  }

  private keepSpell(fact: SpellFact): void {
    const start = epochDay(fact.start);
    const end = fact.end == null ? Infinity : epochDay(fact.end);
    if (end < start) {
      throw new HubError(
        'fact.period',
        `Spell ${fact.spellId} ends on ${fact.end ?? ''}, before it starts on ${fact.start}.`,
      );
    }
    const spell: Spell = { id: fact.spellId, start, end, fact };
    push(this.pieces, fact.kind ?? 'employment', { from: start, to: end, spell });
  }
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Two things of one day whose order nobody told: their text decides, so that the order of facts never does. */
const compareCanonical = (a: object, b: object): number => compareText(canonical(a), canonical(b));

const pastJob = (fact: Extract<Fact, { type: 'past-employment' }>): SpellFact => ({
  type: 'spell',
  spellId: `past:${fact.employer}:${fact.start}:${fact.end}`,
  kind: 'past-employment',
  start: fact.start,
  end: fact.end,
  insured: fact.insured,
  employer: fact.employer,
});

const numbers = new Map<string, Decimal>();
const NUMBERS_MAX = 10_000;

/** `decimal`, remembered: hours and shares repeat. */
export function number(text: string): Decimal {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  if (numbers.size >= NUMBERS_MAX) numbers.clear();
  const value = decimal(text);
  numbers.set(text, value);
  return value;
}

/** Since when a fact is known, in milliseconds; -Infinity where it always was. */
export const knownAt = (fact: Pick<Fact, 'knownSince'>): number =>
  fact.knownSince === undefined ? -Infinity : momentMs(fact.knownSince);

/** The facts that stand at a moment of knowledge: of each the version known last, without what was taken back. */
function standing(facts: readonly Fact[], knownBy: string | undefined): Iterable<Fact> {
  const cut = knownBy === undefined ? Infinity : momentMs(knownBy, true);
  const versions = new Map<string, Fact>();
  const single: Fact[] = [];
  for (const fact of facts) {
    if (cut !== Infinity && knownAt(fact) > cut) continue;
    const key = identityOf(fact);
    if (key === undefined) {
      if (fact.retracted !== true) single.push(fact);
      continue;
    }
    const other = versions.get(key);
    if (other === undefined || supersedes(fact, other)) versions.set(key, fact);
  }
  for (const fact of versions.values())
    if (fact.retracted !== true && fact.type !== 'spell-retracted') single.push(fact);
  return single;
}

/** Facts of one identity are versions of each other. */
export function identityOf(fact: Fact): string | undefined {
  if (fact.type === 'spell' || fact.type === 'spell-retracted') return `spell ${fact.spellId}`;
  return fact.id === undefined ? undefined : `${fact.type} ${fact.id}`;
}

/** Later known wins; at the same moment a retraction, else the text, decides, so that the order of facts never does. */
function supersedes(a: Fact, b: Fact): boolean {
  const [knownA, knownB] = [knownAt(a), knownAt(b)];
  if (knownA !== knownB) return knownA > knownB;
  const [goneA, goneB] = [isGone(a), isGone(b)];
  return goneA === goneB ? canonical(a) > canonical(b) : goneA;
}

export const isGone = (fact: Fact): boolean => fact.type === 'spell-retracted' || fact.retracted === true;
