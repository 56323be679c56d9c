import { describe, expect, it } from '@jest/globals';
import { localDate } from '#libs/kernel/index.js';
import { trialTariff } from '#libs/testing/trial-tariff.js';
import {
  checkPublished,
  isCutShort,
  publish,
  readPublications,
  sealOf,
  type Publication,
  type PublishedSeries,
  type Tariff,
} from '../index.js';

const START = 'fees: { start: { title: Start, when: { event: started }, amount: 100 } }';
const tariff = (body: string, validity = 'validFrom: 2020-01-01'): Tariff => trialTariff(`${validity}\n${body}`);

const one = tariff(START);
const today = localDate('2020-06-30');
const digits = (digit: string): string => digit.repeat(64);
const wanted = {
  sha256: digits('a'),
  series: {},
  publishedBy: 'Ana',
  approvedBy: 'Ben',
  publishedOn: localDate('2020-01-01'),
};
const refusal = (code: string, message?: string): unknown =>
  expect.objectContaining({ code, ...(message === undefined ? {} : { message: expect.stringContaining(message) }) });

describe('publishing', () => {
  it('makes a version immutable', () => {
    const published = publish(one, wanted, [], today);
    expect(published).toEqual([{ tariff: 'trial', version: '1', validTo: null, ...wanted }]);
    expect(publish(one, { ...wanted, publishedOn: localDate('2020-02-01') }, published, today)).toBe(published);
    const edited = { ...wanted, sha256: digits('b') };
    expect(() => checkPublished(one, edited, published)).toThrow(/not edited any more: make a new version/);
    expect(() => publish(one, edited, published, today)).toThrow(refusal('tariff.published'));
  });

  it('seals the last day, too: a second person approves another one', () => {
    const published = publish(one, wanted, [], today);
    const ended = tariff(START, 'validFrom: 2020-01-01\nvalidTo: 2020-12-31');
    expect(() => checkPublished(ended, wanted, published)).toThrow(
      /published without a last day, and this one holds until/,
    );
    expect(() => publish(ended, { ...wanted, publishedOn: localDate('2019-12-31') }, published, today)).toThrow(
      refusal('tariff.publication-day', '2019-12-31 lies before 2020-01-01, when trial 1 was published'),
    );
    const again = publish(ended, wanted, published, today);
    expect(again).toHaveLength(2);
    expect(() => checkPublished(ended, wanted, again)).not.toThrow();
    expect(() => checkPublished(one, wanted, again)).toThrow(expect.objectContaining({ field: 'validTo' }));
  });

  it('knows a last day that is cut short to one that is over', () => {
    const until = (day: string): Tariff => tariff(START, `validFrom: 2020-01-01\nvalidTo: ${day}`);
    const published = publish(until('2020-05-31'), { ...wanted, publishedOn: localDate('2020-04-01') }, [], today);
    expect(isCutShort(until('2020-03-31'), published)).toBe(true);
    for (const other of [until('2020-04-01'), until('2020-05-31'), until('2020-06-30'), one])
      expect(isCutShort(other, published)).toBe(false);
    expect(isCutShort(until('2020-03-31'), [])).toBe(false);
  });

  it('takes today, and no day that lies ahead', () => {
    expect(publish(one, { ...wanted, publishedOn: today }, [], today)).toHaveLength(1);
    for (const day of ['2020-07-01', '9999-12-31'])
      expect(() => publish(one, { ...wanted, publishedOn: localDate(day) }, [], today)).toThrow(
        refusal('tariff.publication-day', `${day} lies ahead: a version is published today, 2020-06-30`),
      );
  });
});

describe('the two persons', () => {
  const by = (publishedBy: string, approvedBy: string) => () =>
    publish(one, { ...wanted, publishedBy, approvedBy }, [], today);

  it.each([
    ['capitals and blanks', 'Ana', ' ana '],
    ['letters composed or not', 'Jos\u00e9 Paz', 'Jose\u0301 Paz'],
    ['other blanks', 'Ana  Paz', 'ana\u00a0paz '],
    ['characters that nobody sees', 'Ana', 'An\u200ba'],
    ['a soft hyphen and a mark of direction', 'Ana', '\u200eAn\u00ada'],
    ['control characters', 'Ana Paz', 'Ana\u0007Paz\n'],
    ['a full stop', 'Ana', 'Ana.'],
    ['one address under two names', 'Ana Paz <ana@pes.example>', 'A. Paz (ANA@pes.example)'],
  ])('are one where their names differ by %s', (_what, publishedBy, approvedBy) => {
    expect(by(publishedBy, approvedBy)).toThrow(refusal('tariff.second-person', 'a second person is needed'));
  });

  it.each(['', ' ', '.', '\u200b', '42'])('have a name each: %j is none', (name) => {
    expect(by('Ana', name)).toThrow(refusal('tariff.second-person', 'the names of two persons'));
  });

  it.each([
    ['Ana', 'Anna'],
    ['Ana Paz <ana@pes.example>', 'Ana Paz <paz@pes.example>'],
    ['Ana', 'Ben <ana@pes.example>'],
  ])('are two: %s and %s', (publishedBy, approvedBy) => {
    expect(by(publishedBy, approvedBy)()).toHaveLength(1);
  });
});

describe('a seal', () => {
  const none: PublishedSeries = new Map();
  const TWO = `fees:
  a: { title: A, when: { event: started }, amount: 100 }
  b: { title: B, when: { event: started }, amount: 200 }
caps: { c: { title: C, fees: all, amount: 250 } }`;
  const seal = (body: string, validity?: string) => sealOf(tariff(body, validity), none).sha256;

  it('is of what a document says, not of how it is spaced, nor of its last day', () => {
    expect(seal(TWO)).toMatch(/^[0-9a-f]{64}$/);
    expect(seal(`# A note.\n${TWO.replace('{ title: A,', '{   title:   A,')}`)).toBe(seal(TWO));
    expect(seal(TWO, 'validFrom: 2020-01-01\nvalidTo: 2020-12-31')).toBe(seal(TWO));
    expect(seal(TWO.replace('250', '251'))).not.toBe(seal(TWO));
  });

  it('is another one where two fees change places: caps pay in their order', () => {
    const [head, a, b, caps] = TWO.split('\n');
    expect(seal([head, b, a, caps].join('\n'))).not.toBe(seal(TWO));
  });

  it('is another one where two bands change places: the first that fits counts', () => {
    const bands = ['low: { upTo: 5 }', 'high: { from: 5 }'];
    const banded = (labels: readonly string[]): string =>
      `attributes: { size: { kind: number } }\nbands: { band: { of: size, bands: { ${labels.join(', ')} } } }\n${START}`;
    expect(seal(banded(bands.toReversed()))).not.toBe(seal(banded(bands)));
  });
});

describe('a published series', () => {
  const WAGE = `parameters: { wage: { value: 8 } }\n${START}`;
  const named: Tariff = (() => {
    const plain = tariff(WAGE);
    const parameters = { wage: { published: 'minwage@1' } };
    return { ...plain, document: { ...plain.document, parameters } };
  })();
  const series = (wage: string): PublishedSeries => new Map([['minwage@1', { '2020-01-01': wage }]]);
  const published = publish(named, { ...wanted, ...sealOf(named, series('8.21')) }, [], today);

  it('is sealed with the version that names it', () => {
    expect(Object.keys(published[0]!.series)).toEqual(['minwage@1']);
    expect(() => checkPublished(named, sealOf(named, series('8.21')), published)).not.toThrow();
    expect(() => checkPublished(named, sealOf(named, series('9.21')), published)).toThrow(
      refusal('tariff.published', 'the series minwage@1 of trial 1 was published with trial 1 on 2020-01-01'),
    );
  });

  it('is in the seal of each version that names it', () => {
    const emptied = published.map((each) => ({ ...each, series: {} }));
    expect(() => checkPublished(named, sealOf(named, series('9.21')), emptied)).toThrow(
      refusal('tariff.publications', 'entry 1 of what was published lacks the series minwage@1, which trial 1 names'),
    );
  });

  it('is as immutable for another tariff that names it', () => {
    const other = { ...named, id: 'other' };
    expect(() => publish(other, { ...wanted, ...sealOf(other, series('9.21')) }, published, today)).toThrow(
      refusal('tariff.published', 'the series minwage@1 of other 1'),
    );
  });
});

describe('what is read as publications', () => {
  const whole: Publication = { tariff: 'trial', version: '1', validTo: null, ...wanted };
  const without = (key: keyof Publication): object =>
    Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key));

  it('is what publishing wrote down', () => {
    const sealed = { ...whole, series: { 'minwage@1': digits('c') } };
    const list = [sealed, { ...sealed, validTo: '2020-12-31' }, { ...sealed, tariff: 'other', publishedOn: today }];
    expect(readPublications(JSON.parse(JSON.stringify(list)), today)).toEqual(list);
  });

  it.each([
    [{}, 'it is a list of publications'],
    [[null], 'entry 1 is no publication'],
    [[1], 'entry 1 is no publication'],
    [[[]], 'entry 1 is no publication'],
    [[whole, {}], 'entry 2 lacks "tariff": a text'],
    [[without('publishedOn')], 'entry 1 lacks "publishedOn": a day'],
    [[without('series')], 'entry 1 lacks "series"'],
    [[{ ...whole, publishedOn: '2020-02-30' }], 'entry 1 says something else in "publishedOn" than a day'],
    [[{ ...whole, validTo: 2020 }], 'entry 1 says something else in "validTo" than a day or null'],
    [[{ ...whole, sha256: 'aa' }], 'entry 1 says something else in "sha256" than 64 hexadecimal digits'],
    [[{ ...whole, series: { x: 1 } }], 'entry 1 says something else in "series"'],
    [[{ ...whole, approvedBy: ' ' }], 'entry 1 says something else in "approvedBy" than a text'],
    [[{ ...whole, note: 'x' }], 'entry 1 says "note", which no publication says: its keys are tariff, version,'],
    [[{ ...whole, publishedOn: '2020-07-01' }], 'entry 1 is of 2020-07-01, a day that lies ahead'],
    [
      [whole, { ...whole, version: '2', publishedOn: '2019-12-31' }],
      'entry 2 is of 2019-12-31, and entry 1 of 2020-01-01',
    ],
    [[whole, { ...whole, sha256: digits('b') }], 'entry 2 seals something else of trial 1 than entry 1'],
    [[whole, { ...whole, series: { x: digits('c') } }], 'entry 2 seals something else of trial 1 than entry 1'],
    [
      ['c', 'd'].map((digit) => ({ ...whole, version: digit, series: { x: digits(digit) } })),
      'entry 2 seals something else of the series x than entry 1',
    ],
  ])('%j is refused by what is wrong', (body, message) => {
    expect(() => readPublications(body, today)).toThrow(refusal('tariff.publications', message));
  });

  it('has two persons in each entry', () => {
    expect(() => readPublications([{ ...whole, approvedBy: 'ANA' }], today)).toThrow(refusal('tariff.second-person'));
  });
});
