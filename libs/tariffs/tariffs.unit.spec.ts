import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatMinor, localDate } from '#libs/kernel/index.js';
import { caseOf } from './case.js';
import {
  checkFacts,
  checkGivenTerms,
  checkTerms,
  loadTariff,
  price,
  runExamples,
  TariffCatalogue,
  type Fact,
} from './index.js';

const folder = fileURLToPath(new URL('../../schemas/tariffs', import.meta.url));
const schema = JSON.parse(readFileSync(join(folder, 'tariff.schema.json'), 'utf8')) as object;
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const load = (name: string): ReturnType<typeof loadTariff> => loadTariff(read(name), name, schema);
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const jobpath = load('jobpath-ie.2015.yaml');
const none = { values: {}, attributes: {} };
const full = caseOf(jobpath, jobpath.document.examples['E42']!).facts;
const job = full.find((fact): fact is Extract<Fact, { type: 'spell' }> => fact.type === 'spell')!;

describe.each(files)('%s', (name) => {
  const tariff = load(name);
  it.each(runExamples(tariff).map((result) => [result.id, result] as const))('proves its example %s', (_id, result) => {
    expect(result.difference).toBeNull();
  });
});

describe('the published tariffs', () => {
  it('do not overlap', () => {
    expect(() => new TariffCatalogue(files.map(load))).not.toThrow();
  });
  it('are found by the day and by the version that was locked', () => {
    const catalogue = new TariffCatalogue(files.map(load));
    expect(catalogue.versionAt('avgs-de', localDate('2016-07-31')).version).toBe('V2012');
    expect(catalogue.versionAt('avgs-de', localDate('2016-08-01')).version).toBe('V2016');
    expect(() => catalogue.versionAt('adr-it', localDate('2018-04-12'))).toThrow(/No version of adr-it/);
  });
  it('are refused when two versions overlap', () => {
    const earlier = loadTariff(read('avgs-de.V2012.yaml').replace('validTo: 2016-07-31\n', ''), 'a.yaml', schema);
    expect(() => new TariffCatalogue([earlier, load('avgs-de.V2016.yaml')])).toThrow(
      /version V2012 still holds when V2016 begins/,
    );
  });
});

describe('several versions', () => {
  it('in the gap between two versions nobody can say what is due; it is not left out', () => {
    const earlier = loadTariff(read('avgs-de.V2012.yaml').replace('2016-07-31', '2016-06-30'), 'a.yaml', schema);
    const catalogue = new TariffCatalogue([earlier, load('avgs-de.V2016.yaml')]);
    const accepted = { type: 'event', name: 'accepted', on: localDate('2016-07-10') } as const;
    const fees = catalogue.price('avgs-de', none, [accepted], { day: localDate('2016-12-31') });
    expect(new Set(fees.map(({ feeId }) => feeId))).toEqual(new Set(['instalment-1', 'instalment-2', 'unproven']));
    for (const fee of fees)
      expect(fee).toMatchObject({
        kind: 'unknown',
        missing: 'no version of avgs-de is in force on 10 July 2016',
        rule: expect.stringContaining('V2012'),
      });
  });
});

describe('pricing', () => {
  const fees = (facts: readonly Fact[], day = '2018-06-30', knownBy?: string): string =>
    JSON.stringify(
      price(jobpath, none, facts, { day: localDate(day), ...(knownBy === undefined ? {} : { knownBy }) }),
      (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
    );

  it('says why in words', () => {
    const fee = price(jobpath, none, full, { day: localDate('2018-06-30') })[2];
    expect(fee).toMatchObject({ kind: 'due', why: '26 of 26 weeks reached on 9 July 2017: 737.00' });
  });
  it('names the day on which a fee would be due', () => {
    const fee = price(jobpath, none, full, { day: localDate('2017-05-01') })[2];
    expect(fee).toMatchObject({ kind: 'not-yet', earliest: '2017-07-09' });
  });
  it('asks the register before it pays', () => {
    const facts = full.filter((fact) => fact.type !== 'verification');
    expect(price(jobpath, none, facts, { day: localDate('2017-05-01') })[1]).toMatchObject({
      kind: 'needs',
      question: 'IN_WORK_AND_OFF_LIVE_REGISTER',
      from: '2017-01-09',
      to: '2017-04-09',
    });
  });
  it('answers what would have been paid with what was known then', () => {
    const later: Fact = {
      type: 'spell',
      spellId: 'job',
      start: localDate('2017-01-09'),
      end: localDate('2017-03-01'),
      weeklyHours: '35',
      contractType: 'OPEN_ENDED',
      knownSince: '2018-02-01T00:00:00Z',
    };
    const paid = (knownBy: string): string[] =>
      price(jobpath, none, [...full, later], { day: localDate('2018-06-30'), knownBy })
        .filter((fee) => fee.kind === 'due')
        .map((fee) => formatMinor(fee.amount.amountMinor, jobpath.currency));
    expect(paid('2018-01-31T23:59:59Z')).toEqual(['311.00', '613.00', '737.00', '892.00', '1165.00']);
    expect(paid('2018-02-01T00:00:00Z')).toEqual(['311.00']);
  });
  it('does not depend on the order of facts', () => {
    const overlapping: Fact = {
      ...job,
      spellId: 'second',
      weeklyHours: '40',
    };
    const all = [...full, overlapping];
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (facts) => {
        expect(fees(facts)).toBe(fees(all));
      }),
    );
  });
  it('counts each day once, whoever reports it', () => {
    const twice: Fact = { ...job, spellId: 'again' };
    const dates = (facts: readonly Fact[]): unknown[] =>
      price(jobpath, none, facts, { day: localDate('2018-06-30') }).map((fee) =>
        fee.kind === 'due' ? fee.on : fee.kind,
      );
    expect(dates([...full, twice])).toEqual(dates(full));
  });
  it('is not changed by facts that do not matter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 29 }), fc.constantFrom('moved', 'ended', 'survey'), (hours, name) => {
        const irrelevant: Fact[] = [
          {
            type: 'spell',
            spellId: 'small',
            start: localDate('2017-02-01'),
            weeklyHours: String(hours),
            contractType: 'FIXED_TERM',
          },
          { type: 'event', name, on: localDate('2017-03-01') },
          { type: 'amount', name: 'pay', on: localDate('2017-03-01'), value: '100.50' },
        ];
        expect(fees([...full, ...irrelevant])).toBe(fees(full));
      }),
    );
  });
});

describe('bad input', () => {
  const changed = (from: string, to: string): string => read('jobpath-ie.2015.yaml').replace(from, to);
  it.each([
    [
      'an unknown construct',
      changed('when: { event: plan-agreed', 'when: { evnt: plan-agreed'),
      /t\.yaml:\d+: fees\.registration\.when is not known: .*event, begins, lasts/,
    ],
    ['an unknown key', changed('currency: EUR', 'currency: EUR\ncolour: red'), /t\.yaml:6: .*unknown key "colour"/],
    [
      'an undeclared job',
      changed('adds: 13 weeks, of: fullTimeWork', 'adds: 13 weeks, of: fulltimeWork'),
      /"fulltimeWork" is not declared: did you mean fullTimeWork/,
    ],
    [
      'arithmetic that cannot be read',
      changed('amount: registrationFee', "amount: '311 +'"),
      /t\.yaml:\d+: fees\.registration\.amount: In "311 \+", at character 6/,
    ],
    ['text that is not YAML', 'tariff: [', /t\.yaml:1: /],
  ])('refuses %s, naming file, line and construct', (_what, text, message) => {
    expect(() => loadTariff(text, 't.yaml', schema)).toThrow(message);
  });
  it('refuses a rate above its legal ceiling', () => {
    const tariff = load('avgs-de.V2016.yaml');
    expect(() => checkTerms(tariff, { values: { voucherValue: '3000.01' }, attributes: { group: 'raised' } })).toThrow(
      /ceiling of 3000/,
    );
    expect(() => checkTerms(tariff, { values: { voucher: '1' }, attributes: {} })).toThrow(/no term "voucher"/);
  });
  it('checks what a contract fixes as far as it can be known before anybody is referred', () => {
    const german = load('avgs-de.V2016.yaml');
    const code = (tariff: typeof german, values: Record<string, string>): string | undefined => {
      try {
        checkGivenTerms(tariff, values);
        return undefined;
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(code(german, {})).toBeUndefined();
    // What it may be at most depends on the person's group.
    expect(code(german, { voucherValue: '2500' })).toBeUndefined();
    expect(code(german, { voucherValue: '1999.99' })).toBe('terms.floor');
    expect(code(german, { voucherValue: 'much' })).toBe('terms.value');
    expect(code(german, { voucher: '2000' })).toBe('terms.unknown');
    // A term that each person's referral may still bring is not missed yet.
    expect(code(load('iro-nl.2005.yaml'), {})).toBeUndefined();
    expect(code(load('iro-nl.2005.yaml'), { price: '5000.01' })).toBe('terms.ceiling');
  });
  it.each([
    [{ type: 'spell', spellId: 'a', start: '2019-02-29', weeklyHours: '35' }, 'fact.date'],
    [{ type: 'spell', spellId: 'a', start: '2019-03-02', end: '2019-03-01', weeklyHours: '35' }, 'fact.period'],
    [{ type: 'spell', spellId: 'a', start: '2019-03-02', weeklyHours: '-1' }, 'fact.hours'],
    [{ type: 'spel' }, 'fact.type'],
  ])('refuses the fact %j', (fact, code) => {
    expect(() => checkFacts([fact])).toThrow(expect.objectContaining({ code }));
  });
});

describe('a fee that repeats with gaps', () => {
  const text = `tariff: quarterly
version: '1'
title: Quarterly
currency: JPY
validFrom: 2024-04-01
vat: exclusive
rounding: { to: 10, mode: down }
calendar: { months: calendar }
sources: [invented]
amounts: { placed: number }
fees:
  bonus:
    title: A bonus for each quarter with placements
    when: { every: calendar quarter, from: 2024-04-01, where: 'sum(placed, periodStart, periodEnd) > 0' }
    amount: 100000 / 3
examples: { e: { asOf: 2024-04-02 } }
`;
  const quarterly = loadTariff(text, 'quarterly.yaml', schema);
  const placed = (on: string): Fact => ({ type: 'amount', name: 'placed', on: localDate(on), value: '1' });

  it('numbers what comes next by its period, so that it is never taken for a payment that is due', () => {
    const fees = price(quarterly, { values: {}, attributes: {} }, [placed('2024-08-01')], {
      day: localDate('2024-12-30'),
    });
    expect(fees.map(({ kind, occurrence }) => [kind, occurrence])).toEqual([
      ['due', '2'],
      ['not-yet', '3'],
    ]);
  });

  it('says what an amount below zero comes to, and that it is not paid', () => {
    const document = text.replace('100000 / 3', '100000 - 200000 * sum(placed, periodStart, periodEnd)');
    const [fee] = price(
      loadTariff(document, 'q.yaml', schema),
      { values: {}, attributes: {} },
      [placed('2024-05-01')],
      {
        day: localDate('2024-06-30'),
      },
    );
    expect(fee).toMatchObject({ kind: 'never' });
    expect(fee?.why).toMatch(/= 100000 - 200000 \* 1 = -100000, nothing below zero is paid$/);
  });

  it('speaks in the digits of the currency', () => {
    const [fee] = price(quarterly, { values: {}, attributes: {} }, [placed('2024-05-01')], {
      day: localDate('2024-06-30'),
    });
    expect(fee).toMatchObject({ kind: 'due', amount: { amountMinor: 33330n } });
    expect(fee?.why).toMatch(/100000 \/ 3 = 33330, rounded down to 10$/);
  });
});

describe('a fee that counts from another one', () => {
  const document = (trigger: string) => `tariff: after
version: '1'
title: After
currency: EUR
validFrom: 2024-01-01
vat: exclusive
rounding: { to: 0.01, mode: half-up }
calendar: { months: calendar }
sources: [invented]
days: { work: { spells: employment } }
fees:
  first: { title: First, when: { event: started, to: 2024-01-31 }, amount: 1 }
  next: { title: Next, when: ${trigger}, amount: 1 }
examples: { e: { asOf: 2024-01-02 } }
`;
  it.each([
    '{ adds: 4 weeks, of: work, from: dueOn(first) }',
    '{ date: dueOn(first) + 30 days }',
    '{ lasts: 1 month, of: work, from: dueOn(first) }',
  ])('is never due where that one never will be: %s', (trigger) => {
    const tariff = loadTariff(document(trigger), 'after.yaml', schema);
    const fees = price(tariff, { values: {}, attributes: {} }, [], { day: localDate('2024-12-31') });
    expect(fees.map(({ kind }) => kind)).toEqual(['never', 'never']);
  });
});

describe('another spell of the job that a fee is paid for', () => {
  it('may still come, as long as nothing says that it cannot', () => {
    const document = `tariff: again
version: '1'
title: Again
currency: EUR
validFrom: 2024-01-01
vat: exclusive
rounding: { to: 0.01, mode: half-up }
calendar: { months: calendar }
sources: [invented]
days: { job: { spells: employment } }
fees:
  first: { title: First, when: { begins: job, join: employer }, amount: 1 }
  up: { title: Up, when: { begins: job, each: true, sameJobAs: first, from: dueOn(first) + 1 days }, amount: 1 }
examples: { e: { asOf: 2024-01-02 } }
`;
    const tariff = loadTariff(document, 'again.yaml', schema);
    const spell = (spellId: string, start: string, end: string | null): Fact => ({
      ...{ type: 'spell', spellId, employer: 'e', start: localDate(start) },
      end: end === null ? null : localDate(end),
    });
    const kinds = (...facts: readonly Fact[]) =>
      price(tariff, { values: {}, attributes: {} }, facts, { day: localDate('2024-12-31') }).map(({ kind }) => kind);
    expect(kinds(spell('a', '2024-02-01', '2024-06-30'))).toEqual(['due', 'not-yet']);
    expect(kinds(spell('a', '2024-02-01', '2024-06-30'), spell('b', '2024-07-01', null)).slice(0, 2)).toEqual([
      'due',
      'due',
    ]);
  });
});

describe('what a cap leaves', () => {
  const document = `tariff: capped
version: '1'
title: Capped
currency: EUR
validFrom: 2024-01-01
vat: exclusive
rounding: { to: 0.01, mode: half-up }
calendar: { months: calendar }
sources: [invented]
amounts: { contribution: number }
terms: { most: { kind: money, required: true } }
fees:
  late: { title: Late, when: { event: plan-agreed }, amount: 100 + paid(early) }
  early: { title: Early, when: { event: started }, amount: 100, sharedBy: contribution }
caps: { all: { fees: all, amount: most } }
examples: { e: { asOf: 2024-01-02, terms: { most: 1 } } }
`;
  const tariff = loadTariff(document, 'capped.yaml', schema);
  const facts: readonly Fact[] = [
    { type: 'amount', name: 'contribution', on: localDate('2024-01-02'), value: '2', source: 'one' },
    { type: 'amount', name: 'contribution', on: localDate('2024-01-02'), value: '1', source: 'other' },
    { type: 'event', name: 'started', on: localDate('2024-02-01') },
    { type: 'event', name: 'plan-agreed', on: localDate('2024-03-01') },
  ];
  const due = (most: string) =>
    price(tariff, { values: { most }, attributes: {} }, facts, { day: localDate('2024-12-31') }).flatMap((fee) =>
      fee.kind === 'due' ? [fee] : [],
    );

  it('is what others see, whatever the order of the document, and never more than the cap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40_000 }), (cents) => {
        const paid = Object.fromEntries(due(String(cents / 100)).map((fee) => [fee.feeId, fee.amount.amountMinor]));
        const early = BigInt(Math.min(cents, 10_000));
        const rest = BigInt(cents) - early;
        const late = rest < 10_000n + early ? rest : 10_000n + early;
        expect(paid).toEqual({ early, ...(late > 0n ? { late } : {}) });
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['nobody told it', 'most: { kind: money }', {}, 'unknown'],
    ['it is a fraction of a cent', 'most: { kind: money, required: true }', { most: '33.339' }, 'due'],
  ])('where %s, nobody is paid too much', (_what, term, values, kind) => {
    const text = document.replace('most: { kind: money, required: true }', term);
    const fees = price(loadTariff(text, 'capped.yaml', schema), { values, attributes: {} }, facts, {
      day: localDate('2024-12-31'),
    });
    expect(fees.find(({ feeId }) => feeId === 'early')).toMatchObject(
      kind === 'due'
        ? { kind, amount: { amountMinor: 3333n } }
        : { kind, missing: expect.stringContaining('most'), why: expect.stringContaining('all cannot be decided') },
    );
    expect(fees.find(({ feeId }) => feeId === 'late')?.kind).toBe(kind === 'due' ? 'never' : 'unknown');
  });

  describe('where a payment stands under several', () => {
    const several = (caps: string) =>
      loadTariff(
        document
          .replace(
            /fees:[^]*(?=examples)/,
            `events: [x, y]\nfees:\n  a: { title: A, when: { event: x, each: true }, amount: 1000 }\n  b: { title: B, when: { event: y }, amount: 1000 }\n${caps}\n`,
          )
          .replace(
            'terms: { most: { kind: money, required: true } }\n',
            'parameters: { index: { series: { 2024-01-01: 1000, 2025-01-01: 1200 }, at: on } }\n',
          )
          .replace(', terms: { most: 1 }', ''),
        'several.yaml',
        schema,
      );
    const paid = (caps: string, ...on: readonly (readonly [string, string])[]) =>
      price(
        several(caps),
        { values: {}, attributes: {} },
        on.map(([name, day]) => ({ type: 'event', name, on: localDate(day) })),
        { day: localDate('2025-12-31') },
      ).flatMap((fee) => (fee.kind === 'due' ? [`${fee.feeId} ${fee.amount.amountMinor / 100n}`] : []));
    const all = '  all: { fees: all, amount: 2000 }';
    const own = '  own: { fees: [a], amount: 1200 }';

    it.each([
      ['one order', `caps:\n${all}\n${own}`],
      ['the other', `caps:\n${own}\n${all}`],
    ])('what one cap takes away is not drawn from the other, written in %s', (_what, caps) => {
      expect(paid(caps, ['x', '2024-01-01'], ['x', '2024-02-01'], ['y', '2024-03-01'])).toEqual([
        'a 1000',
        'a 200',
        'b 800',
      ]);
    });

    it('the limit is that of the day of the payment', () => {
      const caps = 'caps:\n  c: { fees: [a], amount: index }';
      expect(paid(caps, ['x', '2024-01-01'], ['x', '2025-02-01'])).toEqual(['a 1000', 'a 200']);
    });

    it('each value of a formula has a cap of its own', () => {
      const caps = 'caps:\n  c: { fees: [a], amount: 1500, per: "yearsBetween(2023-07-01, on)" }';
      expect(paid(caps, ['x', '2024-05-01'], ['x', '2024-06-30'], ['x', '2024-07-01'])).toEqual([
        'a 1000',
        'a 500',
        'a 1000',
      ]);
    });
  });

  it('nobody is paid the share of nobody', () => {
    const nobodys = facts.map((fact) => (fact.type === 'amount' ? { ...fact, source: undefined } : fact));
    const [late, early] = price(tariff, { values: { most: '1000' }, attributes: {} }, nobodys, {
      day: localDate('2024-12-31'),
    });
    expect(early).toMatchObject({ kind: 'unknown', missing: 'nobody said whose contribution it is' });
    expect(late?.kind).toBe('unknown');
  });

  it('is shared in the same proportion, to the last cent', () => {
    const [early] = due('50').filter((fee) => fee.feeId === 'early');
    expect(early?.shares?.map(({ payee, amount }) => [payee, amount.amountMinor])).toEqual([
      ['one', 3333n],
      ['other', 1667n],
    ]);
  });
});
