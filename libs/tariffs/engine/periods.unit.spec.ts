import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { epochDay, type TariffCalendar } from '../calendar.js';
import { localDate } from '#libs/kernel/index.js';
import { clockCode, periodsFrom } from './periods.js';
import { Missing } from '../language/value.js';

const day = (text: string): number => epochDay(localDate(text));
const YEARS = 3 * 366;

describe('the periods of a clock', () => {
  it('follow each other without a gap, and no day is in two of them, wherever they begin', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: day('2019-01-01'), max: day('2024-12-31') }),
        fc.constantFrom('1 day', '4 weeks', '1 month', '3 months', '1 year', 'calendar month', 'calendar quarter'),
        fc.constantFrom('calendar', 'thirty-days'),
        fc.constantFrom('cut' as const, 'drop' as const),
        (from, every, months, last) => {
          const calendar: TariffCalendar = { months, weekend: new Set(), holidays: new Set(), holidayYears: undefined };
          let next = from;
          const clock = clockCode('when', { every, to: 'ended', last });
          for (const period of periodsFrom(clock, from, from + YEARS, calendar)) {
            if (period instanceof Missing) throw new Error(period.reason);
            expect(period.from).toBe(next);
            expect(period.to).toBeGreaterThanOrEqual(period.from);
            next = period.to + 1;
          }
          if (last === 'cut') expect(next).toBe(from + YEARS + 1);
          expect(next).toBeGreaterThan(from + YEARS - 366);
        },
      ),
    );
  });
});
