import { daysIn, parseDuration } from '../calendar.js';
import { areJobs, kindsOf } from '../document/kinds.js';
import type {
  AddsTrigger,
  EventTrigger,
  EveryTrigger,
  Formula,
  LastsTrigger,
  SumsTrigger,
  Trigger,
} from '../document/document.js';
import { listed, named } from './function-words.js';
import type { PlainWords } from './plain-words.js';

type Lines = readonly string[];

/** Lines that are there or not: `undefined` is left out. */
export const linesOf = (...lines: readonly (string | undefined)[]): Lines =>
  lines.filter((line) => line !== undefined && line !== '') as Lines;

/** When a fee is reached: a headline ("when …", "at the end of …", "on this day: …"), then one sentence for each of its rules. */
export function triggerLines(when: Trigger, say: PlainWords): Lines {
  if ('all' in when) return ['when the last of all these is reached:', ...alternatives(when.all, say)];
  if ('first' in when) return ['when the first of these is reached:', ...alternatives(when.first, say)];
  if ('date' in when) return [`on this day: ${say.of(when.date)}`];
  if ('fee' in when) return [afterFee(when, say)];
  if ('event' in when) return eventLines(when, say);
  if ('adds' in when) return addsLines(when, say);
  if ('sums' in when) return sumsLines(when, say);
  if ('every' in when) return when.passes === undefined ? everyLines(when, say) : passesLines(when, when.passes, say);
  return jobLines(when, say);
}

function alternatives(triggers: readonly Trigger[], say: PlainWords): Lines {
  return triggers.flatMap((each, index) => {
    const [head = '', ...rules] = triggerLines(each, say);
    return [`(${String.fromCharCode(97 + index)}) ${head}`, ...rules.map((rule) => `    ${rule}`)];
  });
}

function afterFee(
  { fee, times, plus }: { readonly fee: string; readonly times?: Formula; readonly plus?: string },
  say: PlainWords,
): string {
  const which =
    times === undefined ? `${named(fee)} is first due` : `payment ${say.phrase(times)} of ${named(fee)} is due`;
  return plus === undefined ? `when ${which}` : `${say.phrase(plus)} after the day on which ${which}`;
}

function eventLines(when: EventTrigger, say: PlainWords): Lines {
  const often =
    when.oncePer !== undefined
      ? `the first time from each ${named(when.oncePer)} to the next`
      : when.each === true
        ? 'each time'
        : 'the first time';
  return linesOf(
    `when the event ${named(when.event)} happens${say.span(when.from, when.to)}, ${often}`,
    when.where === undefined ? undefined : `it counts only if ${say.condition(when.where)}`,
  );
}

function addsLines(when: AddsTrigger, say: PlainWords): Lines {
  const of = say.phrase(when.of);
  const sum =
    say.typeOf(when.adds) === 'duration'
      ? `${lengthOf(when.adds, say)} of ${of} add up`
      : `the days of ${of} add up to ${say.phrase(when.adds)}`;
  const within = when.within === undefined ? '' : ` within any stretch of ${say.phrase(when.within)}`;
  return linesOf(
    `when ${sum}${within}${when.within === undefined ? '' : ','}${say.span(when.from, when.to)}`.replace(/,$/, ''),
    when.weight === undefined ? undefined : `each spell on a day counts ${say.phrase(when.weight)} for that day`,
    when.dayCap === undefined ? undefined : `a day counts at most ${say.phrase(when.dayCap)}`,
    again(when.times, say),
  );
}

/** Months and years that only add up have a fixed number of days. */
function lengthOf(adds: Formula, say: PlainWords): string {
  const words = say.phrase(adds);
  const days = /^\d+ (month|quarter|year)s?$/.test(words) ? ` (${daysIn(parseDuration(words))} days)` : '';
  return `${words}${days}`;
}

function sumsLines(when: SumsTrigger, say: PlainWords): Lines {
  const amounts = typeof when.sums === 'string' ? [when.sums] : when.sums;
  const together = amounts.length > 1 ? ' together' : '';
  return linesOf(
    `when ${listed(amounts.map(named))}${together} add up to at least ${say.phrase(when.reaches)}${say.span(when.from, when.to)}`,
    again(when.times, say),
  );
}

const again = (times: Formula | undefined, say: PlainWords): string | undefined =>
  times === undefined
    ? undefined
    : `at most ${say.count(times, 'payment')}: again each time that as much has added up anew`;

interface Unit {
  /** `calendar month`, `stretch of 4 weeks` */
  readonly one: string;
  readonly many: string;
  readonly isCalendar: boolean;
}

/** What a rhythm is called. */
export function unitOf(every: string): Unit {
  const isCalendar = every.startsWith('calendar ');
  if (isCalendar) return { one: every, many: `${every}s`, isCalendar };
  return { one: `stretch of ${every}`, many: `stretches of ${every}`, isCalendar };
}

interface Clock {
  readonly every: string;
  readonly from: Formula;
  readonly to?: Formula;
  readonly last?: 'cut' | 'drop';
}

/** From when to when a clock runs, with a blank before it: ` counted from started`, ` from started to ended`. */
export const clockSpan = ({ every, from, to }: Clock, say: PlainWords): string =>
  unitOf(every).isCalendar ? say.span(from, to) : ` counted from ${say.phrase(from)}`;

/** What becomes of periods in whose middle the clock begins or ends. */
export function clockLines({ every, to, last }: Clock, say: PlainWords): Lines {
  const { one, isCalendar } = unitOf(every);
  return linesOf(
    isCalendar ? `a ${one} that had begun before counts from that day on` : undefined,
    to === undefined || last === undefined
      ? undefined
      : `a ${one} that is not over by ${say.phrase(to)} ${last === 'cut' ? 'ends on that day and counts as it is' : 'does not count'}`,
  );
}

function everyLines(when: EveryTrigger, say: PlainWords): Lines {
  const unit = unitOf(when.every);
  const counting = when.clock === 'counting';
  const limit =
    when.times === undefined
      ? undefined
      : counting
        ? `at most ${say.count(when.times, 'payment')}; a period that does not pass does not count towards it`
        : `only the first ${say.count(when.times, unit.one, unit.many).replace(/^1 /, '')}, paid or not`;
  return linesOf(
    `at the ${when.pays === 'start' ? 'beginning' : 'end'} of each ${unit.one}${clockSpan(when, say)}`,
    ...clockLines(when, say),
    when.where === undefined ? undefined : `a ${unit.one} is paid only if ${say.condition(when.where)}`,
    when.unbroken === true ? `the first ${unit.one} that fails this ends it` : undefined,
    limit,
    counting && when.times === undefined ? 'payments are numbered without those that are not paid' : undefined,
  );
}

/** One payment for so many periods that passed. */
function passesLines(when: EveryTrigger, passes: Formula, say: PlainWords): Lines {
  const unit = unitOf(when.every);
  const count = say.count(passes, unit.one, unit.many);
  const isOne = String(passes) === '1';
  const done = when.where === undefined ? `${isOne ? 'is' : 'are'} over` : `${isOne ? 'has' : 'have'} met a condition`;
  const span = clockSpan(when, say);
  return linesOf(
    `when ${count}${unit.isCalendar ? ',' : ''}${span}${unit.isCalendar ? ',' : ''} ${done}`,
    when.where === undefined ? undefined : `the condition: ${say.condition(when.where)}`,
    ...clockLines(when, say),
    when.within === undefined
      ? undefined
      : `they must lie within ${say.count(when.within, unit.one, unit.many)} that follow each other`,
    when.times === undefined
      ? undefined
      : `at most ${say.count(when.times, 'payment')}: after each one the count begins anew`,
  );
}

const JOINED = {
  spell: (one: string) => (one === 'spell' ? 'each spell counts by itself' : `each spell is a ${one} of its own`),
  employer: (one: string) => `spells with one employer that follow each other are one ${one}`,
  any: (one: string) => `spells that follow each other are one ${one}, whoever the employer is`,
} as const;

function jobLines(when: LastsTrigger, say: PlainWords): Lines {
  const set = when.begins ?? when.ends ?? when.of;
  const kinds = kindsOf(say.document, set);
  const isJob = areJobs(kinds);
  const one = isJob ? 'job' : 'spell';
  const often = when.each === true ? `each such ${one}` : `the first such ${one}`;
  const job = `a ${one} of ${say.phrase(set ?? '""')}`;
  const what =
    when.begins !== undefined
      ? `${job} begins`
      : when.ends !== undefined
        ? `${job} ends`
        : `${job} lasts ${say.phrase(when.lasts ?? '""')} without a break`;
  return linesOf(
    `when ${what} (${often})`,
    isJob ? undefined : `its kind is ${kinds.join(' or ')}`,
    when.join === undefined ? undefined : JOINED[when.join](one),
    when.gap === undefined
      ? undefined
      : `a break of at most ${say.phrase(when.gap)} between them does not end the ${one}`,
    when.sameJobAs === undefined ? undefined : `it must be the ${one} that ${named(when.sameJobAs)} is paid for`,
    when.times === undefined
      ? undefined
      : `at most ${say.count(when.times, 'payment')} for a ${one}: one for each such span that follows the one before`,
    beginning(when, say),
    when.where === undefined ? undefined : `it counts only if ${say.condition(when.where)}`,
  );
}

/** The window in which a job must begin. */
function beginning({ from, to }: LastsTrigger, say: PlainWords): string | undefined {
  if (from === undefined) return to === undefined ? undefined : `it must not begin after ${say.phrase(to)}`;
  if (to === undefined) return `it must not begin before ${say.phrase(from)}`;
  return `it must begin${say.span(from, to)}`;
}
