import { HubError } from '#libs/kernel/index.js';
import type { Case } from '../case.js';
import type { Tariff } from '../compile/tariff.js';
import { Person } from '../engine/person.js';
import { constant, inWords } from '../language/code.js';
import { Missing } from '../language/value.js';
import { price, startOf, type Fee } from '../price.js';
import { textOf } from './reprice.js';

/** Money and payments of one fee in one group, before and after. */
export interface SimulatedLine {
  readonly group: string;
  readonly feeId: string;
  readonly paymentsBefore: number;
  readonly paymentsAfter: number;
  readonly beforeMinor: bigint;
  readonly afterMinor: bigint;
}

export interface Simulated {
  readonly persons: number;
  /** Persons for whom at least one payment differs. */
  readonly changedPersons: number;
  /** Persons with a payment that one version cannot price. */
  readonly unknownPersons: number;
  readonly lines: readonly SimulatedLine[];
}

interface Sum {
  payments: [number, number];
  minor: [bigint, bigint];
}

/** Prices one person after the other by two versions and keeps sums only, so memory does not grow with the programme. */
export class Simulation {
  private persons = 0;
  private changed = 0;
  private unknown = 0;
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

  /** The case was checked against both versions. */
  add(old: Case, fresh: Case): void {
    const fees = [
      price(this.before, old.locked, old.facts, old.asOf),
      price(this.after, fresh.locked, fresh.facts, fresh.asOf),
    ] as const;
    const group = this.groupBy === undefined ? 'all' : groupOf(this.groupBy, [this.before, old], [this.after, fresh]);
    this.persons += 1;
    fees.forEach((list, side) => this.book(list, group, side as 0 | 1));
    if (dueText(fees[0]) !== dueText(fees[1])) this.changed += 1;
    if (fees.some((list) => list.some((fee) => fee.kind === 'unknown'))) this.unknown += 1;
  }

  get result(): Simulated {
    const lines = [...this.sums].map(([key, sum]): SimulatedLine => {
      const [group = '', feeId = ''] = key.split('\n');
      return {
        group,
        feeId,
        paymentsBefore: sum.payments[0],
        paymentsAfter: sum.payments[1],
        beforeMinor: sum.minor[0],
        afterMinor: sum.minor[1],
      };
    });
    const order = (line: SimulatedLine): string => `${line.group}\n${line.feeId}`;
    return {
      persons: this.persons,
      changedPersons: this.changed,
      unknownPersons: this.unknown,
      lines: lines.sort((a, b) => (order(a) < order(b) ? -1 : 1)),
    };
  }

  private book(fees: readonly Fee[], group: string, side: 0 | 1): void {
    for (const fee of fees) {
      if (fee.kind !== 'due') continue;
      const key = `${group}\n${fee.feeId}`;
      const sum = this.sums.get(key) ?? { payments: [0, 0], minor: [0n, 0n] };
      sum.payments[side] += 1;
      sum.minor[side] += fee.direction === 'pay' ? fee.amount.amountMinor : -fee.amount.amountMinor;
      this.sums.set(key, sum);
    }
  }
}

/** The value on the day that is asked for, locked or told, by the first version that knows the name; `none` where nobody said it. */
function groupOf(name: string, ...sides: readonly (readonly [Tariff, Case])[]): string {
  for (const [tariff, { locked, facts, asOf }] of sides) {
    if (!tariff.attributes.has(name) && !tariff.terms.has(name)) continue;
    const person = new Person(locked, facts, asOf);
    const day = tariff.attributes.has(name) ? constant('date', person.asOf) : undefined;
    const code = tariff.names.value(name, day);
    const value = typeof code === 'string' ? null : code.run(startOf(tariff, person));
    if (value === null || value instanceof Missing) return 'none';
    return typeof value === 'string' ? value : inWords(value);
  }
  return 'none';
}

const dueText = (fees: readonly Fee[]): string =>
  fees.map((fee) => (fee.kind === 'due' ? `${fee.feeId}#${fee.occurrence ?? ''} ${textOf(fee)}` : '')).join('|');
