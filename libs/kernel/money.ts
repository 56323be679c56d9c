import { HubError } from './hub-error.js';

/** ISO 4217 code. */
export type Currency = string & { readonly __currency: true };

/** An exact amount in minor units (cents for EUR) of one currency. No float ever touches money. */
export interface Money {
  readonly amountMinor: bigint;
  readonly currency: Currency;
}

/** Digits after the point, where they are not two (ISO 4217, table A.1). */
const MINOR_DIGITS: Readonly<Record<string, number>> = {
  JPY: 0,
  KRW: 0,
  HUF: 2,
  ISK: 0,
  CLP: 0,
  BHD: 3,
  KWD: 3,
  TND: 3,
  JOD: 3,
  OMR: 3,
};

export function asCurrency(code: string): Currency {
  if (!/^[A-Z]{3}$/.test(code)) {
    throw new HubError(
      'money.currency',
      `"${code.slice(0, 10)}" is not a currency: expected three capital letters (ISO 4217).`,
    );
  }
  return code as Currency;
}

export const minorDigits = (currency: Currency): number => MINOR_DIGITS[currency] ?? 2;

export const money = (amountMinor: bigint, currency: Currency): Money => ({ amountMinor, currency });

export const zero = (currency: Currency): Money => money(0n, currency);

export function addMoney(a: Money, b: Money): Money {
  if (a.currency !== b.currency) {
    throw new HubError('money.currency-mismatch', `Cannot add ${b.currency} to ${a.currency}.`);
  }
  return money(a.amountMinor + b.amountMinor, a.currency);
}

export const negate = (a: Money): Money => money(-a.amountMinor, a.currency);

/** `73700n EUR` → `"737.00"`: for files and people; the currency stands beside it. */
export function formatMinor(amountMinor: bigint, currency: Currency): string {
  const digits = minorDigits(currency);
  const sign = amountMinor < 0n ? '-' : '';
  const text = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(digits + 1, '0');
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** `"737.00"`, `"737"`, `"737.5"` → `73700n`. Refuses more digits after the point than the currency has. */
export function parseMinor(text: string, currency: Currency): bigint {
  const match = /^(-?)(\d{1,18})(?:\.(\d+))?$/.exec(text);
  const digits = minorDigits(currency);
  const fraction = match?.[3] ?? '';
  if (match === null || fraction.length > digits) {
    throw new HubError(
      'money.amount',
      `"${text.slice(0, 30)}" is not an amount in ${currency}: expected digits with at most ${String(digits)} after the point.`,
    );
  }
  const minor = BigInt((match[2] ?? '') + fraction.padEnd(digits, '0'));
  return match[1] === '-' ? -minor : minor;
}
