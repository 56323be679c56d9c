import { describe, expect, it } from '@jest/globals';
import { localDate } from '#libs/kernel/index.js';
import { trialTariff } from '#libs/testing/trial-tariff.js';
import { price, type Fact, type Fee } from '../index.js';

/** What one fee answers; `body` declares what it needs. */
function answers(
  fee: string,
  facts: readonly object[],
  { body = '', asOf = '2020-12-31', terms = {} }: { body?: string; asOf?: string; terms?: Record<string, string> } = {},
): readonly Fee[] {
  const tariff = trialTariff(`
validFrom: 2009-01-01
amounts: { attended: number }
${body}
fees: { f: { title: F, ${fee} } }
`);
  return price(tariff, { values: terms, attributes: {} }, facts as readonly Fact[], { day: localDate(asOf) });
}

const happened = (name: string, on: string) => ({ type: 'event', name, on });
const told = (on: string, value: string) => ({ type: 'amount', name: 'attended', on, value });
const job = (start: string, more: object = {}) => ({ type: 'spell', spellId: `job of ${start}`, start, ...more });

describe('given something to be reached that one person makes nothing', () => {
  it.each([
    [
      'adds',
      'when: { adds: days(few), of: work }, amount: 1',
      'fees.f.when.adds cannot be what it comes to: 0 days is not above zero',
    ],
    [
      'lasts',
      'when: { lasts: days(few), of: work }, amount: 1',
      'fees.f.when.lasts cannot be what it comes to: 0 days is not above zero',
    ],
    [
      'reaches',
      'when: { sums: attended, reaches: few }, amount: 1',
      'fees.f.when.reaches cannot be what it comes to: 0 is not above zero',
    ],
    [
      'times',
      'when: { every: 1 month, from: started, times: few }, amount: 1',
      'fees.f.when.times cannot be what it comes to: 0 is not above zero',
    ],
  ])('%s is unknown, with the reason', (_key, fee, missing) => {
    const body = 'terms: { few: { kind: number } }\ndays: { work: { spells: employment } }';
    const facts = [happened('started', '2020-01-01'), job('2020-01-01'), told('2020-01-01', '1')];
    expect(answers(fee, facts, { body, terms: { few: '0' } })).toMatchObject([{ kind: 'unknown', missing }]);
  });
});

describe('given a clock', () => {
  const daily = 'when: { every: 1 day, from: started }, amount: 1';
  it('of days, ten years of them are paid', () => {
    const fees = answers(daily, [happened('started', '2010-01-01')], { asOf: '2019-12-31' });
    expect(fees.filter(({ kind }) => kind === 'due')).toHaveLength(3652);
  });
  it('that runs longer than a century of days, the rest is unknown and not silent', () => {
    const fees = answers(daily, [happened('started', '1900-01-01')], { asOf: '2020-12-31' });
    expect(fees.filter(({ kind }) => kind === 'due')).toHaveLength(36_525);
    expect(fees.at(-1)).toMatchObject({ kind: 'unknown', missing: expect.stringContaining('more than 36525 periods') });
  });
  it.each([
    ['cut', [400, 100]],
    ['drop', [400]],
  ])('whose last period is unfinished: last: %s', (last, amounts) => {
    const fee = `when: { every: 4 weeks, from: started, to: ended, last: ${last} }, amount: 'sum(attended, periodStart, periodEnd)'`;
    const facts = [happened('started', '2020-01-01'), happened('ended', '2020-02-10')];
    const due = answers(fee, [...facts, told('2020-01-10', '400'), told('2020-02-03', '100')]).flatMap((each) =>
      each.kind === 'due' ? [each] : [],
    );
    expect(due.map(({ amount }) => Number(amount.amountMinor) / 100)).toEqual(amounts);
    if (last === 'cut') expect(due.at(-1)?.on).toBe('2020-02-10');
  });
  it('from the 31st, no day lies in two periods', () => {
    const fee = `when: { every: 1 month, from: started }, amount: 'daysBetween(periodStart, periodEnd) + 1'`;
    const fees = answers(fee, [happened('started', '2020-01-31')], { asOf: '2020-04-30' });
    const days = fees.map((each) => (each.kind === 'due' ? Number(each.amount.amountMinor) / 100 : 0));
    expect(days).toEqual([30, 30, 31, 0]);
  });
});

describe('given a condition that is not met', () => {
  const body = 'attributes: { qualifies: { kind: truth } }\ndays: { work: { spells: employment } }';
  const started = happened('started', '2020-01-01');
  it('the reason names the rule, what it asks and what that is here', () => {
    const fee = "when: { event: started }, provided: 'not known(qualifies) or qualifies', amount: 1";
    const no = { type: 'attribute', name: 'qualifies', from: '2020-01-01', value: 'false' };
    expect(answers(fee, [started, no], { body })).toMatchObject([
      {
        kind: 'never',
        why: 'started on 1 January 2020, but fees.f.provided.0 is not met: "not known(qualifies) or qualifies", here "not yes or no"',
      },
    ]);
  });
  it('of a job, it names the job too', () => {
    const fee = 'when: { begins: work, where: job.weeklyHours > 15 }, amount: 1';
    const [first] = answers(fee, [job('2020-03-01', { weeklyHours: '10' })], { body });
    expect(first?.why).toContain(
      'the job from 1 March 2020 does not count: fees.f.when.where is not met: "job.weeklyHours > 15", here "10 > 15"',
    );
  });
});

describe('given days that add up within a length, several times', () => {
  const body = 'days: { work: { spells: employment } }';
  const fee = 'when: { adds: 4 weeks, of: work, within: 6 weeks, times: 4 }, amount: 1';
  const facts = [
    ...[job('2020-03-02', { end: '2020-03-31' }), job('2020-06-01', { end: '2020-06-30' })],
    job('2020-09-01', { end: '2020-11-30' }),
  ];
  const days = (asOf: string) =>
    answers(fee, facts, { body, asOf }).map((each) => (each.kind === 'due' ? each.on : each.kind));
  it('each stretch is paid, and no day counts for two', () => {
    expect(days('2020-12-31')).toEqual(['2020-03-29', '2020-06-28', '2020-09-28', '2020-10-26']);
  });
  it('the next one names its day', () => {
    const [, , next] = answers(fee, facts, { body, asOf: '2020-09-15' });
    expect(next).toMatchObject({ kind: 'not-yet', earliest: '2020-09-28' });
  });
});

describe('given a set whose gaps are bridged', () => {
  const body = `days:
  ill: { spells: illness }
  work: { spells: employment }
  kept: { days: work, bridge: { upTo: 30 days, over: ill } }
  cut: { spells: employment, without: ill, bridge: { upTo: 5 days } }
  good: { periods: { every: 2 weeks, from: started, where: 'covers(work, periodStart, periodEnd)' } }
  both: { union: [work, good] }`;
  const ill = { type: 'spell', kind: 'illness', spellId: 'ill', start: '2020-04-06', end: '2020-04-09' };
  const apart = [job('2020-03-02', { end: '2020-04-05' }), ill, job('2020-04-10', { end: '2020-05-31' })];
  it.each([
    ['lasts: 10 weeks, of: kept, join: any', apart, ['2020-05-10']],
    ['begins: kept, join: any, each: true', apart, ['2020-03-02']],
    ['begins: kept, each: true', apart, ['2020-03-02', '2020-04-10']],
    ['lasts: 10 weeks, of: work, join: any', apart, []],
    ['lasts: 10 weeks, of: cut', [job('2020-03-02'), ill], ['2020-05-10']],
    ['lasts: 10 weeks, of: kept, join: any', apart.slice(0, 2), []],
  ])('{ %s } sees the jobs that its days make', (when, facts, days) => {
    const fees = answers(`when: { ${when} }, amount: 1`, facts, { body });
    expect(fees.flatMap((each) => (each.kind === 'due' ? [each.on] : []))).toEqual(days);
  });
  it.each(['good', 'both', 'union(work, good)', 'without(good, ill)'])(
    '%s is refused where jobs are asked for',
    (of) => {
      expect(() => answers(`when: { lasts: 4 weeks, of: '${of}' }, amount: 1`, [], { body })).toThrow(
        'fees.f.when.of: days of whole periods belong to no job',
      );
      expect(answers(`when: { lasts: 4 weeks, of: 'without(work, good)' }, amount: 1`, [], { body })).toHaveLength(1);
    },
  );
});

describe('given a formula that asks for the day of a payment before there is one', () => {
  const body = 'values: { v: on - 60 days }\nterms: { d: { kind: date } }\ndays: { work: { spells: employment } }';
  it.each([
    ['fees.f.when.from', 'when: { adds: 4 weeks, of: work, from: v }, amount: 1'],
    ['fees.f.when.to', 'when: { event: started, to: on + 10 days }, amount: 1'],
    ['fees.f.when.date', 'when: { date: on }, amount: 1'],
    ['fees.f.when.adds', 'when: { adds: days(n), of: work }, amount: 1'],
    [
      'fees.f.when.of',
      "when: { lasts: 4 weeks, of: 'work where (employer = 1 and periodEnd > 2020-01-01)' }, amount: 1",
    ],
    ['fees.f.when.all.1.date', 'when: { all: [{ event: started }, { date: periodEnd }] }, amount: 1'],
    [
      'fees.f.when.reaches',
      "when: { sums: attended, reaches: '1 + paid(g)' }, amount: 1 }, g: { title: G, when: { event: started }, amount: 1",
    ],
  ])('%s is refused', (place, fee) => {
    const numbered = body.replace('kind: date', 'kind: number');
    expect(() => answers(fee.replace('employer = 1', 'd = 1'), [], { body: numbered })).toThrow(
      `${place}: "on", "periodStart", "periodEnd", "n" and "paid" or "payments" without days ask about a payment`,
    );
  });
  it('a set of days is refused, too', () => {
    const fee = 'when: { adds: 4 weeks, of: late }, amount: 1';
    expect(() =>
      answers(fee, [], { body: `${body}\n  late: { days: work, from: v }`.replace(' }\n  late', ',\n  late') + ' }' }),
    ).toThrow('days.late.from: "on"');
  });
});

describe('given a set of periods', () => {
  const body = `days:
  work: { spells: employment }
  good: { periods: { every: 2 weeks, from: started, where: 'covers(work, periodStart, periodEnd)' } }
  goodWork: { overlap: [work, good] }`;
  const facts = [happened('started', '2020-01-06'), job('2020-01-06')];
  it.each([
    ['good', '2020-02-01', '2020-02-02'],
    ['good', '2020-01-18', '2020-01-19'],
    ['goodWork', '2020-02-01', '2020-02-02'],
    ['union(good, overlap(work, good))', '2020-02-01', '2020-02-02'],
  ])('%s names, on %s, the day on which it can change by itself', (of, asOf, earliest) => {
    const fee = `when: { adds: 4 weeks, of: '${of}' }, amount: 1`;
    expect(answers(fee, facts, { body, asOf })).toMatchObject([{ kind: 'not-yet', earliest }]);
    expect(answers(fee, facts, { body, asOf: '2020-02-02' })).toMatchObject([{ kind: 'due', on: '2020-02-02' }]);
  });
});

describe('given a later spell that lacks its weight', () => {
  const body = 'days: { work: { spells: employment } }';
  const fee = 'when: { adds: 100, of: work, weight: weeklyHours / 7, times: 2 }, amount: 1';
  const first = job('2020-01-06', { end: '2020-02-09', weeklyHours: '35' });
  const later = (start: string) => job(start, { end: '2020-06-30' });
  it('what was reached before it stays due, and only what it could change is unknown', () => {
    expect(answers(fee, [first, later('2020-03-01')], { body })).toMatchObject([
      { kind: 'due', on: '2020-01-25', spellIds: ['job of 2020-01-06'] },
      { kind: 'unknown', missing: 'nobody said the weeklyHours of job of 2020-03-01' },
    ]);
  });
  it('what it could have brought on an earlier day is unknown', () => {
    expect(answers(fee, [first, later('2020-01-20')], { body })).toMatchObject([{ kind: 'unknown' }]);
  });
});

describe('given the first of two, one of which nobody can decide', () => {
  const body = 'days: { work: { spells: employment, where: insured } }';
  const fee = 'when: { first: [{ event: started }, { adds: 10 days, of: work }] }, amount: 1';
  const doubtful = job('2020-03-01');
  it('the other is due where it came before', () => {
    expect(answers(fee, [happened('started', '2020-03-09'), doubtful], { body })).toMatchObject([
      { kind: 'due', on: '2020-03-09' },
    ]);
  });
  it.each(['2020-03-10', '2020-04-01'])('it is unknown where the other came on %s', (day) => {
    expect(answers(fee, [happened('started', day), doubtful], { body })).toMatchObject([
      { kind: 'unknown', missing: expect.stringContaining('nobody said the insured of job of 2020-03-01') },
    ]);
  });
  it('it is unknown, and not waited for, where the other has not come', () => {
    expect(answers(fee, [doubtful], { body })).toMatchObject([{ kind: 'unknown' }]);
  });
  it('without a doubtful one, it is waited for', () => {
    expect(answers(fee, [], { body })).toMatchObject([{ kind: 'not-yet' }]);
  });
});

describe('given a cap on the number of payments', () => {
  const fee = 'when: { event: ended, each: true }, amount: 1';
  const facts = [happened('ended', '2020-01-01'), happened('ended', '2020-02-01')];
  const body = 'terms: { most: { kind: number } }\ncaps: { c: { title: C, fees: all, payments: most } }';
  it.each([
    ['0', ['never', 'never', 'not-yet']],
    ['1', ['due', 'never', 'not-yet']],
    ['2.5', ['unknown', 'unknown', 'not-yet']],
    ['-1', ['unknown', 'unknown', 'not-yet']],
  ])('that one contract sets to %s', (most, kinds) => {
    expect(answers(fee, facts, { body, terms: { most } }).map(({ kind }) => kind)).toEqual(kinds);
  });
});

describe('given working days', () => {
  const body = (holidays: string) =>
    `calendar: { months: calendar${holidays} }\ndays: { work: { spells: employment } }`;
  const facts = [happened('started', '2020-12-30'), job('2020-12-30')];
  const asked = { asOf: '2021-12-31' };
  const fees = [
    ['added to a day', 'when: { event: started }, provided: started + 3 working days > started, amount: 1'],
    ['taken from a day', 'when: { date: 2021-01-02 - 1 working days }, amount: 1'],
    ['as a length', "when: { event: started }, provided: 'lastDay(started, 4 working days) > started', amount: 1"],
    ['a job is kept for', 'when: { lasts: 3 working days, of: work }, amount: 1'],
    ['of a clock', 'when: { every: 3 working days, from: started, times: 1 }, amount: 1'],
    ['in which days add up', 'when: { adds: 3 days, of: work, within: 4 working days }, amount: 1'],
    ['counted in a set', "when: { event: started }, amount: 'workingDaysIn(work, started, started + 3 days)'"],
    ['of which the next is asked', "when: { date: 'nextWorkingDay(2021-01-03)' }, amount: 1"],
    ['that one day is', "when: { event: started }, provided: 'isWorkingDay(2021-01-04)', amount: 1"],
  ] as const;
  it.each(fees)('%s, in a year of which no holidays are listed, it is unknown', (_what, fee) => {
    const missing = expect.stringContaining('calendar.holidays says nothing of 2021, so nobody knows its working days');
    expect(answers(fee, facts, { ...asked, body: body(', holidays: [2020-12-25]') })[0]).toMatchObject({ missing });
  });
  it.each(fees)('%s, where it is stated that there are no holidays, it is decided', (_what, fee) => {
    expect(answers(fee, facts, { ...asked, body: body(', holidays: none') })[0]).toMatchObject({ kind: 'due' });
  });
  it('are unknown where the document does not say any holidays', () => {
    const missing = expect.stringContaining('calendar.holidays says nothing of 2020');
    expect(answers(fees[0][1], facts, { ...asked, body: body('') })[0]).toMatchObject({ kind: 'unknown', missing });
  });
});

describe('given a sum that will be reached', () => {
  const fee = 'when: { sums: attended, reaches: 10 }, amount: 1';
  it('the day of the amount that reaches it is the earliest', () => {
    const facts = [told('2020-01-01', '4'), told('2021-03-05', '6')];
    expect(answers(fee, facts)).toMatchObject([
      { kind: 'not-yet', earliest: '2021-03-05', why: expect.stringContaining('4 of 10') },
    ]);
  });
});

describe('given a computation that cannot be', () => {
  const facts = [happened('started', '2020-01-01')];
  it.each([
    ['a step of nothing', `when: { event: started }, amount: 'round(5.5, 0)'`, 'a step to round to is above zero'],
    [
      'a day after the year 9999',
      `when: { event: started }, provided: started + 9999 years > started, amount: 1`,
      'a day lies before the year 1 or after the year 9999',
    ],
  ])('%s is unknown', (_what, fee, missing) => {
    expect(answers(fee, facts)).toMatchObject([{ kind: 'unknown', missing }]);
  });
  it('what would be reached after the year 9999 has no earliest day', () => {
    const fee = 'when: { adds: 60000 weeks, of: work }, amount: 1';
    const body = 'days: { work: { spells: employment } }';
    const [first] = answers(fee, [job('9000-01-01')], { body });
    expect(first).toMatchObject({ kind: 'not-yet', earliest: null });
  });
});

describe('given spells that are no employment', () => {
  const body = 'days: { own: { spells: self-employment } }';
  const own = { ...job('2020-01-06'), kind: 'self-employment' };
  it('no sentence calls them jobs', () => {
    const kept = 'when: { lasts: 8 weeks, of: own }, amount: 1';
    expect(answers(kept, [own], { body })[0]?.why).toContain('a spell of self-employment from 6 January 2020 is kept');
    expect(answers(kept, [own], { body, asOf: '2020-01-31' })[0]?.why).toContain(
      'a spell is kept for 8 weeks on 1 March',
    );
    expect(answers(kept, [], { body })[0]?.why).toContain('no spell that counts is kept for 8 weeks yet');
  });
});

describe('given a fee that waits for a day', () => {
  const body = 'days: { work: { spells: employment } }\nevents: [fin]';
  const result = 'result: { title: R, when: { lasts: 6 months, of: work }, amount: 100 }';
  it.each([
    ['that it is due', 'when: { fee: result }', '2020-07-05'],
    ['some time after it is due', 'when: { fee: result, plus: 1 month }', '2020-08-05'],
    ['its day', 'when: { date: dueOn(result) }', '2020-07-05'],
    ['what requires it', 'when: { event: fin }, requires: [result]', '2020-07-05'],
  ])('%s names the day before which nothing can change', (_what, when, earliest) => {
    const tariff = trialTariff(`${body}\nfees: { ${result}, after: { title: A, ${when}, amount: 1 } }`);
    const facts = [job('2020-01-06'), happened('fin', '2020-02-01')] as readonly Fact[];
    const fees = price(tariff, { values: {}, attributes: {} }, facts, { day: localDate('2020-03-01') });
    expect(fees.find(({ feeId }) => feeId === 'after')).toMatchObject({ kind: 'not-yet', earliest });
  });
});
