import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { HubError } from '#libs/kernel/index.js';
import { checkFacts, loadTariff, readCase, readDocument } from './index.js';

const folder = fileURLToPath(new URL('../../schemas/tariffs', import.meta.url));
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const schema = JSON.parse(read('facts.schema.json')) as {
  readonly $defs: Readonly<Record<string, { readonly properties: Readonly<Record<string, unknown>> }>>;
};
const tariffSchema = JSON.parse(read('tariff.schema.json')) as object;
const ajv = new Ajv2020({ strict: false, formats: { date: fullFormats.date } });
const isCase = ajv.compile(schema);
const isFact = (fact: unknown): boolean => isCase({ asOf: '2020-12-31', facts: [fact] });

const NOT_OF_A_CASE = ['note', 'due', 'others', 'total', 'refused'];
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => {
    const { body } = readDocument(read(name), name);
    const tariff = loadTariff(read(name), name, tariffSchema);
    return Object.entries((body as { readonly examples: Readonly<Record<string, object>> }).examples).map(
      ([id, example]) => {
        const given = Object.fromEntries(Object.entries(example).filter(([key]) => !NOT_OF_A_CASE.includes(key)));
        return { name: `${tariff.id}@${tariff.version} ${id}`, tariff, given };
      },
    );
  });

describe.each(examples)('given the example $name', ({ tariff, given }) => {
  it('it is a case by the schema, as it is written and as it is read', () => {
    expect([isCase(given), isCase.errors]).toEqual([true, null]);
    try {
      const { facts } = readCase(tariff, given);
      expect([isCase({ asOf: '2020-12-31', facts }), isCase.errors]).toEqual([true, null]);
    } catch (error) {
      // An example of terms that are refused.
      if (!(error instanceof HubError)) throw error;
      expect(error.code).toMatch(/^terms\./);
    }
  });
});

const spell = { type: 'spell', spellId: 'a', start: '2019-03-02' };
const event = { type: 'event', name: 'started', on: '2020-01-01' };

describe('given a fact that cannot be', () => {
  it.each([
    { ...spell, start: '2019-02-29' },
    { ...spell, start: undefined },
    { ...spell, spellId: ' ' },
    { ...spell, weeklyHours: 'many' },
    { ...spell, hours: '20' },
    ...['-1', '168.5', '169', '0200', '1000'].map((weeklyHours) => ({ ...spell, weeklyHours })),
    ...['-0.5', '1.1', '2', '10'].map((normalHoursShare) => ({ ...spell, normalHoursShare })),
    { ...event, on: '0000-01-01' },
    { ...event, knownSince: '2020-02-30' },
    { ...event, knownSince: '2020-02-30T08:00:00Z' },
    { ...spell, contractType: 'FOREVER' },
    { ...spell, contractMonths: 2.5 },
    { ...spell, contractMonths: -1 },
    { ...spell, insured: 'yes' },
    { ...spell, country: 'Ireland' },
    { ...spell, end: '' },
    { ...event, on: '2020-1-1' },
    { ...event, knownSince: '2020-01-01T08:00:00' },
    { ...event, retracted: 'true' },
    { ...event, attributes: ['a'] },
    { ...event, attributes: { a: null } },
    { type: 'amount', name: 'wage', on: '2020-01-01' },
    { type: 'amount', name: 'wage', on: '2020-01-01', value: 'much' },
    { type: 'amount', name: 'wage', on: '2020-01-01', value: '1', currency: 'euro' },
    { type: 'verification', question: 'Q', from: '2020-01-01', to: '2020-01-02', asOf: '2020-01-02', answer: 'yes' },
    { type: 'claim', on: '2020-01-01', evidence: 'invoice' },
    { type: 'spel', spellId: 'a' },
    { spellId: 'a' },
    'spell',
    null,
  ])('%j is refused by the schema and by the loader', (fact) => {
    const plain = JSON.parse(JSON.stringify(fact)) as unknown;
    expect(isFact(plain)).toBe(false);
    expect(() => checkFacts([plain])).toThrow(HubError);
  });
});

it.each([
  ...['0', '-0', '20', '168', '168.0', '0168', '19.5', '1/3', '337/3'].map((weeklyHours) => ({
    ...spell,
    weeklyHours,
  })),
  ...['0', '0.5', '1', '1.00', '01', '4/5'].map((normalHoursShare) => ({ ...spell, normalHoursShare })),
  ...['2020-02-29', '2020-02-29T23:59:59+02:00', '2020-02-29T08:00Z'].map((knownSince) => ({ ...event, knownSince })),
])('%j is accepted by the schema and by the loader', (fact) => {
  expect(isFact(fact)).toBe(true);
  expect(() => checkFacts([fact])).not.toThrow();
});

describe('the keys of each fact', () => {
  const defs: Readonly<Record<string, string>> = {
    'spell-retracted': 'spellRetracted',
    'past-employment': 'pastEmployment',
  };
  it.each(['spell', 'spell-retracted', 'past-employment', 'event', 'amount', 'attribute', 'verification', 'claim'])(
    'are the same for the schema and for the loader: %s',
    (type) => {
      const known = Object.keys(schema.$defs[defs[type] ?? type]!.properties);
      const anything = { spellId: 'a', employer: 'e', name: 'n', question: 'q', on: '2020-01-01', value: '1' };
      const days = { start: '2020-01-01', end: '2020-01-02', from: '2020-01-01', to: '2020-01-02', asOf: '2020-01-02' };
      const fact = Object.fromEntries(
        Object.entries({ ...anything, ...days, answer: 'YES' }).filter(([key]) => known.includes(key)),
      );
      expect(isFact({ type, ...fact })).toBe(true);
      expect(() => checkFacts([{ type, ...fact }])).not.toThrow();
      expect(isFact({ type, ...fact, x: 1 })).toBe(false);
      let told = '';
      try {
        checkFacts([{ type, ...fact, x: 1 }]);
      } catch (error) {
        told = (error as Error).message;
      }
      expect(
        told
          .replace(/^.*"x": (.*)\.$/, '$1')
          .split(', ')
          .sort(),
      ).toEqual([...known].sort());
    },
  );
});

it.each([{ asOf: '2020-12-31', fact: [] }, { facts: [] }, { asOf: '2020-12-31', subject: 'firm' }])(
  'given %j, which is no case, both refuse it',
  (body) => {
    expect(isCase(body)).toBe(false);
    expect(() => readCase(examples[0]!.tariff, body)).toThrow(expect.objectContaining({ code: 'case.shape' }));
  },
);
