import { decimal, daysInMonth, type Decimal } from '#libs/kernel/index.js';
import {
  dayOf,
  endOfMonth,
  isWorkingDay,
  lastDayOf,
  monthsBetween,
  nextWorkingDay,
  partsOf,
  startOfMonth,
  weekdayOf,
  type Duration,
} from '../calendar.js';
import { clip, countDays, holdsOn, overlap, union, without, type DaySet } from '../engine/day-set.js';
import { looksUntil, type Frame } from '../engine/frame.js';
import { waitsUntil } from '../engine/ledger.js';
import { roundTo, ROUNDING_MODES, type RoundingMode } from '../engine/rounding.js';
import type { Depth } from './code.js';
import { numberField } from './fields.js';
import { Missing, type Type, type Value } from './value.js';
import { holidaysMissing, spanEnd } from './working-days.js';

/** What a function is given: a value of a type, or a name of the tariff. */
export type ParameterKind = Type | 'any' | 'event' | 'amount' | 'fee' | 'field';

export interface FunctionRule {
  readonly parameters: readonly ParameterKind[];
  /** The last so many may be left out. */
  readonly optional?: number;
  /** The last may be repeated. */
  readonly more?: true;
  readonly type: Type | 'same';
  readonly depth: Depth;
  /** It asks about the job of the payment. */
  readonly needsJob?: true;
  /** It decides itself what a missing value means. */
  readonly takesMissing?: true;
  readonly run: (frame: Frame, values: readonly Value[]) => Value;
}

const PURE = 0;
const PERSON = 1;
const PAYMENT = 2;

const num = (value: Value | undefined): Decimal => value as Decimal;
const day = (value: Value | undefined): number => value as number;
const set = (value: Value | undefined): DaySet => value as DaySet;
const name = (value: Value | undefined): string => value as string;
const count = (value: number): Decimal => decimal(BigInt(value));

type Run = FunctionRule['run'];
const rule = (
  parameters: readonly ParameterKind[],
  type: Type | 'same',
  depth: Depth,
  run: Run,
  more: Partial<FunctionRule> = {},
): FunctionRule => ({ parameters, type, depth, run, ...more });

/** The days of a window that have come, and the note that the rest is still ahead. */
function window(frame: Frame, from: Value | undefined, to: Value | undefined): { from: number; to: number } {
  looksUntil(frame, day(to));
  return { from: day(from), to: Math.min(day(to), frame.person.asOf) };
}

/** A window inside a set: the spells in it are facts that the answer rests on. */
function within(
  frame: Frame,
  days: DaySet,
  from: Value | undefined,
  to: Value | undefined,
): { from: number; to: number } {
  const limits = window(frame, from, to);
  for (const piece of days.pieces)
    if (piece.spell !== null && piece.from <= limits.to && piece.to >= limits.from)
      frame.person.used.add(piece.spell.id);
  return limits;
}

const extreme =
  (sign: 1 | -1): Run =>
  (_frame, values) =>
    values.reduce((a, b) => ((typeof a === 'number' ? a - day(b) : num(a).compare(num(b))) * sign >= 0 ? a : b));

function workingDays({ calendar }: Frame, days: DaySet, from: number, to: number): Decimal | Missing {
  let found = 0;
  for (const stretch of days.stretches) {
    const [first, last] = [Math.max(stretch.from, from), Math.min(stretch.to, to)];
    const missing = first > last ? undefined : holidaysMissing(first, last, calendar);
    if (missing !== undefined) return missing;
    for (let each = first; each <= last; each += 1) if (isWorkingDay(each, calendar)) found += 1;
  }
  return count(found);
}

/** Full weeks of seven days from a day on, each with at least so many days of the set. */
function weeksWith(frame: Frame, days: DaySet, from: number, to: number, least: Decimal): number {
  let weeks = 0;
  for (let start = from; start + 6 <= to; start += 7)
    if (count(countDays(days, start, Math.min(start + 6, frame.person.asOf))).compare(least) >= 0) weeks += 1;
  return weeks;
}

/** A number of each spell times its days in the window, for a week's seven days. */
function hoursIn(days: DaySet, from: number, to: number): Decimal | Missing {
  let sum = decimal(0n);
  for (const { spell, ...stretch } of days.pieces) {
    const length = Math.min(stretch.to, to) - Math.max(stretch.from, from) + 1;
    if (spell === null || length <= 0) continue;
    const hours = numberField(spell, 'weeklyHours');
    if (hours instanceof Missing) return hours;
    sum = sum.add(hours.mul(length).div(7));
  }
  return sum;
}

/**
 * Months of a set in a window. One unbroken stretch is measured by the calendar, what is left over in thirtieths; months that
 * need not follow each other have 30 days (BGB ss.188, 191).
 */
function monthsIn(frame: Frame, days: DaySet, from: number, to: number): Decimal {
  const { stretches } = clip(days, from, to);
  const [only] = stretches;
  if (only === undefined) return decimal(0n);
  if (stretches.length > 1) return count(countDays(days, from, to)).div(30);
  let months = 0;
  const end = (length: number): number => lastDayOf(only.from, { count: length, unit: 'months' }, frame.calendar);
  while (end(months + 1) <= only.to) months += 1;
  const rest = only.to - (months === 0 ? only.from - 1 : end(months));
  return count(months).add(count(rest).div(30));
}

function level(frame: Frame, days: DaySet, field: string, on: number): Decimal | Missing {
  let sum = decimal(0n);
  looksUntil(frame, on);
  for (const { spell, from, to } of days.pieces) {
    if (spell === null || from > on || to < on) continue;
    const value = numberField(spell, field);
    if (value instanceof Missing) return value;
    frame.person.used.add(spell.id);
    sum = sum.add(value);
  }
  return sum;
}

function amountsIn(frame: Frame, of: string, from: number, to: number): readonly Decimal[] {
  return frame.person.amountsOf(of).flatMap(({ on, value }) => {
    if (on < from || on > to) return [];
    frame.person.used.add(`amount:${of}`);
    return [value];
  });
}

const happenedDays = (frame: Frame, of: string, from: number, to: number): readonly number[] =>
  frame.person.eventsOf(of).flatMap(({ on }) => (on >= from && on <= to && on <= frame.person.asOf ? [on] : []));

function eventDay(frame: Frame, of: string, days: readonly number[], which: 'first' | 'last'): Value {
  const found = which === 'first' ? days[0] : days.at(-1);
  if (found === undefined) return new Missing('pending', `${of} has not happened`);
  frame.person.used.add(`event:${of}`);
  return found;
}

const EVER = 4_000_000;

const ARITHMETIC: Readonly<Record<string, FunctionRule>> = {
  min: rule(['any', 'any'], 'same', PURE, extreme(-1), { more: true }),
  max: rule(['any', 'any'], 'same', PURE, extreme(1), { more: true }),
  clamp: rule(['number', 'number', 'number'], 'number', PURE, (_frame, [value, low, high]) => {
    if (num(value).compare(num(low)) < 0) return num(low);
    return num(value).compare(num(high)) > 0 ? num(high) : num(value);
  }),
  abs: rule(['number'], 'number', PURE, (_frame, [value]) => num(value).abs()),
  round: rule(
    ['number', 'number', 'text'],
    'number',
    PURE,
    (_frame, [value, unit, mode]) => {
      const how = (mode ?? 'half-up') as RoundingMode;
      if (num(unit).compare(0) <= 0) return new Missing('unknown', 'a step to round to is above zero');
      return ROUNDING_MODES.includes(how)
        ? roundTo(num(value), num(unit), how)
        : new Missing('unknown', `"${how}" is no way of rounding: ${ROUNDING_MODES.join(', ')}`);
    },
    { optional: 1 },
  ),
  known: rule(['any'], 'truth', PURE, (_frame, [value]) => !(value instanceof Missing), { takesMissing: true }),
  payable: rule(['number'], 'truth', PURE, (_frame, [value]) => (value instanceof Missing ? value : value !== null), {
    takesMissing: true,
  }),
  orElse: rule(
    ['any', 'any'],
    'same',
    PURE,
    (_frame, [value, other]) => (value instanceof Missing ? (other ?? null) : (value ?? null)),
    {
      takesMissing: true,
    },
  ),
};

const DATES: Readonly<Record<string, FunctionRule>> = {
  lastDay: rule(['date', 'duration'], 'date', PERSON, (frame, [start, length]) =>
    spanEnd(day(start), length as Duration, frame.calendar),
  ),
  nextWorkingDay: rule(['date'], 'date', PERSON, (frame, [date]) => {
    const found = nextWorkingDay(day(date), frame.calendar);
    return holidaysMissing(day(date), found, frame.calendar) ?? found;
  }),
  isWorkingDay: rule(
    ['date'],
    'truth',
    PERSON,
    (frame, [date]) => holidaysMissing(day(date), day(date), frame.calendar) ?? isWorkingDay(day(date), frame.calendar),
  ),
  startOfMonth: rule(['date'], 'date', PURE, (_frame, [date]) => startOfMonth(day(date))),
  endOfMonth: rule(['date'], 'date', PURE, (_frame, [date]) => endOfMonth(day(date))),
  startOfNextMonth: rule(['date'], 'date', PURE, (_frame, [date]) => endOfMonth(day(date)) + 1),
  startOfYear: rule(['date'], 'date', PURE, (_frame, [date]) => dayOf(partsOf(day(date)).year, 1, 1)),
  endOfYear: rule(['date'], 'date', PURE, (_frame, [date]) => dayOf(partsOf(day(date)).year, 12, 31)),
  year: rule(['date'], 'number', PURE, (_frame, [date]) => count(partsOf(day(date)).year)),
  month: rule(['date'], 'number', PURE, (_frame, [date]) => count(partsOf(day(date)).month)),
  dayOfMonth: rule(['date'], 'number', PURE, (_frame, [date]) => count(partsOf(day(date)).day)),
  weekday: rule(['date'], 'number', PURE, (_frame, [date]) => count(weekdayOf(day(date)))),
  daysInMonth: rule(['date'], 'number', PURE, (_frame, [date]) => {
    const { year, month } = partsOf(day(date));
    return count(daysInMonth(year, month));
  }),
  daysBetween: rule(['date', 'date'], 'number', PURE, (_frame, [a, b]) => count(day(b) - day(a))),
  monthsBetween: rule(['date', 'date'], 'number', PURE, (_frame, [a, b]) => count(monthsBetween(day(a), day(b)))),
  yearsBetween: rule(['date', 'date'], 'number', PURE, (_frame, [a, b]) =>
    count(Math.trunc(monthsBetween(day(a), day(b)) / 12)),
  ),
  days: rule(['number'], 'duration', PURE, (_frame, [value]) => duration(num(value), 'days')),
  weeks: rule(['number'], 'duration', PURE, (_frame, [value]) => duration(num(value), 'weeks')),
  months: rule(['number'], 'duration', PURE, (_frame, [value]) => duration(num(value), 'months')),
};

function duration(value: Decimal, unit: Duration['unit']): Value {
  if (value.d !== 1n) return new Missing('unknown', `${value.toFraction()} ${unit} is not a whole number`);
  return { count: value.valueOf(), unit };
}

const DAY_SETS: Readonly<Record<string, FunctionRule>> = {
  daysIn: rule(['days', 'date', 'date'], 'number', PERSON, (frame, [days, from, to]) => {
    const limits = within(frame, set(days), from, to);
    return count(countDays(set(days), limits.from, limits.to));
  }),
  weeksIn: rule(['days', 'date', 'date'], 'number', PERSON, (frame, [days, from, to]) => {
    const limits = within(frame, set(days), from, to);
    return count(countDays(set(days), limits.from, limits.to)).div(7);
  }),
  monthsIn: rule(['days', 'date', 'date'], 'number', PERSON, (frame, [days, from, to]) => {
    const limits = within(frame, set(days), from, to);
    return monthsIn(frame, set(days), limits.from, limits.to);
  }),
  workingDaysIn: rule(['days', 'date', 'date'], 'number', PERSON, (frame, [days, from, to]) => {
    const limits = within(frame, set(days), from, to);
    return workingDays(frame, set(days), limits.from, limits.to);
  }),
  weeksWith: rule(['days', 'date', 'date', 'number'], 'number', PERSON, (frame, [days, from, to, least]) => {
    within(frame, set(days), from, to);
    return count(weeksWith(frame, set(days), day(from), day(to), num(least)));
  }),
  hoursIn: rule(['days', 'date', 'date'], 'number', PERSON, (frame, [days, from, to]) => {
    const limits = within(frame, set(days), from, to);
    return hoursIn(set(days), limits.from, limits.to);
  }),
  covers: rule(['days', 'date', 'date'], 'truth', PERSON, (frame, [days, from, to]) => {
    const limits = within(frame, set(days), from, to);
    const length = limits.to - limits.from + 1;
    return length <= 0 || countDays(set(days), limits.from, limits.to) === length;
  }),
  anyDay: rule(['days', 'date', 'date'], 'truth', PERSON, (frame, [days, from, to]) => {
    const limits = within(frame, set(days), from, to);
    return countDays(set(days), limits.from, limits.to) > 0;
  }),
  holds: rule(['days', 'date'], 'truth', PERSON, (frame, [days, on]) => {
    const limits = within(frame, set(days), on, on);
    return limits.to === day(on) && holdsOn(set(days), day(on));
  }),
  spellsIn: rule(['days', 'date', 'date'], 'number', PERSON, (frame, [days, from, to]) => {
    const limits = within(frame, set(days), from, to);
    const found = set(days).pieces.filter((piece) => piece.from <= limits.to && piece.to >= limits.from);
    return count(new Set(found.map((piece) => piece.spell)).size);
  }),
  level: rule(['days', 'field', 'date'], 'number', PERSON, (frame, [days, field, on]) =>
    level(frame, set(days), name(field), day(on)),
  ),
  firstDay: rule(['days', 'date'], 'date', PERSON, (frame, [days, from]) => {
    const found = set(days).stretches.find((stretch) => stretch.to >= day(from));
    const first = found === undefined ? Infinity : Math.max(found.from, day(from));
    return first > frame.person.asOf ? new Missing('pending', 'no such day has come') : first;
  }),
  /** First day of the unbroken stretch that holds on a day. */
  since: rule(['days', 'date'], 'date', PERSON, (frame, [days, on]) => {
    within(frame, set(days), on, on);
    const found = set(days).stretches.find((stretch) => stretch.from <= day(on) && day(on) <= stretch.to);
    return found === undefined ? new Missing('unknown', 'the state does not hold on that day') : found.from;
  }),
  union: rule(['days', 'days'], 'days', PURE, (_frame, values) => union(values.map(set)), { more: true }),
  overlap: rule(['days', 'days'], 'days', PURE, (_frame, [a, b]) => overlap(set(a), set(b))),
  without: rule(['days', 'days'], 'days', PURE, (_frame, [a, b]) => without(set(a), set(b))),
};

const HAPPENINGS: Readonly<Record<string, FunctionRule>> = {
  happened: rule(
    ['event', 'date', 'date'],
    'truth',
    PERSON,
    (frame, [of, from, to]) => {
      if (to !== undefined) looksUntil(frame, day(to));
      const found = happenedDays(
        frame,
        name(of),
        from === undefined ? -EVER : day(from),
        to === undefined ? EVER : day(to),
      );
      if (found.length > 0) frame.person.used.add(`event:${name(of)}`);
      return found.length > 0;
    },
    { optional: 2 },
  ),
  times: rule(['event', 'date', 'date'], 'number', PERSON, (frame, [of, from, to]) => {
    looksUntil(frame, day(to));
    return count(happenedDays(frame, name(of), day(from), day(to)).length);
  }),
  first: rule(['event', 'date'], 'date', PERSON, (frame, [of, from]) =>
    eventDay(frame, name(of), happenedDays(frame, name(of), day(from), EVER), 'first'),
  ),
  last: rule(['event', 'date'], 'date', PERSON, (frame, [of, until]) => {
    looksUntil(frame, day(until));
    return eventDay(frame, name(of), happenedDays(frame, name(of), -EVER, day(until)), 'last');
  }),
  sum: rule(['amount', 'date', 'date'], 'number', PERSON, (frame, [of, from, to]) => {
    const limits = window(frame, from, to);
    return amountsIn(frame, name(of), limits.from, limits.to).reduce((a, b) => a.add(b), decimal(0n));
  }),
  entries: rule(['amount', 'date', 'date'], 'number', PERSON, (frame, [of, from, to]) => {
    const limits = window(frame, from, to);
    return count(amountsIn(frame, name(of), limits.from, limits.to).length);
  }),
  /** The last value told by a day. */
  latest: rule(['amount', 'date'], 'number', PERSON, (frame, [of, until]) => {
    const limits = window(frame, -EVER, until);
    return (
      amountsIn(frame, name(of), limits.from, limits.to).at(-1) ?? new Missing('unknown', `nobody told ${name(of)}`)
    );
  }),
};

/** Days of a fee's payments: all until `on`, where none are said. A last day that is still ahead is waited for. */
function feeDays(frame: Frame, from: Value | undefined, to: Value | undefined): readonly [from: number, to: number] {
  if (to !== undefined) looksUntil(frame, day(to));
  return [from === undefined ? -EVER : day(from), to === undefined ? frame.on : day(to)];
}

const FEES: Readonly<Record<string, FunctionRule>> = {
  paid: rule(
    ['fee', 'date', 'date'],
    'number',
    PAYMENT,
    (frame, [fee, from, to]) => frame.ledger.paid(name(fee), ...feeDays(frame, from, to)),
    { optional: 2 },
  ),
  payments: rule(
    ['fee', 'date', 'date'],
    'number',
    PAYMENT,
    (frame, [fee, from, to]) => {
      const found = frame.ledger.count(name(fee), ...feeDays(frame, from, to));
      return found instanceof Missing ? found : count(found);
    },
    { optional: 2 },
  ),
  /** What was paid of a fee for the job that this payment is about. */
  paidForJob: rule(
    ['fee'],
    'number',
    PAYMENT,
    (frame, [fee]) => frame.ledger.paid(name(fee), -EVER, frame.on, frame.job),
    { needsJob: true },
  ),
  dueOn: rule(['fee'], 'date', PERSON, (frame, [fee]) => {
    const first = frame.ledger.nthDue(name(fee));
    if (first.kind === 'due') return first.on;
    const why = first.kind === 'unknown' && first.because !== undefined ? ` (${first.because.why})` : '';
    return new Missing(first.kind, `${name(fee)} is not due${why}`, waitsUntil(first));
  }),
};

/** Every function of the language, by its name. */
export const FUNCTIONS: Readonly<Record<string, FunctionRule>> = {
  ...ARITHMETIC,
  ...DATES,
  ...DAY_SETS,
  ...HAPPENINGS,
  ...FEES,
};
