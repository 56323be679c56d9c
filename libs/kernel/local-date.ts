import { HubError } from './hub-error.js';

/** A calendar day `YYYY-MM-DD` (proleptic Gregorian, years 0001 to 9999). Compares correctly as text. */
export type LocalDate = string & { readonly __localDate: true };

/** Days since 1970-01-01. */
export type EpochDay = number;

const DAY_MS = 86_400_000;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Reads a day; refuses one that does not exist (2019-02-29). */
export function localDate(text: string): LocalDate {
  const match = DATE.exec(text);
  if (match !== null && match[1] !== '0000') {
    const [, year, month, day] = match.map(Number) as [number, number, number, number];
    if (month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)) return text as LocalDate;
  }
  throw new HubError('date.invalid', `"${text.slice(0, 30)}" is not a day: expected YYYY-MM-DD, a day that exists.`);
}

export const daysInMonth = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** The calendar repeats every 400 years. `Date.UTC` takes the years 0 to 99 for those after 1900, so it is asked 400 years later. */
const CYCLE = { years: 400, days: 146_097 };

export function toEpochDay(date: LocalDate): EpochDay {
  const year = Number(date.slice(0, 4)) + CYCLE.years;
  return Date.UTC(year, Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) / DAY_MS - CYCLE.days;
}

export function fromEpochDay(day: EpochDay): LocalDate {
  return new Date(day * DAY_MS).toISOString().slice(0, 10) as LocalDate;
}

export const addDays = (date: LocalDate, days: number): LocalDate => fromEpochDay(toEpochDay(date) + days);

/** Whole days from `a` to `b`: 1 for neighbouring days, negative when `b` is earlier. */
export const daysBetween = (a: LocalDate, b: LocalDate): number => toEpochDay(b) - toEpochDay(a);

/** Same day number `months` later; the last day of the month where that number does not exist (BGB s.188(3)). */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const index = Number(date.slice(0, 4)) * 12 + (Number(date.slice(5, 7)) - 1) + months;
  const year = Math.floor(index / 12);
  const month = (index % 12) + 1;
  const day = Math.min(Number(date.slice(8, 10)), daysInMonth(year, month));
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}` as LocalDate;
}

/** 1 = Monday … 7 = Sunday (ISO 8601). */
export const weekday = (date: LocalDate): number => ((((toEpochDay(date) + 3) % 7) + 7) % 7) + 1;

/** The calendar day of an instant in a programme's time zone (IANA name). */
export function dayIn(timeZone: string, instant: Date): LocalDate {
  return localDate(
    new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(instant),
  );
}

/** `2019-03` of `2019-03-17`. */
export const yearMonth = (date: LocalDate): string => date.slice(0, 7);
