import { decimal, type Decimal, type EpochDay } from '#libs/kernel/index.js';
import type { Duration } from '../calendar.js';
import type { DaySet, Piece } from '../engine/day-set.js';
import type { Frame } from '../engine/frame.js';
import type { Code } from '../language/code.js';
import { Missing } from '../language/value.js';
import { spanEnd } from '../language/working-days.js';

/** How days count when not each day counts one, or when all must lie within a stretch of a length. */
export interface Weighing {
  /** What one day of a spell counts for; one where it is not said. */
  readonly weight: Code | undefined;
  /** The most that one day can count for, however many spells it has. */
  readonly cap: Decimal | undefined;
  readonly within: Duration | undefined;
}

/** Longer ahead than this nothing is foretold. */
const DAYS_AHEAD_MAX = 4000;

interface WeightedDay {
  readonly day: EpochDay;
  readonly weight: Decimal;
}

/**
 * The day on which the weights add up to `need`; days ahead are foretold from what goes on. Undefined when it is never reached. Missing:
 * a spell lacks its weight, and by the day before it began they had not added up.
 */
export function weightedDay(
  set: DaySet,
  need: Decimal,
  weighing: Weighing,
  frame: Frame,
): EpochDay | undefined | Missing {
  const { days, unweighed } = weigh(set, weighing, frame);
  let sum = decimal(0n);
  let first = 0;
  for (const each of days) {
    if (unweighed !== undefined && each.day >= unweighed.from) break;
    sum = sum.add(each.weight);
    for (;;) {
      const begin = days[first];
      if (weighing.within === undefined || begin === undefined) break;
      const last = spanEnd(begin.day, weighing.within, frame.calendar);
      if (last instanceof Missing) return last;
      if (last >= each.day) break;
      sum = sum.sub(begin.weight);
      first += 1;
    }
    if (sum.compare(need) >= 0) return each.day;
  }
  return unweighed?.why;
}

interface Weighed {
  readonly days: readonly WeightedDay[];
  /** From when on nobody can say what the days weigh, and why. */
  readonly unweighed: { readonly from: EpochDay; readonly why: Missing } | undefined;
}

function weigh(set: DaySet, weighing: Weighing, frame: Frame): Weighed {
  const days: WeightedDay[] = [];
  const weights = new Map<Piece, Decimal>();
  let unweighed: Weighed['unweighed'];
  for (const piece of set.pieces) {
    const weight = weighing.weight?.run({ ...frame, spell: piece.spell }) ?? decimal(1n);
    if (weight instanceof Missing) unweighed ??= { from: piece.from, why: notBefore(weight, piece.from) };
    else weights.set(piece, weight as Decimal);
  }
  const last = frame.person.asOf + DAYS_AHEAD_MAX;
  for (const stretch of set.stretches) {
    for (let day = stretch.from; day <= Math.min(stretch.to, last); day += 1) {
      const weight = weightOn(day, set.pieces, weights, weighing);
      if (weight.compare(0) > 0) days.push({ day, weight });
    }
  }
  return { days, unweighed };
}

/** What is waited for has its own day; what is not known makes no difference before the spell began. */
const notBefore = (weight: Missing, day: EpochDay): Missing =>
  weight.kind === 'unknown' ? new Missing('unknown', weight.reason, day) : weight;

function weightOn(
  day: EpochDay,
  pieces: readonly Piece[],
  weights: ReadonlyMap<Piece, Decimal>,
  { weight, cap }: Weighing,
): Decimal {
  let sum = decimal(0n);
  for (const piece of pieces) if (piece.from <= day && day <= piece.to) sum = sum.add(weights.get(piece) ?? 0);
  // Without a weight a day counts once, whatever is parallel.
  const most = cap ?? (weight === undefined ? decimal(1n) : undefined);
  return most !== undefined && sum.compare(most) > 0 ? most : sum;
}
