import { HubError, type EpochDay } from '#libs/kernel/index.js';
import {
  dayOf,
  endOfMonth,
  lastDayOf,
  parseDuration,
  partsOf,
  type Duration,
  type TariffCalendar,
  weekdayOf,
} from '../calendar.js';
import type { Stretch } from './day-set.js';

type CalendarUnit = 'week' | 'month' | 'quarter' | 'year';

/** How a clock beats: in spans from its first day (`4 weeks`, `1 month`), or with the calendar (`calendar month`). */
export type Rhythm = { readonly span: Duration } | { readonly calendar: CalendarUnit };

/** Longer clocks are a mistake of the document. */
const PERIODS_MAX = 2_000;

export function parseRhythm(text: string): Rhythm {
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
 * the calendar, the first period begins in the middle, and the last one is cut at the end. Spans that `to` would cut are left out.
 */
export function* periodsFrom(rhythm: Rhythm, from: EpochDay, to: number, calendar: TariffCalendar): Generator<Stretch> {
  let start = from;
  for (let index = 0; index < PERIODS_MAX && start <= to; index += 1) {
    if ('calendar' in rhythm) {
      const end = endOf(rhythm.calendar, start);
      yield { from: start, to: Math.min(end, to) };
      start = end + 1;
      continue;
    }
    const { count, unit } = rhythm.span;
    const end = lastDayOf(from, { count: count * (index + 1), unit }, calendar);
    if (end > to) return;
    yield { from: start, to: end };
    start = end + 1;
  }
}

function endOf(unit: CalendarUnit, day: EpochDay): EpochDay {
  if (unit === 'week') return day + 7 - weekdayOf(day);
  const { year, month } = partsOf(day);
  if (unit === 'year') return dayOf(year, 12, 31);
  return endOfMonth(dayOf(year, unit === 'month' ? month : Math.ceil(month / 3) * 3, 1));
}
