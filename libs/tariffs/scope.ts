import { addMonths, decimal, HubError, addDays, type LocalDate } from '#libs/kernel/index.js';
import type { Tariff } from './compile.js';
import { number, type Expression, type Scope, type Value } from './expression.js';
import type { Fact, LockedTerms } from './facts.js';
import { clippedDays, type Spell } from './spells.js';

/** What an expression of a tariff can name, for one person and, where there is one, one job on one day. */
export class TariffScope implements Scope {
  private readonly evaluating = new Set<string>();

  constructor(
    private readonly tariff: Tariff,
    private readonly locked: LockedTerms,
    private readonly facts: readonly Fact[],
    private readonly spell: Spell | null,
    /** The day that selects a value of a series and an attribute that changed. */
    private readonly on: LocalDate,
  ) {}

  /** The same person with this job, on this day. */
  at(spell: Spell | null, on: LocalDate): TariffScope {
    return new TariffScope(this.tariff, this.locked, this.facts, spell, on);
  }

  evaluate(expression: Expression): Value {
    return expression(this);
  }

  name(name: string): Value {
    if (this.spell !== null && name in SPELL) return SPELL[name as keyof typeof SPELL](this.spell);
    const value = this.tariff.values.get(name);
    if (value !== undefined) return this.value(name, value);
    const series = this.tariff.series.get(name);
    if (series !== undefined) return decimal(this.fromSeries(name, series));
    const { terms, attributes } = this.tariff.document;
    if (terms?.[name] !== undefined) return this.locked.values[name] ?? terms[name].default ?? null;
    if (attributes?.[name] !== undefined) return this.attribute(name) ?? attributes[name].default ?? null;
    if (name in SPELL) return null;
    throw new HubError(
      'tariff.name',
      `"${name}" is not declared: not a value, parameter, term, attribute or a word about a job.`,
    );
  }

  call(name: string, args: readonly Value[]): Value {
    switch (name) {
      case 'min':
        return args.map(number).reduce((a, b) => (a.compare(b) <= 0 ? a : b));
      case 'max':
        return args.map(number).reduce((a, b) => (a.compare(b) >= 0 ? a : b));
      case 'table':
        return this.cell(args);
      case 'daysWithSameEmployer':
        return decimal(this.daysWithSameEmployer(number(args[0] ?? null).valueOf()));
      case 'event':
        return this.event(String(args[0]));
      default:
        throw new HubError(
          'tariff.name',
          `There is no function "${name}": min, max, table, event, daysWithSameEmployer are.`,
        );
    }
  }

  /** The day of a named event, the earliest if it is told more than once; null when it did not happen. */
  event(name: string): LocalDate | null {
    let first: LocalDate | null = null;
    for (const fact of this.facts) {
      if (fact.type === 'event' && fact.name === name && (first === null || fact.on < first)) first = fact.on;
    }
    return first;
  }

  private value(name: string, expression: Expression): Value {
    if (this.evaluating.has(name)) throw new HubError('tariff.name', `"${name}" is defined by itself.`);
    this.evaluating.add(name);
    try {
      return expression(this);
    } finally {
      this.evaluating.delete(name);
    }
  }

  private fromSeries(name: string, series: readonly (readonly [LocalDate, string])[]): string {
    const anchor = this.tariff.document.parameters?.[name]?.at;
    const day = anchor === undefined ? this.on : (this.event(anchor) ?? this.on);
    const entry = series.findLast(([from]) => from <= day);
    if (entry === undefined) throw new HubError('tariff.parameter', `"${name}" has no value for ${day}.`);
    return entry[1];
  }

  /** As locked; a decision that applies from a later day counts from that day on. */
  private attribute(name: string): string | undefined {
    let value = this.locked.attributes[name];
    let from: LocalDate | undefined;
    for (const fact of this.facts) {
      if (fact.type !== 'attribute' || fact.name !== name || fact.from > this.on) continue;
      if (from === undefined || fact.from >= from) [from, value] = [fact.from, fact.value];
    }
    return value;
  }

  private cell(args: readonly Value[]): Value {
    const [table, row, column] = args.map(String);
    const cells = this.tariff.document.tables?.[table ?? ''];
    if (cells === undefined) throw new HubError('tariff.name', `There is no table "${table ?? ''}".`);
    const cell = cells[row ?? '']?.[column ?? ''];
    return cell == null ? null : decimal(cell);
  }

  /** Insured days with this job's employer in the months before it began, each past job clipped to that window first. */
  private daysWithSameEmployer(months: number): number {
    if (this.spell === null) return 0;
    const { start, fact } = this.spell;
    const [from, to] = [addMonths(start, -months), addDays(start, -1)];
    let days = 0;
    for (const past of this.facts) {
      if (past.type === 'past-employment' && past.employer === fact.employer && past.insured !== false) {
        days += clippedDays(past.start, past.end, from, to);
      }
    }
    return days;
  }
}

/** Words about the job that a fee is decided for. */
const SPELL = {
  weeklyHours: ({ fact }: Spell): Value => decimal(fact.weeklyHours),
  contractType: ({ fact }: Spell): Value => fact.contractType,
  contractMonths: ({ fact }: Spell): Value => (fact.contractMonths == null ? null : decimal(fact.contractMonths)),
  normalHoursShare: ({ fact }: Spell): Value => (fact.normalHoursShare == null ? null : decimal(fact.normalHoursShare)),
  insured: ({ fact }: Spell): Value => fact.insured ?? false,
  jobCountry: ({ fact }: Spell): Value => fact.country ?? null,
  jobStart: ({ fact }: Spell): Value => fact.start,
} as const;
