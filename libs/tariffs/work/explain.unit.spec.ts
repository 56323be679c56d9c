import { describe, expect, it } from '@jest/globals';
import type { TariffDocument } from '../document/document.js';
import { publishedTariff, trialTariff } from '#libs/testing/trial-tariff.js';
import { explainTariff } from '../index.js';
import { FUNCTIONS } from '../language/functions.js';
import { PlainWords } from './plain-words.js';

const HEAD = `
events: [dismissed]
amounts: { wage: money }
terms: { months: { kind: number }, contractStart: { kind: date } }
`;

const DAYS = `days: { job: { spells: employment }, work: { spells: employment }, school: { spells: [training, study] },
  taught: { days: school, bridge: { upTo: 3 days } } }`;

const explained = (body: string): string => explainTariff(trialTariff(`${HEAD}${body}`)).join('\n');

/** The lines of one fee after its title. */
function feeOf(rule: string): readonly string[] {
  const lines = explained(`${DAYS}\nfees: { f: { title: F, ${rule} } }`).split('\n');
  const start = lines.indexOf('  F [f]') + 1;
  return lines.slice(start, lines.indexOf('', start)).map((line) => line.slice('    '.length));
}

describe('explain', () => {
  it('says when each fee is paid, under which rules, and what is open', () => {
    const words = explainTariff(publishedTariff('jobpath-ie.2015.yaml')).join('\n');
    expect(words).toContain('JobPath, Ireland (jobpath-ie, version 2015)');
    expect(words).toContain('when 26 weeks of fullTimeWork add up from accepted on');
    expect(words).toContain('only if sustainment-13 is due too, and not before it');
    expect(words).toContain(
      'a register said yes to IN_WORK_AND_OFF_LIVE_REGISTER about the last 13 weeks that counted',
    );
  });

  it('says where nothing says which version pays', () => {
    const fee = (more: string): string => `fees: { f: { title: F, when: { event: started }, ${more}amount: 1 } }`;
    const unsaid = 'Which version pays is not said.';
    expect(explained(fee(''))).toContain(unsaid);
    expect(explained(fee('versionDate: on, '))).not.toContain(unsaid);
    expect(explained(`versionDate: accepted\n${fee('')}`)).not.toContain(unsaid);
  });

  it('says formulas in words, and numbers with their names', () => {
    const words = explainTariff(publishedTariff('avgs-de.V2016.yaml')).join('\n');
    expect(words).toContain('at most legalCeiling (3000) if group is "raised", else standardValue (2500)');
    expect(words).toContain('pays voucherValue − (what was paid for instalment-1)');
  });

  it('shows each band and each cell of a table, with what it is by', () => {
    const words = explained(`attributes: { age: { kind: number } }
bands: { band: { of: age, bands: { young: { below: 30 }, old: { from: 30 } } } }
tables: { t: { by: [band], cells: { young: 150, old: none } } }
fees: { f: { title: F, when: { event: started }, amount: t } }`);
    expect(words).toContain('  band, by age\n    young: below 30\n    old: from 30');
    expect(words).toContain('  t, by band\n    young: 150\n    old: nothing');
  });

  it('gives each branch of a choice, and each condition of a set of days, a line of its own', () => {
    const words = explained(`days: { full: { spells: employment, where: weeklyHours >= 30 and (insured or open) } }
values: { share: 'if months < 3 then 1 / 4 else if months < 6 and happened(ended) then 1 / 2 else 1' }
fees: { f: { title: F, when: { event: started }, amount: share } }`);
    expect(words).toContain(
      'share is (1 ÷ 4) if “months” is below 3,\n    else (1 ÷ 2) if “months” is below 6 and ended has happened,\n    else 1\n',
    );
    expect(words).toContain(
      'only where its weekly working time in hours is at least 30\n    only where it is insured or it goes on\n',
    );
  });

  it('says which day picks a rate, which days are worked, and what restricts a decision', () => {
    const words = explained(`country: IE
calendar: { months: calendar, weekend: [friday, saturday], holidays: [2020-12-25] }
parameters: { index: { series: { 2020-01-01: 1, 2021-01-01: 1.02 }, at: startOfYear(periodStart) - 1 days } }
attributes: { method: { kind: code, effective: next-month, changesPerYear: 1 } }
fees: { f: { title: F, when: { event: started }, amount: index } }`);
    expect(words).toContain(
      'index: 1 from 2020-01-01 on, 1.02 from 2021-01-01 on; the value on this day is taken: ' +
        '1 day before the first day of the year of the first day of the period',
    );
    expect(words).toContain(
      'Working days are all days but Friday and Saturday and these holidays: 2020-12-25. What counts',
    );
    expect(words).toContain('Country: IE.');
    expect(words).toContain('from the first day of the next month on; at most 1 change in a calendar year counts');
  });

  it('says what limits hold for', () => {
    const words =
      explained(`fees: { f: { title: F, when: { event: started }, amount: 1 }, g: { title: G, when: { event: ended }, amount: 1 } }
oneOf: { either: [f, g] }
caps:
  a: { title: A, fees: all, amount: 10, payments: 1, per: calendar-year }
  b: { title: B, fees: [g], amount: 5, per: 'yearsBetween(contractStart, on)' }`);
    expect(words).toContain(
      '  of f and g only the one reached first is paid; on one day, the first in this order\n' +
        '  A: all fees together are paid at most 10 and at most 1 time in a calendar year\n' +
        '    on one day it pays in this order: f, g\n' +
        '  B: g is paid at most 5 for each value of this: ' +
        'the number of whole years between contractStart and the day it is reached\n',
    );
  });

  it.each([
    [
      'a condition, a window and a limit, each in a line of its own',
      'when: { every: 6 months, from: started, times: 4, where: "anyDay(work, periodStart, periodEnd)" }, amount: 1',
      [
        'at the end of each stretch of 6 months counted from started',
        '  a stretch of 6 months is paid only if at least one day in the period is a day of work',
        '  only the first 4 stretches of 6 months, paid or not',
        'pays 1',
      ],
    ],
    [
      'periods that are paid at their beginning, until one fails',
      'when: { every: calendar month, from: started, to: ended, last: cut, pays: start, unbroken: true, where: months > 3 }, amount: 1',
      [
        'at the beginning of each calendar month from started to ended',
        '  a calendar month that had begun before counts from that day on',
        '  a calendar month that is not over by ended ends on that day and counts as it is',
        '  a calendar month is paid only if “months” is above 3',
        '  the first calendar month that fails this ends it',
        'pays 1',
      ],
    ],
    [
      'one period as one',
      'when: { every: 4 weeks, from: started, passes: 1 }, amount: 1',
      ['when 1 stretch of 4 weeks counted from started is over', 'pays 1'],
    ],
    [
      'what one job is',
      'when: { lasts: 6 weeks, of: job, join: employer, gap: 2 days, each: true, from: started }, amount: 1',
      [
        'when a job of “job” lasts 6 weeks without a break (each such job)',
        '  spells with one employer that follow each other are one job',
        '  a break of at most 2 days between them does not end the job',
        '  it must not begin before started',
        'pays 1',
      ],
    ],
    [
      'what kind of spell is meant, where it is no job',
      'when: { lasts: 6 weeks, of: taught, join: spell, gap: 2 days, times: 2 }, amount: 1',
      [
        'when a spell of taught lasts 6 weeks without a break (the first such spell)',
        '  its kind is training or study',
        '  each spell counts by itself',
        '  a break of at most 2 days between them does not end the spell',
        '  at most 2 payments for a spell: one for each such span that follows the one before',
        'pays 1',
      ],
    ],
    [
      'a number of months that has the name of a unit',
      'when: { event: dismissed, from: started, to: "lastDay(started, months(months))" }, amount: 1',
      [
        'when the event dismissed happens from started to (the last day of “months” months counted from started), the first time',
        'pays 1',
      ],
    ],
    [
      'what a day counts, in months of 30 days',
      'when: { adds: 6 months, of: work, within: 8 months, weight: weeklyHours / 40, dayCap: 1, from: started }, amount: 1',
      [
        'when 6 months (180 days) of work add up within any stretch of 8 months, from started on',
        '  each spell on a day counts (its weekly working time in hours ÷ 40) for that day',
        '  a day counts at most 1',
        'pays 1',
      ],
    ],
    [
      'what a register is asked, when, and what then',
      'when: { event: started }, amount: 1, verify: { question: A, over: 4 weeks, earliest: on + 7 days, otherwise: [B, C] }',
      [
        'when the event started happens, the first time',
        'only after a register said yes to A about the last 4 weeks that counted',
        '  it is not asked before 7 days after the day it is reached',
        '  where it does not know, it is asked B, then C',
        'pays 1',
      ],
    ],
    [
      'payments for a job, the claim for each and its proof',
      'when: { lasts: 1 month, of: work, times: 6 }, amount: 1, vat: exempt, claim: { by: claim, until: on + 1 year, evidence: [invoice, [payslip, letter]] }',
      [
        'when a job of work lasts 1 month without a break (the first such job)',
        '  at most 6 payments for a job: one for each such span that follows the one before',
        'it must be claimed from the day it is reached to 1 year after the day it is reached, with invoice and one of (payslip, letter)',
        'pays 1',
        'the amount is exempt from value-added tax',
      ],
    ],
    [
      'rounding and the version of one fee',
      'when: { date: started + 1 month }, amount: 1, rounding: { to: 10, mode: down }, versionDate: on',
      [
        'on this day: 1 month after started',
        'pays 1',
        'rounded down to a multiple of 10',
        'paid by the version in force on the day it is reached',
      ],
    ],
  ])('says %s', (_what, rule, lines) => {
    expect(feeOf(rule)).toEqual(lines);
  });
});

describe('formulas in words', () => {
  const plain = new PlainWords({
    parameters: { price: 100 },
    attributes: { poor: { kind: 'truth' }, group: { kind: 'code' } },
    values: { lastOne: 'started + 1 year' },
    days: { work: { spells: 'employment' } },
  } as unknown as TariffDocument);

  it('has words for every function', () => {
    for (const [name, { parameters }] of Object.entries(FUNCTIONS)) {
      const said = plain.of(`${name}(${parameters.map((_, index) => `x${index}`).join(', ')})`);
      expect(said).not.toContain(`${name}(`);
      expect(said).not.toContain('undefined');
    }
  });

  it.each([
    ['constructor + 1', 'constructor + 1'],
    ['a - (b - c) * 2', 'a − (b − c) × 2'],
    ['50% of (price + 1)', '50% of (price (100) + 1)'],
    ['a - b / (c * d)', 'a − b ÷ (c × d)'],
    ['if poor then 1 - a else a * 2', '(1 − a) if poor is true, else (a × 2)'],
    [
      "max(0, round(sum(w, periodStart, periodEnd) - 130% * p * sum(r, started, on), 1, 'up'))",
      'the greatest of 0 and (((the sum of w in the period) − 130% of p × (the sum of r from started to the day it is reached)) rounded up to a multiple of 1)',
    ],
    ['paid(a) + paid(b) * 2', '(what was paid for a) + (what was paid for b) × 2'],
    ['started + days(a + price)', '(a + price (100)) days after started'],
    ['min(started, ended - 2 weeks)', 'the earliest of started and (2 weeks before ended)'],
  ])('%s', (formula, words) => {
    expect(plain.of(formula)).toBe(words);
  });

  it.each([
    [
      '(a = 1 or poor) and on <= 2020-12-31',
      '(a is 1 or poor is true) and the day it is reached is not after 2020-12-31',
    ],
    ['insured or known(country) and price > 3', 'it is insured or (its country is known and price (100) is above 3)'],
    ['not poor and not insured', 'poor is false and it is not insured'],
    ['not (poor or a > 3)', 'it is not so that (poor is true or a is above 3)'],
    ['not anyDay(work, started, ended)', 'no day from started to ended is a day of work'],
    ['happened(ended, started + 1 days, started + 1 days)', 'ended happened on 1 day after started'],
    ['not happened(ended, started, on)', 'ended did not happen from started to the day it is reached'],
    ["group in ('a', 'b') or poor", 'group is one of ("a", "b") or poor is true'],
    ['orElse(a, 0) > 3', '(a, or 0 where that is not known) is above 3'],
    ['lastOne < ended', 'lastOne is before ended'],
    ['on > lastOne - 1 month', 'the day it is reached is after (1 month before lastOne)'],
  ])('whether %s', (formula, words) => {
    expect(plain.condition(formula)).toBe(words);
  });
});
