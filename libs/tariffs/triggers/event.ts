import { HubError } from '#libs/kernel/index.js';
import { dayInWords } from '../calendar.js';
import type { TariffNames } from '../compile/tariff-names.js';
import type { EventTrigger } from '../document/document.js';
import type { Frame } from '../engine/frame.js';
import type { EventOf } from '../engine/person.js';
import {
  eitherWay,
  judged,
  never,
  notYet,
  waitsFor,
  type Reached,
  type TriggerAnswer,
  type TriggerCode,
} from '../engine/trigger.js';
import type { Code } from '../language/code.js';
import { Missing } from '../language/value.js';
import { closing, windowCode, type Window } from './window.js';

/** `{ event: plan-agreed }`: it happens on the day of the event. */
export function eventTrigger(place: string, rule: EventTrigger, names: TariffNames): TriggerCode {
  for (const key of ['event', 'oncePer'] as const) {
    const name = rule[key];
    if (name !== undefined && !names.has('event', name)) {
      const similar = names.similar(name, 'event');
      const hint = similar.length === 0 ? 'declare it under events.' : `did you mean ${similar.join(' or ')}?`;
      throw new HubError('tariff.name', `"${name}" is not an event: ${hint}`, { field: `${place}.${key}` });
    }
  }
  const window = windowCode(place, rule, names);
  const where = rule.where === undefined ? undefined : names.at(`${place}.where`, rule.where, 'truth');
  return (frame) => {
    const limits = window.run(frame);
    if (limits instanceof Missing) return waitsFor(limits);
    const undecided: Missing[] = [];
    const least = answer(rule, frame, limits, where, (why) => undecided.push(why));
    return undecided.length === 0 ? least : eitherWay(least, answer(rule, frame, limits, where), undecided);
  };
}

/** @param leftOut told why an event that cannot be judged is left out; without it, such an event counts */
function answer(
  rule: EventTrigger,
  frame: Frame,
  limits: Window,
  where: Code | undefined,
  leftOut?: (why: Missing) => void,
): TriggerAnswer {
  const { asOf } = frame.person;
  const fitting = frame.person.eventsOf(rule.event).filter((event) => {
    if (event.on < limits.from || event.on > limits.to) return false;
    const passes = where === undefined || judged(where, { ...frame, on: event.on, event });
    if (!(passes instanceof Missing)) return passes === true;
    leftOut?.(passes);
    return leftOut === undefined;
  });
  const starts = rule.oncePer === undefined ? [] : episodes(rule.oncePer, frame);
  const chosen =
    rule.oncePer === undefined ? (rule.each === true ? fitting : fitting.slice(0, 1)) : firstOfEach(starts, fitting);
  const reached = chosen.filter(({ on }) => on <= asOf).map((event, index) => reachedBy(rule, event, index + 1));
  const ahead = chosen.find(({ on }) => on > asOf);
  if (ahead !== undefined)
    return {
      reached,
      rest: { kind: 'not-yet', earliest: ahead.on, words: `${rule.event} is on ${dayInWords(ahead.on)}` },
    };
  const repeats = rule.each === true || rule.oncePer !== undefined;
  if (reached.length > 0 && !repeats) return { reached, rest: null };
  // Every episode has had its payment: only another one can bring the next.
  if (reached.length > 0 && reached.length === starts.length) return { reached, rest: null };
  const which = reached.length > 0 ? 'has not happened again' : 'has not happened';
  const rest =
    asOf > limits.to
      ? never(`${rule.event} ${which} by ${dayInWords(limits.to)}`)
      : notYet(`${rule.event} ${which}`, closing(limits));
  return { reached, rest: rest.rest };
}

const episodes = (per: string, frame: Frame): readonly number[] => [
  ...new Set(frame.person.eventsOf(per).map(({ on }) => on)),
];

/** The first fitting event after each event of another kind, before the next one of that kind. */
function firstOfEach(starts: readonly number[], fitting: readonly EventOf[]): readonly EventOf[] {
  return starts.flatMap((start, index) => {
    const next = starts[index + 1] ?? Infinity;
    const first = fitting.find(({ on }) => on >= start && on < next);
    return first === undefined ? [] : [first];
  });
}

const reachedBy = (rule: EventTrigger, event: EventOf, n: number): Reached => ({
  on: event.on,
  from: event.on,
  to: event.on,
  n,
  job: null,
  event,
  used: [`event:${rule.event}`],
  words: `${rule.event} on ${dayInWords(event.on)}`,
});
