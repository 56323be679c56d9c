import { describe, expect, it } from '@jest/globals';
import { localDate } from '#libs/kernel/index.js';
import { trialTariff } from '#libs/testing/trial-tariff.js';
import { checkFacts, price, readCase, type Fact, type Fee } from './index.js';

const tariff = trialTariff(`
validFrom: 2019-01-01
terms: { bid: { kind: money, required: true } }
details: { rate: number, urgent: truth }
attributes:
  index: { kind: number, min: 0, max: 1 }
  group: { kind: code, codes: [a, b] }
  lone: { kind: truth }
  method: { kind: code, codes: [m, o], effective: next-month, changesPerYear: 1, at: accepted }
days:
  insuredWork: { spells: employment, where: insured }
  insuredBefore: { spells: past-employment, where: insured }
fees:
  by-index: { title: I, when: { event: started }, amount: 1000 * index }
  by-group: { title: G, when: { event: started }, provided: group = 'a', amount: 10 }
  if-lone: { title: L, when: { event: started }, provided: lone, amount: 5 }
  if-m: { title: M, when: { event: accepted }, provided: method = 'm', amount: 1 }
  urgent: { title: U, when: { event: plan-agreed, where: urgent }, amount: 1 }
  work: { title: W, when: { adds: 1 week, of: insuredWork }, amount: 7 }
  before: { title: B, when: { adds: 1 week, of: insuredBefore }, amount: 3 }
`);
const on = localDate('2020-01-10');
const started: Fact = { type: 'event', name: 'started', on };
const locked = { values: { bid: '1' }, attributes: {} };
const decided = (name: string, value: string, more: object = {}): Fact => ({
  type: 'attribute',
  name,
  from: localDate('2020-01-01'),
  value,
  ...more,
});
const fee = (id: string, ...facts: readonly Fact[]): Fee | undefined =>
  price(tariff, locked, facts, { day: localDate('2021-12-31') }).find(({ feeId }) => feeId === id);

describe('given a value that the tariff does not allow', () => {
  it.each([
    ['a number above the most', decided('index', '99'), 'by-index', /above/],
    ['a number below the least', decided('index', '-1'), 'by-index', /below/],
    ['a text for a number', decided('index', 'high'), 'by-index', /not a number/],
    ['a code there is not', decided('group', 'z'), 'by-group', /not one of: a, b/],
    ['a flag in capitals', decided('lone', 'TRUE'), 'if-lone', /neither true nor false/],
    ['a flag that is a number', decided('lone', '1'), 'if-lone', /neither true nor false/],
    ['a flag that doubts', decided('lone', 'maybe'), 'if-lone', /neither true nor false/],
  ])('%s is refused by name, and priced by nobody', (_what, fact, id, message) => {
    expect(() => checkFacts([fact], tariff)).toThrow(message);
    expect(() => checkFacts([fact], tariff)).toThrow(
      expect.objectContaining({ code: 'fact.value', field: 'facts[0].value' }),
    );
    expect(fee(id, started, fact)).toMatchObject({ kind: 'unknown', missing: expect.stringMatching(message) });
  });

  it.each([
    [
      'more than a full-timer works',
      { type: 'spell', spellId: 'j', start: on, normalHoursShare: '1.5' },
      'normalHoursShare',
      /is 0 to 1/,
    ],
    [
      'a span that ends before it starts',
      { type: 'verification', question: 'Q', from: '2020-01-28', to: '2020-01-01', asOf: '2020-01-28', answer: 'YES' },
      'to',
      /ends before it starts/,
    ],
    [
      'months as text',
      { type: 'spell', spellId: 'j', start: on, contractMonths: '3' },
      'contractMonths',
      /not as text/,
    ],
  ])('%s is refused by name', (_what, fact, field, message) => {
    expect(() => checkFacts([fact], tariff)).toThrow(message);
    expect(() => checkFacts([fact], tariff)).toThrow(expect.objectContaining({ field: `facts[0].${field}` }));
  });

  it('a detail of another kind is refused by name', () => {
    const fact = { type: 'event', name: 'plan-agreed', on, attributes: { urgent: 'yes' } };
    expect(() => checkFacts([fact], tariff)).toThrow(
      /^facts\[0\]\.attributes\.urgent: "yes" is neither true nor false/,
    );
  });

  it('what is allowed is priced', () => {
    expect(fee('by-index', started, decided('index', '0.8'))).toMatchObject({ amount: { amountMinor: 80_000n } });
    expect(fee('if-lone', started, decided('lone', 'true'))).toMatchObject({ kind: 'due' });
  });
});

describe('given a field of a fact that is not what it should be', () => {
  const spell = { type: 'spell', spellId: 'a', start: '2019-03-02' };
  const past = { type: 'past-employment', employer: 'x', start: '2018-01-01', end: '2018-05-31' };
  const event = { type: 'event', name: 'started', on: '2019-12-01' };
  it.each([
    [{ ...event, retracted: 'true' }, 'retracted'],
    [{ ...spell, insured: 'yes' }, 'insured'],
    [{ ...spell, insured: 1 }, 'insured'],
    [{ ...past, insured: 'no' }, 'insured'],
    [{ ...spell, country: 'Germany' }, 'country'],
    [{ ...spell, country: 'ZZ' }, 'country'],
    [{ ...spell, country: 'UK' }, 'country'],
    [{ ...spell, kind: '' }, 'kind'],
    [{ ...spell, kind: 5 }, 'kind'],
    [{ ...spell, attributes: { rate: 5 } }, 'attributes'],
    [{ ...spell, employer: 7 }, 'employer'],
    [{ type: 'claim', on: '2020-01-01', evidence: 'contract' }, 'evidence'],
    [{ ...event, source: 3 }, 'source'],
    [{ ...event, knownSince: '2017-02-30' }, 'knownSince'],
    [{ ...event, knownSince: '1' }, 'knownSince'],
    [{ ...event, knownSince: '2017' }, 'knownSince'],
    [{ ...event, knownSince: 'March 1, 2017' }, 'knownSince'],
    [{ ...event, knownSince: 5 }, 'knownSince'],
    [{ ...event, knownSince: '2017-03-01T08:00:00' }, 'knownSince'],
  ])('%j is refused', (fact, field) => {
    expect(() => checkFacts([fact])).toThrow(expect.objectContaining({ field: `facts[0].${field}` }));
  });
  it.each(['2017-03-01', '2017-03-01T08:00:00Z', '2017-03-01T08:00+02:00', '2017-03-01T08:00:00.123Z'])(
    'the moment %s is one',
    (knownSince) => {
      expect(checkFacts([{ ...event, knownSince }])).toHaveLength(1);
    },
  );
  it.each(['2021-02-30', '2021', '2021-03-01T08:00:00'])('a case is not known by %s', (knownBy) => {
    expect(() => readCase(tariff, { asOf: '2021-12-31', knownBy })).toThrow(
      expect.objectContaining({ code: 'moment.invalid', field: 'knownBy' }),
    );
  });
});

describe('given two decisions from the same day on', () => {
  const first = decided('group', 'b', { knownSince: '2020-01-02' });
  const later = decided('group', 'a', { knownSince: '2020-01-05' });
  it.each([
    ['in one order', [first, later]],
    ['in the other', [later, first]],
  ])('the one known later counts, %s', (_order, facts) => {
    expect(checkFacts(facts, tariff)).toEqual(facts);
    expect(fee('by-group', started, ...facts)).toMatchObject({ kind: 'due' });
  });
  it('of the same moment, they contradict each other', () => {
    const rival = decided('group', 'a', { knownSince: '2020-01-02T00:00:00Z' });
    expect(() => checkFacts([first, rival], tariff)).toThrow(
      expect.objectContaining({ code: 'fact.contradiction', field: 'facts[1]' }),
    );
    for (const facts of [
      [first, rival],
      [rival, first],
    ])
      expect(fee('by-group', started, ...facts)).toMatchObject({
        kind: 'unknown',
        missing: 'group: "a" and "b" were both decided from 1 January 2020 on',
      });
  });
});

describe('given a choice that may change once a year', () => {
  const chosen = (value: string, from: string): Fact => decided('method', value, { from: localDate(from) });
  const facts = [chosen('m', '2019-12-10'), chosen('m', '2020-02-10'), chosen('o', '2020-05-10')];
  it('the same choice again is no change', () => {
    const accepted: Fact = { type: 'event', name: 'accepted', on: localDate('2020-07-01') };
    expect(fee('if-m', accepted, ...facts)).toMatchObject({ kind: 'never', why: expect.stringContaining("'o'") });
  });
});

describe('given two versions of a spell at one moment', () => {
  const spell = { type: 'spell', spellId: 'a', start: localDate('2020-01-01'), insured: true } as const;
  const other = { ...spell, insured: false };
  const turned = (fact: object): Fact => Object.fromEntries(Object.entries(fact).reverse()) as unknown as Fact;
  it('they are refused by name; said twice they are one', () => {
    expect(() => checkFacts([spell, other])).toThrow(expect.objectContaining({ code: 'fact.contradiction' }));
    expect(checkFacts([spell, turned(spell)])).toHaveLength(2);
  });
  it('the order of keys changes nothing', () => {
    const kinds = [
      [spell, other],
      [turned(spell), other],
      [spell, turned(other)],
      [turned(other), turned(spell)],
    ].map((facts) => fee('work', ...facts)?.kind);
    expect(new Set(kinds).size).toBe(1);
  });
});

it('a job before the programme of which nobody said that it was insured does not count as insured', () => {
  const past = { type: 'past-employment', employer: 'x', start: localDate('2018-01-01'), end: localDate('2018-05-31') };
  expect(fee('before', past as Fact)).not.toMatchObject({ kind: 'due' });
  expect(fee('before', { ...past, insured: true } as Fact)).toMatchObject({ kind: 'due' });
});

it('a missing term is reported as a term', () => {
  expect(() => readCase(tariff, { asOf: '2020-12-31' })).toThrow(
    expect.objectContaining({ code: 'terms.missing', field: 'terms.bid' }),
  );
});
