import { asCurrency, localDate, minorDigits, parseMinor, type Currency, type LocalDate } from '#libs/kernel/index.js';
import { find, invalid, textAt, type XmlElement } from './xml-reader.js';

/** An amount with its sign: positive is money in, negative money out. */
export interface SignedAmount {
  readonly amountMinor: bigint;
  readonly currency: Currency;
}

/** A hundred billion in a currency of two digits: a file full of them still adds up to what the database can hold. */
const AMOUNT_MINOR_MAX = 10n ** 13n;

/**
 * `<Amt Ccy="EUR">8.850</Amt>` → 885n EUR. Banks write up to five digits after the point; those beyond the currency's must be zero.
 *
 * Error: `bank-file.amount`, `bank-file.currency`, with path and line; an amount above the largest is refused, so that sums stay exact.
 */
export function amountOf(element: XmlElement): SignedAmount {
  const currency = currencyOf(element);
  const text = element.text.trim();
  if (!/^\+?\d{1,18}(\.\d{0,17})?$|^\.\d{1,17}$/.test(text)) {
    throw invalid(element, 'bank-file.amount', `"${text.slice(0, 30)}" is not an amount of ISO 20022`);
  }
  const [whole = '', fraction = ''] = text.replace('+', '').split('.');
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > minorDigits(currency)) {
    throw invalid(
      element,
      'bank-file.amount',
      `${text} has more digits after the point than ${currency} has: nothing is rounded`,
    );
  }
  const plain = `${whole === '' ? '0' : whole}${significant === '' ? '' : `.${significant}`}`;
  const amountMinor = parseMinor(plain, currency);
  if (amountMinor > AMOUNT_MINOR_MAX) {
    throw invalid(element, 'bank-file.amount', `${text.slice(0, 30)} is more than any payment of the hub can be`);
  }
  return { amountMinor, currency };
}

function currencyOf(element: XmlElement): Currency {
  const code = element.attributes['Ccy'] ?? '';
  if (/^[A-Z]{3}$/.test(code)) return asCurrency(code);
  throw invalid(
    element,
    'bank-file.currency',
    `the currency of ${element.path} is missing or not three capital letters`,
  );
}

/** `CRDT` → 1n, `DBIT` → -1n; undefined where the element is absent. Error: `bank-file.sign`. */
export function signAt(element: XmlElement): 1n | -1n | undefined {
  const sign = textAt(element, 'CdtDbtInd');
  if (sign === null) return undefined;
  if (sign === 'CRDT') return 1n;
  if (sign === 'DBIT') return -1n;
  throw invalid(element, 'bank-file.sign', `${element.path}/CdtDbtInd is neither CRDT nor DBIT`, ['CdtDbtInd']);
}

/** The amount of `Amt` with the sign of `CdtDbtInd`, both of which must be there. */
export function signedAmountOf(element: XmlElement): SignedAmount {
  const amount = find(element, 'Amt');
  const sign = signAt(element);
  if (amount === undefined) throw invalid(element, 'bank-file.missing', `${element.path}/Amt is missing`, ['Amt']);
  if (sign === undefined)
    throw invalid(element, 'bank-file.missing', `${element.path}/CdtDbtInd is missing`, ['CdtDbtInd']);
  const { amountMinor, currency } = amountOf(amount);
  return { amountMinor: sign * amountMinor, currency };
}

/** The day in `name/Dt` or `name/DtTm` (as the bank wrote it, in its own time zone); null where absent. Error: `bank-file.date`. */
export function dayAt(element: XmlElement, name: string): LocalDate | null {
  const text = textAt(element, name, 'Dt') ?? textAt(element, name, 'DtTm');
  if (text === null) return null;
  try {
    return localDate(text.slice(0, 10));
  } catch {
    throw invalid(element, 'bank-file.date', `${element.path}/${name} is not a day that exists`, [name]);
  }
}

/** `Cd` or `Prtry` below a path of names: how ISO 20022 says "a code of the list, or one of our own". */
export const codeAt = (element: XmlElement, ...names: readonly string[]): string | null =>
  textAt(element, ...names, 'Cd') ?? textAt(element, ...names, 'Prtry');
