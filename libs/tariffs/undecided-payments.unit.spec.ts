import { describe, expect, it } from '@jest/globals';
import { localDate } from '#libs/kernel/index.js';
import { happened, job, trialTariff } from '#libs/testing/trial-tariff.js';
import { price, type Fact } from './index.js';

/** Every answer in one line: `due 600.00 on 2020-02-01`, or its kind. */
const answers = (body: string, facts: readonly Fact[], terms = {}, asOf = '2020-12-31') =>
  Object.fromEntries(
    price(trialTariff(body), { values: terms, attributes: {} }, facts, { day: localDate(asOf) }).map((fee) => [
      fee.occurrence === undefined ? fee.feeId : `${fee.feeId}#${fee.occurrence}`,
      fee.kind === 'due' ? `due ${Number(fee.amount.amountMinor) / 100} on ${fee.on}` : fee.kind,
    ]),
  );
const register = (question: string, from: string, to: string, answer: 'YES' | 'NO'): Fact => ({
  type: 'verification',
  question,
  from: localDate(from),
  to: localDate(to),
  asOf: localDate('2020-06-01'),
  answer,
});

describe('given a fee of which nobody can say whether it was reached', () => {
  const body = `events: [fin]
days: { work: { spells: employment, where: weeklyHours >= 20 } }
fees:
  four: { title: Four weeks, when: { adds: 4 weeks, of: work }, amount: 600 }
  rest: { title: What was not paid, when: { event: fin }, amount: 1800 - paid(four) }
  count: { title: By number, when: { event: fin }, amount: (3 - payments(four)) * 600 }
  before: { title: Before, when: { event: fin }, amount: '10 + paid(four, 2020-01-01, 2020-02-29)' }
  required: { title: Required, when: { event: fin }, requires: [four], amount: 3 }
  after: { title: After, when: { fee: four }, amount: 4 }
  either: { title: Either, when: { first: [{ fee: four }, { event: fin }] }, amount: 6 }
  later: { title: Chained, when: { event: fin }, amount: 10 + paid(after) }`;
  const second = job('k', '2020-05-04', null, { weeklyHours: '40' });
  const fin = happened('fin', '2020-06-20');
  it('whatever asks for it is unknown, but not what lies before the day on which it can fall', () => {
    expect(answers(body, [job('j', '2020-02-03', '2020-04-30'), second, fin])).toEqual({
      ...{ four: 'unknown', rest: 'unknown', count: 'unknown', required: 'unknown', after: 'unknown' },
      ...{ either: 'unknown', later: 'unknown', before: 'due 10 on 2020-06-20' },
    });
  });
  it('what was told decides it', () => {
    expect(answers(body, [job('j', '2020-02-03', '2020-04-30', { weeklyHours: '40' }), second, fin])).toMatchObject({
      ...{ rest: 'due 1200 on 2020-06-20', count: 'due 1200 on 2020-06-20', either: 'due 6 on 2020-03-01' },
    });
  });
});

describe('given a payment that waits for a register, and a later one that does not', () => {
  const body = `events: [step, fin]
fees:
  milestone: { title: M, when: { event: step, each: true }, verify: { question: DONE, from: on, to: on }, amount: 600 }
  rest: { title: Rest, when: { event: fin }, amount: '(3 - payments(milestone, started, on)) * 600' }
  first: { title: First, when: { fee: milestone }, amount: 100 }
  second: { title: Second, when: { fee: milestone, times: 2 }, amount: 100 }
  days: { title: Days, when: { event: fin }, amount: 'daysBetween(dueOn(milestone), on)' }
  gate: { title: Required, when: { event: fin }, requires: [milestone], amount: 44 }
  either: { title: Either, when: { first: [{ fee: milestone }, { event: fin }] }, amount: 6 }
  sum: { title: Chained, when: { event: fin }, amount: 10 + paid(days) }`;
  const facts = [
    ...[happened('started', '2020-01-06'), happened('step', '2020-02-01'), happened('step', '2020-03-01')],
    happened('fin', '2020-04-01'),
  ];
  const later = (answer: 'YES' | 'NO') => register('DONE', '2020-03-01', '2020-03-01', answer);
  const waiting = { rest: 'not-yet', first: 'not-yet', days: 'not-yet', gate: 'not-yet', either: 'not-yet' };
  it.each(['YES', 'NO'] as const)('whatever asks for the first waits, where the later one is answered %s', (answer) => {
    const found = answers(body, [...facts, later(answer)]);
    expect(found).toMatchObject({ 'milestone#1': 'needs', ...waiting, sum: 'not-yet', second: 'not-yet' });
  });
  it('the answer of the register decides all of it', () => {
    const told = [...facts, later('NO'), register('DONE', '2020-02-01', '2020-02-01', 'YES')];
    expect(answers(body, told)).toMatchObject({
      ...{ rest: 'due 1200 on 2020-04-01', first: 'due 100 on 2020-02-01', days: 'due 60 on 2020-04-01' },
      ...{ gate: 'due 44 on 2020-04-01', either: 'due 6 on 2020-02-01', sum: 'due 70 on 2020-04-01' },
    });
  });
});

describe('given a condition that looks at days ahead', () => {
  const body = `events: [fin]
fees:
  four: { title: Kept, when: { event: started }, provided: 'not happened(ended, on, on + 60 days)', amount: 600 }
  rest: { title: What was not paid, when: { event: fin }, amount: 1800 - paid(four) }`;
  const facts = [happened('started', '2020-02-03'), happened('fin', '2020-02-20')];
  it('what was not paid waits for the day on which it can be decided', () => {
    expect(answers(body, facts, {}, '2020-03-01')).toEqual({ four: 'not-yet', rest: 'not-yet' });
    expect(answers(body, facts)).toMatchObject({ rest: 'due 1200 on 2020-02-20' });
  });
});

describe('given a group of which one is paid', () => {
  const body = `events: [aa, bb]
terms: { price: { kind: money } }
fees:
  a: { title: A, when: { event: aa }, amount: price }
  b: { title: B, when: { event: bb }, amount: 300 }
  rest: { title: Rest, when: { event: bb }, amount: 1000 - paid(b) }
oneOf: { g: [a, b] }`;
  const facts = [happened('aa', '2020-02-01'), happened('bb', '2020-05-01')];
  it('what was reached after one of unknown amount is unknown too', () => {
    expect(answers(body, facts)).toEqual({ a: 'unknown', b: 'unknown', rest: 'unknown' });
  });
  it('what was reached before it is due', () => {
    const earlier = [happened('aa', '2020-06-01'), happened('bb', '2020-05-01')];
    expect(answers(body, earlier)).toEqual({ a: 'never', b: 'due 300 on 2020-05-01', rest: 'due 700 on 2020-05-01' });
  });
  it('the amount decides it', () => {
    expect(answers(body, facts, { price: '900' })).toMatchObject({ a: 'due 900 on 2020-02-01', b: 'never' });
  });
  it('what was reached after one that waits for a register waits', () => {
    const asked = body.replace('amount: price', 'verify: { question: Q, from: on, to: on }, amount: 900');
    expect(answers(asked, facts)).toMatchObject({ a: 'needs', b: 'not-yet' });
    const no = register('Q', '2020-02-01', '2020-02-01', 'NO');
    expect(answers(asked, [...facts, no])).toMatchObject({ a: 'never', b: 'due 300 on 2020-05-01' });
  });
});

describe('given a group with a sum of wages that the contract does not state', () => {
  const body = `amounts: { wages: money }
terms: { threshold: { kind: money } }
days: { self: { spells: self-employment } }
fees:
  employed: { title: Wages, when: { sums: wages, reaches: threshold }, amount: 900 }
  self-employed: { title: Self, when: { adds: 4 weeks, of: self }, amount: 500 }
oneOf: { outcome: [employed, self-employed] }`;
  const self: Fact = job('s', '2020-03-01', null, { kind: 'self-employment' });
  const wages = (on: string): Fact => ({ type: 'amount', name: 'wages', on: localDate(on), value: '1000' });
  it.each([
    ['wages before it leave it open', [wages('2020-02-20')], 'unknown'],
    ['no wages cannot have been enough', [], 'due 500 on 2020-03-28'],
    ['wages after it come too late', [wages('2020-04-20')], 'due 500 on 2020-03-28'],
  ])('%s', (_what, more, answer) => {
    expect(answers(body, [self, ...more])).toMatchObject({ 'self-employed': answer });
  });
});

describe('given a fee for the same job as one that is unknown', () => {
  const body = `days: { work: { spells: employment } }
fees:
  first: { title: First, when: { lasts: 6 weeks, of: work, where: not known(job.weeklyHours) or job.weeklyHours >= 15 }, provided: job.weeklyHours >= 15, amount: 1 }
  second: { title: Second, when: { lasts: 6 months, of: work, sameJobAs: first }, amount: 1 }`;
  const later = job('b', '2020-05-01', null, { weeklyHours: '20' });
  it('it is unknown, as it may yet be another job', () => {
    expect(answers(body, [job('a', '2020-01-17', '2020-04-30'), later])).toMatchObject({
      ...{ first: 'unknown', second: 'unknown' },
    });
    expect(answers(body, [job('a', '2020-01-17', '2020-04-30', { weeklyHours: '10' }), later])).toMatchObject({
      ...{ first: 'due 1 on 2020-06-11', second: 'due 1 on 2020-10-31' },
    });
  });
});

describe('given jobs joined by employer, one of which nobody told', () => {
  const body = `days: { work: { spells: employment } }
fees:
  kept: { title: Kept, when: { lasts: 6 weeks, of: work, join: employer }, amount: 1 }
  again: { title: Same, when: { lasts: 6 months, of: work, join: employer, sameJobAs: kept }, amount: 1 }
  begins: { title: Begins, when: { begins: work, join: employer }, amount: 1 }
  end: { title: End, when: { begins: work, join: employer }, provided: job.end > 2020-06-30, amount: 1 }`;
  const known = (id: string, start: string, end: string | null, employer?: string) => job(id, start, end, { employer });
  it('what differs by whether it is the same one is unknown, and what does not is paid', () => {
    const found = answers(body, [known('a', '2020-01-17', '2020-02-06'), known('b', '2020-02-07', '2020-12-01', 'x')]);
    expect(found).toEqual({ kept: 'unknown', again: 'unknown', begins: 'due 1 on 2020-01-17', end: 'unknown' });
  });
  it('the employer of the spell after it is one that it may have, too', () => {
    const facts = [
      ...[known('a', '2020-01-01', '2020-01-31', 'x'), known('b', '2020-02-01', '2020-02-10')],
      known('c', '2020-02-11', '2020-03-15', 'y'),
    ];
    expect(answers(body, facts)).toMatchObject({ kept: 'unknown' });
  });
  it('a job that no other follows closely is not joined with any', () => {
    const found = answers(body, [known('a', '2020-01-17', '2020-03-06'), known('b', '2020-03-08', null, 'x')]);
    expect(found).toMatchObject({ kept: 'due 1 on 2020-02-27', again: 'never', end: 'never' });
  });
  it('the told employer decides it', () => {
    const facts = [known('a', '2020-01-17', '2020-02-06', 'x'), known('b', '2020-02-07', '2020-12-01', 'x')];
    expect(answers(body, facts)).toEqual({
      ...{ kept: 'due 1 on 2020-02-27', again: 'due 1 on 2020-07-16' },
      ...{ begins: 'due 1 on 2020-01-17', end: 'due 1 on 2020-01-17' },
    });
  });
});

it('given a spell of which nobody said whether it counts, its first day is unknown and not awaited', () => {
  const body = `events: [fin]
days: { work: { spells: employment, where: weeklyHours >= 20 } }
fees:
  month: { title: M, when: { every: 1 month, from: 'firstDay(work, started)', times: 1 }, amount: 1 }
  since: { title: S, when: { event: fin }, amount: '1 + daysBetween(since(work, on), on)' }`;
  const facts = [
    happened('started', '2020-01-06'),
    happened('fin', '2020-03-02'),
    job('j', '2020-02-03', '2020-04-30'),
  ];
  const { values, attributes } = { values: {}, attributes: {} };
  const why = 'whether j counts: nobody said the weeklyHours of j';
  expect(price(trialTariff(body), { values, attributes }, facts, { day: localDate('2020-12-31') })).toMatchObject([
    ...[
      { kind: 'unknown', missing: why },
      { kind: 'unknown', missing: why },
    ],
  ]);
});

describe('given a limit that an undecided payment may draw from', () => {
  const body = `events: [aa, bb, cc]
fees:
  a: { title: A, when: { event: aa }, verify: { question: Q, from: on, to: on }, amount: 600 }
  b: { title: B, when: { event: bb }, amount: 500 }
  c: { title: C, when: { event: cc }, amount: 300 }
caps: { pot: { title: The pot, fees: all, amount: 1000 } }`;
  const facts = [happened('aa', '2020-02-01'), happened('bb', '2020-03-01'), happened('cc', '2020-04-01')];
  const told = (answer: 'YES' | 'NO') => [...facts, register('Q', '2020-02-01', '2020-02-01', answer)];

  it('then what fits only without it waits, and what comes after that', () => {
    expect(answers(body, facts)).toEqual({ a: 'needs', b: 'not-yet', c: 'not-yet' });
    expect(answers(body, told('YES'))).toEqual({
      a: 'due 600 on 2020-02-01',
      b: 'due 400 on 2020-03-01',
      c: 'never',
    });
    expect(answers(body, told('NO'))).toEqual({
      a: 'never',
      b: 'due 500 on 2020-03-01',
      c: 'due 300 on 2020-04-01',
    });
  });

  it('then what fits beside it is paid', () => {
    const wide = body.replace('amount: 1000', 'amount: 1400');
    expect(answers(wide, facts)).toEqual({
      a: 'needs',
      b: 'due 500 on 2020-03-01',
      c: 'due 300 on 2020-04-01',
    });
  });

  it('then a number of payments waits the same way', () => {
    const two = body.replace('amount: 1000', 'payments: 2');
    expect(answers(two, facts)).toEqual({ a: 'needs', b: 'due 500 on 2020-03-01', c: 'not-yet' });
  });
});

describe('given a cap and a payment on the same day that is not decided', () => {
  const body = `events: [fin, end]
attributes: { entitled: { kind: truth, at: on } }
days: { work: { spells: employment, where: weeklyHours >= 20 } }
fees:
  first: { title: F, when: { event: fin }, provided: entitled, amount: 500 }
  second: { title: S, when: { event: fin }, amount: 300 }
  two: { title: T, when: { adds: 2 weeks, of: work, times: 2 }, amount: 500 }
  later: { title: L, when: { event: end }, amount: 100 }
caps:
  day: { title: Day, fees: [first, second], amount: 400 }
  sum: { title: Sum, fees: [two, later], amount: 1000 }`;
  it('what comes after it in the document waits for it', () => {
    const told = (value: string): Fact => ({
      type: 'attribute',
      name: 'entitled',
      from: localDate('2020-01-01'),
      value,
    });
    const fin = happened('fin', '2020-03-29');
    expect(answers(body, [fin])).toMatchObject({ first: 'unknown', second: 'unknown' });
    expect(answers(body, [fin, told('true')])).toMatchObject({ first: 'due 400 on 2020-03-29', second: 'never' });
    expect(answers(body, [fin, told('false')])).toMatchObject({ first: 'never', second: 'due 300 on 2020-03-29' });
  });
  it('a fee that may be paid more than once may use it up', () => {
    const worked = (more: object) => job('j', '2020-01-05', '2020-02-15', more);
    const end = happened('end', '2020-04-01');
    expect(answers(body, [worked({}), end])).toMatchObject({ later: 'unknown' });
    expect(answers(body, [worked({ weeklyHours: '30' }), end])).toMatchObject({ later: 'never' });
    expect(answers(body, [worked({ weeklyHours: '10' }), end])).toMatchObject({ later: 'due 100 on 2020-04-01' });
  });
});

describe('given a payment that a cap holds back for a register', () => {
  const body = `events: [fin-one, fin-two, fin-three]
fees:
  one: { title: One, when: { event: fin-one }, verify: { question: Q }, amount: 300 }
  two: { title: Two, when: { event: fin-two }, amount: 200 }
  rest: { title: Rest, when: { event: fin-three }, amount: 1000 - paid(two) }
  none: { title: None, when: { event: fin-three }, provided: payments(two) = 0, amount: 7 }
caps: { c: { title: C, fees: [one, two], amount: 300 } }`;
  const facts = ['one', 'two', 'three'].map((name, index) => happened(`fin-${name}`, `2020-03-0${index + 1}`));
  it('nothing that asks what was paid of it is paid', () => {
    expect(answers(body, facts)).toEqual({ one: 'needs', two: 'not-yet', rest: 'not-yet', none: 'not-yet' });
  });
  it.each([
    ['YES' as const, { one: 'due 300 on 2020-03-01', two: 'never', rest: 'due 1000 on 2020-03-03' }],
    ['NO' as const, { one: 'never', two: 'due 200 on 2020-03-02', rest: 'due 800 on 2020-03-03', none: 'never' }],
  ])('until it says %s', (answer, expected) => {
    expect(answers(body, [...facts, register('Q', '2020-03-01', '2020-03-01', answer)])).toMatchObject(expected);
  });
});

describe('given all of several, one of them a fee that waits for a register', () => {
  const body = `events: [fin, end]
fees:
  asked: { title: A, when: { event: fin }, verify: { question: Q }, amount: 500 }
  both: { title: B, when: { all: [{ fee: asked }, { event: fin }] }, amount: 500 }
  rest: { title: R, when: { event: end }, amount: 1000 - paid(both) }
  none: { title: N, when: { event: end }, provided: payments(both) = 0, amount: 7 }`;
  const facts = [happened('fin', '2020-03-01'), happened('end', '2020-03-02')];
  it('nothing that asks for it is decided before the register answers', () => {
    expect(answers(body, facts)).toMatchObject({ both: 'not-yet', rest: 'not-yet', none: 'not-yet' });
    const yes = register('Q', '2020-03-01', '2020-03-01', 'YES');
    expect(answers(body, [...facts, yes])).toMatchObject({ rest: 'due 500 on 2020-03-02', none: 'never' });
  });
  it('what has yet to happen besides keeps nothing waiting', () => {
    expect(answers(body.replace('{ event: fin }] }', '{ event: ended }] }'), facts)).toMatchObject({
      rest: 'due 1000 on 2020-03-02',
    });
  });
});

describe('given a payment that may be claimed until a day', () => {
  const body = `events: [fin, end]
fees:
  claimed: { title: C, when: { event: fin }, claim: { by: claim, until: on + 14 days }, amount: 600 }
  rest: { title: R, when: { event: end }, amount: 1000 - paid(claimed) }
  other: { title: O, when: { event: end }, amount: 50 }
oneOf: { outcome: [claimed, other] }`;
  const facts = [happened('fin', '2020-03-01'), happened('end', '2020-03-02')];
  const claim: Fact = { type: 'claim', fee: 'claimed', on: localDate('2020-03-15') };
  it('nothing rests on its not being claimed before that day is over', () => {
    expect(answers(body, facts, {}, '2020-03-15')).toEqual({ claimed: 'not-yet', rest: 'not-yet', other: 'not-yet' });
    expect(answers(body, [...facts, claim], {}, '2020-03-15')).toEqual({
      ...{ claimed: 'due 600 on 2020-03-01', rest: 'due 400 on 2020-03-02', other: 'never' },
    });
    expect(answers(body, facts, {}, '2020-03-16')).toEqual({
      ...{ claimed: 'never', rest: 'due 1000 on 2020-03-02', other: 'due 50 on 2020-03-02' },
    });
  });
  it('the day on which that is decided is named', () => {
    const fees = price(trialTariff(body), { values: {}, attributes: {} }, facts, { day: localDate('2020-03-10') });
    expect(fees.map((fee) => fee.kind === 'not-yet' && fee.earliest)).toEqual([
      '2020-03-16',
      '2020-03-16',
      '2020-03-16',
    ]);
  });
});

it('what requires a fee that can never be due is never due itself, whatever else is not known', () => {
  const body = `events: [fin]
days: { work: { spells: employment, where: weeklyHours >= 20 } }
fees:
  first: { title: F, when: { event: fin, to: 2020-01-31 }, amount: 1 }
  second: { title: S, when: { adds: 1 week, of: work }, requires: [first], amount: 1 }`;
  expect(answers(body, [job('j', '2020-02-03')])).toEqual({ first: 'never', second: 'never' });
});

it('what a cap leaves of a payment that depends on it is unknown, and nobody else goes without an answer', () => {
  const body = `fees:
  one: { title: O, when: { event: started }, amount: '100 + (if paid(two, 2020-01-01, 2020-12-30) > 50 then 100 else 0)' }
  two: { title: T, when: { event: accepted }, amount: 100 }
  sure: { title: S, when: { event: started }, amount: 5 }
caps: { c: { title: C, fees: [one, two], amount: 220 } }`;
  const facts = [happened('started', '2020-03-01'), happened('accepted', '2020-03-02')];
  expect(answers(body, facts)).toEqual({ one: 'unknown', two: 'unknown', sure: 'due 5 on 2020-03-01' });
});

describe('given the first of several, of which more than one is not decided', () => {
  const body = `amounts: { wages: money }
days: { work: { spells: employment } }
events: [fin]
fees:
  asked: { title: A, when: { sums: wages, reaches: 100 }, verify: { question: Q }, amount: 100 }
  either: { title: E, when: { first: [{ fee: asked }, { every: calendar week, from: started, times: 20, where: 'hoursIn(work, periodStart, periodEnd) >= 20' }] }, amount: 100 }
  rest: { title: R, when: { event: fin }, amount: 200 - paid(either) }`;
  const facts: readonly Fact[] = [
    ...[happened('started', '2020-01-15'), happened('fin', '2020-03-12'), job('j', '2020-03-12', null)],
    { type: 'amount', name: 'wages', on: localDate('2020-03-03'), value: '100' },
  ];
  it('what asks for it waits for the one that may come first', () => {
    expect(answers(body, facts, {}, '2020-03-19')).toMatchObject({ rest: 'unknown' });
    const yes = register('Q', '2020-03-03', '2020-03-03', 'YES');
    expect(
      answers(body, [...facts, { ...yes, asOf: localDate('2020-03-10') } as Fact], {}, '2020-03-19'),
    ).toMatchObject({
      either: 'due 100 on 2020-03-03',
      rest: 'due 100 on 2020-03-12',
    });
  });
});

it('the same job as that of a fee which waits for a register is not decided either', () => {
  const body = `days: { work: { spells: employment } }
events: [fin]
fees:
  asked: { title: A, when: { begins: work }, verify: { question: Q }, amount: 1 }
  kept: { title: K, when: { lasts: 1 week, of: work, sameJobAs: asked }, amount: 1 }
  rest: { title: R, when: { event: fin }, amount: 10 - paid(kept) }`;
  const facts = [job('j', '2020-03-02', null), happened('fin', '2020-03-20')];
  expect(answers(body, facts)).toEqual({ asked: 'needs', kept: 'not-yet', rest: 'not-yet' });
  expect(answers(body, [...facts, register('Q', '2020-03-02', '2020-03-02', 'YES')])).toMatchObject({
    kept: 'due 1 on 2020-03-08',
    rest: 'due 9 on 2020-03-20',
  });
});

it('what waits for a window to close names the day on which that decides it', () => {
  const body = `days: { work: { spells: employment } }
events: [fin]
fees:
  weeks: { title: W, when: { adds: 3 weeks, of: work, to: 2020-05-15 }, amount: 100 }
  begun: { title: B, when: { event: started }, requires: [weeks], amount: 100 }
  sure: { title: S, when: { event: fin }, amount: 50 + paid(begun) }`;
  const facts = [happened('started', '2020-01-31'), happened('fin', '2020-03-19')];
  const at = (asOf: string) =>
    price(trialTariff(body), { values: {}, attributes: {} }, facts, { day: localDate(asOf) }).map((fee) =>
      fee.kind === 'not-yet' ? fee.earliest : fee.kind,
    );
  // Three weeks that end on 15 May begin on 25 April.
  expect(at('2020-04-23')).toEqual(['2020-04-25', '2020-04-25', '2020-04-25']);
  expect(at('2020-04-25')).toEqual(['never', 'never', 'due']);
});

it('a fee after one of which several payments are not decided may come as early as the first of them', () => {
  const body = `days: { work: { spells: employment, where: weeklyHours >= 20 } }
fees:
  left: { title: L, when: { ends: work }, amount: 100 }
  kept: { title: K, when: { lasts: 10 days, of: work, each: true }, verify: { question: Q }, amount: 100 }
  after: { title: A, when: { fee: kept }, amount: 100 }
oneOf: { g: [left, after] }`;
  const facts = [job('j', '2020-02-12', '2020-02-22', { weeklyHours: '30' }), job('k', '2020-02-23', null)];
  expect(answers(body, facts)).toMatchObject({ left: 'unknown', after: 'unknown' });
});
