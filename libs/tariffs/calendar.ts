import { HubError, daysInMonth, fromEpochDay, type EpochDay, type LocalDate } from '#libs/kernel/index.js';

/** `13 weeks`, `6 months`, `4 working days`. A year is 12 months. */
export interface Duration {
  readonly count: number;
  readonly unit: 'days' | 'weeks' | 'months' | 'working-days';
}

/** Consecutive months run to the day before the same number (BGB ss.187-188), or have 30 days each, as a tariff chooses. */
export type MonthBasis = 'calendar' | 'thirty-days';

/** How a tariff counts days, weeks and months. */
export interface TariffCalendar {
  readonly months: MonthBasis;
  /** Days that are not worked: 1 = Monday … 7 = Sunday. */
  readonly weekend: ReadonlySet<number>;
  readonly holidays: ReadonlySet<EpochDay>;
  /** The years whose holidays are stated; undefined where it is stated that there are none at all. */
  readonly holidayYears: ReadonlySet<number> | undefined;
}

interface YearMonthDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/** Splits a day without the detour over text (civil calendar from days, Howard Hinnant's algorithm). */
export function partsOf(epochDay: EpochDay): YearMonthDay {
  const shifted = epochDay + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

export function dayOf(year: number, month: number, day: number): EpochDay {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

/** `toEpochDay`, without an object for each of the many days that a programme's facts name. */
export const epochDay = (date: LocalDate): EpochDay =>
  dayOf(digits(date, 0, 4), digits(date, 5, 7), digits(date, 8, 10));

const ZERO = '0'.charCodeAt(0);

function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let index = from; index < to; index += 1) number = number * 10 + text.charCodeAt(index) - ZERO;
  return number;
}

/** The first and the last day that can be written, 0001-01-01 and 9999-12-31. */
const [FIRST_DAY, LAST_DAY] = [-719_162, 2_932_896];

export const canBeWritten = (day: EpochDay): boolean => day >= FIRST_DAY && day <= LAST_DAY;

const RECENT_DAYS_MAX = 20_000;

/** A way of writing a day, remembered: a programme's answers name the same few thousand days again and again. */
function written<Text extends string>(write: (day: EpochDay) => Text): (day: EpochDay) => Text {
  const recent = new Map<EpochDay, Text>();
  return (day) => {
    const known = recent.get(day);
    if (known !== undefined) return known;
    if (recent.size >= RECENT_DAYS_MAX) recent.clear();
    const text = write(day);
    recent.set(day, text);
    return text;
  };
}

export const dateOf = written<LocalDate>(fromEpochDay);

const DURATION = /^(\d{1,5}) (working day|day|week|month|quarter|year)s?$/;

export function parseDuration(text: string): Duration {
  const match = DURATION.exec(text.trim());
  if (match === null) {
    throw new HubError(
      'tariff.duration',
      `"${text}" is not a duration: write for example "13 weeks", "6 months", "4 working days".`,
    );
  }
  return durationOf(Number(match[1]), match[2] ?? 'day');
}

/** `durationOf(2, 'year')` is 24 months. */
export function durationOf(count: number, unit: string): Duration {
  switch (unit) {
    case 'year':
      return { count: count * 12, unit: 'months' };
    case 'quarter':
      return { count: count * 3, unit: 'months' };
    case 'month':
      return { count, unit: 'months' };
    case 'week':
      return { count, unit: 'weeks' };
    case 'working day':
      return { count, unit: 'working-days' };
    default:
      return { count, unit: 'days' };
  }
}

/**
 * The last day of a span that begins with `start`, which counts (BGB ss.187(2), 188(2)): the day before the same number, and
 * where that day does not exist in the last month, the month's last day (s.188(3)).
 */
export function lastDayOf(start: EpochDay, duration: Duration, calendar: TariffCalendar): EpochDay {
  if (duration.unit === 'working-days') return addDuration(start - 1, duration, calendar);
  if (duration.unit !== 'months' || calendar.months === 'thirty-days') return start + daysIn(duration) - 1;
  const { year, month, day } = partsOf(start);
  // A span from the first of a month ends with a month's last day.
  const ends = monthsOn(year, month, day === 1 ? duration.count - 1 : duration.count);
  const length = daysInMonth(ends.year, ends.month);
  return dayOf(ends.year, ends.month, day === 1 ? length : Math.min(day - 1, length));
}

/** The same number `duration` later, as deadlines count; the month's last day where the number does not exist. */
export function addDuration(date: EpochDay, duration: Duration, calendar: TariffCalendar): EpochDay {
  if (duration.unit === 'working-days') return addWorkingDays(date, duration.count, calendar);
  if (duration.unit !== 'months' || calendar.months === 'thirty-days') return date + daysIn(duration);
  const { year, month, day } = partsOf(date);
  const to = monthsOn(year, month, duration.count);
  return dayOf(to.year, to.month, Math.min(day, daysInMonth(to.year, to.month)));
}

function monthsOn(year: number, month: number, count: number): { readonly year: number; readonly month: number } {
  const index = year * 12 + month - 1 + count;
  return { year: Math.floor(index / 12), month: (((index % 12) + 12) % 12) + 1 };
}

/** Days of a duration that need not be consecutive: a month has 30 of them, a year 365 (BGB s.191). */
export function daysIn({ count, unit }: Duration): number {
  if (unit === 'weeks') return count * 7;
  if (unit !== 'months') return count;
  return Math.floor(count / 12) * 365 + (count % 12) * 30;
}

/** 1 = Monday … 7 = Sunday. */
export const weekdayOf = (day: EpochDay): number => ((((day + 3) % 7) + 7) % 7) + 1;

export const isWorkingDay = (day: EpochDay, { weekend, holidays }: TariffCalendar): boolean =>
  !weekend.has(weekdayOf(day)) && !holidays.has(day);

/** The first year between two days of which the calendar does not say the holidays. */
export function yearWithoutHolidays(
  from: EpochDay,
  to: EpochDay,
  { holidayYears }: TariffCalendar,
): number | undefined {
  if (holidayYears === undefined) return undefined;
  const last = partsOf(to).year;
  for (let { year } = partsOf(from); year <= last; year += 1) if (!holidayYears.has(year)) return year;
  return undefined;
}

function addWorkingDays(from: EpochDay, count: number, calendar: TariffCalendar): EpochDay {
  const step = count < 0 ? -1 : 1;
  let day = from;
  for (let left = Math.abs(count); left > 0;) {
    day += step;
    if (isWorkingDay(day, calendar)) left -= 1;
  }
  return day;
}

/** `day`, or the next working day where it is none: deadlines move, qualifying spans do not (SGB X s.26(3)). */
export function nextWorkingDay(day: EpochDay, calendar: TariffCalendar): EpochDay {
  let found = day;
  while (!isWorkingDay(found, calendar)) found += 1;
  return found;
}

export const startOfMonth = (day: EpochDay): EpochDay => day - partsOf(day).day + 1;

export function endOfMonth(date: EpochDay): EpochDay {
  const { year, month } = partsOf(date);
  return dayOf(year, month, daysInMonth(year, month));
}

/** Whole months from `a` to `b`: a month is full on the day before the same number. Negative when `b` is earlier. */
export function monthsBetween(a: EpochDay, b: EpochDay): number {
  if (b < a) return -monthsBetween(b, a);
  const [from, to] = [partsOf(a), partsOf(b)];
  const months = (to.year - from.year) * 12 + to.month - from.month;
  const sameNumber = Math.min(from.day, daysInMonth(to.year, to.month));
  return to.day >= sameNumber ? months : months - 1;
}

const UNIT_WORDS = { days: 'day', weeks: 'week', months: 'month', 'working-days': 'working day' } as const;

export const durationInWords = ({ count, unit }: Duration): string =>
  `${count} ${UNIT_WORDS[unit]}${count === 1 ? '' : 's'}`;

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `9 July 2017` */
export const dayInWords = written((epoch) => {
  const { year, month, day } = partsOf(epoch);
  return `${day} ${MONTHS[month - 1] ?? ''} ${year}`;
});
