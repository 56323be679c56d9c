import { HubError } from '#libs/kernel/index.js';

/** ISO 11649: at most 21 letters and digits after `RF` and the two check digits. */
export const CREDITOR_REFERENCE_BODY_MAX_LENGTH = 21;

/**
 * The structured creditor reference (ISO 11649) of a number of our own: `539007547034` → `RF18539007547034`.
 *
 * Errors: `creditor-reference.body` where it is not 1 to 21 capital letters and digits.
 */
export function creditorReference(body: string): string {
  if (body.length > CREDITOR_REFERENCE_BODY_MAX_LENGTH || !/^[0-9A-Z]+$/.test(body)) {
    throw new HubError(
      'creditor-reference.body',
      `"${body.slice(0, 40)}" cannot be a creditor reference: expected 1 to ${CREDITOR_REFERENCE_BODY_MAX_LENGTH} capital letters and digits (ISO 11649).`,
    );
  }
  return `RF${(98 - remainder(`${body}RF00`)).toString().padStart(2, '0')}${body}`;
}

/** True for a reference whose check digits hold; small letters and the printed form's blanks are allowed. */
export function isCreditorReference(text: string): boolean {
  const reference = electronicReference(text);
  return /^RF\d{2}[0-9A-Z]{1,21}$/.test(reference) && remainder(reference.slice(4) + reference.slice(0, 4)) === 1;
}

/** `rf18 5390 0754 7034` → `RF18539007547034`: how two references are compared. */
export const electronicReference = (text: string): string => text.replaceAll(/\s/g, '').toUpperCase();

/** ISO 7064 MOD 97-10 over the characters' values, A = 10 to Z = 35. */
const remainder = (text: string): number =>
  Array.from(text).reduce((rest, character) => Number(`${rest}${parseInt(character, 36)}`) % 97, 0);
