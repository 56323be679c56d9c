import type { Decimal } from '#libs/kernel/index.js';
import { dayInWords } from '../calendar.js';
import { located } from '../compile/located.js';
import type { TariffNames } from '../compile/tariff-names.js';
import type { EveryTrigger } from '../document/document.js';
import type { Stretch } from '../engine/day-set.js';
import type { Frame } from '../engine/frame.js';
import { parseRhythm, periodsFrom, type Rhythm } from '../engine/periods.js';
import {
  never,
  notYet,
  restOf,
  waitsFor,
  type Reached,
  type Rest,
  type TriggerAnswer,
  type TriggerCode,
} from '../engine/trigger.js';
import type { Code } from '../language/code.js';
import { Missing } from '../language/value.js';
import { windowCode } from './window.js';

interface Clock {
  readonly rule: EveryTrigger;
  readonly rhythm: Rhythm;
  readonly where: Code | undefined;
  readonly from: number;
  readonly to: number;
  readonly times: number;
  /** One payment for so many periods that passed; undefined: one for each. */
  readonly passes: number | undefined;
  /** … within so many that follow each other. */
  readonly within: number;
}

/** `{ every: calendar month, from: started, where: …, times: 12 }`: each period of a clock that passes pays. */
export function everyTrigger(place: string, rule: EveryTrigger, names: TariffNames): TriggerCode {
  const rhythm = located(`${place}.every`, () => parseRhythm(rule.every));
  const window = windowCode(place, rule, names);
  const where = rule.where === undefined ? undefined : names.at(`${place}.where`, rule.where, 'truth');
  const times = rule.times === undefined ? undefined : names.at(`${place}.times`, rule.times, 'number');
  const passes = rule.passes === undefined ? undefined : names.at(`${place}.passes`, rule.passes, 'number');
  const within = rule.within === undefined ? undefined : names.at(`${place}.within`, rule.within, 'number');
  return (frame) => {
    const limits = window.run(frame);
    if (limits instanceof Missing) return waitsFor(limits);
    const counts = [times, passes, within].map((code) => code?.run(frame));
    const missing = counts.find((count) => count instanceof Missing);
    if (missing instanceof Missing) return waitsFor(missing);
    const [most, needed, stretch] = counts.map((count) => (count == null ? undefined : (count as Decimal).valueOf()));
    const clock = { rule, rhythm, where, ...limits, passes: needed, within: stretch ?? Infinity };
    return needed === undefined
      ? run({ ...clock, times: most ?? Infinity }, frame)
      : runPassing({ ...clock, times: most ?? 1 }, needed, frame);
  };
}

/** One payment each time that so many periods passed, within a stretch of periods where the tariff limits it. */
function runPassing(clock: Clock, needed: number, frame: Frame): TriggerAnswer {
  const reached: Reached[] = [];
  let passed: { readonly index: number; readonly period: Stretch }[] = [];
  let index = 0;
  for (const period of periodsFrom(clock.rhythm, clock.from, clock.to, frame.calendar)) {
    if (reached.length >= clock.times) return { reached, rest: null };
    index += 1;
    const on = period.to;
    const soFar = `${passed.length} of ${needed} periods passed`;
    if (on > frame.person.asOf) return { reached, rest: notYet(`${soFar} so far`, on).rest };
    const passes = test(clock, frame, period, on, index);
    if (passes instanceof Missing) return { reached, rest: missingPeriod(passes, period) };
    if (passes) passed.push({ index, period });
    passed = passed.filter((each) => each.index > index - clock.within);
    if (passed.length < needed) continue;
    const n = reached.length + 1;
    const from = passed[0]?.period.from ?? period.from;
    const words = `${needed} of ${needed} periods passed on ${dayInWords(on)}`;
    reached.push({ on, from, to: on, n, job: null, used: [], words });
    passed = [];
  }
  if (reached.length >= clock.times) return { reached, rest: null };
  return { reached, rest: never(`${passed.length} of ${needed} periods passed`).rest };
}

function run(clock: Clock, frame: Frame): TriggerAnswer {
  const reached: Reached[] = [];
  let passed = 0;
  const counting = clock.rule.clock === 'counting';
  for (const period of periodsFrom(clock.rhythm, clock.from, clock.to, frame.calendar)) {
    const used = counting ? reached.length : passed;
    if (used >= clock.times) return { reached, rest: reached.length > 0 ? null : never('no period passed').rest };
    passed += 1;
    const on = clock.rule.pays === 'start' ? period.from : period.to;
    const n = counting ? reached.length + 1 : passed;
    if (on > frame.person.asOf)
      return { reached, rest: { kind: 'not-yet', n, earliest: on, words: `period ${n} ends on ${dayInWords(on)}` } };
    const passes = test(clock, frame, period, on, n);
    if (passes instanceof Missing) return { reached, rest: { ...missingPeriod(passes, period), n } };
    if (passes) reached.push(reachedBy(period, on, n));
    else if (clock.rule.unbroken === true)
      return {
        reached,
        rest: never(`the period from ${dayInWords(period.from)} to ${dayInWords(period.to)} did not pass`).rest,
      };
  }
  return { reached, rest: reached.length > 0 ? null : never('no period passed').rest };
}

function test(clock: Clock, frame: Frame, period: Stretch, on: number, n: number): boolean | Missing {
  const passes = clock.where?.run({ ...frame, on, periodStart: period.from, periodEnd: period.to, n }) ?? true;
  return passes instanceof Missing ? passes : passes === true;
}

function missingPeriod(missing: Missing, period: Stretch): Rest {
  const rest = restOf(missing);
  return { ...rest, words: `${dayInWords(period.from)} to ${dayInWords(period.to)}: ${rest.words}` };
}

const reachedBy = (period: Stretch, on: number, n: number): Reached => ({
  on,
  from: period.from,
  to: period.to,
  n,
  job: null,
  used: [],
  words: `period ${n}, ${dayInWords(period.from)} to ${dayInWords(period.to)}`,
});
