import { HubError, type Decimal } from '#libs/kernel/index.js';
import { dayInWords } from '../calendar.js';
import type { TariffNames } from '../compile/tariff-names.js';
import type { EveryTrigger } from '../document/document.js';
import type { Stretch } from '../engine/day-set.js';
import type { Frame } from '../engine/frame.js';
import { clockCode, periodsFrom, type Clock } from '../engine/periods.js';
import {
  judged,
  never,
  notYet,
  restOf,
  waitsFor,
  type Reached,
  type Rest,
  type TriggerAnswer,
  type TriggerCode,
} from '../engine/trigger.js';
import { constantOf, type Code } from '../language/code.js';
import { Missing, type Value } from '../language/value.js';
import { countOf } from './above-zero.js';
import { windowCode } from './window.js';

interface Running {
  readonly rule: EveryTrigger;
  readonly clock: Clock;
  readonly where: Code | undefined;
  readonly from: number;
  readonly to: number;
  /** The day on which a limit may become another one. */
  readonly changesOn: number;
  readonly times: number;
  /** One payment for so many periods that passed; undefined: one for each. */
  readonly passes: number | undefined;
  /** … within so many that follow each other. */
  readonly within: number;
}

/** `{ every: calendar month, from: started, where: …, times: 12 }`: each period of a clock that passes pays. */
export function everyTrigger(place: string, rule: EveryTrigger, names: TariffNames): TriggerCode {
  const clock = clockCode(place, rule);
  const window = windowCode(place, rule, names);
  const where = rule.where === undefined ? undefined : names.at(`${place}.where`, rule.where, 'truth');
  const count = (key: 'times' | 'passes' | 'within'): Code | undefined => {
    const formula = rule[key];
    return formula === undefined
      ? undefined
      : countOf(`${place}.${key}`, names.at(`${place}.${key}`, formula, 'number'));
  };
  const counts = [count('times'), count('passes'), count('within')];
  const always = counts.map((code) => numberOf(constantOf(code)));
  const tooFew = fewerThanAsked(always[1], always[2]);
  if (tooFew !== undefined) throw new HubError('tariff.trigger', `${tooFew}.`, { field: `${place}.within` });
  return (frame) => {
    const limits = window.run(frame);
    if (limits instanceof Missing) return waitsFor(limits);
    const found = counts.map((code) => code?.run(frame));
    const missing = found.find((each) => each instanceof Missing);
    if (missing instanceof Missing) return waitsFor(missing);
    const [most, needed, stretch] = found.map(numberOf);
    const never = fewerThanAsked(needed, stretch);
    if (never !== undefined) return waitsFor(new Missing('unknown', never));
    const changesOn = window.changesOn(frame);
    const running = { rule, clock, where, ...limits, changesOn, passes: needed, within: stretch ?? Infinity };
    return needed === undefined
      ? run({ ...running, times: most ?? Infinity }, frame)
      : runPassing({ ...running, times: most ?? 1 }, needed, frame);
  };
}

const numberOf = (value: Value | undefined): number | undefined =>
  value == null || value instanceof Missing ? undefined : (value as Decimal).valueOf();

const fewerThanAsked = (passes: number | undefined, within: number | undefined): string | undefined =>
  passes !== undefined && within !== undefined && within < passes
    ? `${passes} periods are asked for within ${within}`
    : undefined;

/** One payment each time that so many periods passed, within a stretch of periods where the tariff limits it. */
function runPassing(running: Running, needed: number, frame: Frame): TriggerAnswer {
  const reached: Reached[] = [];
  let passed: { readonly index: number; readonly period: Stretch }[] = [];
  let index = 0;
  for (const period of periodsFrom(running.clock, running.from, running.to, frame.calendar)) {
    if (reached.length >= running.times) return { reached, rest: null };
    if (period instanceof Missing) return { reached, rest: restOf(period) };
    index += 1;
    const on = period.to;
    const soFar = `${passed.length} of ${needed} periods passed`;
    if (on > frame.person.asOf)
      return { reached, rest: notYet(`${soFar} so far`, Math.min(on, running.changesOn)).rest };
    const passes = test(running, frame, period, on, index);
    if (passes instanceof Missing) return { reached, rest: missingPeriod(passes, period, on) };
    if (passes) passed.push({ index, period });
    passed = passed.filter((each) => each.index > index - running.within);
    if (passed.length < needed) continue;
    const n = reached.length + 1;
    const from = passed[0]?.period.from ?? period.from;
    const words = `${needed} of ${needed} periods passed on ${dayInWords(on)}`;
    reached.push({ on, from, to: on, n, job: null, used: [], words });
    passed = [];
  }
  if (reached.length >= running.times) return { reached, rest: null };
  return { reached, rest: never(`${passed.length} of ${needed} periods passed`).rest };
}

function run(running: Running, frame: Frame): TriggerAnswer {
  const reached: Reached[] = [];
  let passed = 0;
  const counting = running.rule.clock === 'counting';
  for (const period of periodsFrom(running.clock, running.from, running.to, frame.calendar)) {
    const used = counting ? reached.length : passed;
    if (used >= running.times) return { reached, rest: reached.length > 0 ? null : never('no period passed').rest };
    if (period instanceof Missing) return { reached, rest: restOf(period) };
    passed += 1;
    const on = running.rule.pays === 'start' ? period.from : period.to;
    const n = counting ? reached.length + 1 : passed;
    if (on > frame.person.asOf) {
      const earliest = Math.min(on, running.changesOn);
      return { reached, rest: { kind: 'not-yet', n, earliest, words: `period ${n} ends on ${dayInWords(on)}` } };
    }
    const passes = test(running, frame, period, on, n);
    if (passes instanceof Missing) return { reached, rest: { ...missingPeriod(passes, period, on), n } };
    if (passes) reached.push(reachedBy(period, on, n));
    else if (running.rule.unbroken === true)
      return {
        reached,
        rest: never(`the period from ${dayInWords(period.from)} to ${dayInWords(period.to)} did not pass`).rest,
      };
  }
  return { reached, rest: reached.length > 0 ? null : never('no period passed').rest };
}

function test(running: Running, frame: Frame, period: Stretch, on: number, n: number): boolean | Missing {
  if (running.where === undefined) return true;
  const passes = judged(running.where, { ...frame, on, periodStart: period.from, periodEnd: period.to, n });
  return passes instanceof Missing ? passes : passes === true;
}

/** Whatever is missing turns out to be, the period pays on its own day or not at all, and later ones later. */
function missingPeriod(missing: Missing, period: Stretch, on: number): Rest {
  const rest = restOf(missing);
  const words = `${dayInWords(period.from)} to ${dayInWords(period.to)}: ${rest.words}`;
  return rest.kind === 'never' ? { ...rest, words } : { ...rest, words, notBefore: on };
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
