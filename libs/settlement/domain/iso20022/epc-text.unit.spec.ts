import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { epcId, epcText } from './epc-text.js';

describe('text for a payment file', () => {
  it.each([
    ['Müller & Söhne GmbH', 'Muller + Sohne GmbH'],
    ['Société Générale d’Emploi', "Societe Generale d'Emploi"],
    ['Straße_1;  2', 'Strase-1, 2'],
    ['Αθήνα', 'Athina'],
    ['Център за заетост', 'Tsentar za zaetost'],
    ['Łódź Œuvre Ærø', 'Lodz Oeuvre Aero'],
  ])('writes "%s" as "%s"', (text, written) => expect(epcText(text, 'name', 70)).toBe(written));

  it('answers only the characters of the scheme, or refuses by the name of the field', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        try {
          expect(epcText(text, 'creditor.name', 140)).toMatch(/^[A-Za-z0-9/\-?:().,'+ ]+$/);
        } catch (error) {
          expect(error).toMatchObject({
            field: 'creditor.name',
            code: expect.stringMatching(/^payment-file\.(characters|empty|too-long)$/),
          });
        }
      }),
    );
  });

  it('keeps a text that needs nothing, and does not change it a second time', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9/\-?:().,'+ÄöéñßŁ&]{1,50}$/), (text) => {
        const once = epcText(text, 'name', 140);
        expect(epcText(once, 'name', 140)).toBe(once);
      }),
    );
  });

  it('refuses what has no replacement, and says which character', () => {
    expect(() => epcText('東京', 'creditor.name', 70)).toThrow(
      expect.objectContaining({
        code: 'payment-file.characters',
        field: 'creditor.name',
        facts: { character: 'U+6771' },
      }),
    );
    expect(() => epcText('x'.repeat(36), 'town', 35)).toThrow(
      expect.objectContaining({ code: 'payment-file.too-long', field: 'town' }),
    );
    expect(() => epcText('  ', 'town', 35)).toThrow(expect.objectContaining({ code: 'payment-file.empty' }));
  });
});

describe('an identification for a payment file', () => {
  it.each([
    ['', 'empty'],
    [' A', 'empty'],
    ['/A', 'slash'],
    ['A/', 'slash'],
    ['A//B', 'slash'],
    ['Ä1', 'characters'],
    ['A&B', 'characters'],
    ['A'.repeat(36), 'too-long'],
  ])('refuses "%s": it must come back unchanged', (id, rule) => {
    expect(() => epcId(id, 'endToEndId')).toThrow(
      expect.objectContaining({ code: `payment-file.${rule}`, field: 'endToEndId' }),
    );
  });

  it('takes 35 characters as they are', () =>
    expect(epcId('RF18539007547034/1', 'endToEndId')).toBe('RF18539007547034/1'));
});
