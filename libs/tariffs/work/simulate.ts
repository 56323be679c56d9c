import { HubError } from '#libs/kernel/index.js';
import { readCase, type Case } from '../case.js';
import type { Tariff } from '../compile/tariff.js';
import { Person } from '../engine/person.js';
import { constant, inWords } from '../language/code.js';
import { Missing } from '../language/value.js';
import { startOf, type Fee } from '../price.js';
import { strangersIn } from '../strangers.js';
import { attempt, pairNames } from './pair.js';
import { owed, repricing } from './reprice.js';

/** Money and payments of one fee in one group, before and after. */
export interface SimulatedLine {
  /** Null: nobody said the value that makes the groups. */
  readonly group: string | null;
  readonly feeId: string;
  readonly paymentsBefore: number;
  readonly paymentsAfter: number;
  /** Payments that the version cannot price: they are not zero, and in no sum. */
  readonly unknownBefore: number;
  readonly unknownAfter: number;
  readonly beforeMinor: bigint;
  readonly afterMinor: bigint;
}

/** Why a person is in no line: which version refuses the case. */
export interface Refusal {
  readonly place: string;
  readonly version: string;
  readonly reason: string;
}

export interface Simulated {
  /** Persons that both versions price. */
  readonly persons: number;
  /** Of them, those for whom at least one payment differs. */
  readonly changedPersons: number;
  /** Of them, those with a payment that one version cannot price. */
  readonly unknownPersons: number;
  /** Persons whom one version, or both, refuse to price: they are in no line. */
  readonly refusedPersons: number;
  /** The first of the refusals. */
  readonly refusals: readonly Refusal[];
  /** Names in the facts that neither version can ask for, attributes that one knows, and for how many persons; the first of them. */
  readonly strangers: readonly { readonly what: string; readonly persons: number }[];
  readonly lines: readonly SimulatedLine[];
}

interface Sum {
  payments: [number, number];
  unknown: [number, number];
  minor: [bigint, bigint];
}

/** As many refusals, and as many names, are kept: a programme where everything is wrong does not grow with it. */
const KEPT_MAX = 20;

/** Prices one person after the other by two versions and keeps sums only, so memory does not grow with the programme. */
export class Simulation {
  private persons = 0;
  private changed = 0;
  private unknown = 0;
  private refused = 0;
  private readonly refusals: Refusal[] = [];
  private readonly strangers = new Map<string, number>();
  private readonly sums = new Map<string, Sum>();

  /**
   * Errors: `simulate.currency` (money of two currencies has no difference), `simulate.group`.
   *
   * @param groupBy the attribute or term, of either version, whose value on the day that is asked for is the group
   */
  constructor(
    private readonly before: Tariff,
    private readonly after: Tariff,
    private readonly groupBy?: string,
  ) {
    if (before.currency !== after.currency)
      throw new HubError('simulate.currency', `One pays in ${before.currency}, the other in ${after.currency}.`);
    const names = new Set([before, after].flatMap(({ attributes, terms }) => [...attributes.keys(), ...terms.keys()]));
    if (groupBy !== undefined && !names.has(groupBy))
      throw new HubError(
        'simulate.group',
        `"${groupBy}" is no attribute or term of ${before.id}: ${names.size === 0 ? 'it has none' : [...names].join(', ')}.`,
      );
  }

  /** A case as it stands in the programme's facts, at a place that a refusal names. */
  add(place: string, body: unknown): void {
    const old = attempt(this.before, () => readCase(this.before, body));
    const fresh = attempt(this.after, () => readCase(this.after, body));
    if (typeof old === 'string' || typeof fresh === 'string') {
      this.refuse(place, [old, fresh]);
      return;
    }
    const sides = [old.fees, fresh.fees] as const;
    const group =
      this.groupBy === undefined ? 'all' : groupOf(this.groupBy, [this.before, old.given], [this.after, fresh.given]);
    this.persons += 1;
    sides.forEach((fees, side) => this.book(fees, group, side as 0 | 1));
    if (repricing(...sides).length > 0) this.changed += 1;
    if (sides.some((fees) => fees.some((fee) => fee.kind === 'unknown'))) this.unknown += 1;
    this.note(old.given);
  }

  get result(): Simulated {
    const lines = [...this.sums].map(([key, sum]): SimulatedLine => {
      const [group, feeId] = JSON.parse(key) as [string | null, string];
      return {
        group,
        feeId,
        paymentsBefore: sum.payments[0],
        paymentsAfter: sum.payments[1],
        unknownBefore: sum.unknown[0],
        unknownAfter: sum.unknown[1],
        beforeMinor: sum.minor[0],
        afterMinor: sum.minor[1],
      };
    });
    return {
      persons: this.persons,
      changedPersons: this.changed,
      unknownPersons: this.unknown,
      refusedPersons: this.refused,
      refusals: this.refusals,
      strangers: [...this.strangers].map(([what, persons]) => ({ what, persons })),
      lines: lines.sort((a, b) => byGroup(a.group, b.group) || (a.feeId < b.feeId ? -1 : 1)),
    };
  }

  private refuse(place: string, reasons: readonly unknown[]): void {
    this.refused += 1;
    const names = pairNames(this.before, this.after);
    reasons.forEach((reason, side) => {
      if (typeof reason === 'string' && this.refusals.length < KEPT_MAX)
        this.refusals.push({ place, version: names[side as 0 | 1], reason });
    });
  }

  private note({ locked: { attributes }, facts }: Case): void {
    // Where in the case a name stands differs from person to person.
    const found = strangersIn([this.before, this.after], { attributes, facts });
    const strangers = found.map((each) => each.slice(each.indexOf(': ') + 2));
    for (const what of new Set([...strangers, ...this.knownToOne({ attributes, facts })])) {
      if (this.strangers.has(what) || this.strangers.size < KEPT_MAX)
        this.strangers.set(what, (this.strangers.get(what) ?? 0) + 1);
    }
  }

  /** An attribute that the other version calls otherwise, or no more asks for: what hangs on it cannot be compared. */
  private knownToOne({
    attributes,
    facts,
  }: Pick<Case['locked'], 'attributes'> & Pick<Case, 'facts'>): readonly string[] {
    const told = facts.flatMap((fact) => (fact.type === 'attribute' ? [fact.name] : []));
    const versions = [this.before, this.after];
    const names = pairNames(this.before, this.after);
    return [...Object.keys(attributes), ...told].flatMap((name) => {
      const unknowing = versions.flatMap((tariff, side) => (tariff.attributes.has(name) ? [] : [names[side as 0 | 1]]));
      return unknowing.length === 1 ? [`version ${unknowing.join('')} knows no attribute "${name}"`] : [];
    });
  }

  private book(fees: readonly Fee[], group: string | null, side: 0 | 1): void {
    for (const fee of fees) {
      if (fee.kind !== 'due' && fee.kind !== 'unknown') continue;
      const key = JSON.stringify([group, fee.feeId]);
      const sum = this.sums.get(key) ?? { payments: [0, 0], unknown: [0, 0], minor: [0n, 0n] };
      if (fee.kind === 'unknown') sum.unknown[side] += 1;
      else {
        sum.payments[side] += 1;
        sum.minor[side] += owed(fee);
      }
      this.sums.set(key, sum);
    }
  }
}

/** First what nobody said, then numbers by their size, then texts. */
function byGroup(a: string | null, b: string | null): number {
  if (a === b) return 0;
  const size = (group: string | null): number =>
    group === null ? -Infinity : Number.isNaN(+group) ? Infinity : +group;
  return size(a) - size(b) || (String(a) < String(b) ? -1 : 1);
}

/** The value on the day that is asked for, locked or told, by the first version that knows the name; null where nobody said it. */
function groupOf(name: string, ...sides: readonly (readonly [Tariff, Case])[]): string | null {
  for (const [tariff, { locked, facts, asOf }] of sides) {
    if (!tariff.attributes.has(name) && !tariff.terms.has(name)) continue;
    const person = new Person(locked, facts, asOf);
    const day = tariff.attributes.has(name) ? constant('date', person.asOf) : undefined;
    const code = tariff.names.value(name, day);
    const value = typeof code === 'string' ? null : code.run(startOf(tariff, person));
    if (value === null || value instanceof Missing) return null;
    return typeof value === 'string' ? value : inWords(value);
  }
  return null;
}
