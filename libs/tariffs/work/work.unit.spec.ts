import { describe, expect, it } from '@jest/globals';
import { publishedTariff, trialTariff } from '#libs/testing/trial-tariff.js';
import { diffTariffs, lintVersions, price, readCase, repricing, Simulation, type Tariff } from '../index.js';

const tariff = (body: string, version = '1', validity = 'validFrom: 2020-01-01'): Tariff =>
  trialTariff(`version: '${version}'\n${validity}\n${body}`);

const START = `fees: { start: { title: Start, when: { event: started }, amount: 100 } }
examples: { e: { asOf: 2020-12-31, facts: [{ type: event, name: started, on: 2020-03-02 }], due: { start: 100 } } }
`;
const DATED = `versionDate: accepted\n${START}`;

describe('diff', () => {
  const diff = diffTariffs(publishedTariff('avgs-de.V2012.yaml'), publishedTariff('avgs-de.V2016.yaml'));

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
    expect(diffTariffs(publishedTariff('adr-it.2018.yaml'), publishedTariff('adr-it.2018.yaml'))).toEqual({
      changes: [],
      examples: [],
    });
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
    const [before, after] = [publishedTariff('avgs-de.V2012.yaml'), publishedTariff('avgs-de.V2016.yaml')];
    const simulation = new Simulation(before, after, 'group');
    for (const body of [
      person([accepted, job], 'standard'),
      person([accepted, { ...job, end: '2016-11-30' }], 'raised'),
      person([accepted], 'raised'),
    ])
      simulation.add('f:1', body);
    expect(simulation.result).toEqual({
      persons: 3,
      changedPersons: 2,
      unknownPersons: 0,
      refusedPersons: 0,
      refusals: [],
      strangers: [],
      lines: [
        {
          group: 'raised',
          feeId: 'instalment-1',
          paymentsBefore: 1,
          paymentsAfter: 1,
          unknownBefore: 0,
          unknownAfter: 0,
          beforeMinor: 100_000n,
          afterMinor: 125_000n,
        },
        {
          group: 'standard',
          feeId: 'instalment-1',
          paymentsBefore: 1,
          paymentsAfter: 1,
          unknownBefore: 0,
          unknownAfter: 0,
          beforeMinor: 100_000n,
          afterMinor: 125_000n,
        },
        {
          group: 'standard',
          feeId: 'instalment-2',
          paymentsBefore: 1,
          paymentsAfter: 1,
          unknownBefore: 0,
          unknownAfter: 0,
          beforeMinor: 100_000n,
          afterMinor: 125_000n,
        },
      ],
    });
  });
});

describe('what cannot be compared', () => {
  const before = tariff(DATED, '1', 'validFrom: 2020-01-01\nvalidTo: 2020-12-31');
  it('two currencies have no difference', () => {
    const kronor = tariff(`currency: SEK\n${DATED}`, '2', 'validFrom: 2021-01-01');
    expect(() => new Simulation(before, kronor)).toThrow(expect.objectContaining({ code: 'simulate.currency' }));
    expect(lintVersions([before, kronor])).toMatchObject([{ level: 'warning', place: 'currency' }]);
  });
  it('a group by a name that neither version knows', () => {
    expect(() => new Simulation(before, before, 'colour')).toThrow(expect.objectContaining({ code: 'simulate.group' }));
  });
  it('a version that is there twice', () => {
    const again = tariff(DATED, '1', 'validFrom: 2021-01-01');
    expect(lintVersions([before, again])).toMatchObject([{ level: 'error', place: 'version' }]);
  });
});

describe('re-pricing', () => {
  const [before, after] = [publishedTariff('avgs-de.V2012.yaml'), publishedTariff('avgs-de.V2016.yaml')];
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

describe('a change that a person sees', () => {
  const both = (from: string, to: string): readonly [Tariff, Tariff] => [
    tariff(RECOVERY, '1', 'validFrom: 2020-01-01\nvalidTo: 2020-12-31'),
    tariff(RECOVERY.replace(from, to), '2', 'validFrom: 2021-01-01'),
  ];
  const RECOVERY = `attributes: { g: { kind: code, codes: [a, b] } }
fees: { start: { title: Start, when: { event: started }, provided: g = 'a', amount: 100 } }
recoveries: { back: { title: Back, when: { event: ended }, amount: 50 } }
examples: { e: { asOf: 2020-12-31 } }
`;
  const person = {
    asOf: '2020-12-31',
    facts: [
      { type: 'event', name: 'started', on: '2020-03-02' },
      { type: 'event', name: 'ended', on: '2020-06-02' },
      { type: 'attribute', name: 'g', from: '2020-01-01', value: 'a' },
    ],
  };
  const simulated = (pair: readonly [Tariff, Tariff]) => {
    const simulation = new Simulation(...pair, 'g');
    simulation.add('f:1', person);
    return simulation.result;
  };

  it('less to get back is more to pay, in every comparison', () => {
    const pair = both('amount: 50', 'amount: 30');
    const [before, after] = pair.map((each) => {
      const { locked, facts, asOf } = readCase(each, person);
      return price(each, locked, facts, asOf);
    });
    expect(repricing(before!, after!)).toMatchObject([{ feeId: 'back', differenceMinor: 2000n }]);
    const [line] = simulated(pair).lines.filter(({ feeId }) => feeId === 'back');
    expect(line!.afterMinor - line!.beforeMinor).toBe(2000n);
  });

  it('the group is the value in force, told as a fact or locked', () => {
    expect(simulated(both('', '')).lines.map(({ group }) => group)).toEqual(['a', 'a']);
  });

  it('the same money with other VAT is another payment', () => {
    const old = tariff(RECOVERY);
    const fresh = tariff(`vat: exclusive\n${RECOVERY}`, '2', 'validFrom: 2021-01-01');
    expect(simulated([old, fresh])).toMatchObject({ persons: 1, changedPersons: 1 });
    const [before, after] = [old, fresh].map((each) => {
      const { locked, facts, asOf } = readCase(each, person);
      return price(each, locked, facts, asOf);
    });
    expect(repricing(before!, after!)[0]).toMatchObject({ reverse: { vat: 'inclusive' }, enter: { vat: 'exclusive' } });
  });
});
