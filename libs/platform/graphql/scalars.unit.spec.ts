import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DateScalar, DateTimeScalar, MinorScalar } from './scalars.js';

describe('the scalars', () => {
  it('carry an exact amount there and back, whatever its size', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }), (amountMinor) => {
        expect(MinorScalar.serialize(amountMinor)).toBe(String(amountMinor));
        expect(MinorScalar.parseValue(String(amountMinor))).toBe(String(amountMinor));
      }),
    );
  });

  it.each([
    ['Minor', MinorScalar, [1, '1.5', '1e3', '', ' 1', '--1', '9'.repeat(19), null]],
    ['Date', DateScalar, ['2018-02-30', '2018-2-3', '2018-01-01T00:00:00Z', 20_180_101, 'yesterday']],
    [
      'DateTime',
      DateTimeScalar,
      ['2018-01-01', '2018-01-01 00:00:00Z', '2018-01-01T25:00:00Z', '2018-02-30T08:00:00Z', '2018-01-01T00:00:00', 0],
    ],
  ] as const)('refuse what is no %s', (_name, scalar, wrong) => {
    for (const value of wrong) expect(() => scalar.parseValue(value)).toThrow();
  });

  it('take a moment of any offset, and say it in UTC', () => {
    expect(DateTimeScalar.parseValue('2018-07-01T10:00:00+02:00')).toBe('2018-07-01T08:00:00.000Z');
    expect(DateTimeScalar.serialize(new Date('2018-07-01T08:00:00Z'))).toBe('2018-07-01T08:00:00.000Z');
    expect(DateScalar.serialize('2018-07-01')).toBe('2018-07-01');
  });
});
