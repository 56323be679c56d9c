import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays,
  addMoney,
  addMonths,
  addWorkingDays,
  asCurrency,
  asId,
  assertNever,
  dayIn,
  daysBetween,
  daysInMonth,
  decimal,
  fail,
  formatMinor,
  fromEpochDay,
  HubError,
  isUuid,
  isWorkingDay,
  localDate,
  minorDigits,
  money,
  negate,
  ok,
  parseMinor,
  rollForward,
  roundHalfUp,
  toEpochDay,
  weekday,
  yearMonth,
  zero,
  type LocalDate,
} from './index.js';

const day = fc
  .integer({ min: toEpochDay('1900-01-01' as LocalDate), max: toEpochDay('2199-12-31' as LocalDate) })
  .map(fromEpochDay);
const EUR = asCurrency('EUR');

describe('decimal', () => {
  it.each([
    ['0.8', '0.8'],
    ['-12', '-12'],
    ['1/60', '0.01(6)'],
    ['0.10', '0.1'],
  ])('reads %s', (text, value) => {
    expect(decimal(text).toString()).toBe(value);
  });

  it('adds without a binary trace', () => {
    expect(decimal('0.1').add(decimal('0.2')).equals(decimal('0.3'))).toBe(true);
  });

  it.each(['', '1.', '.5', '1e3', '0x10', '1/0', 'NaN', '--1', '1 000', '0.1.2', '9'.repeat(31)])(
    'refuses "%s"',
    (text) => {
      expect(() => decimal(text)).toThrow(expect.objectContaining({ code: 'decimal.syntax' }));
    },
  );

  it.each([0.1, NaN, Infinity, Number.MAX_SAFE_INTEGER + 1])('refuses the binary number %p', (value) => {
    expect(() => decimal(value)).toThrow(expect.objectContaining({ code: 'decimal.inexact' }));
  });

  it('reads whole numbers and bigints as they are', () => {
    fc.assert(
      fc.property(
        fc.bigInt(),
        (value) => decimal(value).equals(decimal(value.toString().slice(0, 30))) || value.toString().length > 30,
      ),
    );
    expect(decimal(-7).toString()).toBe('-7');
  });

  it('rounds halves away from zero', () => {
    expect(['0.5', '-0.5', '1.5', '2.5', '2.4999', '-2.5'].map((text) => roundHalfUp(decimal(text)))).toEqual([
      1n,
      -1n,
      2n,
      3n,
      2n,
      -3n,
    ]);
  });
});

describe('money', () => {
  it('reads and writes exactly', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }),
        fc.constantFrom('EUR', 'JPY', 'KWD'),
        (minor, code) => {
          const currency = asCurrency(code);
          expect(parseMinor(formatMinor(minor, currency), currency)).toBe(minor);
        },
      ),
    );
    expect(formatMinor(-5n, EUR)).toBe('-0.05');
    expect(formatMinor(73_700n, EUR)).toBe('737.00');
    expect(formatMinor(737n, asCurrency('JPY'))).toBe('737');
    expect(minorDigits(asCurrency('KWD'))).toBe(3);
    expect(parseMinor('737.5', EUR)).toBe(73_750n);
  });

  it.each(['737.555', '1,5', '', '+1', '1.', 'abc', '.5', '1234567890123456789'])('refuses the amount "%s"', (text) => {
    expect(() => parseMinor(text, EUR)).toThrow(expect.objectContaining({ code: 'money.amount' }));
  });

  it('adds one currency only', () => {
    expect(addMoney(money(1n, EUR), negate(money(1n, EUR)))).toEqual(zero(EUR));
    expect(() => addMoney(zero(EUR), zero(asCurrency('GBP')))).toThrow(
      expect.objectContaining({ code: 'money.currency-mismatch' }),
    );
    expect(() => asCurrency('euro')).toThrow(expect.objectContaining({ code: 'money.currency' }));
  });
});

describe('a day', () => {
  it.each([
    '2019-02-29',
    '2019-13-01',
    '2019-00-10',
    '2019-04-31',
    '0000-01-01',
    '19-01-01',
    '2019-1-1',
    '2019-01-01T00:00',
  ])('is not %s', (text) => {
    expect(() => localDate(text)).toThrow(expect.objectContaining({ code: 'date.invalid' }));
  });

  it('exists in leap years', () => {
    expect(localDate('2020-02-29')).toBe('2020-02-29');
    expect([1900, 2000, 2019, 2020].map((year) => daysInMonth(year, 2))).toEqual([28, 29, 28, 29]);
  });

  it.each(['0001-01-01', '0099-12-31', '0100-01-01', '9999-12-31'])('of any year is itself: %s', (text) => {
    expect(fromEpochDay(toEpochDay(text as LocalDate))).toBe(text);
  });

  it('is counted back and forth', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -40_000, max: 40_000 }), (from, days) => {
        const to = addDays(from, days);
        expect(daysBetween(from, to)).toBe(days);
        expect(from < to).toBe(days > 0);
        expect((weekday(from) + (((days % 7) + 7) % 7) - 1) % 7).toBe(weekday(to) - 1);
      }),
    );
    expect(weekday('2017-01-09' as LocalDate)).toBe(1);
  });

  it('keeps its number months later, or is the last of the month', () => {
    expect(addMonths('2021-08-31' as LocalDate, 6)).toBe('2022-02-28');
    expect(addMonths('2020-01-31' as LocalDate, 1)).toBe('2020-02-29');
    expect(addMonths('2020-01-15' as LocalDate, -13)).toBe('2018-12-15');
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 600 }), (from, months) => {
        const to = addMonths(from, months);
        expect(localDate(to)).toBe(to);
        const same = Number(to.slice(8)) === Number(from.slice(8));
        expect(same || addDays(to, 1).endsWith('-01')).toBe(true);
      }),
    );
  });

  it('is that of the programme, not of the machine', () => {
    const instant = new Date('2018-06-30T23:30:00Z');
    expect(dayIn('Europe/Berlin', instant)).toBe('2018-07-01');
    expect(dayIn('America/New_York', instant)).toBe('2018-06-30');
    expect(yearMonth(localDate('2018-06-30'))).toBe('2018-06');
  });
});

describe('a working calendar', () => {
  const easter = { holidays: new Set(['2020-04-10', '2020-04-13'] as LocalDate[]) };

  it('leaves out weekends and holidays', () => {
    expect(addWorkingDays(easter, '2020-04-08' as LocalDate, 4)).toBe('2020-04-16');
    expect(addWorkingDays(easter, '2020-04-08' as LocalDate, 0)).toBe('2020-04-08');
    expect(rollForward(easter, '2020-04-10' as LocalDate)).toBe('2020-04-14');
    expect(rollForward(easter, '2020-04-09' as LocalDate)).toBe('2020-04-09');
  });

  it('rolls to the first working day and no further', () => {
    fc.assert(
      fc.property(day, (date) => {
        const rolled = rollForward(easter, date);
        expect(isWorkingDay(easter, rolled)).toBe(true);
        for (let before = date; before < rolled; before = addDays(before, 1))
          expect(isWorkingDay(easter, before)).toBe(false);
      }),
    );
  });
});

describe('the small words', () => {
  it('knows an id', () => {
    const id = '0190a0a0-0000-7000-8000-000000000937';
    expect(asId<'Person'>(id)).toBe(id);
    expect(isUuid(id.toUpperCase())).toBe(false);
    expect(() => asId<'Person'>('937')).toThrow(RangeError);
  });

  it('says what went wrong with code, field, facts and cause', () => {
    const cause = new Error('below');
    const error = new HubError('claim.unknown', 'There is no such claim.', {
      field: 'claimId',
      facts: { day: '2018-01-01' },
      cause,
    });
    expect(error).toMatchObject({
      code: 'claim.unknown',
      field: 'claimId',
      retriable: false,
      facts: { day: '2018-01-01' },
      cause,
    });
    expect(new HubError('x.y', 'z')).toMatchObject({ field: undefined, facts: {}, retriable: false });
  });

  it('answers a value or a failure', () => {
    expect(ok(1)).toEqual({ ok: true, value: 1 });
    expect(fail('no')).toEqual({ ok: false, error: 'no' });
    expect(() => assertNever('x' as never)).toThrow('Unexpected value: "x"');
  });
});
