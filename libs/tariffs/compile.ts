import { asCurrency, HubError, localDate, type Currency, type LocalDate } from '#libs/kernel/index.js';
import { parseDuration, type Duration, type MonthBasis } from './calendar.js';
import type { FeeRule, Parameter, TariffDocument, Trigger } from './document.js';
import { compileExpression, type Expression } from './expression.js';

/** A tariff version, compiled once to price many. */
export interface Tariff {
  readonly document: TariffDocument;
  readonly id: string;
  readonly version: string;
  readonly currency: Currency;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
  readonly months: MonthBasis;
  readonly values: ReadonlyMap<string, Expression>;
  readonly jobs: ReadonlyMap<string, Expression>;
  readonly termLimits: ReadonlyMap<string, { readonly min: Expression | null; readonly max: Expression | null }>;
  readonly series: ReadonlyMap<string, readonly (readonly [LocalDate, string])[]>;
  readonly fees: readonly CompiledFee[];
}

export interface CompiledFee {
  readonly rule: FeeRule;
  readonly trigger: CompiledTrigger;
  readonly when: Expression | null;
  readonly amount: Expression;
  /** How much of what was worked the register is asked about: the last so many days; all of it where nothing is said. */
  readonly verifiedOver: Duration | null;
}

export type CompiledTrigger =
  | { readonly kind: 'event'; readonly event: string }
  | { readonly kind: 'kept'; readonly job: string; readonly for: Duration | null; readonly sameJobAs: string | null }
  | {
      readonly kind: 'worked';
      readonly job: string;
      readonly for: Duration;
      readonly since: string | null;
      readonly within: Duration | null;
    };

/** Compiles a document whose shape the schema has accepted. Errors: `tariff.name` (something that is not declared), `tariff.expression`. */
export function compileTariff(document: TariffDocument): Tariff {
  const jobs = mapOf(document.jobs, (job, name) => at(`jobs.${name}.where`, () => compileExpression(job.where)));
  const ids = document.fees.map((fee) => fee.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new HubError('tariff.name', `Two fees are called "${twice}".`, { field: 'fees' });
  return {
    document,
    id: document.tariff,
    version: document.version,
    currency: asCurrency(document.currency),
    validFrom: localDate(document.validFrom),
    validTo: document.validTo === undefined ? null : localDate(document.validTo),
    months: document.months ?? 'calendar',
    values: mapOf(document.values, (text, name) => at(`values.${name}`, () => compileExpression(text))),
    jobs,
    termLimits: mapOf(document.terms, (term, name) => ({
      min: optional(`terms.${name}.min`, term.min),
      max: optional(`terms.${name}.max`, term.max),
    })),
    series: mapOf(document.parameters, (parameter, name) => seriesOf(parameter, name)),
    fees: document.fees.map((fee, index) => compileFee(document, fee, index, jobs)),
  };
}

function compileFee(
  document: TariffDocument,
  fee: FeeRule,
  index: number,
  jobs: ReadonlyMap<string, Expression>,
): CompiledFee {
  const place = `fees.${index}`;
  const earlier = document.fees.slice(0, index).map((other) => other.id);
  const unknown = (fee.after ?? []).find((id) => !earlier.includes(id));
  if (unknown !== undefined) {
    throw new HubError('tariff.name', `"${unknown}" is not a fee that stands before this one.`, {
      field: `${place}.after`,
    });
  }
  const trigger = compileTrigger(fee.trigger);
  if (trigger.kind !== 'event' && !jobs.has(trigger.job)) {
    throw new HubError('tariff.name', `There is no kind of job called "${trigger.job}": declare it under jobs.`, {
      field: `${place}.trigger`,
    });
  }
  if (trigger.kind === 'kept' && trigger.sameJobAs !== null && !earlier.includes(trigger.sameJobAs)) {
    throw new HubError('tariff.name', `"${trigger.sameJobAs}" is not a fee that stands before this one.`, {
      field: `${place}.trigger.sameJobAs`,
    });
  }
  return {
    rule: fee,
    trigger,
    when: optional(`${place}.when`, fee.when),
    amount: at(`${place}.amount`, () => compileExpression(fee.amount)),
    verifiedOver: fee.verify?.over === undefined ? null : parseDuration(fee.verify.over),
  };
}

function compileTrigger(trigger: Trigger): CompiledTrigger {
  if ('event' in trigger) return { kind: 'event', event: trigger.event };
  if ('begins' in trigger)
    return { kind: 'kept', job: trigger.begins, for: null, sameJobAs: trigger.sameJobAs ?? null };
  if ('kept' in trigger) {
    return { kind: 'kept', job: trigger.kept, for: parseDuration(trigger.for), sameJobAs: trigger.sameJobAs ?? null };
  }
  return {
    kind: 'worked',
    job: trigger.worked,
    for: parseDuration(trigger.for),
    since: trigger.since ?? null,
    within: trigger.within === undefined ? null : parseDuration(trigger.within),
  };
}

function seriesOf(parameter: Parameter, name: string): readonly (readonly [LocalDate, string])[] {
  if (parameter.series === undefined) return [['0001-01-01' as LocalDate, parameter.value ?? '']];
  return Object.entries(parameter.series)
    .map(([day, value]) => [at(`parameters.${name}.series`, () => localDate(day)), value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

const optional = (field: string, text: string | undefined): Expression | null =>
  text === undefined ? null : at(field, () => compileExpression(text));

/** Runs a piece of compilation; its error names the place in the document. */
function at<Compiled>(field: string, compile: () => Compiled): Compiled {
  try {
    return compile();
  } catch (error) {
    if (error instanceof HubError) throw new HubError(error.code, error.message, { field });
    throw error;
  }
}

const mapOf = <Item, Compiled>(
  record: Readonly<Record<string, Item>> | undefined,
  compile: (item: Item, name: string) => Compiled,
): ReadonlyMap<string, Compiled> =>
  new Map(Object.entries(record ?? {}).map(([name, item]) => [name, compile(item, name)]));
