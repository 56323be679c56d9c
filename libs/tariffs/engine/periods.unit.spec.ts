import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { epochDay, type TariffCalendar } from '../calendar.js';
import { localDate } from '#libs/kernel/index.js';
import { parseRhythm, periodsFrom } from './periods.js';

const day = (text: string): number => epochDay(localDate(text));
const YEARS = 3 * 366;

describe('the periods of a clock', () => {
  it('follow each other without a gap, and no day is in two of them, wherever they begin', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: day('2019-01-01'), max: day('2024-12-31') }),
        fc.constantFrom('1 day', '4 weeks', '1 month', '3 months', '1 year', 'calendar month', 'calendar quarter'),
        fc.constantFrom('calendar', 'thirty-days'),
        (from, rhythm, months) => {
          const calendar: TariffCalendar = { months, weekend: new Set(), holidays: new Set() };
          let next = from;
          for (const period of periodsFrom(parseRhythm(rhythm), from, from + YEARS, calendar)) {
            expect(period.from).toBe(next);
            expect(period.to).toBeGreaterThanOrEqual(period.from);
            next = period.to + 1;
          }
          expect(next).toBeGreaterThan(from + 366);
        },
      ),
    );
  });
});
