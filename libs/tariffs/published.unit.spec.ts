import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { parse } from 'yaml';
import { addDays, HubError, type LocalDate } from '#libs/kernel/index.js';
import { caseOf, type Case } from './case.js';
import { loadTariff, price, runExamples, TariffCatalogue, type Fact, type Fee, type Tariff } from './index.js';

const folder = fileURLToPath(new URL('../../schemas/tariffs', import.meta.url));
const schema = JSON.parse(readFileSync(join(folder, 'tariff.schema.json'), 'utf8')) as object;
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
const load = (name: string): Tariff => loadTariff(text(name), name, schema);

/** Every example of every published tariff whose terms are accepted. */
const cases = files.flatMap((name) => {
  const tariff = load(name);
  return Object.entries(tariff.document.examples).flatMap(([id, example]) => {
    try {
      return [{ name: `${tariff.id}@${tariff.version} ${id}`, tariff, given: caseOf(tariff, example) }];
    } catch (error) {
      if (error instanceof HubError) return [];
      throw error;
    }
  });
});

const plain = (fees: readonly Fee[]): string =>
  JSON.stringify(fees, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
const priced = (tariff: Tariff, { locked, facts, asOf }: Case): string => plain(price(tariff, locked, facts, asOf));

/** Facts that no published tariff asks about, on any day. */
const irrelevant = fc
  .record({
    day: fc.integer({ min: 0, max: 2000 }),
    length: fc.integer({ min: 0, max: 700 }),
    hours: fc.integer({ min: 1, max: 60 }),
  })
  .map(({ day, length, hours }): Fact[] => {
    const on = addDays('2015-01-01' as LocalDate, day);
    return [
      { type: 'event', name: 'moved-house', on },
      { type: 'amount', name: 'lottery', on, value: String(hours) },
      { type: 'attribute', name: 'favouriteColour', from: on, value: 'blue' },
      {
        type: 'spell',
        spellId: 'choir',
        kind: 'choir',
        start: on,
        end: addDays(on, length),
        weeklyHours: String(hours),
      },
      { type: 'verification', question: 'OWNS_A_CAR', from: on, to: addDays(on, length), asOf: on, answer: 'NO' },
      { type: 'spell-retracted', spellId: 'never-told' },
    ];
  });

describe.each(files)('%s', (name) => {
  it('is valid by the published schema for whatever else reads YAML, an editor for one', () => {
    const valid = new Ajv2020({ strict: false }).compile(schema);
    expect([valid(parse(text(name))), valid.errors]).toEqual([true, null]);
  });

  it.each(runExamples(load(name)).map((result) => [result.id, result] as const))(
    'proves its example %s',
    (_id, result) => {
      expect(result.difference).toBeNull();
    },
  );
});

describe('the published tariffs', () => {
  it('do not overlap and leave no gap', () => {
    const catalogue = new TariffCatalogue(files.map(load));
    for (const later of catalogue.all()) {
      const earlier = catalogue.all().findLast((each) => each.id === later.id && each.validFrom < later.validFrom);
      if (earlier !== undefined) expect(addDays(earlier.validTo!, 1)).toBe(later.validFrom);
    }
  });

  it('E13: months of 30 days end the second span of Germany on 27 August', () => {
    const thirty = text('avgs-de.V2016.yaml').replace('months: calendar', 'months: thirty-days');
    const tariff = loadTariff(thirty, 'thirty.yaml', schema);
    const { locked, facts, asOf } = caseOf(tariff, tariff.document.examples['E12']!);
    const due = price(tariff, locked, facts, asOf).filter((fee) => fee.kind === 'due');
    expect(due.map((fee) => fee.on)).toEqual(['2022-04-11', '2022-08-27']);
  });

  it('pay by the version in force on the day that each names', () => {
    const catalogue = new TariffCatalogue(files.map(load));
    const paid = (accepted: string, job: string): readonly (readonly [string, bigint])[] =>
      catalogue
        .price(
          'avgs-de',
          { values: {}, attributes: {} },
          [
            { type: 'event', name: 'accepted', on: accepted as LocalDate },
            {
              type: 'spell',
              spellId: 'j',
              start: job as LocalDate,
              contractType: 'OPEN_ENDED',
              weeklyHours: '30',
              insured: true,
            },
          ],
          { day: '2017-12-31' as LocalDate },
        )
        .flatMap((fee) => (fee.kind === 'due' ? [[fee.rule, fee.amount.amountMinor] as const] : []));
    expect(paid('2016-07-31', '2016-09-01')).toEqual([
      ['avgs-de@V2012 fees.instalment-1', 100_000n],
      ['avgs-de@V2012 fees.instalment-2', 100_000n],
    ]);
    expect(paid('2016-08-01', '2016-09-01')[0]).toEqual(['avgs-de@V2016 fees.instalment-1', 125_000n]);
  });
});

describe.each(cases)('pricing $name', ({ tariff, given }) => {
  it('does not depend on the order of facts', () => {
    const once = priced(tariff, given);
    fc.assert(
      fc.property(fc.shuffledSubarray([...given.facts], { minLength: given.facts.length }), (facts) => {
        expect(priced(tariff, { ...given, facts })).toBe(once);
      }),
      { numRuns: 10 },
    );
  });

  it('is not changed by facts that do not matter', () => {
    const once = priced(tariff, given);
    fc.assert(
      fc.property(irrelevant, (more) => {
        expect(priced(tariff, { ...given, facts: [...more, ...given.facts] })).toBe(once);
      }),
      { numRuns: 10 },
    );
  });

  it('counts a fact that is told twice once', () => {
    const told = given.facts.filter(
      (fact) => fact.type === 'spell' || fact.type === 'attribute' || fact.type === 'verification',
    );
    expect(priced(tariff, { ...given, facts: [...given.facts, ...told] })).toBe(priced(tariff, given));
  });

  it('pays nothing before the day that it named', () => {
    const { locked, facts } = given;
    const first = facts.flatMap((fact) => ('start' in fact ? [fact.start] : 'on' in fact ? [fact.on] : [])).sort()[0];
    if (first === undefined) return;
    for (let day = first, step = 0; day < given.asOf.day && step < 40; step += 1) {
      const key = (fee: Fee): string => `${fee.feeId}#${fee.occurrence ?? ''}`;
      for (const fee of price(tariff, locked, facts, { day })) {
        if (fee.kind !== 'not-yet' || fee.earliest === null) continue;
        expect(fee.earliest > day).toBe(true);
        const before = price(tariff, locked, facts, { day: addDays(fee.earliest, -1) }).find(
          (each) => key(each) === key(fee),
        );
        expect(before?.kind).not.toBe('due');
      }
      day = addDays(day, 29);
    }
  });
});
