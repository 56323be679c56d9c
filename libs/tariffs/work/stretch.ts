import type { EpochDay, LocalDate } from '#libs/kernel/index.js';
import { dateOf, epochDay } from '../calendar.js';
import { COMMON_EVENTS } from '../compile/tariff-names.js';
import type { Tariff } from '../compile/tariff.js';
import type { Formula } from '../document/document.js';
import type { Frame } from '../engine/frame.js';
import { Person } from '../engine/person.js';
import type { Fact } from '../facts.js';
import { constantOf } from '../language/code.js';
import { FUNCTIONS } from '../language/functions.js';
import { own } from '../own.js';
import { startOf } from '../price.js';
import { parsed, partsOf } from './formula-parts.js';

/** The days between two that are both reckoned from one day. */
export interface Stretch {
  /** The event or the day of the payment from which both are reckoned; none where both are fixed. */
  readonly anchor: string;
  readonly from: EpochDay;
  readonly to: EpochDay;
  /** How many days it has where the months are the longest; none or less where it ends before it begins. */
  readonly days: number;
}

/** Undefined where an end is open, or where the ends hang on two days: nobody can say how far those lie apart. */
export function stretchOf(
  tariff: Tariff,
  place: string,
  { from, to }: { readonly from?: Formula | undefined; readonly to?: Formula | undefined },
): Stretch | undefined {
  if (from === undefined || to === undefined) return undefined;
  const anchor = anchorOf(tariff, from);
  if (anchor === undefined || anchor !== anchorOf(tariff, to)) return undefined;
  const [first, last] = [tariff.names.at(place, from, 'date'), tariff.names.at(place, to, 'date')];
  const stretches = sampleDays(tariff).flatMap((day) => {
    const frame = onOneDay(tariff, day);
    const [begin, end] = [first.run(frame), last.run(frame)];
    return typeof begin === 'number' && typeof end === 'number' ? [{ from: begin, to: end }] : [];
  });
  const [sample] = stretches;
  return sample === undefined
    ? undefined
    : { anchor, ...sample, days: Math.max(...stretches.map((each) => each.to - each.from + 1)) };
}

const PAYMENT_DAYS: readonly string[] = ['on', 'periodStart', 'periodEnd'];
const PLAIN: ReadonlySet<string> = new Set(['number', 'text', 'date', 'duration', 'truth', 'any']);

/** The one day that a formula reckons from; undefined where it hangs on more than that. */
function anchorOf(tariff: Tariff, formula: Formula): string | undefined {
  const [anchor = '', ...others] = new Set(namesIn(tariff, formula));
  const isDay = anchor === '' || PAYMENT_DAYS.includes(anchor) || tariff.names.has('event', anchor);
  return isDay && others.length === 0 ? anchor : undefined;
}

/** The names that a formula hangs on, and the functions that ask for more than days. */
function namesIn(tariff: Tariff, formula: Formula): readonly string[] {
  return partsOf(parsed(String(formula))).flatMap((ast) => {
    if (ast.kind === 'call')
      return own(FUNCTIONS, ast.name)?.parameters.every((kind) => PLAIN.has(kind)) === true ? [] : [`${ast.name}()`];
    if (ast.kind === 'cell') return [ast.name];
    if (ast.kind !== 'name') return [];
    const value = own(tariff.document.values, ast.name);
    if (value !== undefined) return namesIn(tariff, value);
    const code = tariff.names.value(ast.name, undefined);
    return typeof code !== 'string' && constantOf(code) !== undefined ? [] : [ast.name];
  });
}

const SAMPLES = { step: 13, count: 113 };

/** Days of four years, on which months are short and long. */
const sampleDays = ({ validFrom }: Tariff): readonly EpochDay[] =>
  Array.from({ length: SAMPLES.count }, (_, index) => epochDay(validFrom) + index * SAMPLES.step);

/** A person to whom everything happened on one day. */
function onOneDay(tariff: Tariff, day: EpochDay): Frame {
  const names = [...COMMON_EVENTS, ...(tariff.document.events ?? [])];
  const facts = names.map((name): Fact => ({ type: 'event', name, on: dateOf(day) }));
  const person = new Person({ values: {}, attributes: {} }, facts, { day: '9000-01-01' as LocalDate });
  return { ...startOf(tariff, person), on: day, periodStart: day, periodEnd: day };
}
