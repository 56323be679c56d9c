import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { creditorReference, isCreditorReference } from './creditor-reference.js';

const bodies = fc.stringMatching(/^[0-9A-Z]{1,21}$/);

/** ISO 7064 as the standard words it: the number made of all digits, modulo 97, is 1. */
const checks = (reference: string): boolean => {
  const rotated = reference.slice(4) + reference.slice(0, 4);
  return BigInt(rotated.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))) % 97n === 1n;
};

describe('the structured creditor reference (ISO 11649)', () => {
  it('has the check digits of published examples', () => {
    expect(creditorReference('539007547034')).toBe('RF18539007547034');
    expect(isCreditorReference('RF18 5390 0754 7034')).toBe(true);
    expect(isCreditorReference('RF712348231')).toBe(true);
  });

  it('agrees with the arithmetic of the standard, for every body', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const reference = creditorReference(body);
        expect(reference).toHaveLength(body.length + 4);
        expect(checks(reference)).toBe(true);
        expect(isCreditorReference(reference)).toBe(true);
      }),
    );
  });

  // Between a digit and a letter the standard's check has blind spots; within digits and within letters it has none.
  it.each([
    ['digits', '0123456789'],
    ['letters', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ])('does not accept a changed or a swapped character among %s', (_, alphabet) => {
    const characters = fc.constantFrom(...alphabet.split(''));
    const ofOneKind = fc.array(characters, { minLength: 2, maxLength: 21 }).map((all) => all.join(''));
    fc.assert(
      fc.property(ofOneKind, fc.nat(20), characters, (body, at, other) => {
        const reference = creditorReference(body);
        const place = 4 + (at % (body.length - 1));
        const changed = reference.slice(0, place) + other + reference.slice(place + 1);
        expect(isCreditorReference(changed)).toBe(changed === reference);
        const pair = reference.slice(place, place + 2);
        const swapped = `${reference.slice(0, place)}${pair.charAt(1)}${pair.charAt(0)}${reference.slice(place + 2)}`;
        expect(isCreditorReference(swapped)).toBe(swapped === reference);
      }),
    );
  });

  it.each(['', 'A'.repeat(22), 'a', '1-2', 'Ä'])('refuses the body "%s"', (body) => {
    expect(() => creditorReference(body)).toThrow(expect.objectContaining({ code: 'creditor-reference.body' }));
  });

  it.each(['', 'RF', 'RF18', 'RF19539007547034', 'DE18539007547034', `RF18${'1'.repeat(22)}`])(
    'does not accept "%s"',
    (text) => expect(isCreditorReference(text)).toBe(false),
  );
});
