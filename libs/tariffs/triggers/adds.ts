import { decimal, HubError, type Decimal, type EpochDay } from '#libs/kernel/index.js';
import { daysIn, dayInWords, type Duration } from '../calendar.js';
import type { TariffNames } from '../compile/tariff-names.js';
import type { AddsTrigger } from '../document/document.js';
import { clip, countDays, mostOf, nthDay, type DaySet, type Piece } from '../engine/day-set.js';
import type { Frame, Run } from '../engine/frame.js';
import {
  eitherWay,
  never,
  notYet,
  waitsFor,
  waitsFrom,
  type Reached,
  type Rest,
  type TriggerAnswer,
  type TriggerCode,
} from '../engine/trigger.js';
import { constantOf, numberInWords, type Code } from '../language/code.js';
import { Missing, type Value } from '../language/value.js';
import { aboveZero, countOf, durationAt } from './above-zero.js';
import { beforePayment } from './before-payment.js';
import { windowCode, type Window } from './window.js';
import { weightedDay, type Weighing } from './weigh.js';

/** `{ adds: 26 weeks, of: work }`: days add up, gaps allowed, each day once. */
export function addsTrigger(place: string, rule: AddsTrigger, names: TariffNames): TriggerCode {
  const need = aboveZero(`${place}.adds`, names.any(`${place}.adds`, rule.adds));
  if (need.type !== 'duration') names.at(`${place}.adds`, rule.adds, 'number');
  const of = beforePayment(`${place}.of`, names.at(`${place}.of`, rule.of, 'days'));
  const times =
    rule.times === undefined ? undefined : countOf(`${place}.times`, names.at(`${place}.times`, rule.times, 'number'));
  const weight =
    rule.weight === undefined
      ? undefined
      : beforePayment(`${place}.weight`, names.at(`${place}.weight`, rule.weight, 'number'));
  // A day of one spell may count nothing; a weight that is always nothing may not.
  if (weight?.depth === 0) aboveZero(`${place}.weight`, weight);
  const dayCap =
    rule.dayCap === undefined
      ? undefined
      : aboveZero(`${place}.dayCap`, names.at(`${place}.dayCap`, rule.dayCap, 'number'));
  if (dayCap !== undefined && weight === undefined)
    throw new HubError('tariff.trigger', '"dayCap" limits what a day weighs: without "weight" each day counts once.', {
      field: `${place}.dayCap`,
    });
  const within = rule.within === undefined ? undefined : durationAt(`${place}.within`, rule.within);
  const window = windowCode(place, rule, names);
  const always = constantOf(need);
  const fixedGoal = always === undefined || always instanceof Missing ? undefined : goalOf(always);
  return (frame) => {
    const set = of.run(frame);
    if (set instanceof Missing) return waitsFor(set);
    const limits = window.run(frame);
    const found = values(frame, [need, times, dayCap]);
    if (found instanceof Missing)
      return limits instanceof Missing ? waitsFor(found) : waitsFrom(found, firstDayIn(set as DaySet, limits));
    if (limits instanceof Missing) return waitsFor(limits);
    const [target, payments, cap] = found;
    const goal = fixedGoal ?? goalOf(target ?? null);
    const weighing: Weighing | undefined =
      weight === undefined && within === undefined ? undefined : { weight, cap: cap as Decimal | undefined, within };
    const count = payments === undefined ? 1 : toCount(payments);
    const next = of.changesOn?.(frame);
    const answerFor = (days: DaySet): TriggerAnswer =>
      answer({ frame, set: clip(days, limits.from, limits.to), limits, goal, payments: count, weighing, next });
    const days = set as DaySet;
    const least = answerFor(days);
    return days.open === null ? least : eitherWay(least, answerFor(days.open.most), days.open.why);
  };
}

const firstDayIn = (set: DaySet, { from, to }: Window): number =>
  mostOf(clip(set, from, to)).pieces[0]?.from ?? Infinity;

/** The values of formulas that are there; the first that is missing ends it. */
function values(frame: Frame, codes: readonly (Code | undefined)[]): readonly (Value | undefined)[] | Missing {
  const found: (Value | undefined)[] = [];
  for (const code of codes) {
    const value = code?.run(frame);
    if (value instanceof Missing) return value;
    found.push(value);
  }
  return found;
}

const toCount = (value: Value): number => (value === null ? 0 : (value as Decimal).valueOf());

interface Goal {
  /** Days, or what the days weigh. */
  readonly need: Decimal;
  readonly needDays: number;
  readonly unitDays: number;
  readonly unit: string;
}

const UNITS = {
  days: ['days', 1],
  weeks: ['weeks', 7],
  months: ['months', 30],
  'working-days': ['working days', 1],
} as const;

function goalOf(target: Value): Goal {
  const duration = target as Duration | Decimal | null;
  if (duration === null) return { need: decimal(0n), needDays: 0, unitDays: 1, unit: '' };
  if (!('unit' in duration)) return { need: duration, needDays: Math.ceil(duration.valueOf()), unitDays: 1, unit: '' };
  const [unit, unitDays] = UNITS[duration.unit];
  const needDays = daysIn(duration);
  return { need: decimal(needDays), needDays, unitDays, unit: duration.count === 1 ? unit.slice(0, -1) : unit };
}

interface Question {
  readonly frame: Frame;
  /** The days inside the window. */
  readonly set: DaySet;
  readonly limits: Window;
  readonly goal: Goal;
  readonly payments: number;
  readonly weighing: Weighing | undefined;
  /** The next day on which the set may grow by itself, where that is known. */
  readonly next: EpochDay | undefined;
}

function answer(question: Question): TriggerAnswer {
  const { frame, set, goal, payments, weighing } = question;
  const reached: Reached[] = [];
  let left = question;
  for (let n = 1; n <= payments; n += 1) {
    // What lies within a stretch of a length cannot add up over several: it begins anew with each payment.
    const times = weighing?.within === undefined ? n : 1;
    const on =
      weighing === undefined
        ? nthDay(set, goal.needDays * times, -Infinity)
        : weightedDay(left.set, goal.need.mul(times), weighing, frame);
    if (on instanceof Missing) return { ...waitsFor(on), reached };
    if (on === undefined || on > frame.person.asOf) return { reached, rest: rest(left, times, on) };
    reached.push({ ...reachedBy(left, times, on), n });
    if (weighing?.within !== undefined) left = { ...left, set: clip(set, on + 1, Infinity) };
  }
  return { reached, rest: null };
}

function reachedBy({ set, goal, weighing, frame }: Question, n: number, on: EpochDay): Reached {
  const begins =
    n === 1 || weighing !== undefined
      ? (set.stretches[0]?.from ?? on)
      : (nthDay(set, goal.needDays * (n - 1) + 1, -Infinity) ?? on);
  const pieces = set.pieces.filter((piece) => piece.from <= on && piece.to >= begins);
  return {
    on,
    from: begins,
    to: on,
    n,
    job: jobOn(pieces, on),
    used: spellIdsOf(pieces),
    words: `${progress(goal, undefined, n)} reached on ${dayInWords(on)}`,
    nthDayBack: (days) => {
      const total = countDays(set, -Infinity, on);
      return nthDay(set, Math.max(1, Math.min(total, total - days + 1)), -Infinity) ?? frame.on;
    },
  };
}

function spellIdsOf(pieces: readonly Piece[]): readonly string[] {
  const ids: string[] = [];
  for (const { spell } of pieces) if (spell !== null) ids.push(spell.id);
  return ids;
}

/** The spell that brought the last day, for formulas that ask about the job. */
function jobOn(pieces: readonly Piece[], on: EpochDay): Run | null {
  const last = pieces.findLast((piece) => piece.spell !== null && piece.from <= on && on <= piece.to)?.spell;
  return last == null ? null : { start: last.start, end: last.end, spells: [last] };
}

/** `26 of 26 weeks`; without days, all of them. */
function progress({ need, needDays, unitDays, unit }: Goal, days: number | undefined, n: number): string {
  const all = unit === '' ? numberInWords(need.mul(n)) : String((needDays * n) / unitDays);
  const done = days === undefined ? all : String(Math.floor(days / unitDays));
  return `${done} of ${all}${unit === '' ? '' : ` ${unit}`}`;
}

function rest(
  { frame, set, limits, goal, weighing, next }: Question,
  n: number,
  on: EpochDay | undefined,
): Rest | null {
  const { asOf } = frame.person;
  const days = countDays(set, -Infinity, asOf);
  const soFar = weighing === undefined ? `${progress(goal, days, n)} so far` : 'not enough so far';
  if (on !== undefined) return notYet(`${soFar}; ${dayInWords(on)} if it goes on`, on).rest;
  const earliest = next === undefined || next > limits.to ? null : next;
  if (limits.to === Infinity) return notYet(soFar, earliest).rest;
  // From this day on there are too few left; what they weigh decides only the last.
  const tooLate = weighing === undefined ? limits.to - (goal.needDays * n - days) + 1 : limits.to;
  return asOf < tooLate
    ? notYet(soFar, Math.min(earliest ?? Infinity, tooLate)).rest
    : never(`${soFar}; ${dayInWords(limits.to)} is the last day that counts`).rest;
}
