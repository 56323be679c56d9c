import { addDays, weekday, type LocalDate } from './local-date.js';

/** Which days are worked: Monday to Friday without the named holidays of one region. */
export interface WorkingCalendar {
  readonly holidays: ReadonlySet<LocalDate>;
}

export const isWorkingDay = (calendar: WorkingCalendar, date: LocalDate): boolean =>
  weekday(date) <= 5 && !calendar.holidays.has(date);

/** The `count`-th working day after `date` (`date` itself not counted). */
export function addWorkingDays(calendar: WorkingCalendar, date: LocalDate, count: number): LocalDate {
  let day = date;
  for (let left = count; left > 0;) {
    day = addDays(day, 1);
    if (isWorkingDay(calendar, day)) left -= 1;
  }
  return day;
}

/** `date`, or the next working day where it is none (SGB X s.26(3): deadlines move, qualifying spans do not). */
export function rollForward(calendar: WorkingCalendar, date: LocalDate): LocalDate {
  let day = date;
  while (!isWorkingDay(calendar, day)) day = addDays(day, 1);
  return day;
}
