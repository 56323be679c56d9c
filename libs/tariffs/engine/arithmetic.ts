import { formatMinor, minorDigits, type Currency, type Decimal } from '#libs/kernel/index.js';
import { numberInWords, type Code } from '../language/code.js';
import type { Frame } from './frame.js';
import { number } from './person.js';
import type { RoundingMode } from './rounding.js';

/** `lowest + (index - 0.5) * 2 * span = 1000 + (0.8 - 0.5) * 2 * 4000 = 3400.00` */
export function arithmetic(text: string, code: Code, frame: Frame, shown: string): string {
  const values = code.show(frame);
  const said = values === text || (/^[\d.]+$/.test(values) && number(values).equals(number(shown)));
  return [text.trim().replace(/\s+/g, ' '), ...(said ? [] : [values]), shown].join(' = ');
}

/** `, rounded half-up to 0.01`; nothing where the amount is exact. */
export const roundedInWords = (
  amount: Decimal,
  exact: Decimal,
  { to, mode }: { readonly to: Decimal; readonly mode: RoundingMode },
): string => (amount.equals(exact) ? '' : `, rounded ${mode} to ${numberInWords(to)}`);

/** With the digits of the currency, or as many as there are. */
export function inMoney(amount: Decimal, currency: Currency): string {
  const minor = minorOf(amount, currency);
  return minor === undefined ? numberInWords(amount) : formatMinor(minor, currency);
}

/** In the smallest unit of the currency; undefined where it is a fraction of one. */
export function minorOf({ s, n, d }: Decimal, currency: Currency): bigint | undefined {
  const units = n * 10n ** BigInt(minorDigits(currency));
  return units % d === 0n ? s * (units / d) : undefined;
}
