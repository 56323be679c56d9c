import { HubError, type EpochDay } from '#libs/kernel/index.js';
import {
  dayInWords,
  dayOf,
  endOfMonth,
  parseDuration,
  partsOf,
  type Duration,
  type TariffCalendar,
  weekdayOf,
} from '../calendar.js';
import { located } from '../compile/located.js';
import { Missing } from '../language/value.js';
import { spanEnd } from '../language/working-days.js';
import type { Stretch } from './day-set.js';

type CalendarUnit = 'week' | 'month' | 'quarter' | 'year';

/** How a clock beats: in spans from its first day (`4 weeks`, `1 month`), or with the calendar (`calendar month`). */
export type Rhythm = { readonly span: Duration } | { readonly calendar: CalendarUnit };

/** A clock, and what becomes of a last period that is not over when the clock ends. */
export interface Clock {
  readonly rhythm: Rhythm;
  readonly last: 'cut' | 'drop';
}

/** As many as a century has days. */
const PERIODS_MAX = 36_525;

/** Compiles a clock; `place` is the path of its rule. Error: `tariff.trigger`, where nobody says what becomes of the last period. */
export function clockCode(
  place: string,
  { every, to, last }: { readonly every: string; readonly to?: unknown; readonly last?: 'cut' | 'drop' },
): Clock {
  const rhythm = located(`${place}.every`, () => parseRhythm(every));
  if (to !== undefined && last === undefined) {
    const message =
      '"to" can end a period before its time: say "last: cut", which pays for the shorter one, or "last: drop", which does not.';
    throw new HubError('tariff.trigger', message, { field: place });
  }
  if (to === undefined && last !== undefined)
    throw new HubError('tariff.trigger', 'nothing cuts the last period without "to".', { field: `${place}.last` });
  return { rhythm, last: last ?? 'drop' };
}

function parseRhythm(text: string): Rhythm {
  const calendar = /^calendar (week|month|quarter|year)$/.exec(text.trim())?.[1];
  if (calendar !== undefined) return { calendar: calendar as CalendarUnit };
  try {
    const span = parseDuration(text);
    if (span.count > 0) return { span };
  } catch {
    // Answered below, with all that is possible here.
  }
  throw new HubError(
    'tariff.duration',
    `"${text}" is no rhythm: write "4 weeks", "1 month", "calendar week", "calendar month", "calendar quarter" or "calendar year".`,
  );
}

/**
 * The periods of a clock, each day in one. A span counts from the first day each time (the 31st stays the 31st where it exists); with
 * the calendar, the first period begins in the middle. Missing: the clock runs longer than anybody can mean.
 */
export function* periodsFrom(
  { rhythm, last }: Clock,
  from: EpochDay,
  to: number,
  calendar: TariffCalendar,
): Generator<Stretch | Missing> {
  let start = from;
  for (let index = 0; start <= to; index += 1) {
    if (index === PERIODS_MAX) {
      yield new Missing('unknown', `the clock from ${dayInWords(from)} has more than ${PERIODS_MAX} periods`);
      return;
    }
    const end = 'calendar' in rhythm ? endOf(rhythm.calendar, start) : endOfSpan(rhythm.span, from, index, calendar);
    if (end instanceof Missing) {
      yield end;
      return;
    }
    if (end > to && last === 'drop') return;
    yield { from: start, to: Math.min(end, to) };
    start = end + 1;
  }
}

const endOfSpan = (
  { count, unit }: Duration,
  from: EpochDay,
  index: number,
  calendar: TariffCalendar,
): EpochDay | Missing => spanEnd(from, { count: count * (index + 1), unit }, calendar);

function endOf(unit: CalendarUnit, day: EpochDay): EpochDay {
  if (unit === 'week') return day + 7 - weekdayOf(day);
  const { year, month } = partsOf(day);
  if (unit === 'year') return dayOf(year, 12, 31);
  return endOfMonth(dayOf(year, unit === 'month' ? month : Math.ceil(month / 3) * 3, 1));
}
