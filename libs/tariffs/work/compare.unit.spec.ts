import { describe, expect, it } from '@jest/globals';
import { trialTariff } from '#libs/testing/trial-tariff.js';
import { diffTariffs, pairNames, pairNotes, Simulation, type Tariff } from '../index.js';

const tariff = (body: string, version = '1'): Tariff => trialTariff(`version: '${version}'\n${body}`);
const started = { type: 'event', name: 'started', on: '2020-03-02' };
const person = (more: object = {}) => ({ asOf: '2020-12-31', facts: [started], ...more });

const simulated = (before: string, after: string, ...bodies: unknown[]) => {
  const simulation = new Simulation(tariff(before), tariff(after, '2'));
  bodies.forEach((body, index) => simulation.add(`f:${index + 1}`, body));
  return simulation.result;
};

const FEE = 'fees: { start: { title: S, when: { event: started }, amount: 100 } }';

describe('given a programme in which a version refuses somebody', () => {
  const before = `terms: { bid: { kind: money, min: 20 } }\n${FEE}`;
  const after = `terms: { bid: { kind: money, max: 50 } }\n${FEE}`;

  it('the others are priced, and it is said who is not, by which version and why', () => {
    const bids = [30, 60, 10, 60].map((bid) => person({ terms: { bid } }));
    expect(simulated(before, after, ...bids)).toMatchObject({
      persons: 1,
      refusedPersons: 3,
      refusals: [
        { place: 'f:2', version: '2', reason: 'terms.bid: 60 is above the ceiling of 50.' },
        { place: 'f:3', version: '1', reason: 'terms.bid: 10 is below 20.' },
        { place: 'f:4', version: '2' },
      ],
      lines: [{ feeId: 'start', paymentsBefore: 1, paymentsAfter: 1 }],
    });
  });

  it('whom both refuse is one person', () => {
    const { refusedPersons, refusals } = simulated(before, after, person({ terms: { offer: 1 } }));
    expect([refusedPersons, refusals.map(({ version }) => version)]).toEqual([1, ['1', '2']]);
  });

  it('no more than the first refusals are kept', () => {
    const all = simulated(before, after, ...Array.from({ length: 50 }, () => person({ terms: { bid: 60 } })));
    expect([all.refusedPersons, all.refusals.length]).toEqual([50, 20]);
  });
});

describe('given a change that no payment of anybody shows', () => {
  const second = 'second: { title: X, when: { event: ended }, amount: 5 }';
  it.each([
    ['a new fee that nobody earns', FEE.replace('fees: {', `fees: { ${second},`)],
    ['another order of the fees', FEE.replace(' } }', ` }, ${second} }`)],
  ])('%s is no difference', (_what, after) => {
    const before = FEE.replace('fees: {', `fees: { ${second.replace('5', '6')},`);
    expect(simulated(before, after, person())).toMatchObject({ persons: 1, changedPersons: 0 });
  });
});

describe('given a payment of the same money', () => {
  it.each([
    ['to another payee', FEE.replace('amount', 'payee: agency, amount')],
    ['with other VAT', FEE.replace('amount', 'vat: exempt, amount')],
    [
      'to be repaid',
      `fees: { other: { title: O, when: { event: ended }, amount: 1 } }\n${FEE.replace('fees', 'recoveries')}`,
    ],
  ])('%s is a difference, in simulate and in diff', (_what, after) => {
    expect(simulated(FEE, after, person())).toMatchObject({ changedPersons: 1 });
    const example = 'examples: { e: { asOf: 2020-12-31, facts: [{ type: event, name: started, on: 2020-03-02 }] } }';
    const { examples } = diffTariffs(tariff(`${FEE}\n${example}`), tariff(`${after}\n`, '2'));
    expect(examples).toMatchObject([{ example: 'e', changes: [{ feeId: 'start', reverse: {}, enter: {} }] }]);
  });
});

describe('given names in the facts of a programme', () => {
  const asked = `events: [fin]\n${FEE.replace('started', 'fin')}`;
  it('each that neither version asks for is said once, with how many persons', () => {
    const strange = person({ facts: [started, { type: 'event', name: 'strated', on: '2020-01-01' }] });
    const known = person({ facts: [{ type: 'event', name: 'fin', on: '2020-01-01' }] });
    expect(simulated(FEE, asked, strange, known, strange).strangers).toEqual([
      { what: 'trial asks for no event "strated"; was "started" meant?', persons: 2 },
    ]);
  });
});

describe('given an attribute that the second version calls otherwise', () => {
  const before = `attributes: { group: { kind: code } }\n${FEE.replace('amount', "provided: group = 'a', amount")}`;
  const after = before.replaceAll('group', 'band');
  it('simulate counts what cannot be priced by itself, and says who does not know the attribute', () => {
    const { lines, strangers } = simulated(before, after, person({ attributes: { group: 'a' } }), person());
    expect(lines).toMatchObject([
      { feeId: 'start', paymentsBefore: 1, paymentsAfter: 0, unknownBefore: 1, unknownAfter: 2, afterMinor: 0n },
    ]);
    expect(strangers).toEqual([{ what: 'version 2 knows no attribute "group"', persons: 1 }]);
  });
});

describe('given groups of numbers', () => {
  it('they stand by their size', () => {
    const body = `terms: { bid: { kind: money } }\n${FEE}`;
    const simulation = new Simulation(tariff(body), tariff(body, '2'), 'bid');
    for (const bid of ['1000', '500', '62.5']) simulation.add('f:1', person({ terms: { bid } }));
    expect(simulation.result.lines.map(({ group }) => group)).toEqual(['62.5', '500', '1000']);
  });
});

describe('given rules that are called note', () => {
  const body = (rate: number, why: string): string => `parameters: { note: ${rate}, p: { value: 1, note: ${why} } }
attributes: { g: { kind: code, codes: [note] } }
tables: { t: { by: [g], cells: { note: ${rate} }, note: ${why} } }
fees: { note: { title: S, when: { event: started }, amount: note * p * t, note: ${why} } }`;
  it('diff names them, and leaves real notes alone', () => {
    const { changes } = diffTariffs(tariff(body(5, 'old')), tariff(body(6, 'new'), '2'));
    expect(changes.map(({ place }) => place)).toEqual(['version', 'parameters.note', 'tables.t.cells.note']);
  });
});

describe('given an example that both versions carry', () => {
  const example = (due: number): string =>
    `examples: { e: { asOf: 2020-12-31, facts: [{ type: event, name: started, on: 2020-03-02 }], due: { start: ${due} } } }`;
  const dearer = FEE.replace('100', '120');
  it.each([
    ['unchanged: it is said once', 100, ['before']],
    ['changed: both are said', 120, ['before', 'after']],
  ])('%s', (_what, due, from) => {
    const { examples } = diffTariffs(tariff(`${FEE}\n${example(100)}`), tariff(`${dearer}\n${example(due)}`, '2'));
    expect(examples.map((each) => each.from)).toEqual(from);
  });
});

describe('given groups whose names look alike', () => {
  it('what nobody said and what is called none are two groups, and so are lines of text', () => {
    const body = `attributes: { g: { kind: code } }\n${FEE}`;
    const simulation = new Simulation(tariff(body), tariff(body, '2'), 'g');
    for (const g of [undefined, 'none', 'a\nstart', 'a'])
      simulation.add('f:1', person(g === undefined ? {} : { attributes: { g } }));
    expect(simulation.result.lines.map(({ group, feeId }) => [group, feeId])).toEqual([
      [null, 'start'],
      ['a', 'start'],
      ['a\nstart', 'start'],
      ['none', 'start'],
    ]);
  });
});

describe('given fees under a cap in another order', () => {
  const [a, b] = [
    'a: { title: A, when: { event: started }, amount: 70 }',
    'b: { title: B, when: { event: started }, amount: 50 }',
  ];
  const caps = 'caps: { most: { title: M, fees: all, amount: 100 } }';
  it('diff says so', () => {
    const { changes } = diffTariffs(
      tariff(`fees: { ${a}, ${b} }\n${caps}`),
      tariff(`fees: { ${b}, ${a} }\n${caps}`, '2'),
    );
    expect(changes).toContainEqual({ place: 'caps.most (order on one day)', before: 'a, b', after: 'b, a' });
  });
  it('without a cap over both, the order is nothing', () => {
    const one = caps.replace('all', '[a]');
    const { changes } = diffTariffs(
      tariff(`fees: { ${a}, ${b} }\n${one}`),
      tariff(`fees: { ${b}, ${a} }\n${one}`, '2'),
    );
    expect(changes.map(({ place }) => place)).toEqual(['version']);
  });
});

describe('given what has to be done for a payment', () => {
  const example = (more: string) =>
    `examples: { e: { asOf: 2020-12-31, ${more} facts: [{ type: event, name: started, on: 2020-03-02 }] } }`;
  const fee = (more: string) => FEE.replace('amount', `${more}, amount`);
  it.each([
    ['claim', 'claim: { by: automatic, until: on + 9 days }', 'claim: { by: automatic, until: on + 5 days }', ''],
    ['question', 'verify: { question: Q }', 'verify: { question: R }', ''],
    ['question', 'verify: { question: Q }', 'verify: { question: R }', 'verified: true,'],
  ])('another %s concerns the example: %s → %s %s', (what, before, after, more) => {
    const { examples } = diffTariffs(tariff(`${fee(before)}\n${example(more)}`), tariff(fee(after), '2'));
    expect(examples).toMatchObject([{ example: 'e', changes: [], conditions: [{ feeId: 'start', what }] }]);
  });
});

describe('given two documents that are no two versions', () => {
  const other = trialTariff(`tariff: other\n${FEE}`);
  it.each([
    [
      'two tariffs',
      tariff(FEE),
      other,
      ['trial and other are two tariffs, not two versions of one.'],
      ['trial@1', 'other@1'],
    ],
    ['one version twice', tariff(FEE), tariff(FEE), ['Both are version 1 of trial.'], ['1 (before)', '1 (after)']],
    ['two versions', tariff(FEE), tariff(FEE, '2'), [], ['1', '2']],
  ])('%s: it is said', (_what, before, after, notes, names) => {
    expect(pairNotes(before, after)).toEqual(notes);
    expect(pairNames(before, after)).toEqual(names);
  });

  it('money of two currencies has no difference', () => {
    const example = 'examples: { e: { asOf: 2020-12-31, facts: [{ type: event, name: started, on: 2020-03-02 }] } }';
    const { examples } = diffTariffs(tariff(`${FEE}\n${example}`), tariff(`currency: USD\n${FEE}`, '2'));
    expect(examples).toMatchObject([{ changes: [{ feeId: 'start', differenceMinor: null }] }]);
  });
});
