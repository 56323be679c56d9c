import { addDays, addMonths, HubError, type LocalDate } from '#libs/kernel/index.js';

/** `13 weeks`, `6 months`, `182 days`. */
export interface Duration {
  readonly count: number;
  readonly unit: 'days' | 'weeks' | 'months';
}

/** Consecutive months run to the day before the same number (BGB ss.187-188); as sums, or by a tariff's choice, they have 30 days. */
export type MonthBasis = 'calendar' | 'thirty-days';

export function parseDuration(text: string): Duration {
  const match = /^(\d{1,5}) (day|week|month|year)s?$/.exec(text.trim());
  if (match === null)
    throw new HubError('tariff.duration', `"${text}" is not a duration: write for example "13 weeks" or "6 months".`);
  const count = Number(match[1]);
  if (match[2] === 'year') return { count: count * 12, unit: 'months' };
  return { count, unit: `${match[2] ?? ''}s` as Duration['unit'] };
}

/** The last day of a span that begins with `start`, which counts. */
export function lastDayOf(start: LocalDate, duration: Duration, basis: MonthBasis): LocalDate {
  if (duration.unit === 'months' && basis === 'calendar') {
    const sameNumber = addMonths(start, duration.count);
    // Where the number does not exist in that month, the month's last day is the last one (BGB s.188(3)).
    return sameNumber.slice(8) === start.slice(8) ? addDays(sameNumber, -1) : sameNumber;
  }
  return addDays(start, daysIn(duration) - 1);
}

/** Days of a duration that need not be consecutive: a month has 30 of them (BGB s.191). */
export function daysIn({ count, unit }: Duration): number {
  return unit === 'days' ? count : unit === 'weeks' ? count * 7 : count * 30;
}

export const durationInWords = ({ count, unit }: Duration): string =>
  `${count} ${count === 1 ? unit.slice(0, -1) : unit}`;

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
export const dayInWords = (day: LocalDate): string =>
  `${Number(day.slice(8))} ${MONTHS[Number(day.slice(5, 7)) - 1] ?? ''} ${day.slice(0, 4)}`;
