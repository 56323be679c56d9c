import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plainText, searchWords, withoutContacts } from './plain-text.js';

describe('plain text', () => {
  it('keeps the words and a line for each block', () => {
    expect(plainText('<p>Vi s&oslash;ker</p>\n<ul><li>A &amp; B</li><li>C&#61;D&#x21;</li></ul>')).toBe(
      'Vi søker\nA & B\nC=D!',
    );
  });

  it('keeps nothing that a browser would run, and reads no entity twice', () => {
    expect(plainText('<script>alert(1)</script>a<img src=x onerror="b">c')).toBe('ac');
    expect(plainText('&amp;lt;b&amp;gt;')).toBe('&lt;b&gt;');
    expect(plainText('&#1114112;&#0;x')).toBe('x');
  });

  it('is done with any text in bounded time', () => {
    fc.assert(fc.property(fc.string({ maxLength: 2_000 }), (text) => typeof plainText(text) === 'string'));
    expect(plainText('<'.repeat(50_000))).toHaveLength(50_000);
  });
});

describe('contacts', () => {
  it('are left at the source', () => {
    expect(withoutContacts('Ring Kari på +47 930 12 345 eller 93012345, post: kari.n@firma-as.no.')).toBe(
      'Ring Kari på [at the source] eller [at the source], post: [at the source].',
    );
  });

  it('are not days, years, codes or percentages', () => {
    const text = 'Frist 2018-12-02, kl. 08:00. Stilling 7411.01, 100 % i 2018/2019, side 12-14.';
    expect(withoutContacts(text)).toBe(text);
  });
});

describe('the words of a search', () => {
  it('are lower-case letters and digits, at most ten', () => {
    expect(searchWords(' Elektriker, OSLO & Ål:* ')).toEqual(['elektriker', 'oslo', 'ål']);
    expect(searchWords('a '.repeat(40))).toHaveLength(10);
  });
});
