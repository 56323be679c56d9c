import { decimal, HubError, type Decimal, type EpochDay } from '#libs/kernel/index.js';
import { dayInWords } from '../calendar.js';
import type { TariffNames } from '../compile/tariff-names.js';
import type { SumsTrigger } from '../document/document.js';
import type { Frame } from '../engine/frame.js';
import type { AmountOf } from '../engine/person.js';
import {
  never,
  notYet,
  waitsFor,
  waitsFrom,
  type Reached,
  type TriggerAnswer,
  type TriggerCode,
} from '../engine/trigger.js';
import { numberInWords } from '../language/code.js';
import { Missing } from '../language/value.js';
import { aboveZero, countOf } from './above-zero.js';
import { closing, windowCode, type Window } from './window.js';

/** `{ sums: wages, reaches: 1000 }`: amounts add up to a sum, inside a window. */
export function sumsTrigger(place: string, rule: SumsTrigger, names: TariffNames): TriggerCode {
  const kinds = typeof rule.sums === 'string' ? [rule.sums] : rule.sums;
  const stranger = kinds.find((kind) => !names.has('amount', kind));
  if (stranger !== undefined)
    throw new HubError('tariff.name', `"${stranger}" is not an amount: declare it under amounts.`, {
      field: `${place}.sums`,
    });
  const target = aboveZero(`${place}.reaches`, names.at(`${place}.reaches`, rule.reaches, 'number'));
  const times =
    rule.times === undefined ? undefined : countOf(`${place}.times`, names.at(`${place}.times`, rule.times, 'number'));
  const window = windowCode(place, rule, names);
  return (frame) => {
    const limits = window.run(frame);
    if (limits instanceof Missing) return waitsFor(limits);
    const entries = entriesOf(kinds, frame, limits);
    const need = target.run(frame);
    if (need === null) return never('nothing is to be reached');
    const count = times?.run(frame);
    for (const value of [need, count]) if (value instanceof Missing) return waitsFrom(value, firstGain(entries));
    return answer(kinds, frame, limits, entries, need as Decimal, count == null ? 1 : (count as Decimal).valueOf());
  };
}

/** In the order of their days. */
const entriesOf = (kinds: readonly string[], { person }: Frame, { from, to }: Window): readonly AmountOf[] =>
  kinds
    .flatMap((kind) => person.amountsOf(kind))
    .filter(({ on }) => on >= from && on <= to)
    .sort((a, b) => a.on - b.on);

const firstGain = (entries: readonly AmountOf[]): number =>
  entries.find(({ value }) => value.compare(0) > 0)?.on ?? Infinity;

function answer(
  kinds: readonly string[],
  frame: Frame,
  limits: Window,
  entries: readonly AmountOf[],
  need: Decimal,
  payments: number,
): TriggerAnswer {
  const { asOf } = frame.person;
  const reached: Reached[] = [];
  let sum = decimal(0n);
  let told = sum;
  let ahead: EpochDay | null = null;
  for (const { on, value } of entries) {
    sum = sum.add(value);
    if (on <= asOf) told = sum;
    while (reached.length < payments && sum.compare(need.mul(reached.length + 1)) >= 0 && ahead === null) {
      const n = reached.length + 1;
      const words = `${numberInWords(sum)} of ${numberInWords(need.mul(n))} reached on ${dayInWords(on)}`;
      const used = kinds.map((kind) => `amount:${kind}`);
      if (on > asOf) ahead = on;
      else reached.push({ on, from: entries[0]?.on ?? on, to: on, n, job: null, used, words });
    }
  }
  if (reached.length >= payments) return { reached, rest: null };
  const words = `${numberInWords(told)} of ${numberInWords(need.mul(reached.length + 1))} so far`;
  const over = asOf > limits.to;
  return {
    reached,
    rest: (over
      ? never(`${words}; ${dayInWords(limits.to)} is the last day that counts`)
      : notYet(words, ahead ?? closing(limits))
    ).rest,
  };
}
