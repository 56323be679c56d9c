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
}

/** `{ every: calendar month, from: started, where: …, times: 12 }`: each period of a clock that passes pays. */
export function everyTrigger(place: string, rule: EveryTrigger, names: TariffNames): TriggerCode {
  const rhythm = located(`${place}.every`, () => parseRhythm(rule.every));
  const window = windowCode(place, rule, names);
  const where = rule.where === undefined ? undefined : names.at(`${place}.where`, rule.where, 'truth');
  const times = rule.times === undefined ? undefined : names.at(`${place}.times`, rule.times, 'number');
  return (frame) => {
    const limits = window.run(frame);
    if (limits instanceof Missing) return waitsFor(limits);
    const count = times?.run(frame);
    if (count instanceof Missing) return waitsFor(count);
    const most = count == null ? Infinity : (count as Decimal).valueOf();
    return run({ rule, rhythm, where, ...limits, times: most }, frame);
  };
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
    if (on > frame.person.asOf) return { reached, rest: notYet(`period ${n} ends on ${dayInWords(on)}`, on).rest };
    const passes = test(clock, frame, period, on, n);
    if (passes instanceof Missing) return { reached, rest: missingPeriod(passes, period) };
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
