import { HubError, localDate, type EpochDay } from '#libs/kernel/index.js';
import { dayInWords, epochDay, endOfMonth, partsOf } from '../calendar.js';
import type {
  AttributeRule,
  BandRule,
  Cells,
  Formula,
  ParameterRule,
  TableRule,
  TermRule,
} from '../document/document.js';
import type { Frame } from '../engine/frame.js';
import type { DecisionOf, Person } from '../engine/person.js';
import { combine, constant, inWords, type Code } from '../language/code.js';
import { compareValues } from '../language/operators.js';
import { typeOfKind, valueOrMissing } from '../language/read-value.js';
import { own } from '../own.js';
import { Missing, type Type, type Value } from '../language/value.js';

/** Compiles a formula of the document that must be of a type; `place` is its path. */
export type CompileAt = (place: string, formula: Formula, type: Type) => Code;

/** What a value of a term or an attribute lies between. */
export interface Limits {
  readonly min: Code | undefined;
  readonly max: Code | undefined;
  /** What counts where nothing was stated: the limits hold it, too. */
  readonly fallback: Code | undefined;
}

/** Compiles the limits of a term or an attribute, and its default; `place` is its path. */
export function limitsOf(place: string, rule: TermRule | AttributeRule, compile: CompileAt): Limits {
  const limit = (key: 'min' | 'max'): Code | undefined => {
    const formula = rule[key];
    return formula === undefined ? undefined : compile(`${place}.${key}`, formula, typeOfKind(rule.kind));
  };
  const fallback =
    rule.default === undefined
      ? undefined
      : defaultCode(`${place}.default`, rule.default, typeOfKind(rule.kind), compile);
  return { min: limit('min'), max: limit('max'), fallback };
}

/** The value of a text inside its limits. What nobody may lock or decide is not known, and neither is what nobody can limit. */
function allowed(name: string, text: string, rule: TermRule | AttributeRule, limits: Limits, frame: Frame): Value {
  const value = valueOrMissing(name, text, rule);
  return value instanceof Missing ? value : within(name, value, limits, frame);
}

/** A value inside its limits; else nobody can say what counts. */
export function within(name: string, value: Value, limits: Limits, frame: Frame): Value {
  const [max, min] = [limits.max?.run(frame) ?? null, limits.min?.run(frame) ?? null];
  for (const limit of [max, min]) if (limit instanceof Missing) return limit;
  if (max !== null && compareValues(value, max) > 0)
    return new Missing('unknown', `${name}: ${inWords(value)} is above ${inWords(max)}`);
  if (min !== null && compareValues(value, min) < 0)
    return new Missing('unknown', `${name}: ${inWords(value)} is below ${inWords(min)}`);
  return value;
}

/** The default, where there is one; `missing` where there is none. */
function fallen(name: string, limits: Limits, missing: Missing, frame: Frame): Value {
  const value = limits.fallback === undefined ? missing : limits.fallback.run(frame);
  return value === null || value instanceof Missing ? value : within(name, value, limits, frame);
}

const show = (run: (frame: Frame) => Value) => (frame: Frame) => inWords(run(frame));

/** Remembers a value that is the same for every fee of a person. */
export function oncePerPerson(slot: number, code: Code): Code {
  if (code.depth !== 1) return code;
  interface Kept {
    readonly value: Value;
    readonly used: ReadonlySet<string>;
    readonly horizon: number;
  }
  const run = (frame: Frame): Value => {
    const { person } = frame;
    let kept = person.memo[slot] as Kept | undefined;
    const { used, horizon } = person;
    if (kept === undefined) {
      person.used = new Set();
      person.horizon = -Infinity;
      kept = { value: code.run(frame), used: person.used, horizon: person.horizon };
      person.memo[slot] = kept;
      person.used = used;
      person.horizon = horizon;
    }
    for (const fact of kept.used) used.add(fact);
    if (kept.horizon > person.horizon) person.horizon = kept.horizon;
    return kept.value;
  };
  return { ...code, run, show: show(run) };
}

/** What a constant's own arithmetic may take in an answer; a longer one is shown as its value. */
const SHOWN_LENGTH_MAX = 160;

/**
 * Computes what a name stands for once where that is enough: a constant ever, a value of a payment as often as something of it changes.
 * Names that use each other many times would else take time without end.
 */
export function remembered(code: Code): Code {
  if (code.depth === 0) return rememberedEver(code);
  if (code.depth === 1) return code;
  let kept: { frame: Frame; revision: number; value: Value; used: ReadonlySet<string>; horizon: number } | undefined;
  const run = (frame: Frame): Value => {
    const { person, ledger } = frame;
    const { used, horizon } = person;
    if (kept?.frame !== frame || kept.revision !== ledger.revision) {
      person.used = new Set();
      person.horizon = -Infinity;
      const value = code.run(frame);
      kept = { frame, revision: ledger.revision, value, used: person.used, horizon: person.horizon };
      person.used = used;
      person.horizon = horizon;
    }
    for (const fact of kept.used) used.add(fact);
    if (kept.horizon > person.horizon) person.horizon = kept.horizon;
    return kept.value;
  };
  return { ...code, run };
}

function rememberedEver(code: Code): Code {
  let value: Value | undefined;
  let text: string | undefined;
  const run = (frame: Frame): Value => (value === undefined ? (value = code.run(frame)) : value);
  const shorten = (shown: string, frame: Frame): string =>
    shown.length > SHOWN_LENGTH_MAX ? inWords(run(frame)) : shown;
  return { ...code, run, show: (frame) => (text ??= shorten(code.show(frame), frame)) };
}

/** A parameter: a constant, or a series that a day selects from. */
export function parameterCode(
  name: string,
  rule: ParameterRule | Formula,
  when: Code | undefined,
  compile: CompileAt,
  published: (reference: string) => Readonly<Record<string, Formula>> | undefined,
): Code | string {
  const place = `parameters.${name}`;
  if (typeof rule !== 'object')
    return when === undefined
      ? compile(place, rule, 'number')
      : `"${name}" is one value, not a series: leave out "at".`;
  if (rule.unknown !== undefined) {
    const missing = new Missing('unknown', `${name}: ${rule.unknown}`);
    return constant('number', missing, 'unknown');
  }
  const series = rule.published === undefined ? rule.series : published(rule.published);
  if (series === undefined) {
    if (rule.published !== undefined) return `the published series "${rule.published}" was not found.`;
    return when === undefined
      ? compile(`${place}.value`, rule.value ?? 'unknown', 'number')
      : `"${name}" is one value, not a series: leave out "at".`;
  }
  const day = when ?? (rule.at === undefined ? undefined : compile(`${place}.at`, rule.at, 'date'));
  if (day === undefined) return `"${name}" is a series: say of which day, for example "${name} at started".`;
  return seriesCode(name, seriesOf(place, series, compile), day);
}

type Entries = readonly { readonly from: EpochDay; readonly code: Code }[];

/** Each value is a number, or a formula of what is always the same: `round(rate2023 * 1.02, 0.01)`. */
function seriesOf(place: string, series: Readonly<Record<string, Formula>>, compile: CompileAt): Entries {
  return Object.entries(series)
    .map(([day, value]) => {
      const field = `${place}.series.${day}`;
      const code = compile(field, value, 'number');
      if (code.depth > 0)
        throw new HubError('tariff.parameter', 'a value of a series is the same for every person.', { field });
      try {
        return { from: epochDay(localDate(day)), code };
      } catch (error) {
        throw new HubError('tariff.parameter', (error as Error).message, { field: `${place}.series` });
      }
    })
    .sort((a, b) => a.from - b.from);
}

function seriesCode(name: string, entries: Entries, day: Code): Code {
  const run = (frame: Frame): Value => {
    const on = day.run(frame);
    if (on === null || on instanceof Missing) return on;
    const entry = entries.findLast((each) => each.from <= (on as number));
    return entry === undefined
      ? new Missing('unknown', `${name} has no value for ${inWords(on)}`)
      : entry.code.run(frame);
  };
  return combine([day], { type: 'number', depth: day.depth, run, show: show(run) });
}

/** A value that the contract or the referral fixed. */
export function termCode(name: string, rule: TermRule, compile: CompileAt): Code {
  const type = typeOfKind(rule.kind);
  const limits = limitsOf(`terms.${name}`, rule, compile);
  const missing = new Missing('unknown', `the contract does not state ${name}`);
  const run = (frame: Frame): Value => {
    const text = own(frame.person.locked.values, name);
    if (text === undefined) return fallen(name, limits, missing, frame);
    return allowed(name, text, rule, limits, frame);
  };
  const parts = [limits.fallback, limits.min, limits.max].filter((part) => part !== undefined);
  return { ...combine(parts, { type, depth: 1, run, show: show(run) }), codes: rule.codes };
}

const defaultCode = (place: string, formula: Formula, type: Type, compile: CompileAt): Code =>
  type === 'text' ? constant('text', String(formula)) : compile(place, formula, type);

/** Something decided about the person: as locked, or as it stood on a day. */
export function attributeCode(name: string, rule: AttributeRule, when: Code | undefined, compile: CompileAt): Code {
  const type = typeOfKind(rule.kind);
  const day = when ?? (rule.at === undefined ? undefined : compile(`attributes.${name}.at`, rule.at, 'date'));
  const limits = limitsOf(`attributes.${name}`, rule, compile);
  const run = (frame: Frame): Value => {
    const on = day?.run(frame);
    if (on === null || on instanceof Missing) return on;
    const found = decided(frame.person, name, rule, on as number | undefined);
    if (found instanceof Missing) return found;
    if (found === undefined) return fallen(name, limits, undecided(frame, name), frame);
    return allowed(name, found, rule, limits, frame);
  };
  const parts = [day, limits.fallback, limits.min, limits.max].filter((part) => part !== undefined);
  return { ...combine(parts, { type, depth: 1, run, show: show(run) }), codes: rule.codes };
}

/** Nothing stood on the day that counts; what was decided later is said, because it may have been dated too late. */
function undecided({ person }: Frame, name: string): Missing {
  const later = person.decisionsOf(name)[0];
  const when = later === undefined ? '' : ` by then: the first decision is from ${dayInWords(later.from)}`;
  return new Missing('unknown', `nobody decided ${name}${when}`);
}

function decided(
  person: Person,
  name: string,
  rule: AttributeRule,
  on: EpochDay | undefined,
): string | Missing | undefined {
  const locked = own(person.locked.attributes, name);
  if (on === undefined && locked !== undefined && rule.allSources !== true) return locked;
  const decisions = effective(lastKnown(person.decisionsOf(name), rule), rule);
  const until = on ?? person.eventsOf('accepted')[0]?.on ?? decisions[0]?.from ?? person.asOf;
  const standing = decisions.filter(({ from }) => from <= until && from <= person.asOf);
  const { sources } = rule;
  if (sources === undefined) return use(person, name, standing.at(-1)) ?? locked;
  const bySource = sources.map((source) => standing.findLast((each) => each.source === source));
  const silent = sources.filter((_source, index) => bySource[index] === undefined);
  if (rule.allSources === true && silent.length > 0)
    return new Missing('unknown', `${name}: no decision by ${silent.join(', ')}`);
  return (
    use(
      person,
      name,
      bySource.find((each) => each !== undefined),
    ) ?? locked
  );
}

function use(person: Person, name: string, decision: Decision | undefined): string | Missing | undefined {
  if (decision === undefined) return undefined;
  person.used.add(`attribute:${name}`);
  const { value, rival, from } = decision;
  return rival === undefined
    ? value
    : new Missing('unknown', `${name}: "${rival}" and "${value}" were both decided from ${dayInWords(from)} on`);
}

interface Decision extends DecisionOf {
  /** Another value that became known at the same moment, for the same day. */
  readonly rival?: string;
}

const sameSource = (a: DecisionOf, b: DecisionOf, { sources }: AttributeRule): boolean =>
  sources === undefined || a.source === b.source;

/** Of the decisions from one day on (of one source, where sources matter) the one known last. */
function lastKnown(decisions: readonly DecisionOf[], rule: AttributeRule): readonly Decision[] {
  const kept: Decision[] = [];
  for (const decision of decisions) {
    const index = kept.findIndex((each) => each.from === decision.from && sameSource(each, decision, rule));
    const before = kept[index];
    if (before === undefined) kept.push(decision);
    else if (before.known < decision.known) kept[index] = decision;
    else if (before.value !== decision.value) kept[index] = { ...decision, rival: before.value };
  }
  return kept;
}

/** From when each decision counts, and without those that came too often. The same choice again is no change. */
function effective(decisions: readonly Decision[], rule: AttributeRule): readonly Decision[] {
  if (rule.effective === undefined && rule.changesPerYear === undefined) return decisions;
  const kept: Decision[] = [];
  const changes = new Map<number, number>();
  for (const decision of decisions) {
    const from = rule.effective === 'next-month' ? endOfMonth(decision.from) + 1 : decision.from;
    const before = kept.findLast((each) => sameSource(each, decision, rule));
    if (before?.value === decision.value) continue;
    const { year } = partsOf(from);
    const made = changes.get(year) ?? 0;
    if (before !== undefined && rule.changesPerYear !== undefined && made >= rule.changesPerYear) continue;
    if (before !== undefined) changes.set(year, made + 1);
    kept.push({ ...decision, from });
  }
  return kept;
}

/** The name of the band that a number lies in. */
export function bandCode(name: string, rule: BandRule, compile: CompileAt): Code {
  const of = compile(`bands.${name}.of`, rule.of, 'number');
  const bands = Object.entries(rule.bands).map(([label, band]) => ({
    label,
    limits: (['from', 'above', 'below', 'upTo'] as const).flatMap((key) => {
      const formula = band[key];
      return formula === undefined
        ? []
        : [{ key, code: compile(`bands.${name}.bands.${label}.${key}`, formula, 'number') }];
    }),
  }));
  const run = (frame: Frame): Value => {
    const value = of.run(frame);
    if (value === null || value instanceof Missing) return value;
    const found = bands.find(({ limits }) =>
      limits.every(({ key, code }) => {
        const order = compareValues(value, code.run(frame));
        return key === 'from' ? order >= 0 : key === 'above' ? order > 0 : key === 'below' ? order < 0 : order <= 0;
      }),
    );
    return found?.label ?? new Missing('unknown', `${name} has no band for ${inWords(value)}`);
  };
  const parts = [of, ...bands.flatMap(({ limits }) => limits.map(({ code }) => code))];
  return { ...combine(parts, { type: 'text', run, show: show(run) }), codes: Object.keys(rule.bands) };
}

/** A cell of a table: a number, nothing, or unknown. */
export function tableCode(name: string, rule: TableRule, keys: readonly Code[], compile: CompileAt): Code | string {
  if (keys.length !== rule.by.length) return `"${name}" is looked up by ${rule.by.length} keys: ${rule.by.join(', ')}.`;
  const leaves = new Map<string, Code>();
  const shape = collect(name, rule.cells, [], rule.by.length, leaves, compile);
  if (shape !== undefined) return shape;
  const run = (frame: Frame): Value => {
    const path: string[] = [];
    for (const key of keys) {
      const value = key.run(frame);
      if (value === null || value instanceof Missing) return value;
      path.push(typeof value === 'string' ? value : inWords(value));
    }
    const cell = leaves.get(path.join('\n'));
    return cell === undefined
      ? new Missing('unknown', `${name} has no cell for ${path.join(', ')}`)
      : noted(cell.run(frame), name, path);
  };
  return combine([...keys, ...leaves.values()], { type: 'number', run, show: show(run) });
}

const noted = (value: Value, name: string, path: readonly string[]): Value =>
  value instanceof Missing && value.kind === 'unknown'
    ? new Missing('unknown', `${name} for ${path.join(', ')}: ${value.reason}`)
    : value;

function collect(
  name: string,
  cells: Cells,
  path: readonly string[],
  depth: number,
  leaves: Map<string, Code>,
  compile: CompileAt,
): string | undefined {
  for (const [key, cell] of Object.entries(cells)) {
    const here = [...path, key];
    const place = `tables.${name}.cells.${here.join('.')}`;
    if (here.length === depth) {
      if (typeof cell === 'object')
        throw new HubError('tariff.table', `a cell is a number, none or unknown; the table has ${depth} keys.`, {
          field: place,
        });
      leaves.set(here.join('\n'), compile(place, cell, 'number'));
    } else if (typeof cell === 'object') collect(name, cell, here, depth, leaves, compile);
    else
      throw new HubError('tariff.table', `the table has ${depth} keys: more cells are expected below ${key}.`, {
        field: place,
      });
  }
  return undefined;
}
