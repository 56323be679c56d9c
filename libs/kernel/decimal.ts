import Fraction from 'fraction.js';
import { HubError } from './hub-error.js';

/** An exact rational number (numerator and denominator are bigints). Percentages, indices, shares and hours are these. */
export type Decimal = Fraction;

/** Reads `"0.8"`, `"-12"`, `"1/60"` or an integer; refuses anything else, binary floats among them. */
export function decimal(value: string | bigint | number): Decimal {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new HubError(
      'decimal.inexact',
      `${String(value)} is a binary fraction: write it as text so that it stays exact.`,
    );
  }
  if (typeof value !== 'string') return new Fraction(value);
  if (!/^-?\d{1,30}(\.\d{1,30}|\/[1-9]\d{0,29})?$/.test(value)) {
    throw new HubError(
      'decimal.syntax',
      `"${value.slice(0, 40)}" is not a number: expected digits, a point and digits, or a fraction.`,
    );
  }
  return new Fraction(value);
}

/** Nearest integer, halves away from zero (EN 16931 practice). Banker's and other modes belong to the tariff that asks for them. */
export function roundHalfUp(value: Decimal): bigint {
  const twice = value.n * 2n + value.d;
  return value.s * (twice / (value.d * 2n));
}
