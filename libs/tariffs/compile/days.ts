import { HubError, type Decimal } from '#libs/kernel/index.js';
import { daysIn, parseDuration } from '../calendar.js';
import type { DaysRule, PeriodsRule } from '../document/document.js';
import {
  between,
  bridge,
  clip,
  daysWhereSum,
  DaySet,
  mostOf,
  overlap,
  union,
  whyOpen,
  without,
  type Piece,
} from '../engine/day-set.js';
import type { Frame } from '../engine/frame.js';
import { clockCode, periodsFrom } from '../engine/periods.js';
import { combine, type Code } from '../language/code.js';
import { filterSpells, ofPeriods } from '../language/compile.js';
import { numberField } from '../language/fields.js';
import { beforePayment } from '../triggers/before-payment.js';
import { Missing, type Value } from '../language/value.js';
import { located } from './located.js';
import type { TariffNames } from './tariff-names.js';

type Make = (frame: Frame) => DaySet | Missing;
type Change = (set: DaySet, frame: Frame) => DaySet | Missing;

/** Compiles a set of days: where its days come from, then each change in the order of the language. */
export function daysCode(name: string, rule: DaysRule, names: TariffNames): Code {
  const place = `days.${name}`;
  const parts: Code[] = [];
  const compile = (key: string, formula: DaysRule['where'] & {}, type: 'truth' | 'date' | 'days' | 'number'): Code => {
    const code = beforePayment(`${place}.${key}`, names.at(`${place}.${key}`, formula, type));
    parts.push(code);
    return code;
  };
  const make = sourceOf(rule, place, compile, names);
  const sources = parts.slice();
  const changes = changesOf(rule, place, compile);
  const run = (payment: Frame): Value => {
    // The set is the same for every payment, so it sees none of them.
    const { asOf } = payment.person;
    const frame = {
      ...payment,
      on: asOf,
      periodStart: asOf,
      periodEnd: asOf,
      n: 0,
      job: null,
      spell: null,
      event: null,
    };
    let set = make(frame);
    for (const change of changes) {
      if (set instanceof Missing) return set;
      set = change(set, frame);
    }
    return set;
  };
  const code = combine(parts, { type: 'days', depth: 1, run, show: () => rule.title ?? name });
  if (code.needsJob) {
    throw new HubError(
      'tariff.days',
      'days are the same for every fee and cannot ask for "job.…": write "… where (…)" in the fee itself.',
      { field: place },
    );
  }
  // Conditions over spells look at the spells of the set itself, so nothing of one payment is asked for.
  const isOfPeriods = rule.periods !== undefined || ofPeriods(rule.union === undefined ? 'first' : 'union', sources);
  const changesOn = rule.periods === undefined ? code.changesOn : nextPeriodEnd(rule.periods, place, sources);
  return { ...code, depth: 1, needsSpell: false, ofPeriods: isOfPeriods, changesOn };
}

type Compile = (
  key: string,
  formula: NonNullable<DaysRule['where']>,
  type: 'truth' | 'date' | 'days' | 'number',
) => Code;

function sourceOf(rule: DaysRule, place: string, compile: Compile, names: TariffNames): Make {
  const { spells, union: joined, overlap: shared, days, periods } = rule;
  const sources = [spells, joined, shared, days, periods].filter((source) => source !== undefined);
  if (sources.length !== 1) {
    throw new HubError(
      'tariff.days',
      'exactly one of spells, union, overlap, days, periods says where the days come from.',
      {
        field: place,
      },
    );
  }
  if (spells !== undefined) {
    const kinds = typeof spells === 'string' ? [spells] : spells;
    return ({ person }) => {
      const sets = kinds.map((kind) => person.spellsOf(kind));
      return sets.length === 1 && sets[0] !== undefined ? sets[0] : union(sets);
    };
  }
  if (joined !== undefined)
    return joinedBy(
      joined.map((each, index) => compile(`union.${index}`, each, 'days')),
      union,
    );
  if (shared !== undefined) {
    return joinedBy(
      shared.map((each, index) => compile(`overlap.${index}`, each, 'days')),
      (sets) => sets.reduce((a, b) => overlap(a, b)),
    );
  }
  if (days !== undefined) return joinedBy([compile('days', days, 'days')], ([set]) => set ?? new DaySet([]));
  return periodsSource(periods as PeriodsRule, place, compile, names);
}

function joinedBy(codes: readonly Code[], join: (sets: readonly DaySet[]) => DaySet): Make {
  return (frame) => {
    const sets: DaySet[] = [];
    for (const code of codes) {
      const set = code.run(frame);
      if (set instanceof Missing) return set;
      if (set instanceof DaySet) sets.push(set);
    }
    return join(sets);
  };
}

/** The day on which the period under way is over: until then it is not in the set, whatever it holds. */
function nextPeriodEnd(rule: PeriodsRule, place: string, [from, to]: readonly Code[]): Code['changesOn'] {
  const clock = clockCode(`${place}.periods`, rule);
  return (frame) => {
    const [first, last] = [from?.run(frame), to?.run(frame) ?? Infinity];
    if (typeof first !== 'number' || typeof last !== 'number') return undefined;
    for (const period of periodsFrom(clock, first, last, frame.calendar)) {
      if (period instanceof Missing) return undefined;
      if (period.to > frame.person.asOf) return period.to;
    }
    return undefined;
  };
}

/** Whole periods, over by the day that is asked for, in which a condition held. */
function periodsSource(rule: PeriodsRule, place: string, compile: Compile, names: TariffNames): Make {
  const clock = clockCode(`${place}.periods`, rule);
  const from = compile('periods.from', rule.from, 'date');
  const to = rule.to === undefined ? undefined : compile('periods.to', rule.to, 'date');
  const where = names.at(`${place}.periods.where`, rule.where, 'truth');
  return (frame) => {
    const [first, last] = [from.run(frame), to?.run(frame) ?? Infinity];
    if (first instanceof Missing) return first;
    if (last instanceof Missing) return last;
    const [certain, perhaps, undecided]: [Piece[], Piece[], Missing[]] = [[], [], []];
    for (const period of periodsFrom(clock, first as number, last as number, frame.calendar)) {
      if (period instanceof Missing) return period;
      if (period.to > frame.person.asOf) break;
      const passes = where.run({
        ...frame,
        on: period.to,
        periodStart: period.from,
        periodEnd: period.to,
        spell: null,
      });
      if (passes instanceof Missing) undecided.push(passes);
      else if (passes !== true) continue;
      const piece = { from: period.from, to: period.to, spell: null };
      perhaps.push(piece);
      if (passes === true) certain.push(piece);
    }
    return between(new DaySet(certain), new DaySet(perhaps), undecided);
  };
}

function changesOf(rule: DaysRule, place: string, compile: Compile): readonly Change[] {
  const changes: Change[] = [];
  if (rule.where !== undefined) {
    const where = compile('where', rule.where, 'truth');
    changes.push((set, frame) => filterSpells(set, where, frame));
  }
  if (rule.together !== undefined) {
    const { sum } = rule.together;
    const atLeast = compile('together.atLeast', rule.together.atLeast, 'number');
    changes.push((set, frame) => togetherAtLeast(set, sum, atLeast, frame));
  }
  const { without: minus, bridge: gap } = rule;
  if (minus !== undefined) {
    const other = compile('without', minus, 'days');
    changes.push((set, frame) => onSet(other.run(frame), (found) => without(set, found)));
  }
  if (gap !== undefined) {
    const upTo = located(`${place}.bridge.upTo`, () => daysIn(parseDuration(gap.upTo)));
    const over = gap.over === undefined ? undefined : compile('bridge.over', gap.over, 'days');
    changes.push((set, frame) =>
      over === undefined ? bridge(set, upTo, null) : onSet(over.run(frame), (found) => bridge(set, upTo, found)),
    );
  }
  if (rule.from !== undefined || rule.to !== undefined) changes.push(clipping(rule, compile));
  return changes;
}

const onSet = (value: Value, change: (set: DaySet) => DaySet): DaySet | Missing =>
  value instanceof Missing ? value : change(value as DaySet);

function clipping(rule: DaysRule, compile: Compile): Change {
  const from = rule.from === undefined ? undefined : compile('from', rule.from, 'date');
  const to = rule.to === undefined ? undefined : compile('to', rule.to, 'date');
  return (set, frame) => {
    const [first, last] = [from?.run(frame) ?? -Infinity, to?.run(frame) ?? Infinity];
    if (first instanceof Missing) return first;
    return last instanceof Missing ? last : clip(set, first as number, last as number);
  };
}

function togetherAtLeast(set: DaySet, field: string, atLeast: Code, frame: Frame): DaySet | Missing {
  const least = atLeast.run(frame);
  if (least === null || least instanceof Missing) return least ?? new DaySet([]);
  const undecided: Missing[] = [];
  const daysOf = (pieces: readonly Piece[], orUnknown: boolean): DaySet => {
    const [told, untold]: [Piece[], Piece[]] = [[], []];
    for (const piece of pieces) {
      if (piece.spell === null) continue;
      const value = numberField(piece.spell, field);
      if (value instanceof Missing) undecided.push(value);
      (value instanceof Missing ? untold : told).push(piece);
    }
    const days = daysWhereSum(
      new DaySet(told),
      (spell) => numberField(spell, field) as Decimal,
      (sum) => sum.compare(least as Decimal) >= 0,
    );
    return orUnknown ? union([days, new DaySet(untold)]) : days;
  };
  const certain = daysOf(set.pieces, false);
  if (undecided.length === 0 && set.open === null) return certain;
  return between(certain, daysOf(mostOf(set).pieces, true), [...whyOpen([set]), ...undecided]);
}
