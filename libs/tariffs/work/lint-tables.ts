import type { Tariff } from '../compile/tariff.js';
import type { Cells } from '../document/document.js';
import { constantOf, inWords } from '../language/code.js';
import { compareValues } from '../language/operators.js';
import type { Ast } from '../language/parse.js';
import type { Value } from '../language/value.js';
import { own } from '../own.js';
import { error, isNumber, leavesOf, rulesOf, warning, type Finding } from './finding.js';
import { parsed, partsOf } from './formula-parts.js';

interface Limit {
  readonly value: Value;
  readonly included: boolean;
}

/** Bands of one number, in their order: no two hold the same number, and no number lies between two. */
export function bandFindings(tariff: Tariff): readonly Finding[] {
  const { document, names, attributes, terms } = tariff;
  return Object.entries(document.bands ?? {}).flatMap(([name, { of, bands }]) => {
    const ranges = Object.entries(bands).map(([label, band]) => {
      const limit = (open: 'above' | 'below', closed: 'from' | 'upTo'): Limit | undefined => {
        const key = band[closed] === undefined ? open : closed;
        const formula = band[key];
        const value = formula === undefined ? undefined : constantOf(names.at(`bands.${name}`, formula, 'number'));
        return value === undefined ? undefined : { value, included: key === closed };
      };
      return { label, low: limit('above', 'from'), high: limit('below', 'upTo') };
    });
    const ordered = ranges.toSorted((a, b) =>
      a.low === undefined ? -1 : b.low === undefined ? 1 : compareValues(a.low.value, b.low.value),
    );
    const whole = isWhole(tariff, parsed(String(of)));
    const limits = attributes.get(String(of)) ?? terms.get(String(of));
    const [min, max] = [constantOf(limits?.min), constantOf(limits?.max)];
    const outside = ordered.flatMap(({ label, low, high }) =>
      (isNumber(max) && low !== undefined && isBeyond(compareValues(low.value, max), low)) ||
      (isNumber(min) && high !== undefined && isBeyond(compareValues(min, high.value), high))
        ? [error(`bands.${name}.bands.${label}`, `nobody can be in it: ${String(of)} has other limits.`)]
        : [],
    );
    const neighbours = ordered.flatMap((next, index): Finding[] => {
      const previous = ordered[index - 1];
      if (previous === undefined) return [];
      const place = `bands.${name}.bands.${next.label}`;
      if (previous.high === undefined || next.low === undefined)
        return [error(place, `overlaps with ${previous.label}: a limit is missing.`)];
      const order = compareValues(previous.high.value, next.low.value);
      const touching = order === 0;
      if (order > 0 || (touching && previous.high.included && next.low.included))
        return [error(place, `overlaps with ${previous.label}.`)];
      if (whole && isNext(previous.high, next.low)) return [];
      if (order < 0 || (touching && !previous.high.included && !next.low.included))
        return [warning(place, `leaves a gap to ${previous.label}.`)];
      return [];
    });
    return [...outside, ...neighbours];
  });
}

/** Past the limit, or at it where the band does not hold it. */
const isBeyond = (order: number, { included }: Limit): boolean => order > 0 || (order === 0 && !included);

/** Of whole numbers, none lies between the two. */
const isNext = (high: Limit, low: Limit): boolean =>
  isNumber(high.value) &&
  isNumber(low.value) &&
  high.included &&
  low.included &&
  high.value.add(1).compare(low.value) === 0;

const COUNTS: ReadonlySet<string> = new Set([
  ...['yearsBetween', 'monthsBetween', 'daysBetween', 'year', 'month', 'dayOfMonth', 'weekday', 'daysInMonth'],
  ...['daysIn', 'workingDaysIn', 'weeksWith', 'spellsIn', 'times', 'entries', 'payments'],
]);

/** Whether a formula counts something, so that it is never a fraction. */
function isWhole(tariff: Tariff, formula: Ast | undefined): boolean {
  const all = (...parts: readonly Ast[]): boolean => parts.every((part) => isWhole(tariff, part));
  switch (formula?.kind) {
    case 'number':
      return /^\d+$/.test(formula.text);
    case 'name': {
      const value = own(tariff.document.values, formula.name);
      return formula.name === 'n' || (value !== undefined && isWhole(tariff, parsed(String(value))));
    }
    case 'call':
      return COUNTS.has(formula.name) || (['min', 'max'].includes(formula.name) && all(...formula.args));
    case 'unary':
      return all(formula.inner);
    case 'binary':
      return formula.operator !== '/' && all(formula.left, formula.right);
    case 'if':
      return all(formula.yes, formula.no);
    default:
      return false;
  }
}

/** The words that a key of a table can be, where the document says so. */
function wordsOf(tariff: Tariff, key: string): readonly string[] | undefined {
  const code = tariff.names.value(key, undefined);
  if (typeof code === 'string') return undefined;
  if (code.type === 'truth') return [true, false].map(inWords);
  const value = own(tariff.document.values, key);
  return code.codes ?? (value === undefined ? undefined : textsOf(tariff, parsed(String(value))));
}

/** The texts among which a formula chooses. */
function textsOf(tariff: Tariff, formula: Ast | undefined): readonly string[] | undefined {
  if (formula?.kind === 'text') return [formula.text];
  if (formula?.kind === 'name') return wordsOf(tariff, formula.name);
  if (formula?.kind !== 'if') return undefined;
  const [yes, no] = [textsOf(tariff, formula.yes), textsOf(tariff, formula.no)];
  return yes === undefined || no === undefined ? undefined : [...new Set([...yes, ...no])];
}

/** Cells that nobody reaches, and those that are asked for and not there. */
export function tableFindings(tariff: Tariff): readonly Finding[] {
  const lookups = lookupsOf(tariff);
  return Object.entries(tariff.document.tables ?? {}).flatMap(([name, { by, cells }]) => [
    ...cellFindings(tariff, `tables.${name}.cells`, by, cells),
    ...lookupFindings(`tables.${name}.cells`, by, cells, lookups.get(name) ?? []),
    ...(leavesOf(cells).every((cell) => cell === 'none')
      ? [error(`tables.${name}`, 'nothing is payable in any of its cells.')]
      : []),
  ]);
}

function cellFindings(tariff: Tariff, place: string, by: readonly string[], cells: Cells): readonly Finding[] {
  const [key, ...rest] = by;
  if (key === undefined) return [];
  const words = wordsOf(tariff, key);
  const found = Object.entries(cells).flatMap(([word, inner]): readonly Finding[] => {
    const here = `${place}.${word}`;
    if (words !== undefined && !words.includes(word))
      return [error(here, `nobody can reach this cell: ${key} is one of ${words.join(', ')}.`)];
    return typeof inner === 'object' ? cellFindings(tariff, here, rest, inner) : [];
  });
  const missing = words?.filter((word) => !Object.hasOwn(cells, word)) ?? [];
  return [
    ...found,
    ...missing.map((word) => error(place, `there is no cell for ${key} "${word}": write a number, none or unknown.`)),
    ...numberFindings(tariff, place, key, Object.keys(cells)),
  ];
}

const WHOLE = /^-?\d{1,9}$/;
/** Who writes a cell for each number does not write more of them. */
const NUMBERS_MAX = 100;

/** Of a key that is a number with limits: cells outside them, and whole numbers that have none where the others have one. */
function numberFindings(
  { attributes, terms }: Tariff,
  place: string,
  key: string,
  words: readonly string[],
): readonly Finding[] {
  const limits = attributes.get(key) ?? terms.get(key);
  const [min, max] = [constantOf(limits?.min), constantOf(limits?.max)];
  if (!words.every((word) => WHOLE.test(word))) return [];
  const outside = words.filter(
    (word) => (isNumber(min) && min.compare(Number(word)) > 0) || (isNumber(max) && max.compare(Number(word)) < 0),
  );
  const [first, last] =
    isNumber(min) && isNumber(max) ? [Math.ceil(min.valueOf()), Math.floor(max.valueOf())] : [0, -1];
  const all =
    last - first < NUMBERS_MAX ? Array.from({ length: last - first + 1 }, (_, index) => String(first + index)) : [];
  return [
    ...outside.map((word) => error(`${place}.${word}`, `nobody can reach this cell: ${key} has other limits.`)),
    ...all
      .filter((word) => !words.includes(word))
      .map((word) => warning(place, `there is no cell for ${key} ${word}: write a number, none or unknown.`)),
  ];
}

/** The words that each key of one lookup can be; undefined where the document does not say. */
type Lookup = readonly Key[];

interface Key {
  readonly words: readonly string[] | undefined;
  /** It is written in the formula as it is. */
  readonly literal: boolean;
}

/** How formulas look up each table: `price` by the names of its keys, `price[area, 'first']` by what is written. */
function lookupsOf(tariff: Tariff): ReadonlyMap<string, readonly Lookup[]> {
  const { document } = tariff;
  const found = rulesOf(document).flatMap(({ text }) => partsOf(parsed(text)));
  const named = (name: string): Key => ({ words: wordsOf(tariff, name), literal: false });
  const keyOf = (ast: Ast): Key => {
    if (ast.kind === 'text' || ast.kind === 'number') return { words: [ast.text], literal: true };
    return ast.kind === 'name' ? named(ast.name) : { words: undefined, literal: false };
  };
  const lookups = found.flatMap((ast): (readonly [string, Lookup])[] => {
    if (ast.kind === 'cell') return [[ast.name, ast.args.map(keyOf)]];
    const table = ast.kind === 'name' ? own(document.tables, ast.name) : undefined;
    return ast.kind === 'name' && table !== undefined ? [[ast.name, table.by.map(named)]] : [];
  });
  return new Map([...Map.groupBy(lookups, ([name]) => name)].map(([name, all]) => [name, all.map(([, keys]) => keys)]));
}

/** Where keys are written in formulas: cells that no formula asks for, and keys that one asks for and that are not there. */
function lookupFindings(
  place: string,
  by: readonly string[],
  cells: Cells,
  lookups: readonly Lookup[],
): readonly Finding[] {
  if (!lookups.some((keys) => keys.some(({ literal }) => literal))) return [];
  const paths = pathsOf(cells);
  const covers = (keys: Lookup, path: readonly string[]): boolean =>
    path.every((word, index) => keys[index]?.words?.includes(word) ?? true);
  const unasked = paths.filter((path) => !lookups.some((keys) => covers(keys, path)));
  const lacking = lookups.flatMap((keys) =>
    keys.flatMap(({ words, literal }, index) => {
      const [word = ''] = words ?? [];
      const others = keys.map((key, at) => (at === index ? { words: undefined, literal: false } : key));
      const fitting = paths.filter((path) => covers(others, path));
      return literal && !fitting.some((path) => path[index] === word) ? [`${by[index] ?? ''} "${word}"`] : [];
    }),
  );
  return [
    ...unasked.map((path) =>
      error(`${place}.${path.join('.')}`, 'nobody can reach this cell: no formula asks for it.'),
    ),
    ...[...new Set(lacking)].map((key) => error(place, `there is no cell for ${key}, which a formula asks for.`)),
  ];
}

const pathsOf = (cells: Cells, above: readonly string[] = []): readonly (readonly string[])[] =>
  Object.entries(cells).flatMap(([word, cell]) =>
    typeof cell === 'object' ? pathsOf(cell, [...above, word]) : [[...above, word]],
  );
