import { decimal, HubError, type Decimal, type EpochDay } from '#libs/kernel/index.js';
import { dayInWords } from '../calendar.js';
import type { TariffNames } from '../compile/tariff-names.js';
import type { SumsTrigger } from '../document/document.js';
import type { Frame } from '../engine/frame.js';
import {
  never,
  notYet,
  restOf,
  waitsFor,
  type Reached,
  type TriggerAnswer,
  type TriggerCode,
} from '../engine/trigger.js';
import { numberInWords } from '../language/code.js';
import { Missing } from '../language/value.js';
import { aboveZero, countOf } from './above-zero.js';
import { windowCode, type Window } from './window.js';

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
    const need = target.run(frame);
    if (need === null || need instanceof Missing)
      return need === null ? never('nothing is to be reached') : waitsFor(need);
    const count = times?.run(frame);
    if (count instanceof Missing) return { reached: [], rest: restOf(count) };
    return answer(kinds, frame, limits, need as Decimal, count == null ? 1 : (count as Decimal).valueOf());
  };
}

function answer(
  kinds: readonly string[],
  frame: Frame,
  limits: Window,
  need: Decimal,
  payments: number,
): TriggerAnswer {
  const { asOf } = frame.person;
  const entries = kinds
    .flatMap((kind) => frame.person.amountsOf(kind))
    .filter(({ on }) => on >= limits.from && on <= limits.to)
    .sort((a, b) => a.on - b.on);
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
    rest: (over ? never(`${words}; ${dayInWords(limits.to)} is the last day that counts`) : notYet(words, ahead)).rest,
  };
}
