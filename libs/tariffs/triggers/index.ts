import { HubError, type Decimal, type EpochDay } from '#libs/kernel/index.js';
import { dayInWords, parseDuration } from '../calendar.js';
import { located } from '../compile/located.js';
import { noFee } from '../compile/no-fee.js';
import type { TariffNames } from '../compile/tariff-names.js';
import type { Formula, Trigger } from '../document/document.js';
import { waitsUntil, type NotDue } from '../engine/ledger.js';
import {
  judged,
  never,
  notYet,
  waitsFor,
  type Reached,
  type Rest,
  type TriggerAnswer,
  type TriggerCode,
} from '../engine/trigger.js';
import { Missing } from '../language/value.js';
import { shifted } from '../language/working-days.js';
import { countOf } from './above-zero.js';
import { beforePayment } from './before-payment.js';
import { addsTrigger } from './adds.js';
import { eventTrigger } from './event.js';
import { everyTrigger } from './every.js';
import { lastsTrigger } from './lasts.js';
import { sumsTrigger } from './sums.js';

/** Compiles what makes a fee fall due. */
export function triggerCode(place: string, rule: Trigger, names: TariffNames): TriggerCode {
  if ('event' in rule) return eventTrigger(place, rule, names);
  if ('begins' in rule || 'ends' in rule || 'lasts' in rule) return lastsTrigger(place, rule, names);
  if ('adds' in rule) return addsTrigger(place, rule, names);
  if ('sums' in rule) return sumsTrigger(place, rule, names);
  if ('every' in rule) return everyTrigger(place, rule, names);
  if ('date' in rule) return dateTrigger(place, rule.date, names);
  if ('fee' in rule) return feeTrigger(place, rule, names);
  if ('all' in rule)
    return allTrigger(rule.all.map((each, index) => triggerCode(`${place}.all.${index}`, each, names)));
  if ('first' in rule)
    return firstTrigger(rule.first.map((each, index) => triggerCode(`${place}.first.${index}`, each, names)));
  throw new HubError(
    'tariff.trigger',
    'a trigger is one of: event, begins, lasts, ends, adds, sums, every, date, fee, all, first.',
    { field: place },
  );
}

/** Whether there is a job to ask about when this trigger is reached. */
export function bindsJob(rule: Trigger): boolean {
  if ('begins' in rule || 'ends' in rule || 'lasts' in rule || 'adds' in rule) return true;
  if ('fee' in rule) return true;
  if ('all' in rule) return rule.all.some(bindsJob);
  return 'first' in rule && rule.first.every(bindsJob);
}

/** Fees that the trigger asks about. */
export function feesOfTrigger(rule: Trigger): readonly string[] {
  if ('fee' in rule) return [rule.fee];
  if ('sameJobAs' in rule) return [rule.sameJobAs];
  if ('all' in rule) return rule.all.flatMap(feesOfTrigger);
  return 'first' in rule ? rule.first.flatMap(feesOfTrigger) : [];
}

function dateTrigger(place: string, date: Formula, names: TariffNames): TriggerCode {
  const code = beforePayment(`${place}.date`, names.at(`${place}.date`, date, 'date'));
  return (frame) => {
    const on = judged(code, frame);
    if (on instanceof Missing) return waitsFor(on);
    if (on === null) return never('there is no such day');
    const day = on as EpochDay;
    return day > frame.person.asOf
      ? notYet(`the day is ${dayInWords(day)}`, day)
      : { reached: [onDay(day, dayInWords(day))], rest: null };
  };
}

const onDay = (on: EpochDay, words: string): Reached => ({ on, from: on, to: on, n: 1, job: null, used: [], words });

/** Another fee was due so many times, and some time has passed since. */
function feeTrigger(
  place: string,
  rule: { readonly fee: string; readonly times?: Formula; readonly plus?: string },
  names: TariffNames,
): TriggerCode {
  if (!names.has('fee', rule.fee)) throw noFee(rule.fee, names.feeIds, `${place}.fee`);
  const times =
    rule.times === undefined ? undefined : countOf(`${place}.times`, names.at(`${place}.times`, rule.times, 'number'));
  const plus = rule.plus === undefined ? undefined : located(`${place}.plus`, () => parseDuration(rule.plus ?? ''));
  return (frame) => {
    const count = times?.run(frame);
    if (count instanceof Missing) return waitsFor(count);
    const which = count == null ? 1 : (count as Decimal).valueOf();
    const found = frame.ledger.nthDue(rule.fee, which);
    const later = (day: EpochDay): EpochDay | Missing =>
      plus === undefined ? day : shifted(day, plus, frame.calendar);
    if (found.kind !== 'due')
      return { reached: [], rest: restWithout(rule.fee, found, frame.ledger.due(rule.fee).length, which, later) };
    const on = later(found.on);
    if (on instanceof Missing) return waitsFor(on);
    const words = `${rule.fee} was due ${which === 1 ? '' : `${which} times `}on ${dayInWords(found.on)}`;
    if (on > frame.person.asOf) return notYet(words, on);
    return { reached: [{ ...onDay(on, words), job: found.job }], rest: null };
  };
}

function restWithout(
  fee: string,
  found: NotDue,
  due: number,
  which: number,
  later: (day: EpochDay) => EpochDay | Missing,
): Rest {
  const { kind, because, notBefore } = found;
  const since = notBefore === undefined ? {} : { notBefore };
  const words = `${fee} was due ${Math.min(due, which - 1)} of ${which} times${because === undefined ? '' : ` (${because.why})`}`;
  if (kind === 'never') return { kind, words };
  if (kind === 'unknown') return { kind, words, ...since };
  const until = waitsUntil(found);
  const earliest = until === undefined ? null : later(until);
  return { kind: 'not-yet', earliest: typeof earliest === 'number' ? earliest : null, words, ...since };
}

/** All of them: reached on the day of the last. */
function allTrigger(triggers: readonly TriggerCode[]): TriggerCode {
  return (frame) => {
    const answers = triggers.map((trigger) => trigger(frame));
    const first = answers.map((answer) => answer.reached[0]);
    if (first.every((each) => each !== undefined)) return { reached: [joined(first)], rest: null };
    const open = answers.flatMap((answer, index) =>
      first[index] === undefined && answer.rest !== null ? [answer.rest] : [],
    );
    const rest = worst(open);
    if (rest === null || rest.kind === 'never') return { reached: [], rest };
    // It may turn out to have been reached on the last of the days on which its parts may have been.
    const days = answers.map((answer, index) => first[index]?.on ?? firstDayOfRest(answer.rest));
    const notBefore = Math.max(...days);
    return { reached: [], rest: notBefore === Infinity && rest.kind === 'not-yet' ? rest : { ...rest, notBefore } };
  };
}

function joined(parts: readonly Reached[]): Reached {
  const last = parts.reduce((a, b) => (b.on > a.on ? b : a));
  return {
    ...last,
    from: Math.min(...parts.map((part) => part.from)),
    job: last.job ?? parts.find((part) => part.job !== null)?.job ?? null,
    used: [...new Set(parts.flatMap((part) => part.used))],
    words: parts.map((part) => part.words).join(', and '),
  };
}

/** What keeps all of them from being reached: one that can never be decides. */
function worst(rests: readonly Rest[]): Rest | null {
  const impossible = rests.find((rest) => rest.kind === 'never') ?? rests.find((rest) => rest.kind === 'unknown');
  if (impossible !== undefined) return impossible;
  const waiting = rests.filter((rest) => rest.kind === 'not-yet');
  const earliest = waiting.map((rest) => rest.earliest);
  const words = [...new Set(waiting.map((rest) => rest.words))].join('; ');
  return { kind: 'not-yet', earliest: earliest.includes(null) ? null : Math.max(...earliest.map(Number)), words };
}

/** The day from which on it may turn out to have been reached; Infinity where time has yet to come. */
const firstDayOfRest = (rest: Rest | null): number =>
  rest === null || rest.kind === 'never'
    ? Infinity
    : (rest.notBefore ?? (rest.kind === 'unknown' ? -Infinity : Infinity));

/** Whichever comes first. One of which nobody can say whether it was reached before leaves it open. */
function firstTrigger(triggers: readonly TriggerCode[]): TriggerCode {
  return (frame): TriggerAnswer => {
    const answers = triggers.map((trigger) => trigger(frame));
    const [first] = answers.flatMap((answer) => answer.reached.slice(0, 1)).sort((a, b) => a.on - b.on);
    const rests = answers.flatMap(({ reached, rest }) => (reached.length > 0 || rest === null ? [] : [rest]));
    const open = rests.filter((rest) => firstDayOfRest(rest) <= (first?.on ?? Infinity));
    const doubt = open.find(({ kind }) => kind === 'unknown') ?? (first === undefined ? undefined : open[0]);
    // Whichever of them turns out to have come first is the day on which it was reached.
    if (doubt !== undefined && doubt.kind !== 'never')
      return { reached: [], rest: { ...doubt, notBefore: Math.min(...open.map(firstDayOfRest)) } };
    if (first !== undefined) return { reached: [first], rest: null };
    const waiting = rests.filter((rest) => rest.kind === 'not-yet');
    if (waiting.length === 0) return { reached: [], rest: rests[0] ?? null };
    const dates = waiting.flatMap((rest) => rest.earliest ?? []);
    const words = [...new Set(waiting.map((rest) => rest.words))].join('; or ');
    return { reached: [], rest: { kind: 'not-yet', earliest: dates.length === 0 ? null : Math.min(...dates), words } };
  };
}
