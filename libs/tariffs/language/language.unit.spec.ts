import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimal, localDate, type Decimal } from '#libs/kernel/index.js';
import {
  addDuration,
  daysIn,
  dayInWords,
  dayOf,
  epochDay,
  lastDayOf,
  monthsBetween,
  parseDuration,
  partsOf,
  type TariffCalendar,
} from '../calendar.js';
import { DaySet } from '../engine/day-set.js';
import { ROUNDING_MODES, roundTo } from '../engine/rounding.js';
import { constant, inWords, numberInWords } from './code.js';
import { compileAny, type Names } from './compile.js';
import { Missing } from './value.js';

const NOBODY: Names = { value: () => '', cell: () => '', has: () => false, similar: () => [] };
const run = (formula: string): string => {
  const value = compileAny(formula, NOBODY).run({ calendar: CALENDAR } as never);
  return value instanceof DaySet ? 'days' : inWords(value);
};
const CALENDAR: TariffCalendar = {
  months: 'calendar',
  weekend: new Set([6, 7]),
  holidays: new Set(),
  holidayYears: undefined,
};

describe('a formula', () => {
  it.each([
    ['0.1 + 0.2', '0.3'],
    ['1 - 2 - 3', '-4'],
    ['2 + 3 * 4', '14'],
    ['(2 + 3) * 4', '20'],
    ['-2 * -3', '6'],
    ['1 / 3', '1/3'],
    ['1 / 3 * 3', '1'],
    ['40% of 990', '396'],
    ['50% of 50% of 8', '2'],
    ['12 / 4 / 3', '1'],
    ['1 < 2 and 2 <= 2', 'yes'],
    ['not 1 = 2', 'yes'],
    ['1 = 1 or unknown > 1', 'yes'],
    ['1 = 2 and unknown > 1', 'no'],
    ['5 between 5 and 7', 'yes'],
    ['8 between 5 and 7', 'no'],
    ["'b' in ('a', 'b')", 'yes'],
    ['if 1 > 2 then 3 else if 2 > 1 then 4 else 5', '4'],
    ['min(3, 1, 2)', '1'],
    ['max(2020-01-01, 2021-01-01)', '1 January 2021'],
    ['clamp(7, 1, 5)', '5'],
    ["round(2.345, 0.01, 'half-even')", '2.34'],
    ['none', 'nothing'],
    ['none + 5', 'nothing'],
    ['payable(none)', 'no'],
    ['known(unknown)', 'no'],
    ['orElse(unknown, 7)', '7'],
    ['2020-01-31 + 1 month', '29 February 2020'],
    ['2020-03-31 - 1 month', '29 February 2020'],
    ['lastDay(2020-01-31, 1 month)', '29 February 2020'],
    ['lastDay(2022-03-01, 6 months)', '31 August 2022'],
    ['2020-04-08 + 4 working days', '14 April 2020'],
    ['daysBetween(2020-02-28, 2020-03-01)', '2'],
    ['yearsBetween(2000-06-02, 2016-06-01)', '15'],
    ['yearsBetween(2000-06-01, 2016-06-01)', '16'],
    ['2020-01-01 + days(3 * 5)', '16 January 2020'],
  ])('%s is %s', (formula, value) => {
    expect(run(formula)).toBe(value);
  });

  it.each([
    ['1,500', 'write 1500, digits only'],
    ['2 * 4 000', 'write 4000, digits only'],
    ['1 200 000 + 1', 'write 1200000, digits only'],
    ['150 €', 'here stands the number alone'],
    ['150 EUR', 'here stands the number alone'],
    ['1 ≥ 2', 'write >='],
    ['1 == 2', 'write = for "is equal to"'],
    ['1 => 2', 'write >='],
    ['1 = 1 AND 2 = 2', 'write and'],
    ['1 = 1 || 2 = 2', 'write or'],
    ['50 % of 3', 'right after the number'],
    ["'old' = young", "a text stands in quotes, 'young'"],
    ["'old' in (young)", "a text stands in quotes, 'young'"],
  ])('%s is refused with what would be right: %s', (formula, right) => {
    expect(() => run(formula)).toThrow(right);
  });

  it.each(['1 = 1 Andes', '1 2', '1 = )'])('%s is refused without a guess', (formula) => {
    expect(() => run(formula)).not.toThrow(/write/);
    expect(() => run(formula)).toThrow();
  });

  it('a fee is no number', () => {
    const names: Names = { ...NOBODY, has: (kind) => kind === 'fee' };
    expect(() => compileAny('50% of hired', names)).toThrow('"hired" is a fee: write paid(hired)');
  });

  it('never guesses: what is missing stays missing', () => {
    expect(run('unknown + 1')).toContain('unknown');
    const nobodys: Names = { ...NOBODY, value: () => ({ ...constant('number', decimal(0n)), depth: 1 }) };
    expect(inWords(compileAny('1 / x', nobodys).run({} as never))).toContain('division by zero');
  });

  it('divides by nothing that is always zero', () => {
    expect(() => run('1 / (2 - 2)')).toThrow('at character 3: nothing can be divided by zero.');
    expect(run('if unknown > 1 then 1 else 2')).toContain('unknown');
    expect(compileAny('unknown > 1 and 1 = 1', NOBODY).run({} as never)).toBeInstanceOf(Missing);
  });

  it('is exact, whatever the numbers', () => {
    const amount = fc
      .tuple(fc.integer({ min: 0, max: 10 ** 9 }), fc.integer({ min: 0, max: 9999 }))
      .map(([whole, part]) => `${whole}.${String(part).padStart(4, '0')}`);
    fc.assert(
      fc.property(amount, amount, amount, (a, b, c) => {
        const expected = decimal(a).add(decimal(b)).mul(decimal(c)).sub(decimal(b));
        const value = compileAny(`(${a} + ${b}) * ${c} - ${b}`, NOBODY).run({} as never) as Decimal;
        expect(value.equals(expected)).toBe(true);
      }),
    );
  });

  it('is read or refused, but never falls over', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        try {
          compileAny(text, NOBODY);
        } catch (error) {
          expect(error).toMatchObject({ code: 'tariff.formula' });
        }
      }),
    );
  });
});

describe('rounding', () => {
  it.each([
    ['half-up', ['0.13', '-0.13', '0.12', '0.13']],
    ['half-even', ['0.12', '-0.12', '0.12', '0.13']],
    ['half-down', ['0.12', '-0.12', '0.12', '0.13']],
    ['down', ['0.12', '-0.12', '0.12', '0.12']],
    ['up', ['0.13', '-0.13', '0.13', '0.13']],
  ] as const)('%s', (mode, expected) => {
    expect(
      ['0.125', '-0.125', '0.1249', '0.1251'].map((text) =>
        numberInWords(roundTo(decimal(text), decimal('0.01'), mode)),
      ),
    ).toEqual(expected);
  });

  it('ends less than one step away, on a multiple of the step', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 999 }),
        fc.constantFrom(...ROUNDING_MODES),
        fc.constantFrom('0.01', '1', '10'),
        (n, d, mode, step) => {
          const value = decimal(n).div(d);
          const rounded = roundTo(value, decimal(step), mode);
          expect(rounded.sub(value).abs().compare(decimal(step))).toBeLessThan(0);
          expect(rounded.div(decimal(step)).d).toBe(1n);
        },
      ),
    );
  });
});

describe('the calendar', () => {
  const day = fc.integer({ min: -30_000, max: 60_000 });

  it('splits a day and puts it together', () => {
    fc.assert(
      fc.property(day, (epoch) => {
        const { year, month, day: number } = partsOf(epoch);
        expect(dayOf(year, month, number)).toBe(epoch);
      }),
    );
    expect(partsOf(epochDay(localDate('2000-02-29')))).toEqual({ year: 2000, month: 2, day: 29 });
  });

  it('lets spans follow each other without gap or overlap when they begin on the first', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 24 }), (epoch, count) => {
        const { year, month } = partsOf(epoch);
        const start = dayOf(year, month, 1);
        expect(lastDayOf(start, { count, unit: 'months' }, CALENDAR) + 1).toBe(
          addDuration(start, { count, unit: 'months' }, CALENDAR),
        );
      }),
    );
  });

  it('ends a span of months after a shorter one, and on the number before or the last of the month', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 60 }), (start, count) => {
        const end = (months: number): number => lastDayOf(start, { count: months, unit: 'months' }, CALENDAR);
        expect(end(count + 1)).toBeGreaterThan(end(count));
        const [from, to] = [partsOf(start), partsOf(end(count))];
        expect(to.day === from.day - 1 || partsOf(end(count) + 1).day === 1).toBe(true);
        expect(monthsBetween(start, addDuration(start, { count, unit: 'months' }, CALENDAR))).toBe(count);
      }),
    );
  });

  it('sums 30 days a month and 365 a year', () => {
    expect(['6 months', '1 year', '15 months', '13 weeks'].map((text) => daysIn(parseDuration(text)))).toEqual([
      180, 365, 455, 91,
    ]);
    expect(dayInWords(epochDay(localDate('2017-07-09')))).toBe('9 July 2017');
  });
});
