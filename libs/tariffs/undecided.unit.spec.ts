import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dateOf, epochDay } from './calendar.js';
import { localDate } from '#libs/kernel/index.js';
import { job, trialTariff } from '#libs/testing/trial-tariff.js';
import { price, type Fact, type Fee } from './index.js';

const tariff = trialTariff(`
events: [certificate]
details: { advanced: truth }
days:
  benefit: { spells: benefit, where: insured }
  work: { spells: employment }
  alone: { spells: employment, without: benefit }
  counted: { spells: employment, where: insured }
  bridged: { spells: employment, where: insured, bridge: { upTo: 5 days } }
  full: { spells: employment, together: { sum: weeklyHours, atLeast: 35 } }
  months: { periods: { every: calendar month, from: started, where: 'not anyDay(benefit, periodStart, periodEnd)' } }
fees:
  off: { title: A, when: { event: started }, provided: 'not anyDay(benefit, on, on)', amount: 1 }
  off-month: { title: B, when: { every: 1 month, from: started, times: 2, where: 'not anyDay(benefit, periodStart, periodEnd)' }, amount: 1 }
  alone: { title: C, when: { adds: 2 weeks, of: alone }, amount: 1 }
  held: { title: D, when: { event: started }, heldWhile: benefit, amount: 1 }
  counted: { title: E, when: { adds: 2 weeks, of: counted }, amount: 1 }
  bridged: { title: F, when: { adds: 2 weeks, of: bridged }, amount: 1 }
  kept: { title: G, when: { lasts: 10 days, of: counted, join: any }, amount: 1 }
  judged: { title: H, when: { begins: work, where: job.insured }, amount: 1 }
  full: { title: I, when: { adds: 1 week, of: full }, amount: 1 }
  months: { title: J, when: { adds: 31, of: months }, amount: 1 }
  by-days: { title: K, when: { event: started }, amount: "1 + daysIn(counted, on - 20 days, on) + monthsIn(benefit, on - 60 days, on)" }
  since: { title: L, when: { event: started }, amount: "1 + daysBetween(since(benefit, on), on)" }
  certificate: { title: M, when: { event: certificate, each: true, where: advanced }, amount: 1 }
`);
const started: Fact = { type: 'event', name: 'started', on: localDate('2020-02-10') };
const spell = (kind: string, start: string, end: string | null, more: object = {}): Fact => ({
  type: 'spell',
  spellId: `${kind} of ${start}`,
  kind,
  start: localDate(start),
  end: end === null ? null : localDate(end),
  ...more,
});
const fees = (facts: readonly Fact[], asOf = '2020-12-31'): readonly Fee[] =>
  price(tariff, { values: {}, attributes: {} }, facts, { day: localDate(asOf) });
const fee = (id: string, ...facts: readonly Fact[]): Fee | undefined => fees(facts).find(({ feeId }) => feeId === id);

describe('given a benefit of which nobody said whether it was insured', () => {
  const open = spell('benefit', '2020-02-01', '2020-03-31');
  const missing = 'whether benefit of 2020-02-01 counts: nobody said the insured of benefit of 2020-02-01';
  it.each([
    ['a condition that it does not hold', 'off', started],
    ['a month without it', 'off-month', started],
    ['days without it', 'alone', spell('employment', '2020-03-01', null)],
    ['a fee that it holds back', 'held', started],
    ['whole months without it', 'months', started],
  ])('%s is not known, and says why', (_what, id, fact) => {
    expect(fee(id, open, fact)).toMatchObject({ kind: 'unknown', missing: expect.stringContaining(missing) });
  });
  it('what it cannot change is paid', () => {
    const long = spell('employment', '2020-01-01', null);
    expect(fee('alone', open, long)).toMatchObject({ kind: 'due', on: '2020-01-14', spellIds: [expect.any(String)] });
    const certain = spell('benefit', '2020-01-01', '2020-12-31', { insured: true });
    expect(fee('off', open, certain, started)).toMatchObject({ kind: 'never' });
  });
});

describe('given a job that cannot be judged', () => {
  const open = spell('employment', '2020-03-01', null);
  it.each(['counted', 'kept', 'judged', 'full', 'bridged'])('%s is not known', (id) => {
    expect(fee(id, open)).toMatchObject({ kind: 'unknown', missing: expect.stringContaining('nobody said') });
  });
  it('what is not reached either way waits, and says what is not known', () => {
    const short = spell('employment', '2020-03-01', '2020-03-05');
    expect(fee('counted', short)).toMatchObject({
      kind: 'not-yet',
      earliest: null,
      why: expect.stringContaining('not known: whether employment of 2020-03-01 counts'),
    });
  });
});

describe('given what would be reached either way, and a job that is another one', () => {
  const body = `days: { work: { spells: employment, where: weeklyHours >= 20 } }
fees:
  sum: { title: S, when: { adds: 4 weeks, of: work }, amount: 100 }
  by-job: { title: J, when: { adds: 4 weeks, of: work }, amount: 10 * job.weeklyHours }
  same: { title: T, when: { lasts: 8 weeks, of: work, sameJobAs: sum }, amount: 7 }`;
  it('the sum is paid, what asks for the job is unknown', () => {
    const facts = [job('told', '2020-03-02', null, { weeklyHours: '35' }), job('untold', '2020-03-09')];
    const fees = price(trialTariff(body), { values: {}, attributes: {} }, facts, { day: localDate('2020-12-31') });
    expect(fees.map(({ feeId, kind }) => `${feeId} ${kind}`)).toEqual(['sum due', 'by-job unknown', 'same unknown']);
  });
});

describe('given two jobs that begin on one day', () => {
  const body = `days: { work: { spells: employment } }
fees:
  hired: { title: H, when: { begins: work }, amount: 100 }
  by-job: { title: J, when: { begins: work }, amount: 10 * job.weeklyHours }
  kept: { title: K, when: { lasts: 6 months, of: work, sameJobAs: hired }, amount: 7 }
  left: { title: L, when: { ends: work }, amount: 3 }`;
  const kinds = (...facts: Fact[]) =>
    price(trialTariff(body), { values: {}, attributes: {} }, facts, { day: localDate('2020-12-31') }).map((each) =>
      each.kind === 'due'
        ? `${each.feeId} ${Number(each.amount.amountMinor) / 100} on ${each.on}`
        : `${each.feeId} ${each.kind}`,
    );
  it.each([
    ['a', 'b'],
    ['b', 'a'],
  ])('the longer one counts, whatever they are called (%s, %s)', (one, other) => {
    const short = job(one, '2020-01-06', '2020-02-29', { weeklyHours: '10' });
    expect(kinds(short, job(other, '2020-01-06', null, { weeklyHours: '30' }))).toEqual([
      ...['hired 100 on 2020-01-06', 'by-job 300 on 2020-01-06', 'kept 7 on 2020-07-05', 'left 3 on 2020-02-29'],
    ]);
  });
  it('of two that are as long, nothing that only one says is known', () => {
    const twins = (hours: string) => [
      job('a', '2020-01-06', null, { weeklyHours: '30', employer: 'x' }),
      job('b', '2020-01-06', null, { weeklyHours: hours, employer: 'y' }),
    ];
    expect(kinds(...twins('30')).slice(0, 3)).toEqual([
      ...['hired 100 on 2020-01-06', 'by-job 300 on 2020-01-06', 'kept 7 on 2020-07-05'],
    ]);
    expect(kinds(...twins('20')).slice(0, 3)).toEqual([
      ...['hired 100 on 2020-01-06', 'by-job unknown', 'kept 7 on 2020-07-05'],
    ]);
  });
  it('the first that ends is the one that ended, also when the other has ended since', () => {
    const jobs = [job('a', '2020-01-06', '2020-11-30'), job('b', '2020-02-03', '2020-03-31')];
    expect(kinds(...jobs).at(-1)).toBe('left 3 on 2020-03-31');
  });
});

describe('given a job of an employer that nobody told, and one of another employer', () => {
  const body = `days: { work: { spells: employment } }
fees:
  six: { title: S, when: { lasts: 6 weeks, of: work, join: employer, from: accepted }, amount: 1 }
  kept: { title: K, when: { lasts: 6 months, of: work, join: employer, gap: 2 days, sameJobAs: six }, amount: 2 }
  agreed: { title: A, when: { lasts: 6 weeks, of: work, join: employer, from: accepted }, amount: 10 * job.agreedMonths }`;
  const accepted: Fact = { type: 'event', name: 'accepted', on: localDate('2020-02-15') };
  const kinds = (...facts: Fact[]) =>
    price(trialTariff(body), { values: {}, attributes: {} }, [accepted, ...facts], {
      day: localDate('2021-12-31'),
    }).map((each) => (each.kind === 'due' ? `${each.feeId} due ${each.on}` : `${each.feeId} ${each.kind}`));
  const of = (employer: string) => ({ employer, contractMonths: 6 });
  it('the other one makes no difference to whether the two are one job', () => {
    const untold = job('a', '2020-03-02', '2020-05-31', { contractMonths: 3 });
    const next = job('b', '2020-06-01', null, of('y'));
    const beside = job('z', '2020-03-22', '2020-03-25', of('w'));
    expect(kinds(untold, next).slice(0, 2)).toEqual(['six due 2020-04-12', 'kept unknown']);
    expect(kinds(untold, next, beside).slice(0, 2)).toEqual(['six due 2020-04-12', 'kept unknown']);
    const told = { ...untold, employer: 'y' } as Fact;
    expect(kinds(told, next, beside).slice(0, 2)).toEqual(['six due 2020-04-12', 'kept due 2020-09-01']);
  });
  it('nor to whether the job began before the window', () => {
    const job1 = job('j', '2020-03-02', null, of('x'));
    const untold = job('u', '2018-05-19', null, { contractMonths: 6 });
    const before = job('w', '2018-02-01', '2018-05-18', of('w'));
    expect(kinds(job1, untold)[0]).toBe('six unknown');
    expect(kinds(job1, untold, before)[0]).toBe('six unknown');
  });
  it('the months agreed are unknown where it may have agreed some of them', () => {
    const facts = [job('a', '2020-03-02', null, of('x')), job('z', '2020-03-09', '2020-03-20', { contractMonths: 6 })];
    expect(kinds(...facts)[2]).toBe('agreed unknown');
  });
});

describe('given a job that ends before it was kept for long enough', () => {
  const body = `days: { work: { spells: employment } }
fees:
  six: { title: S, when: { lasts: 6 weeks, of: work, join: employer, gap: 2 days }, amount: 1 }
  kept: { title: K, when: { lasts: 6 months, of: work, join: employer, gap: 2 days, sameJobAs: six }, amount: 2 }
  single: { title: L, when: { lasts: 6 months, of: work, sameJobAs: six }, amount: 2 }`;
  const facts = [job('j', '2020-03-02', '2020-05-31', { employer: 'x' })];
  it.each([
    ['2020-05-30', 'not-yet', 'not-yet'],
    ['2020-05-31', 'not-yet', 'never'],
    ['2020-06-02', 'not-yet', 'never'],
    ['2020-06-03', 'never', 'never'],
  ])('it is never enough once no contract can follow: on %s %s, by itself %s', (asOf, kept, single) => {
    const fees = price(trialTariff(body), { values: {}, attributes: {} }, facts, { day: localDate(asOf) });
    expect(fees.slice(1).map(({ kind }) => kind)).toEqual([kept, single]);
  });
});

describe('given a state that takes days away and goes on', () => {
  const body = `days: { work: { spells: employment }, benefit: { spells: benefit }, off: { days: work, without: benefit } }
fees:
  kept: { title: K, when: { lasts: 1 month, of: off }, amount: 100 }
  begun: { title: B, when: { begins: off }, provided: weekday(on) <= 5, amount: 1 }`;
  it.each(['2020-03-20', '2020-03-01', '2020-08-01'])('there is no job after it, whenever it began (%s)', (since) => {
    const benefit = job('b', since, null, { kind: 'benefit' });
    const fees = price(trialTariff(body), { values: {}, attributes: {} }, [job('j', '2020-03-02'), benefit], {
      day: localDate('2020-06-30'),
    });
    const [kept, begun] = fees.map(({ kind }) => kind);
    expect([kept, begun]).toEqual(
      since === '2020-08-01' ? ['due', 'due'] : since === '2020-03-20' ? ['not-yet', 'due'] : ['not-yet', 'not-yet'],
    );
    expect(fees.map(({ why }) => why).join()).not.toContain('NaN');
  });
});

describe('given a rule that looks beyond the day that is asked for', () => {
  const body = `events: [plan]
days: { absence: { spells: absence }, work: { spells: employment } }
fees:
  start: { title: A, when: { every: 1 month, from: started, times: 3, pays: start, where: 'not anyDay(absence, periodStart, periodEnd)' }, amount: 1 }
  day: { title: B, when: { date: 'last(plan, 2020-04-15) + 5 days' }, amount: 1 }
  begun: { title: C, when: { begins: work, where: 'not anyDay(absence, job.start, job.start + 30 days)' }, amount: 1 }`;
  const facts = [
    { type: 'event', name: 'started', on: localDate('2020-03-02') } as const,
    { type: 'event', name: 'plan', on: localDate('2020-03-03') } as const,
    job('j', '2020-03-02'),
  ];
  const answers = (asOf: string, ...more: Fact[]) =>
    price(trialTariff(body), { values: {}, attributes: {} }, [...facts, ...more], { day: localDate(asOf) }).flatMap(
      (fee) =>
        fee.occurrence === undefined || fee.occurrence === '1'
          ? [fee.kind === 'due' ? `due ${fee.on}` : fee.kind === 'not-yet' ? `not before ${fee.earliest}` : fee.kind]
          : [],
    );
  it('it waits for that day, and falls on its own', () => {
    expect(answers('2020-03-20')).toEqual(['not before 2020-04-01', 'not before 2020-04-15', 'not before 2020-04-01']);
    expect(answers('2020-04-15')).toEqual(['due 2020-03-02', 'due 2020-03-08', 'due 2020-03-02']);
    expect(answers('2020-04-15', job('a', '2020-03-25', '2020-03-26', { kind: 'absence' }))).toEqual([
      ...['due 2020-03-08', 'not before null'],
    ]);
  });
});

it('what such a rule may pay on a day that is over leaves open what asks for it', () => {
  const body = `events: [plan, fin]
fees:
  day: { title: D, when: { date: 'last(plan, 2020-04-15) + 5 days' }, amount: 100 }
  fin: { title: F, when: { event: fin }, amount: 100 }
  rest: { title: R, when: { event: fin }, amount: 200 - paid(day) }
caps: { one: { title: One, fees: [day, fin], payments: 1 } }`;
  const facts = ['plan', 'fin'].map((name, index): Fact => ({
    type: 'event',
    name,
    on: localDate(`2020-03-${index === 0 ? '02' : '20'}`),
  }));
  const at = (asOf: string) =>
    price(trialTariff(body), { values: {}, attributes: {} }, facts, { day: localDate(asOf) }).map((fee) =>
      fee.kind === 'not-yet' ? fee.earliest : fee.kind,
    );
  expect(at('2020-04-14')).toEqual(['2020-04-15', '2020-04-15', '2020-04-15']);
  expect(at('2020-04-15')).toEqual(['due', 'never', 'due']);
});

describe('given a job that ends and may be followed by another of the same employer', () => {
  const body = `days: { work: { spells: employment } }
fees:
  end: { title: E, when: { ends: work, join: employer, gap: 14 days }, amount: 1 }
  rest: { title: R, when: { event: started }, amount: 10 - paid(end) }`;
  const facts = [job('j', '2020-03-02', '2020-03-31', { employer: 'x' })];
  const started: Fact = { type: 'event', name: 'started', on: localDate('2020-04-01') };
  const answers = (asOf: string, ...more: Fact[]) =>
    price(trialTariff(body), { values: {}, attributes: {} }, [...facts, started, ...more], {
      day: localDate(asOf),
    }).map((fee) =>
      fee.kind === 'due' ? `due ${fee.on}` : fee.kind === 'not-yet' ? `not before ${fee.earliest}` : '',
    );
  it('its end is known when no other can follow any more', () => {
    expect(answers('2020-04-14')).toEqual(['not before 2020-04-15', 'not before 2020-04-15']);
    expect(answers('2020-04-15')).toEqual(['due 2020-03-31', 'due 2020-04-01']);
    const next = job('k', '2020-04-15', null, { employer: 'x' });
    expect(answers('2020-04-15', next)).toEqual(['not before null', 'due 2020-04-01']);
  });
});

it('a contract that begins later does not decide whether the job was reported in time', () => {
  const body = `days: { work: { spells: employment } }
fees: { f: { title: F, when: { lasts: 1 month, of: work, join: any }, claim: { by: report, until: on + 10 days }, amount: 1 } }`;
  const kindOf = (...facts: Fact[]) =>
    price(trialTariff(body), { values: {}, attributes: {} }, facts, { day: localDate('2020-05-13') })[0]?.kind;
  const untold = job('a', '2020-03-11');
  expect(kindOf(untold)).toBe('unknown');
  expect(kindOf(untold, job('b', '2020-06-10', null, { reportedOn: '2020-06-10' }))).toBe('unknown');
});

describe('given a register that answered for a span', () => {
  const body = `days: { work: { spells: employment } }
fees: { sum: { title: S, when: { adds: 4 weeks, of: work }, verify: { question: Q }, amount: 100 } }`;
  it.each([
    ['before it was over', '2020-01-06', 'needs'],
    ['on its last day', '2020-02-02', 'due'],
    ['after the day that is asked for', '2020-03-01', 'needs'],
  ])('%s, %s: %s', (_when, asOf, kind) => {
    const answer = { type: 'verification', question: 'Q', from: '2020-01-06', to: '2020-02-02', asOf, answer: 'YES' };
    const facts = [job('j', '2020-01-06'), answer as Fact];
    const fees = price(trialTariff(body), { values: {}, attributes: {} }, facts, { day: localDate('2020-02-20') });
    expect(fees[0]?.kind).toBe(kind);
  });
});

it('a job of which nobody said when it was reported is neither paid nor refused', () => {
  const body = `days: { work: { spells: employment } }
fees:
  hired: { title: H, when: { begins: work }, claim: { by: report, until: on + 1 month }, amount: 100 }`;
  const kindOf = (more: object) =>
    price(trialTariff(body), { values: {}, attributes: {} }, [job('j', '2020-01-06', null, more)], {
      day: localDate('2020-12-31'),
    })[0]?.kind;
  expect([{}, { reportedOn: '2020-02-06' }, { reportedOn: '2020-02-07' }].map(kindOf)).toEqual([
    'unknown',
    'due',
    'never',
  ]);
});

it('an event of which nobody said the detail that counts is not passed over', () => {
  const told = (on: string, more: object): Fact => ({ type: 'event', name: 'certificate', on: localDate(on), ...more });
  const first = told('2020-03-01', { attributes: { advanced: true } });
  const all = fees([first, told('2020-04-01', {}), told('2020-05-01', { attributes: { advanced: true } })]);
  expect(all.filter(({ feeId }) => feeId === 'certificate').map(({ kind }) => kind)).toEqual(['due', 'unknown']);
});

describe('whatever nobody said turns out to be', () => {
  const day = fc.integer({ min: epochDay(localDate('2020-01-01')), max: epochDay(localDate('2020-03-10')) });
  const drawn = fc.record({
    kind: fc.constantFrom('benefit', 'employment'),
    start: day,
    length: fc.integer({ min: 0, max: 40 }),
    insured: fc.constantFrom(true, false, undefined),
    weeklyHours: fc.constantFrom('20', '40', undefined),
  });
  /** Every way in which what was left open can be said. */
  const completions = (facts: readonly Fact[]): readonly (readonly Fact[])[] =>
    facts.reduce<readonly (readonly Fact[])[]>(
      (all, fact) => {
        if (fact.type !== 'spell') return all.map((each) => [...each, fact]);
        const flags = fact.insured === undefined ? [true, false] : [fact.insured];
        const hours = fact.weeklyHours === undefined ? ['0', '40'] : [fact.weeklyHours];
        const said = flags.flatMap((insured) => hours.map((weeklyHours) => ({ ...fact, insured, weeklyHours })));
        return all.flatMap((each) => said.map((one) => [...each, one]));
      },
      [[]],
    );
  const dueOf = (facts: readonly Fact[]): ReadonlyMap<string, string> =>
    new Map(
      fees(facts).flatMap((each) =>
        each.kind === 'due'
          ? [[`${each.feeId}#${each.occurrence ?? ''}`, `${each.amount.amountMinor} on ${each.on}`]]
          : [],
      ),
    );

  it('what was paid before stays, and what could become due was not called never', () => {
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 3 }), (spells) => {
        const facts: readonly Fact[] = [
          started,
          ...spells.map(({ kind, start, length, insured, weeklyHours }, index): Fact => ({
            type: 'spell',
            spellId: `s${index}`,
            kind,
            start: dateOf(start),
            end: dateOf(start + length),
            insured,
            weeklyHours,
          })),
        ];
        const paid = dueOf(facts);
        const never = new Set(fees(facts).flatMap((each) => (each.kind === 'never' ? [each.feeId] : [])));
        for (const whole of completions(facts)) {
          const later = dueOf(whole);
          for (const [key, what] of paid) expect([key, later.get(key)]).toEqual([key, what]);
          for (const key of later.keys()) if (!paid.has(key)) expect(never).not.toContain(key.split('#')[0]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
