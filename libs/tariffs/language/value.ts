import type { Decimal, EpochDay } from '#libs/kernel/index.js';
import type { Duration } from '../calendar.js';
import type { DaySet } from '../engine/day-set.js';

/** What a formula can be about. Days are epoch days, numbers exact fractions. */
export type Type = 'number' | 'truth' | 'text' | 'date' | 'duration' | 'days' | 'none';

/**
 * There is no value: nobody said it (`unknown`: somebody has to), it has not happened (`pending`: time may bring it), or it cannot
 * happen any more (`never`). It passes through every operation, so that nothing is ever priced by a guess.
 */
export class Missing {
  constructor(
    readonly kind: 'unknown' | 'pending' | 'never',
    readonly reason: string,
    /** The day before which nothing can change, or before which what is not known makes no difference. */
    readonly until?: EpochDay,
    /** It is decided on that day, and may be about a day that is over. */
    readonly looksAhead?: true,
  ) {}
}

/** Nothing is payable: an empty cell. */
export const NONE = null;

export type Value = Decimal | number | boolean | string | Duration | DaySet | null | Missing;

export const TYPE_WORDS: Readonly<Record<Type, string>> = {
  number: 'a number',
  truth: 'a yes or no',
  text: 'a text',
  date: 'a day',
  duration: 'a duration',
  days: 'a set of days',
  none: 'nothing',
};
