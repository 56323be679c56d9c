import { describe, expect, it } from '@jest/globals';
import { localDate } from '#libs/kernel/index.js';
import { loadTrial } from '#libs/testing/trial-tariff.js';
import { checkFacts, price, readCase, runExamples } from './index.js';

const LINES = [
  'tariff: example',
  "version: '1'",
  'title: An example',
  'currency: EUR',
  'validFrom: 2020-01-01',
  'vat: inclusive',
  'rounding: { to: 0.01, mode: half-up }',
  'calendar: { months: calendar }',
  'sources: [invented]',
  'amounts: { wages: money }',
  'attributes: { index: { kind: number, min: 0, max: 1 } }',
  'parameters: { rate: 10, wage: { series: { 2020-01-01: 8.21 } } }',
  'days: { work: { spells: employment, where: weeklyHours >= 20 } }',
  'fees:',
  '  start:',
  '    title: Start',
  '    when: { event: started }',
  '    amount: 100',
  '  weeks:',
  '    title: Weeks',
  '    when: { adds: 13 weeks, of: work }',
  '    amount: rate * 10',
  'examples:',
  '  e: { asOf: 2020-12-31, due: {} }',
];
const DOCUMENT = `${LINES.join('\n')}\n`;
const changed = (from: string, to: string): string => {
  expect(DOCUMENT).toContain(from);
  return DOCUMENT.replace(from, to);
};

describe('a document that is wrong is refused with file, line, construct and what would be right', () => {
  it('is right to begin with', () => {
    expect(loadTrial(DOCUMENT).fees.map(({ id }) => id)).toEqual(['start', 'weeks']);
  });

  it.each([
    ['text that is no YAML', 'tariff: [', /^t\.yaml:1: /],
    [
      'a key twice',
      changed('currency: EUR', 'currency: EUR\ncurrency: GBP'),
      /^t\.yaml:5: the key currency stands twice\.$/,
    ],
    [
      'a key twice inside braces',
      changed('rate: 10,', 'rate: 10, rate: 11,'),
      /^t\.yaml:12: the key rate stands twice\.$/,
    ],
    ['nothing at all', ' \n', /^t\.yaml:1: the file is empty\.$/],
    ['two documents', changed('vat:', '---\nvat:'), /^t\.yaml:6: a second document begins here: a file holds one/],
    [
      'a formula with a comma inside braces, whose tail is taken for a key',
      changed(
        '    when: { event: started }\n    amount: 100',
        '    when: { event: started }\n    amount: { apportion: min(1, 2), shares: { 1: 100% }, residual: last }',
      ),
      /^t\.yaml:18: fees\.start\.amount has the unknown key "2\)".* \(inside \{ \} a formula with a comma needs quotes\)\.$/,
    ],
    [
      'a number with a comma inside braces',
      changed('due: {} }', 'due: {}, total: 3,718 }'),
      /has the unknown key "718".*needs quotes/,
    ],
    ...['""', 'a b', "'plan#2'", "'2'"].map((name): [string, string, RegExp] => [
      `a fee whose name is none: ${name}`,
      changed('  start:\n', `  ${name}:\n`),
      /^t\.yaml:15: fees has the key ".*", which is not a name \(a letter, then letters, digits and single hyphens\)\.$/,
    ]),
    [
      'a version with a blank around its name',
      changed("'1'", "'1 '"),
      /^t\.yaml:2: version .*without blanks around it/,
    ],
    [
      'a trigger whose key is misspelt',
      changed('    when: { event: started }', '    when:\n      of: work\n      lastx: 6 weeks'),
      /^t\.yaml:19: fees\.start\.when is not known: "lastx" is none of its keys, was "lasts" meant\? a trigger has one of: event/,
    ],
    [
      'a formula with a comma inside braces',
      changed(
        '    when: { event: started }',
        '    when: { every: 1 month, where: sum(wages, periodStart, periodEnd) > sum(wages, periodStart, started) }',
      ),
      /^t\.yaml:17: .*inside \{ \} a formula with a comma needs quotes/,
    ],
    [
      'an unknown key',
      changed('currency: EUR', 'currency: EUR\ncolour: red'),
      /^t\.yaml:5: .*unknown key "colour"; known: tariff, version/,
    ],
    [
      'an unknown key of a fee',
      changed('    amount: 100', '    amount: 100\n    colour: red'),
      /^t\.yaml:19: fees\.start has the unknown key "colour"/,
    ],
    [
      'an unknown trigger',
      changed('{ event: started }', '{ happens: started }'),
      /^t\.yaml:17: fees\.start\.when is not known: "happens" is none of its keys; a trigger has one of: event, begins/,
    ],
    [
      'a key of another trigger',
      changed('{ event: started }', '{ event: started, adds: 3 weeks }'),
      /^t\.yaml:17: fees\.start\.when has the unknown key "adds"; known: event/,
    ],
    ['something missing', changed('    title: Start\n', ''), /fees\.start lacks "title"/],
    [
      'a wrong word',
      changed('vat: inclusive', 'vat: included'),
      /^t\.yaml:6: vat must be one of: inclusive, exclusive/,
    ],
    [
      'a day that does not exist',
      changed('2020-01-01\nvat', '2019-02-29\nvat'),
      /^t\.yaml:5: validFrom: "2019-02-29" is not a day/,
    ],
    ['an end before the beginning', changed('vat:', 'validTo: 2019-12-31\nvat:'), /validTo lies before validFrom/],
    [
      'an undeclared name',
      changed('rate * 10', 'rat * 10'),
      /^t\.yaml:22: fees\.weeks\.amount: .*"rat" is not declared: did you mean rate/,
    ],
    [
      'a formula that cannot be read',
      changed('rate * 10', 'rate * * 10'),
      /fees\.weeks\.amount: In "rate \* \* 10", at character 8/,
    ],
    [
      'a published series that was not given',
      changed('rate: 10,', 'rate: 10, other: { published: other@1 },'),
      /parameters\.other: the published series "other@1" was not found/,
    ],
    [
      'a table that is looked up without keys it needs',
      changed('days:', 'tables: { t: { by: [stage], cells: { a: 1 } } }\ndays:').replace('rate * 10', 't'),
      /"stage" is no name, so the keys are written: t\[stage\]/,
    ],
    [
      'days where a number is needed',
      changed('rate * 10', 'work'),
      /a number is needed here, and this is a set of days/,
    ],
    [
      'a day plus a number',
      changed('{ event: started }', '{ date: started + 90 }'),
      /"\+" cannot join a day and a number\. Write the unit/,
    ],
    [
      'a comparison of a day and a number',
      changed('weeklyHours >= 20', 'start >= 20'),
      /a day cannot be compared with a number/,
    ],
    [
      'a job where there is none',
      changed('    amount: 100', '    amount: job.weeklyHours'),
      /asks about a job, and the trigger of this fee has none/,
    ],
    ['a series without a day', changed('    amount: 100', '    amount: wage'), /"wage" is a series: say of which day/],
    [
      'a day for what is no series',
      changed('    amount: 100', '    amount: rate at started'),
      /is one value, not a series/,
    ],
    ['an unknown function', changed('    amount: 100', '    amount: maximum(1, 2)'), /there is no function "maximum"/],
    [
      'too few arguments',
      changed('    amount: 100', '    amount: daysIn(work, started)'),
      /daysIn\(days, date, date\) is asked for/,
    ],
    [
      'an event that is none',
      changed('{ event: started }', '{ event: startet }'),
      /"startet" is not an event: did you mean started/,
    ],
    [
      'a fee that is none',
      changed('    amount: 100', '    requires: [week]\n    amount: 100'),
      /fees\.start\.requires: "week" is not a fee\. Is "weeks" meant\?/,
    ],
    [
      'fees that wait for each other',
      changed('    amount: 100', '    requires: [weeks]\n    amount: paid(weeks)').replace('rate * 10', 'paid(start)'),
      /each waits for the other: start → weeks → start/,
    ],
    [
      'a value defined by itself',
      changed('parameters:', 'values: { a: b + 1, b: a }\nparameters:'),
      /defined by itself: a → b → a/,
    ],
    [
      'a name that already means something',
      changed('parameters: {', 'values: { started: 1 }\nparameters: {'),
      /"started" already means something in the language/,
    ],
    ['a duration that is none', changed('13 weeks', "'13 fortnights'"), /fees\.weeks\.when\.adds/],
    [
      'shares that do not add up',
      changed('    amount: 100', '    amount: { apportion: 100, shares: { 1-3: 50%, 4-6: 49% }, residual: last }'),
      /the shares add up to 99\/100/,
    ],
    [
      'a table that is not deep enough',
      changed('days:', 'tables: { t: { by: [index, index], cells: { a: 1 } } }\ndays:'),
      /tables\.t\.cells\.a/,
    ],
    ...[
      '{ adds: 0 weeks, of: work }',
      '{ adds: -3, of: work }',
      '{ adds: 1 week, of: work, times: 0 }',
      '{ adds: 1 week, of: work, within: 0 weeks }',
      '{ adds: 1 week, of: work, weight: 0 }',
      '{ adds: 1 week, of: work, dayCap: 0 }',
      '{ lasts: 0 days, of: work }',
      '{ lasts: days(-3), of: work }',
      '{ sums: wages, reaches: 0 }',
      '{ sums: wages, reaches: -5 }',
      '{ every: 1 month, from: started, passes: 0 }',
      '{ fee: start, times: 0 }',
    ].map((trigger): [string, string, RegExp] => [
      `nothing to be reached: ${trigger}`,
      changed('{ adds: 13 weeks, of: work }', trigger),
      /^t\.yaml:21: fees\.weeks\.when\.\w+: .* is not above zero\./,
    ]),
    [
      'a limit on weights that there are not',
      changed('{ adds: 13 weeks, of: work }', '{ adds: 13 weeks, of: work, dayCap: 0.5 }'),
      /^t\.yaml:21: fees\.weeks\.when\.dayCap: .* without "weight" each day counts once\./,
    ],
    [
      'a rhythm of nothing',
      changed('{ adds: 13 weeks, of: work }', '{ every: 0 weeks, from: started }'),
      /"0 weeks" is no rhythm/,
    ],
    [
      'fewer periods than are asked for',
      changed('{ adds: 13 weeks, of: work }', '{ every: 1 month, from: started, passes: 6, within: 3 }'),
      /^t\.yaml:21: fees\.weeks\.when\.within: 6 periods are asked for within 3\./,
    ],
    [
      'more payments than a century has days',
      changed('{ adds: 13 weeks, of: work }', '{ sums: wages, reaches: 1, times: 100000000 }'),
      /fees\.weeks\.when\.times: 100000000 is more than 36525\./,
    ],
    [
      'a clock that may be cut, and nobody says how',
      changed('{ adds: 13 weeks, of: work }', '{ every: 4 weeks, from: started, to: ended }'),
      /^t\.yaml:21: fees\.weeks\.when: "to" can end a period before its time: say "last: cut"/,
    ],
    [
      'a cut where nothing cuts',
      changed('{ adds: 13 weeks, of: work }', '{ every: 4 weeks, from: started, last: cut }'),
      /nothing cuts the last period without "to"/,
    ],
    ...(
      [
        ['{ kind: number, min: 0, max: 1, default: 2 }', '2 is above the most of 1'],
        ['{ kind: number, min: 0, max: 1, default: -1 }', '-1 is below the least of 0'],
        ['{ kind: number, min: 2, max: 1 }', '2 is above the most of 1'],
        ['{ kind: code, codes: [a, b], default: z }', '"z" is not one of: a, b'],
        ['{ kind: number, codes: [a] }', 'only a code has codes'],
        [`{ kind: code, min: "'a'" }`, 'a code has no least'],
      ] as const
    ).map(([rule, message]): [string, string, RegExp] => [
      `an attribute against itself: ${rule}`,
      changed('index: { kind: number, min: 0, max: 1 }', `index: ${rule}`),
      new RegExp(`^t\\.yaml:11: attributes\\.index.*${message}`),
    ]),
    [
      'a term that is required and has a default',
      changed('parameters:', 'terms: { bid: { kind: money, required: true, default: 5 } }\nparameters:'),
      /^t\.yaml:12: terms\.bid\.default: what is required has no default/,
    ],
    ...(
      [
        ['{ from: 5, above: 7 }', 'it has "from" and "above"'],
        ['{ upTo: 5, below: 7 }', 'it has "upTo" and "below"'],
        ['{ above: 7, upTo: 5 }', 'no number lies between 7 and 5'],
        ['{ from: 5, below: 5 }', 'no number lies between 5 and 5'],
      ] as const
    ).map(([band, message]): [string, string, RegExp] => [
      `a band against itself: ${band}`,
      changed('parameters:', `bands: { size: { of: index, bands: { one: ${band} } } }\nparameters:`),
      new RegExp(`^t\\.yaml:12: bands\\.size\\.bands\\.one: ${message}`),
    ]),
    [
      'a parameter that is two things',
      changed('rate: 10,', 'rate: { value: 5, series: { 2020-01-01: 7 } },'),
      /^t\.yaml:12: parameters\.rate: a parameter has exactly one of value, series, published, unknown, not value and series/,
    ],
    [
      'a parameter that is known and unknown',
      changed('rate: 10,', 'rate: { value: 5, unknown: why },'),
      /not value and unknown/,
    ],
    [
      'evidence where nobody claims',
      changed('    amount: 100', '    claim: { by: automatic, evidence: [contract] }\n    amount: 100'),
      /^t\.yaml:18: fees\.start\.claim\.evidence: evidence comes with a claim only/,
    ],
    [
      'a country there is not',
      changed('currency:', 'country: ZZ\ncurrency:'),
      /^t\.yaml:4: country: "ZZ" is no country/,
    ],
    [
      'a code there is not',
      changed('index: { kind: number, min: 0, max: 1 }', 'index: { kind: code, codes: [a, b] }').replace(
        '    amount: 100',
        "    provided: index = 'zz'\n    amount: 100",
      ),
      /^t\.yaml:18: fees\.start\.provided\.0: .*'zz' is none of a, b\./,
    ],
    [
      'a version that is a number',
      changed("'1'", '2024'),
      /^t\.yaml:2: version must be a text \(.*quotes.*'2024'\)\.$/,
    ],
    [
      'a question without its key',
      changed('    amount: 100', '    verify: IN_WORK\n    amount: 100'),
      /^t\.yaml:18: fees\.start\.verify must be: none, or .*\{ question: IN_WORK \}\.$/,
    ],
    [
      'a claim that is only true',
      changed('    amount: 100', '    claim: true\n    amount: 100'),
      /^t\.yaml:18: fees\.start\.claim must be keys with values \(.*\{ by: claim, until: on \+ 30 days \}\)\.$/,
    ],
    [
      'one fee where a list stands',
      changed('    amount: 100', '    requires: weeks\n    amount: 100'),
      /^t\.yaml:18: fees\.start\.requires must be a list \(fees, for example \[hired, trained\]\)\.$/,
    ],
    [
      'a group without a name',
      changed('examples:', 'oneOf: [start, weeks]\nexamples:'),
      /^t\.yaml:23: oneOf must be keys with values \(a name for each group, .*\{ first-job: \[/,
    ],
    [
      'a rhythm without its unit',
      changed('{ event: started }', '{ every: 4, from: started }'),
      /^t\.yaml:17: fees\.start\.when\.every must be a text \(.*for example 4 weeks/,
    ],
    [
      'a colon in a title',
      changed('title: Start', 'title: Start: now'),
      /^t\.yaml:16: a text with a colon .* needs quotes/,
    ],
    ['a tag nobody knows', changed('rate: 10,', 'rate: !money 10,'), /^t\.yaml:12: Unresolved tag: !money/],
    ['an alias of nothing', changed('rate: 10,', 'rate: *price,'), /^t\.yaml:12: .*price/],
    [
      'a week without a working day',
      changed(
        '{ months: calendar }',
        '{ months: calendar, weekend: [monday, tuesday, wednesday, thursday, friday, saturday, sunday] }',
      ),
      /^t\.yaml:8: calendar\.weekend: a week has at least one working day/,
    ],
    [
      'a name that every object has, as a function',
      changed('rate * 10', 'toString(1)'),
      /there is no function "toString"/,
    ],
    ['the same, as another', changed('rate * 10', 'constructor(1)'), /there is no function "constructor"/],
    ['the same, as a name', changed('rate * 10', 'toString + 1'), /fees\.weeks\.amount: .*"toString" is not declared/],
    [
      'half a payment as a limit',
      changed('examples:', 'caps: { most: { title: M, fees: all, payments: 2.5 } }\nexamples:'),
      /^t\.yaml:23: caps\.most\.payments: 2\.5 is not whole/,
    ],
    [
      'a limit that lets no payment through',
      changed('examples:', 'caps: { most: { title: M, fees: all, payments: 0 } }\nexamples:'),
      /^t\.yaml:23: caps\.most\.payments: 0 is not above zero/,
    ],
    ['rounding to nothing', changed('to: 0.01', 'to: 0'), /rounded to a step above zero/],
    ['a formula of endless length', changed('rate * 10', '1 + '.repeat(2000) + '1'), /at most 4000 characters/],
    ['endless brackets', changed('rate * 10', `${'('.repeat(200)}1${')'.repeat(200)}`), /nested deeper than 60/],
  ])('%s', (_what, text, message) => {
    expect(() => loadTrial(text)).toThrow(message);
  });
});

it('a wrong fact of an example is named with its line', () => {
  const facts = '  e:\n    asOf: 2020-12-31\n    facts:\n      - { type: event, name: started, on: 2020-13-01 }\n';
  const [result] = runExamples(loadTrial(changed('  e: { asOf: 2020-12-31, due: {} }\n', facts)));
  expect(result?.difference).toMatch(/^refused \(fact\.date, line 27: facts\[0\]\.on: "2020-13-01" is not a day/);
});

describe('facts that cannot be are refused by name', () => {
  const spell = { type: 'spell', spellId: 'a', start: '2019-03-02' };
  it.each([
    [{ ...spell, start: '2019-02-29' }, 'fact.date', 'facts[0].start'],
    [{ ...spell, end: '2019-03-01' }, 'fact.period', 'facts[0].end'],
    [{ ...spell, weeklyHours: '-1' }, 'fact.hours', 'facts[0].weeklyHours'],
    [{ ...spell, weeklyHours: '169' }, 'fact.hours', 'facts[0].weeklyHours'],
    [{ ...spell, weeklyHours: 'many' }, 'fact.number', 'facts[0].weeklyHours'],
    [{ ...spell, hours: '20' }, 'fact.key', 'facts[0].hours'],
    [{ ...spell, contractType: 'FOREVER' }, 'fact.value', 'facts[0].contractType'],
    [{ ...spell, contractMonths: 2.5 }, 'fact.number', 'facts[0].contractMonths'],
    [{ ...spell, spellId: '' }, 'fact.missing', 'facts[0].spellId'],
    [{ type: 'spel' }, 'fact.type', 'facts[0].type'],
    [{ type: 'constructor' }, 'fact.type', 'facts[0].type'],
    [null, 'fact.type', 'facts[0].type'],
    [{ type: 'event', name: 'started', on: '2019-13-01' }, 'fact.date', 'facts[0].on'],
    [{ type: 'event', name: 'started', on: '2019-12-01', knownSince: 'soon' }, 'fact.date', 'facts[0].knownSince'],
    [
      { type: 'amount', name: 'wages', on: '2019-12-01', value: '10', currency: 'GBP' },
      'fact.currency',
      'facts[0].currency',
    ],
    [{ type: 'amount', name: 'wages', on: '2019-12-01', value: '1e3' }, 'fact.number', 'facts[0].value'],
    [
      {
        type: 'verification',
        question: 'Q',
        from: '2019-01-01',
        to: '2019-02-01',
        asOf: '2019-02-02',
        answer: 'MAYBE',
      },
      'fact.answer',
      'facts[0].answer',
    ],
  ])('%j', (fact, code, field) => {
    expect(() => checkFacts([fact], loadTrial(DOCUMENT))).toThrow(expect.objectContaining({ code, field }));
  });
});

describe('a case that is wrong is refused', () => {
  const tariff = loadTrial(DOCUMENT);
  it.each([
    [[], 'case.shape'],
    [{}, 'case.shape'],
    [{ asOf: '2020-12-31', colour: 'red' }, 'case.shape'],
    [{ asOf: '2020-12-31', facts: {} }, 'case.shape'],
    [{ asOf: '2020-12-31', attributes: { index: 0.8 } }, 'case.shape'],
    [{ asOf: '2020-12-31', attributes: { index: '1.8' } }, 'terms.ceiling'],
    [{ asOf: '2020-12-31', attributes: { index: 'high' } }, 'terms.value'],
    [{ asOf: '2020-12-31', terms: { price: '1' } }, 'terms.unknown'],
    [{ asOf: '2020-02-30' }, 'date.invalid'],
    [{ asOf: '2020-12-31', knownBy: 'yesterday' }, 'moment.invalid'],
  ])('%j', (body, code) => {
    expect(() => readCase(tariff, body)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a document made to take a machine down', () => {
  const tower = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`);
  it.each([
    ['an alias inside what it names', 'a: &a [*a, *a]', 't.yaml:1: *a stands inside what it names.'],
    ['aliases of aliases', ['a0: &a0 1', ...tower].join('\n'), 'it holds more than 1000 aliases.'],
    ['a list of lists of lists', `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'it is nested too deeply.'],
  ])('%s', (_what, text, message) => {
    expect(() => loadTrial(text)).toThrow(message);
  });
});

describe('formulas made to take a machine down', () => {
  const head = (body: string) => `tariff: tower
version: '1'
title: T
currency: EUR
validFrom: 2020-01-01
vat: inclusive
rounding: { to: 0.01, mode: half-up }
calendar: { months: calendar }
sources: [invented]
${body}
fees: { f: { title: F, when: { event: started }, amount: v59 } }
examples: { e: { asOf: 2020-12-31, facts: [{ type: event, name: started, on: 2020-01-01 }] } }`;
  const chain = (first: string, next: (name: string) => string) =>
    `values:\n  v0: ${first}\n${Array.from({ length: 59 }, (_, n) => `  v${n + 1}: ${next(`v${n}`)}`).join('\n')}`;
  const fee = (text: string) =>
    price(
      loadTrial(text),
      { values: {}, attributes: {} },
      [{ type: 'event', name: 'started', on: localDate('2020-01-01') }],
      {
        day: localDate('2020-12-31'),
      },
    )[0];

  it.each([
    ['constants', '1'],
    ['values of a person', 'year(started)'],
    ['values of a payment', 'n'],
  ])('%s that use each other twice, fifty-nine times, are computed once each', (_what, first) => {
    const start = first === 'year(started)' ? 2020n : 1n;
    expect(fee(head(chain(first, (name) => `${name} + ${name}`)))).toMatchObject({
      kind: 'due',
      amount: { amountMinor: start * 2n ** 59n * 100n },
    });
  });

  it('squares of squares end as unknown, not as a fault', () => {
    expect(fee(head(chain('12', (name) => `${name} * ${name}`)))).toMatchObject({
      kind: 'unknown',
      missing: 'a number has more than 120 digits',
    });
  });

  it.each([
    ['a currency there is not', 'currency: EUR', 'currency: ZZZ', 'is no currency of ISO 4217'],
    ['a step below a cent', 'to: 0.01', 'to: 0.001', '0.001 is not paid in whole units of EUR'],
  ])('%s is refused', (_what, right, wrong, message) => {
    const text = head('values: { v59: 1 }');
    expect(() => loadTrial(text)).not.toThrow();
    expect(() => loadTrial(text.replace(right, wrong))).toThrow(message);
  });
});
