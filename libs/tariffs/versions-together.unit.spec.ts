import { describe, expect, it } from '@jest/globals';
import { localDate } from '#libs/kernel/index.js';
import { happened, job, trialTariff } from '#libs/testing/trial-tariff.js';
import { TariffCatalogue, type Fact } from './index.js';

const version = (name: string, validity: string, body: string) =>
  trialTariff(`
version: '${name}'
${validity}
versionDate: on
events: [fin, step]
days: { work: { spells: employment } }
${body}
`);

/** What two versions answer together, in lines like `2020 first: due 100 on 2020-11-15`. */
const answers = (before: string, after: string, facts: readonly Fact[], asOf = '2021-12-31') =>
  new TariffCatalogue([
    version('2020', 'validFrom: 2020-01-01\nvalidTo: 2020-12-31', before),
    version('2021', 'validFrom: 2021-01-01', after),
  ])
    .price('trial', { values: {}, attributes: {} }, facts, { day: localDate(asOf) })
    .map((fee) => {
      const name = fee.occurrence === undefined ? fee.feeId : `${fee.feeId}#${fee.occurrence}`;
      const what = fee.kind === 'due' ? `due ${Number(fee.amount.amountMinor) / 100} on ${fee.on}` : fee.kind;
      return `${fee.rule.slice('trial@'.length).split(' ')[0] ?? ''} ${name}: ${what}`;
    });
const work = job('j', '2020-11-23');

describe('given two versions by the day of each payment', () => {
  const body = (amount: number, cap: number) => `fees:
  first: { title: First, when: { event: started }, amount: ${amount} }
  rest: { title: Rest, when: { event: fin }, amount: 1000 - paid(first) }
  one: { title: Capped, when: { event: started }, amount: ${cap} }
  two: { title: Capped, when: { event: fin }, amount: ${cap} }
  month: { title: Monthly, when: { every: 1 month, from: started, times: 3 }, amount: ${amount} }
  count: { title: Counted, when: { event: fin }, amount: payments(month) * 10 + paid(month) }
  after: { title: After, when: { fee: first, plus: 3 months }, requires: [one], amount: ${amount} }
recoveries:
  back: { title: Half back, when: { event: ended }, amount: 50% of (paid(first) + paid(month)) }
caps: { c: { title: C, fees: [one, two], amount: 800 } }`;
  const facts = [happened('started', '2020-11-15'), happened('fin', '2021-03-01'), happened('ended', '2021-04-01')];
  it('each sees what the other paid, also under its caps', () => {
    expect(answers(body(100, 500), body(120, 600), facts)).toEqual([
      ...[
        '2020 first: due 100 on 2020-11-15',
        '2020 one: due 500 on 2020-11-15',
        '2020 month#1: due 100 on 2020-12-14',
      ],
      ...['2021 rest: due 900 on 2021-03-01', '2021 two: due 300 on 2021-03-01', '2021 month#2: due 120 on 2021-01-14'],
      ...['2021 month#3: due 120 on 2021-02-14', '2021 count: due 370 on 2021-03-01'],
      ...['2021 after: due 120 on 2021-02-15', '2021 back: due 220 on 2021-04-01'],
    ]);
  });
});

describe('given two versions that ask for spans of different lengths', () => {
  const kept = (weeks: number, amount: number, more = '') =>
    `fees:\n  work: { title: W, when: { lasts: ${weeks} weeks, of: work }, amount: ${amount}${more} }`;
  it('what pays once is paid by the version that comes first', () => {
    const both = [kept(4, 100), kept(8, 200)] as const;
    expect(answers(...both, [work])).toEqual(['2020 work: due 100 on 2020-12-20', '2021 work: never']);
    expect(answers(...both, [work], '2021-01-05')).toEqual(['2020 work: due 100 on 2020-12-20']);
  });
  it('it is unknown as long as nobody knows whether the first pays it', () => {
    const asked = kept(4, 100, ', verify: { question: Q }');
    expect(answers(asked, kept(8, 200), [work])).toEqual(['2020 work: needs', '2021 work: unknown']);
  });
  it('what each leaves to the other is unknown, and never no answer', () => {
    expect(answers(kept(8, 100), kept(4, 200), [work])).toEqual(['2021 work: unknown']);
  });
});

describe('given two versions that number the payments of a fee differently', () => {
  const steps = (where: string) => `fees:\n  step: { title: S, when: { event: step, each: true${where} }, amount: 10 }`;
  it('a number that another version has paid is not paid again', () => {
    const facts = [happened('step', '2020-05-01'), happened('step', '2020-06-01'), happened('step', '2021-02-01')];
    expect(answers(steps(''), steps(', from: 2020-06-01'), facts).slice(0, 3)).toEqual([
      ...['2020 step#1: due 10 on 2020-05-01', '2020 step#2: due 10 on 2020-06-01', '2021 step#2: unknown'],
    ]);
  });
});

it('given a group of which the earlier version paid one, the later version pays no other', () => {
  const body = `fees:
  a: { title: A, when: { event: started }, amount: 100 }
  b: { title: B, when: { event: fin }, amount: 300 }
oneOf: { g: [a, b] }`;
  const other = body.replace('event: started', 'event: fin');
  const facts = [happened('started', '2020-11-15'), happened('fin', '2021-03-01')];
  expect(answers(body, other, facts)).toEqual([...['2020 a: due 100 on 2020-11-15', '2021 a: never', '2021 b: never']]);
});

it('what is due by one of several versions that says no day of its choice is unknown, on whatever day it is asked', () => {
  const versionOf = (name: string, validity: string, fee: string) =>
    trialTariff(`version: '${name}'\n${validity}\nfees: { plan: { title: P, when: { event: plan-agreed }, ${fee} } }`);
  const kinds = (fee: string, asOf: string) =>
    new TariffCatalogue([
      versionOf('2020', 'validFrom: 2020-01-01\nvalidTo: 2020-12-31', `amount: 200${fee}`),
      versionOf('2021', 'validFrom: 2021-01-01', `amount: 300${fee}`),
    ])
      .price('trial', { values: {}, attributes: {} }, [happened('plan-agreed', '2020-02-15')], { day: localDate(asOf) })
      .map((each) => (each.kind === 'due' ? each.amount.amountMinor : each.kind));
  expect([kinds('', '2020-12-31'), kinds('', '2021-01-01')]).toEqual([['unknown'], ['unknown']]);
  expect(kinds(', versionDate: on', '2021-01-01')).toEqual([20000n]);
});
