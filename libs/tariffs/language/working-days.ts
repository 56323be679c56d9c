import type { EpochDay } from '#libs/kernel/index.js';
import { addDuration, lastDayOf, yearWithoutHolidays, type Duration, type TariffCalendar } from '../calendar.js';
import { Missing } from './value.js';

/** Why nobody can say which days of a span are worked; undefined where the calendar says its holidays. */
export function holidaysMissing(from: EpochDay, to: EpochDay, calendar: TariffCalendar): Missing | undefined {
  const year = yearWithoutHolidays(from, to, calendar);
  return year === undefined
    ? undefined
    : new Missing('unknown', `calendar.holidays says nothing of ${year}, so nobody knows its working days`);
}

/** `lastDayOf`, where the calendar can say it. */
export const spanEnd = (start: EpochDay, duration: Duration, calendar: TariffCalendar): EpochDay | Missing =>
  known(start, lastDayOf(start, duration, calendar), duration, calendar);

/** `addDuration`, where the calendar can say it. */
export const shifted = (day: EpochDay, duration: Duration, calendar: TariffCalendar): EpochDay | Missing =>
  known(day, addDuration(day, duration, calendar), duration, calendar);

function known(from: EpochDay, to: EpochDay, { unit }: Duration, calendar: TariffCalendar): EpochDay | Missing {
  if (unit !== 'working-days') return to;
  return holidaysMissing(Math.min(from, to), Math.max(from, to), calendar) ?? to;
}
