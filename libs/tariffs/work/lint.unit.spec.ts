import { describe, expect, it } from '@jest/globals';
import { publishedTariffs } from '#libs/testing/tariffs.js';
import { trialTariff } from '#libs/testing/trial-tariff.js';
import { lintTariff, lintVersions, type Tariff } from '../index.js';

const tariff = (body: string, version = '1', validity = 'validFrom: 2020-01-01'): Tariff =>
  trialTariff(`version: '${version}'\n${validity}\n${body}`);

const START = `fees: { start: { title: Start, when: { event: started }, amount: 100 } }
examples: { e: { asOf: 2020-12-31, facts: [{ type: event, name: started, on: 2020-03-02 }], due: { start: 100 } } }
`;
const DATED = `versionDate: accepted\n${START}`;
const lints = (body: string): string[] =>
  lintTariff(tariff(body)).map(({ level, place, message }) => `${level} ${place}: ${message}`);

describe('lints', () => {
  it('find nothing in a sound tariff', () => {
    expect(lints(START)).toEqual([]);
  });

  it.each([
    [
      'a cap below a cell of a table',
      `attributes: { g: { kind: code, codes: [a, b] } }
tables: { t: { by: [g], cells: { a: 300, b: 900 } } }
fees: { f: { title: F, when: { event: started }, amount: t } }
caps: { c: { title: C, fees: all, amount: 400 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'warning caps.c.amount: lies below the fee f of 900.',
    ],
    [
      'a cap below the least of a term',
      `terms: { bid: { kind: money, min: 1000 } }
fees: { f: { title: F, when: { event: started }, amount: bid } }
caps: { c: { title: C, fees: all, amount: 400 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'warning caps.c.amount: lies below the fee f of 1000.',
    ],
    [
      'a default above what the tariff allows in the ordinary case',
      `attributes: { g: { kind: code, codes: [plain, raised], default: plain } }
terms: { voucher: { kind: money, default: 99999, max: "if g = 'raised' then 3000 else 2500" } }
fees: { f: { title: F, when: { event: started }, amount: voucher } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error terms.voucher.default: nothing can be priced by it: voucher: 99999 is above 2500.',
    ],
    [
      'a cap below a share',
      `fees: { f: { title: F, when: { every: 1 month, from: started }, amount: { apportion: 1000, shares: { 1-2: 100% }, residual: last } } }
caps: { c: { title: C, fees: all, amount: 400 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'warning caps.c.amount: lies below the fee f of 500.',
    ],
    [
      'a ceiling below a fee',
      `ceiling: 50
fees: { f: { title: F, when: { event: started }, amount: 100 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error ceiling: lies below the fee f of 100.',
    ],
    [
      "a person's fee that requires one of the programme",
      `fees:
  a: { title: A, for: programme, when: { date: 2020-01-01 }, amount: 1 }
  b: { title: B, when: { event: started }, requires: [a], amount: 1 }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.b.requires: never due: a is a fee of the programme, this is none.',
    ],
    [
      'a claim that ends before it begins',
      `fees: { f: { title: F, when: { event: started }, claim: { by: claim, from: started + 9 days, until: started + 2 days }, amount: 1 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.f.claim: nobody can claim it: the window ends 7 days before it begins.',
    ],
    [
      'the second time of what is paid once',
      `fees:
  a: { title: A, when: { event: started }, amount: 1 }
  b: { title: B, when: { fee: a, times: 2 }, amount: 1 }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.b.when.times: unreachable: a is paid once only.',
    ],
    [
      'the job of a fee without one',
      `days: { work: { spells: employment } }
fees:
  a: { title: A, when: { event: started }, amount: 1 }
  b: { title: B, when: { ends: work, sameJobAs: a }, amount: 1 }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.b.when.sameJobAs: unreachable: a is not about a job.',
    ],
    [
      'a table of nothing',
      `attributes: { g: { kind: code, codes: [a, b] } }
tables: { t: { by: [g], cells: { a: none, b: none } } }
fees: { f: { title: F, when: { event: started }, amount: t } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error tables.t: nothing is payable in any of its cells.',
    ],
    [
      'a window before the version',
      `fees: { f: { title: F, when: { event: started, to: 2019-12-31 }, amount: 1 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'warning fees.f.when: the window ends on 31 December 2019, before this version holds.',
    ],
    [
      'a band outside the limits of its attribute',
      `attributes: { index: { kind: number, min: 0, max: 1 } }
bands: { size: { of: index, bands: { low: { upTo: 1 }, high: { above: 2 } } } }
tables: { t: { by: [size], cells: { low: 1, high: 2 } } }
fees: { f: { title: F, when: { event: started }, amount: t } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error bands.size.bands.high: nobody can be in it: index has other limits.',
    ],
    [
      'sums in windows that overlap in part',
      `amounts: { wage: money }
fees:
  a: { title: A, when: { sums: wage, reaches: 5, from: started, to: started + 60 days }, amount: 1 }
  b: { title: B, when: { sums: wage, reaches: 5, from: started + 30 days, to: started + 90 days }, amount: 1 }
examples: { e: { asOf: 2020-12-31 } }`,
      'warning fees.b.when: its window overlaps with the one of a: days of wage in both count for both.',
    ],
    [
      'two names for the same days in windows that overlap in part',
      `days: { one: { spells: employment }, two: { spells: employment } }
fees:
  a: { title: A, when: { adds: 1 week, of: one, from: started, to: started + 60 days }, amount: 1 }
  b: { title: B, when: { adds: 1 week, of: two, from: started + 30 days, to: started + 90 days }, amount: 1 }
examples: { e: { asOf: 2020-12-31 } }`,
      'warning fees.b.when: its window overlaps with the one of a: days of employment in both count for both.',
    ],
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
      'error fees.f.when: unreachable: the window ends 1 day before it begins.',
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
      'a cell that no formula asks for by its literal key',
      `attributes: { group: { kind: code, codes: [a, b] } }
tables: { t: { by: [group, stage], cells: { a: { w4: 1, w12: 2 }, b: { w4: 3, w13: 4 } } } }
fees:
  f: { title: F, when: { event: started }, amount: "t[group, 'w4']" }
  g: { title: G, when: { event: ended }, amount: "t['a', 'w12']" }
examples: { e: { asOf: 2020-12-31 } }`,
      'error tables.t.cells.b.w13: nobody can reach this cell: no formula asks for it.',
    ],
    [
      'a literal key that has no cell',
      `attributes: { group: { kind: code, codes: [a, b] } }
tables: { t: { by: [group, stage], cells: { a: { w4: 1 }, b: { w4: 3 } } } }
values: { later: "if group = 'a' then t[group, 'w12'] else t[group, 'w4']" }
fees: { f: { title: F, when: { event: started }, amount: later } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error tables.t.cells: there is no cell for stage "w12", which a formula asks for.',
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
      'warning fees.b.when: its window overlaps with the one of a: days of employment in both count for both.',
    ],
    [
      'a cap below a fee',
      `${START}caps: { all: { fees: all, amount: 99 } }`,
      'error caps.all.amount: lies below the fee start of 100.',
    ],
    [
      'a cell of a truth that is called true',
      `attributes: { full: { kind: truth } }
tables: { t: { by: [full], cells: { 'true': 2, 'no': 1 } } }
fees: { f: { title: F, when: { event: started }, amount: t } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error tables.t.cells.true: nobody can reach this cell: full is one of yes, no.',
    ],
    [
      'a value that is a truth, with one cell only',
      `attributes: { age: { kind: number } }
values: { old: age > 50 }
tables: { t: { by: [old], cells: { 'yes': 2 } } }
fees: { f: { title: F, when: { event: started }, amount: t } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error tables.t.cells: there is no cell for old "no": write a number, none or unknown.',
    ],
    [
      'a cell outside the limits of its number',
      `attributes: { stage: { kind: number, min: 1, max: 3 } }
tables: { t: { by: [stage], cells: { 1: 10, 2: 20, 3: 30, 4: 40 } } }
fees: { f: { title: F, when: { event: started }, amount: t } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error tables.t.cells.4: nobody can reach this cell: stage has other limits.',
    ],
    [
      'a missing cell of a number',
      `attributes: { stage: { kind: number, min: 1, max: 3 } }
tables: { t: { by: [stage], cells: { 1: 10, 3: 30 } } }
fees: { f: { title: F, when: { event: started }, amount: t } }
examples: { e: { asOf: 2020-12-31 } }`,
      'warning tables.t.cells: there is no cell for stage 2: write a number, none or unknown.',
    ],
    [
      'a cap of no fee',
      `${START}caps: { c: { title: C, fees: [], amount: 9 } }`,
      'error caps.c.fees: no fee stands under it.',
    ],
    [
      'a cap below the least cell that is looked up',
      `attributes: { g: { kind: code, codes: [a, b] } }
tables: { t: { by: [g], cells: { a: 300, b: 900 } } }
fees: { f: { title: F, when: { event: started }, amount: 't[g]' } }
caps: { c: { title: C, fees: all, amount: 200 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'warning caps.c.amount: lies below the fee f of 300.',
    ],
    [
      'a cap below a cell of a table that a value names',
      `attributes: { g: { kind: code, codes: [a, b] } }
tables: { t: { by: [g], cells: { a: 300, b: 900 } } }
values: { price: t }
fees: { f: { title: F, when: { event: started }, amount: price } }
caps: { c: { title: C, fees: all, amount: 400 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'warning caps.c.amount: lies below the fee f of 900.',
    ],
    [
      'an event in windows that overlap in part',
      `fees:
  a: { title: A, when: { event: ended, from: started, to: started + 60 days }, amount: 1 }
  b: { title: B, when: { event: ended, from: started + 60 days, to: started + 90 days }, amount: 1 }
examples: { e: { asOf: 2020-12-31 } }`,
      'warning fees.b.when: its window overlaps with the one of a: days of ended in both count for both.',
    ],
    [
      'claims after one event in windows that overlap in part',
      `fees:
  a: { title: A, when: { event: started }, claim: { by: claim, from: on, until: on + 30 days }, amount: 2 }
  b: { title: B, when: { event: started }, claim: { by: claim, from: on + 30 days, until: on + 60 days }, amount: 1 }
examples: { e: { asOf: 2020-12-31 } }`,
      'warning fees.b.claim: its window overlaps with the one of a: a claim in both stands for both.',
    ],
    [
      'a fee that waits for its rival',
      `fees:
  a: { title: A, when: { event: started }, amount: 1 }
  b: { title: B, when: { all: [{ fee: a }, { event: ended }] }, amount: 1 }
oneOf: { x: [a, b] }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.b.when.all.0.fee: never due: a excludes it (oneOf.x).',
    ],
    [
      "a person's fee that waits for one of the programme",
      `fees:
  a: { title: A, for: programme, when: { date: 2020-01-01 }, amount: 1 }
  b: { title: B, when: { fee: a }, amount: 1 }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.b.when.fee: never due: a is a fee of the programme, this is none.',
    ],
    [
      'a report where there is no job',
      `fees: { f: { title: F, when: { event: started }, claim: { by: report, until: on + 9 days }, amount: 1 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.f.claim: there is no job that could be reported: begins, lasts, ends or adds has one.',
    ],
    [
      'days that are taken away from themselves',
      `days: { work: { spells: employment }, nothing: { days: work, without: work } }
fees: { f: { title: F, when: { adds: 1 week, of: nothing }, amount: 1 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error days.nothing.without: no day is in it: it is work without work.',
    ],
    [
      'an event that never counts',
      `parameters: { limit: 10 }
fees: { f: { title: F, when: { event: started, where: limit > 20 }, amount: 1 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.f.when.where: unreachable: "limit > 20" is never true.',
    ],
    [
      'a claim that ends before the day of the payment',
      `fees: { f: { title: F, when: { event: started }, claim: { by: claim, until: on - 5 days }, amount: 1 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.f.claim: nobody can claim it: the window ends 5 days before it begins.',
    ],
    [
      'a register that is asked about no day',
      `fees: { f: { title: F, when: { event: started }, verify: { question: Q, from: on + 10 days, to: on }, amount: 1 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.f.verify.0: no register can be asked: the span ends 10 days before it begins.',
    ],
    [
      'the fifth time of what is paid three times',
      `fees:
  a: { title: A, when: { every: 1 month, from: started, times: 3 }, amount: 1 }
  b: { title: B, when: { fee: a, times: 5 }, amount: 1 }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.b.when.times: unreachable: a is paid 3 times at most.',
    ],
    [
      'spells that are long and short',
      `days: { work: { spells: employment, where: weeklyHours >= 40 and weeklyHours < 15 } }
fees: { f: { title: F, when: { adds: 1 week, of: work }, amount: 1 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error days.work.where: no day is in it: "weeklyHours >= 40 and weeklyHours < 15" is never true.',
    ],
    [
      'jobs that are long and short, by a name',
      `parameters: { few: 15 }
days: { work: { spells: employment } }
fees: { f: { title: F, when: { begins: work, where: few > weeklyHours and weeklyHours between 20 and 30 }, amount: 1 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.f.when.where: unreachable: "few > weeklyHours and weeklyHours between 20 and 30" is never true.',
    ],
    [
      'conditions that cannot hold together',
      `attributes: { g: { kind: code, codes: [a, b] } }
fees: { f: { title: F, when: { event: started }, provided: ["g = 'a'", "g = 'b'"], amount: 1 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error fees.f.provided: never due: g cannot be all that is asked of it.',
    ],
    [
      'days without a unit',
      `days: { work: { spells: employment } }
fees: { f: { title: F, when: { adds: 8, of: work }, amount: 1 } }
examples: { e: { asOf: 2020-12-31 } }`,
      'warning fees.f.when.adds: 8 days; say the unit, for example 8 days or 8 weeks.',
    ],
    [
      'a band above the most that there is',
      `attributes: { m: { kind: number, min: 0, max: 20 } }
bands: { size: { of: m, bands: { low: { upTo: 20 }, high: { above: 20 } } } }
tables: { t: { by: [size], cells: { low: 1, high: 2 } } }
fees: { f: { title: F, when: { event: started }, amount: t } }
examples: { e: { asOf: 2020-12-31 } }`,
      'error bands.size.bands.high: nobody can be in it: m has other limits.',
    ],
    ...['z: 2', 'x: 2'].map((cell): [string, string, string] => [
      `cells of a value that chooses between texts: ${cell}`,
      `attributes: { m: { kind: number } }
values: { size: "if m > 3 then 'x' else 'y'" }
tables: { t: { by: [size], cells: { ${cell} } } }
fees: { f: { title: F, when: { event: started }, amount: t } }
examples: { e: { asOf: 2020-12-31 } }`,
      cell.startsWith('z')
        ? 'error tables.t.cells.z: nobody can reach this cell: size is one of x, y.'
        : 'error tables.t.cells: there is no cell for size "y": write a number, none or unknown.',
    ]),
    ...[
      ['if m > 3 then 500 else 600', 500],
      ['2 * t', 1000],
      ['50% of rate at started', 450],
      ['rate at started', 900],
    ].map(([amount, least]): [string, string, string] => [
      `a cap below the least of ${amount}`,
      `attributes: { m: { kind: number }, g: { kind: code, codes: [a] } }
parameters: { rate: { series: { 2020-01-01: 1000, 2021-01-01: 900 } } }
tables: { t: { by: [g], cells: { a: 500 } } }
fees: { f: { title: F, when: { event: started }, amount: ${amount} } }
caps: { c: { title: C, fees: all, amount: 400 } }
examples: { e: { asOf: 2020-12-31 } }`,
      `warning caps.c.amount: lies below the fee f of ${least}.`,
    ]),
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

  it.each([
    ['JPY', 100, 1, 'a currency without decimals'],
    ['KWD', 0.005, 0.001, 'one with three'],
  ])('find a ceiling in %s below an example', (currency, amount, step) => {
    const found = (ceiling: number): string[] =>
      lints(`currency: ${currency}
rounding: { to: ${step}, mode: half-up }
amounts: { wage: money }
ceiling: ${ceiling}
fees: { f: { title: F, when: { sums: wage, reaches: ${step} }, amount: 'sum(wage, periodStart, on)' } }
examples: { e: { asOf: 2020-12-31, facts: [{ type: amount, name: wage, on: 2020-03-02, value: ${amount} }] } }`);
    expect(found(amount)).toEqual([]);
    expect(found(amount - step)).toEqual(['error ceiling: example e comes to more than the ceiling.']);
  });

  it.each([
    ['days between two events', 'when: { adds: 13 weeks, of: w, from: started, to: ended }'],
    ['days until some time after another', 'when: { adds: 8 weeks, of: w, from: accepted, to: started + 30 days }'],
    ['days between two times', 'when: { adds: 2 weeks, of: w, from: accepted + 30 days, to: started + 14 days }'],
    ['an event before another', 'when: { event: plan-agreed, from: accepted, to: started - 1 days }'],
    [
      'months that are long at times',
      "when: { adds: 92 days, of: w, from: started, to: 'lastDay(started, 3 months)' }",
    ],
    ['the month before an event', 'when: { event: ended, from: startOfMonth(started), to: started - 1 days }'],
    ['an event that comes again', "when: { event: ended, from: started, to: 'last(started, 2030-12-31) - 1 days' }"],
    [
      'a claim between two events',
      'when: { event: started }, claim: { by: claim, from: started + 1 days, until: ended }',
    ],
    ['a claim after another event', 'when: { event: started }, claim: { by: claim, until: accepted + 9 days }'],
    ['a report before the day', 'when: { lasts: 6 months, of: w }, claim: { by: report, until: on - 5 months }'],
  ])('find nothing unreachable in %s', (_what, fee) => {
    const found = lints(`days: { w: { spells: employment } }
fees: { f: { title: F, ${fee}, amount: 1 } }
examples: { e: { asOf: 2020-12-31 } }`);
    expect(found.filter((finding) => finding.startsWith('error'))).toEqual([]);
  });

  it.each([
    ['two fees for different persons', "g = 'a'", "g = 'b'", []],
    ['two fees for the same persons', "g = 'a'", "g != 'b'", [expect.stringContaining('overlaps')]],
    ['two fees for payments that differ', 'n = 1', 'n = 2', [expect.stringContaining('overlaps')]],
  ])('look at windows that overlap in part: %s', (_what, one, other, found) => {
    const window = (from: number, to: number) => `from: started + ${from} days, to: started + ${to} days`;
    const overlaps = lints(`attributes: { g: { kind: code, codes: [a, b] } }
fees:
  a: { title: A, when: { event: ended, ${window(0, 60)} }, provided: "${one}", amount: 1 }
  b: { title: B, when: { event: ended, ${window(30, 90)} }, provided: "${other}", amount: 1 }
examples: { e: { asOf: 2020-12-31 } }`).filter((finding) => finding.includes('overlap'));
    expect(overlaps).toEqual(found);
  });

  it.each([
    ['limits that meet', 'weeklyHours >= 15 and weeklyHours <= 15'],
    ['one of two', 'weeklyHours >= 40 or weeklyHours < 15'],
    ['two fields', 'weeklyHours >= 40 and contractMonths < 15'],
    ['the same twice', 'weeklyHours = 20 and weeklyHours > 15 and weeklyHours != 7'],
  ])('find nothing in a condition that can hold: %s', (_what, where) => {
    const found = lints(`days: { work: { spells: employment, where: ${where} } }
fees: { f: { title: F, when: { adds: 1 week, of: work }, amount: 1 } }
examples: { e: { asOf: 2020-12-31 } }`);
    expect(found.filter((finding) => finding.startsWith('error'))).toEqual([]);
  });

  it('find nothing in a cap above the least that is chosen or the number of hours', () => {
    const found = lints(`attributes: { m: { kind: number } }
days: { work: { spells: employment } }
fees: { f: { title: F, when: { adds: 8, of: work, weight: weeklyHours }, amount: if m > 3 then 500 else 600 } }
caps: { c: { title: C, fees: all, amount: 550 } }
examples: { e: { asOf: 2020-12-31 } }`);
    expect(found).toEqual(['warning fees.f: no example earns it.']);
  });

  it('find nothing unreachable in a fee that an example earns', () => {
    const errors = (facts: string): readonly string[] =>
      lints(`fees:
  f:
    title: F
    when: { first: [{ event: ended, from: started, to: started - 1 days }, { event: started }] }
    amount: 1
examples: { e: { asOf: 2020-12-31, facts: [${facts}] } }`).filter((finding) => finding.startsWith('error'));
    expect(errors('')).toEqual(['error fees.f.when.first.0: unreachable: the window ends 1 day before it begins.']);
    expect(errors('{ type: event, name: started, on: 2020-03-02 }')).toEqual([]);
  });

  it('find nothing in events that each count for one of two fees only', () => {
    const found = lints(`details: { advanced: truth }
fees:
  a: { title: A, when: { event: ended, where: advanced, from: started, to: started + 60 days }, amount: 1 }
  b: { title: B, when: { event: ended, where: not advanced, from: started + 30 days, to: started + 90 days }, amount: 1 }
examples: { e: { asOf: 2020-12-31 } }`);
    expect(found.filter((finding) => finding.includes('overlap'))).toEqual([]);
  });

  it('find nothing in the shipped tariffs', () => {
    expect(publishedTariffs().all().flatMap(lintTariff)).toEqual([]);
  });

  it.each([
    ['a whole number of years', 'yearsBetween(started, on) + 1'],
    ['the number of the payment', 'n'],
    ['a count, under a name', 'year-of-contract'],
  ])('find no gap between bands of %s', (_what, of) => {
    const found = (bands: string) =>
      lints(`values: { year-of-contract: 'max(1, monthsBetween(started, on))' }
bands: { year: { of: '${of}', bands: { ${bands}, later: { from: 3 } } } }
tables: { t: { by: [year], cells: { y1: 1, y2: 2, later: 3 } } }
fees: { f: { title: F, when: { event: started }, amount: t } }
examples: { e: { asOf: 2020-12-31 } }`).filter((finding) => finding.includes('gap'));
    expect(found('y1: { upTo: 1 }, y2: { from: 2, upTo: 2 }')).toEqual([]);
    expect(found('y1: { upTo: 0 }, y2: { from: 2, upTo: 2 }')).toHaveLength(1);
  });

  it('find a name that only a fee or a cell called like a note uses', () => {
    const found = lints(`parameters: { rate: 5, other: 6 }
attributes: { g: { kind: code, codes: [note, else] } }
tables: { title: { by: [g], cells: { note: rate, else: other } } }
fees: { note: { title: F, when: { event: started }, amount: title } }
examples: { e: { asOf: 2020-12-31 } }`);
    expect(found).toEqual(['warning fees.note: no example earns it.']);
  });

  it('find no gap after a version that holds longer than those which overlap with it', () => {
    const long = tariff(DATED, '1', 'validFrom: 2020-01-01\nvalidTo: 2020-12-31');
    const inside = tariff(DATED, '2', 'validFrom: 2020-02-01\nvalidTo: 2020-03-31');
    const later = tariff(DATED, '3', 'validFrom: 2020-06-01\nvalidTo: 2020-07-31');
    expect(lintVersions([long, inside, later]).map(({ level, message }) => `${level} ${message}`)).toEqual([
      'error trial: 1 and 2 overlap: 1 has to end before 2020-02-01.',
      'error trial: 1 and 3 overlap: 1 has to end before 2020-06-01.',
    ]);
  });

  it('find versions that overlap or leave a gap', () => {
    const first = tariff(DATED, '1', 'validFrom: 2020-01-01\nvalidTo: 2020-12-31');
    const overlapping = tariff(DATED, '2', 'validFrom: 2020-12-31');
    const late = tariff(DATED, '2', 'validFrom: 2021-01-02');
    expect(lintVersions([overlapping, first])[0]).toMatchObject({
      level: 'error',
      message: expect.stringContaining('overlap'),
    });
    expect(lintVersions([first, late])[0]).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('leave a gap'),
    });
    expect(lintVersions([first, tariff(DATED, '2', 'validFrom: 2021-01-01')])).toEqual([]);
  });

  it('find versions of which nothing says which one pays', () => {
    const before = tariff(DATED, '1', 'validFrom: 2020-01-01\nvalidTo: 2020-12-31');
    const after = tariff(START, '2', 'validFrom: 2021-01-01');
    expect(lintVersions([after])).toEqual([]);
    expect(lintVersions([before, after])).toMatchObject([
      {
        level: 'error',
        message: expect.stringContaining('trial: 2: nothing says which day decides which version pays start; write'),
        tariff: after,
      },
    ]);
    const ofFee = tariff(START.replace('amount', 'versionDate: on, amount'), '2', 'validFrom: 2021-01-01');
    expect(lintVersions([before, ofFee])).toEqual([]);
  });
});
