import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { localDate } from '#libs/kernel/index.js';
import {
  checkPublished,
  contentOf,
  diffTariffs,
  lintTariff,
  lintVersions,
  loadTariff,
  price,
  publish,
  readCase,
  repricing,
  Simulation,
  type Tariff,
} from '../index.js';

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');
const schema = JSON.parse(read('schemas/tariffs/tariff.schema.json')) as object;
const HEAD = `
tariff: example
title: An example
currency: EUR
vat: inclusive
rounding: { to: 0.01, mode: half-up }
calendar: { months: calendar }
sources: [invented]
`;

function tariff(body: string, version = '1', validity = 'validFrom: 2020-01-01'): Tariff {
  return loadTariff(`${HEAD}version: '${version}'\n${validity}\n${body}`, 't.yaml', schema);
}

const START = `fees: { start: { title: Start, when: { event: started }, amount: 100 } }
examples: { e: { asOf: 2020-12-31, facts: [{ type: event, name: started, on: 2020-03-02 }], due: { start: 100 } } }
`;
const lints = (body: string): string[] =>
  lintTariff(tariff(body)).map(({ level, place, message }) => `${level} ${place}: ${message}`);

describe('lints', () => {
  it('find nothing in a sound tariff', () => {
    expect(lints(START)).toEqual([]);
  });

  it.each([
    [
      'a fee that needs more days than its window has',
      `days: { work: { spells: employment } }
fees: { f: { title: F, when: { adds: 13 weeks, of: work, from: started, to: started + 60 days }, amount: 1 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.f.when: unreachable: 91 days are needed, and the window has 61.',
    ],
    [
      'a fee that needs more days than a rolling window has',
      `days: { work: { spells: employment } }
fees: { f: { title: F, when: { adds: 13 weeks, of: work, within: 12 weeks }, amount: 1 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.f.when: unreachable: 91 days are needed, and the window has 84.',
    ],
    [
      'a window that ends before it begins',
      `fees: { f: { title: F, when: { event: plan-agreed, from: started, to: started - 1 days }, amount: 1 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.f.when: unreachable: the window ends on 31 December 2019, before it begins on 1 January 2020.',
    ],
    [
      'a condition that is never true',
      `parameters: { limit: 10 }
fees: { f: { title: F, when: { event: started }, provided: limit > 20, amount: 1 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.f.provided.0: never due: "limit > 20" is never true.',
    ],
    [
      'an amount that is nothing',
      `fees: { f: { title: F, when: { event: started }, amount: 5 - 5 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.f.amount: never due: the amount is not above zero.',
    ],
    [
      'a fee that requires its rival',
      `fees:
  a: { title: A, when: { event: started }, amount: 1 }
  b: { title: B, when: { event: started }, requires: [a], amount: 1 }
oneOf: { x: [a, b] }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.b.requires: never due: a excludes it (oneOf.x).',
    ],
    [
      'bands that overlap',
      `attributes: { age: { kind: number } }
bands: { band: { of: age, bands: { young: { upTo: 30 }, old: { from: 30 } } } }
tables: { t: { by: [band], cells: { young: 1, old: 2 } } }
fees: { f: { title: F, when: { event: started }, amount: t } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error bands.band.bands.old: overlaps with young.',
    ],
    [
      'bands with a gap',
      `attributes: { age: { kind: number } }
bands: { band: { of: age, bands: { young: { below: 30 }, old: { above: 30 } } } }
tables: { t: { by: [band], cells: { young: 1, old: 2 } } }
fees: { f: { title: F, when: { event: started }, amount: t } }
examples: { e: { asOf: 2020-12-31 } }`,
      'warning bands.band.bands.old: leaves a gap to young.',
    ],
    [
      'a cell nobody can reach, and one that is missing',
      `attributes: { group: { kind: code, codes: [a, b] } }
tables: { t: { by: [group], cells: { a: 1, c: 2 } } }
fees: { f: { title: F, when: { event: started }, amount: t } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error tables.t.cells.c: nobody can reach this cell: group is one of a, b.',
    ],
    [
      'a missing cell',
      `attributes: { group: { kind: code, codes: [a, b] } }
tables: { t: { by: [group], cells: { a: 1 } } }
fees: { f: { title: F, when: { event: started }, amount: t } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error tables.t.cells: there is no cell for group "b": write a number, none or unknown.',
    ],
    [
      'windows of two fees that overlap in part',
      `days: { work: { spells: employment } }
fees:
  a: { title: A, when: { adds: 30 days, of: work, from: started, to: started + 90 days }, amount: 1 }
  b: { title: B, when: { adds: 30 days, of: work, from: started + 60 days, to: started + 180 days }, amount: 1 }
examples: { e: { asOf: 2020-12-31 } }`,
      'warning fees.b.when: its window overlaps with the one of a: days of work in both count for both.',
    ],
    [
      'a cap below a fee',
      `${START}caps: { all: { fees: all, amount: 99 } }`,
      'error caps.all.amount: lies below the fee start of 100.',
    ],
    ['a ceiling below an example', `${START}ceiling: 99`, 'error ceiling: example e comes to more than the ceiling.'],
    [
      'a name that nothing uses',
      `${START}parameters: { spare: 1 }`,
      'warning parameters.spare: is declared and never used.',
    ],
    [
      'a fee that no example earns',
      'fees: { f: { title: F, when: { event: started }, amount: 1 } }\nexamples: { e: { asOf: 2020-12-31 } }',
      'warning fees.f: no example earns it.',
    ],
  ])('find %s', (_what, body, finding) => {
    expect(lints(body)).toContain(finding);
  });

  it.each([
    ['the same window', 'from: started, to: started + 90 days'],
    ['one inside the other', 'from: started + 10 days, to: started + 80 days'],
    ['one after the other', 'from: started + 91 days, to: started + 180 days'],
  ])('find nothing in two windows: %s', (_what, second) => {
    const found = lints(`days: { work: { spells: employment } }
fees:
  a: { title: A, when: { adds: 30 days, of: work, from: started, to: started + 90 days }, amount: 1 }
  b: { title: B, when: { adds: 30 days, of: work, ${second} }, amount: 1 }
examples: { e: { asOf: 2020-12-31 } }`);
    expect(found.filter((finding) => finding.includes('overlap'))).toEqual([]);
  });

  it('find versions that overlap or leave a gap', () => {
    const first = tariff(START, '1', 'validFrom: 2020-01-01\nvalidTo: 2020-12-31');
    const overlapping = tariff(START, '2', 'validFrom: 2020-12-31');
    const late = tariff(START, '2', 'validFrom: 2021-01-02');
    expect(lintVersions([overlapping, first])[0]).toMatchObject({
      level: 'error',
      message: expect.stringContaining('overlap'),
    });
    expect(lintVersions([first, late])[0]).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('leave a gap'),
    });
    expect(lintVersions([first, tariff(START, '2', 'validFrom: 2021-01-01')])).toEqual([]);
  });
});

const load = (name: string): Tariff => loadTariff(read(`schemas/tariffs/${name}`), name, schema);

describe('diff', () => {
  const diff = diffTariffs(load('avgs-de.V2012.yaml'), load('avgs-de.V2016.yaml'));

  it('names each rule that says something else', () => {
    expect(diff.changes).toContainEqual({ place: 'parameters.standardValue', before: '2000', after: '2500' });
    expect(diff.changes).toContainEqual({ place: 'validTo', before: '2016-07-31', after: undefined });
  });

  it('prices the examples of both by both, and says for whom it changes', () => {
    const first = diff.examples.find(({ example }) => example === 'E16');
    expect(first?.changes).toMatchObject([{ feeId: 'instalment-1', differenceMinor: 25_000n }]);
    expect(diff.examples.find(({ example }) => example === 'E14')?.refused).toContain('refused by V2012 only');
  });

  it('finds nothing between a version and itself', () => {
    expect(diffTariffs(load('adr-it.2018.yaml'), load('adr-it.2018.yaml'))).toEqual({ changes: [], examples: [] });
  });
});

const person = (facts: readonly unknown[], group: string) => ({ asOf: '2017-12-31', attributes: { group }, facts });
const accepted = { type: 'event', name: 'accepted', on: '2016-08-02' };
const job = {
  type: 'spell',
  spellId: 'j',
  start: '2016-09-01',
  weeklyHours: '30',
  contractType: 'OPEN_ENDED',
  insured: true,
};

describe('simulate', () => {
  it('adds up money by fee and group, before and after', () => {
    const [before, after] = [load('avgs-de.V2012.yaml'), load('avgs-de.V2016.yaml')];
    const simulation = new Simulation(before, after, 'group');
    for (const body of [
      person([accepted, job], 'standard'),
      person([accepted, { ...job, end: '2016-11-30' }], 'raised'),
      person([accepted], 'raised'),
    ])
      simulation.add(readCase(before, body), readCase(after, body));
    expect(simulation.result).toEqual({
      persons: 3,
      changedPersons: 2,
      unknownPersons: 0,
      lines: [
        {
          group: 'raised',
          feeId: 'instalment-1',
          paymentsBefore: 1,
          paymentsAfter: 1,
          beforeMinor: 100_000n,
          afterMinor: 125_000n,
        },
        {
          group: 'standard',
          feeId: 'instalment-1',
          paymentsBefore: 1,
          paymentsAfter: 1,
          beforeMinor: 100_000n,
          afterMinor: 125_000n,
        },
        {
          group: 'standard',
          feeId: 'instalment-2',
          paymentsBefore: 1,
          paymentsAfter: 1,
          beforeMinor: 100_000n,
          afterMinor: 125_000n,
        },
      ],
    });
  });
});

describe('what cannot be compared', () => {
  const before = tariff(START, '1', 'validFrom: 2020-01-01\nvalidTo: 2020-12-31');
  it('two currencies have no difference', () => {
    const head = HEAD.replace('EUR', 'SEK');
    const kronor = loadTariff(`${head}version: '2'\nvalidFrom: 2021-01-01\n${START}`, 't.yaml', schema);
    expect(() => new Simulation(before, kronor)).toThrow(expect.objectContaining({ code: 'simulate.currency' }));
    expect(lintVersions([before, kronor])).toMatchObject([{ level: 'warning', place: 'currency' }]);
  });
  it('a group by a name that neither version knows', () => {
    expect(() => new Simulation(before, before, 'colour')).toThrow(expect.objectContaining({ code: 'simulate.group' }));
  });
  it('a version that is there twice', () => {
    const again = tariff(START, '1', 'validFrom: 2021-01-01');
    expect(lintVersions([before, again])).toMatchObject([{ level: 'error', place: 'version' }]);
  });
});

describe('re-pricing', () => {
  const [before, after] = [load('avgs-de.V2012.yaml'), load('avgs-de.V2016.yaml')];
  const priced = (by: Tariff) => {
    const { locked, facts, asOf } = readCase(by, person([accepted, job], 'standard'));
    return price(by, locked, facts, asOf);
  };

  it('leaves alone what is the same', () => {
    expect(repricing(priced(after), priced(after))).toEqual([]);
  });

  it('reverses and enters what differs, and names both versions', () => {
    expect(repricing(priced(before), priced(after))[0]).toMatchObject({
      feeId: 'instalment-1',
      reverse: { rule: 'avgs-de@V2012 fees.instalment-1', amount: { amountMinor: 100_000n } },
      enter: { rule: 'avgs-de@V2016 fees.instalment-1', amount: { amountMinor: 125_000n } },
      differenceMinor: 25_000n,
    });
  });
});

describe('publishing', () => {
  const one = tariff(START);
  const wanted = { sha256: 'aa', publishedBy: 'Ana', approvedBy: 'Ben', publishedOn: localDate('2020-01-01') };

  it('needs a second person', () => {
    expect(() => publish(one, { ...wanted, approvedBy: ' ana ' }, [])).toThrow(
      expect.objectContaining({ code: 'tariff.second-person' }),
    );
    expect(() => publish(one, { ...wanted, approvedBy: '' }, [])).toThrow(
      expect.objectContaining({ code: 'tariff.second-person' }),
    );
  });

  it('makes a version immutable', () => {
    const published = publish(one, wanted, []);
    expect(published).toEqual([{ tariff: 'example', version: '1', ...wanted }]);
    expect(publish(one, wanted, published)).toBe(published);
    expect(() => checkPublished(one, 'bb', published)).toThrow(/not edited any more: make a new version/);
    expect(() => publish(one, { ...wanted, sha256: 'bb' }, published)).toThrow(
      expect.objectContaining({ code: 'tariff.published' }),
    );
  });

  it('seals what a document says, not how it is spaced', () => {
    expect(contentOf('a: 1\nb: [x, 2.50]\n', 't')).toBe(contentOf('# note\nb:\n  - x\n  - 2.50\na:   1\n', 't'));
    expect(contentOf('a: 1', 't')).not.toBe(contentOf('a: 2', 't'));
  });
});
