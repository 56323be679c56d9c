import type {
  AttributeRule,
  CapRule,
  Cells,
  DaysRule,
  Formula,
  ParameterRule,
  TariffDocument,
} from '../document/document.js';
import type { Tariff } from '../compile/tariff.js';
import { feeLines, VAT } from './explain-fees.js';
import { clockLines, clockSpan, linesOf, unitOf } from './explain-triggers.js';
import { fieldWords, listed, named, roundedTo } from './function-words.js';
import { PlainWords } from './plain-words.js';

type Lines = readonly string[];

/** Prints a tariff in plain words, line by line: what is paid, when, under which rules. */
export function explainTariff({ document }: Tariff): Lines {
  const say = new PlainWords(document);
  const forEach = <Rule>(
    rules: Readonly<Record<string, Rule>> | undefined,
    lines: (name: string, rule: Rule) => Lines,
  ): Lines => Object.entries(rules ?? {}).flatMap(([name, rule]) => lines(name, rule));
  const body = [
    ...section('What is told', toldLines(document)),
    ...section('What the contract or the voucher fixes', termLines(document, say)),
    ...section('What is decided about the person', attributeLines(document, say)),
    ...section(
      'Numbers',
      forEach(document.parameters, (name, rule) => [parameterInWords(name, rule, say)]),
    ),
    ...section('Bands', bandLines(document, say)),
    ...section('Tables', tableLines(document, say)),
    ...section(
      'Which days count',
      forEach(document.days, (name, rule) => daysLines(name, rule, say)),
    ),
    ...section(
      'What is worked out',
      forEach(document.values, (name, formula) => valueLines(name, formula, say)),
    ),
    ...section(
      'What is paid',
      forEach(document.fees, (id, rule) => feeLines(id, rule, 'pay', say)),
    ),
    ...section(
      'What is paid back',
      forEach(document.recoveries, (id, rule) => feeLines(id, rule, 'recover', say)),
    ),
    ...section('Limits', limitLines(document, say)),
  ];
  return [
    `${document.title} (${document.tariff}, version ${document.version})`,
    ...headLines(document, say),
    ...section('How to read this', readingLines(body.join('\n'), document)),
    ...body,
    ...section('What the sources leave open', document.open ?? []),
    ...section('Sources', document.sources),
  ];
}

const section = (title: string, lines: Lines): Lines =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];

const noted = (note: string | undefined): string => (note === undefined ? '' : ` (${note})`);

const MONTHS = {
  calendar:
    'A span of months without a break follows the calendar. Where months only add up, each has 30 days, and a year 365.',
  'thirty-days': 'A month always has 30 days, and a year 365.',
} as const;

function headLines(document: TariffDocument, say: PlainWords): Lines {
  const { validFrom, validTo, country, currency, vat, payee, rounding, calendar, versionDate, ceiling } = document;
  return linesOf(
    `In force from ${validFrom}${validTo === undefined ? ' on' : ` to ${validTo}`}.${country === undefined ? '' : ` Country: ${country}.`}`,
    `Amounts are in ${currency} and ${VAT[vat].many} value-added tax. The ${payee ?? 'provider'} is paid. A fee may say otherwise.`,
    `Each payment is ${roundedTo(say.of(rounding.to), rounding.mode)}. A fee may say otherwise.`,
    MONTHS[calendar.months],
    versionDate === undefined
      ? unsaidVersion(document)
      : `What is paid follows the version in force on this day: ${say.of(versionDate)}.`,
    ceiling === undefined ? undefined : `One referral costs at most this: ${say.of(ceiling)}.`,
  );
}

/** Where each fee says it for itself, the tariff need not. */
const unsaidVersion = ({ fees, recoveries = {} }: TariffDocument): string | undefined =>
  [fees, recoveries].flatMap((rules) => Object.values(rules)).some((rule) => rule.versionDate === undefined)
    ? 'Which version pays is not said.'
    : undefined;

/** What words and signs mean, where they occur. */
const READING: readonly (readonly [occurs: RegExp, line: string])[] = [
  [/./, 'Nothing is guessed: what needs a value that nobody stated is unknown. An amount of zero or less is not paid.'],
  [/\b(from|until|between)\b/, 'Both days of a window count: “from a to b”, “from a on”, “until b”.'],
  [/\b(from|until|after|before) [\w-]/, 'The name of an event stands for the day on which it first happened.'],
  [/9999-/, 'A day in the year 9999 means that there is no end.'],
  [/\(\d[\d.]*%?\)/, 'A number in brackets after a name is the value of that name.'],
  [/“[a-z]+”/, 'A name in quotes is a name of this tariff, not the usual word.'],
  [/the day it is reached/, '“The day it is reached” is the last day of what a fee asks for.'],
  [
    /\bthe period\b/,
    '“The period” is the month, the year … that a repeated fee is paid for or that is looked at; of another fee, the days from the first to the last that earn it.',
  ],
  [
    /the number of the payment/,
    '“The number of the payment” counts periods that are not paid too, unless the fee says otherwise.',
  ],
  [/\b(its|it is insured|it goes on)\b/, '“Its” asks the job or other spell that is looked at.'],
];

const readingLines = (body: string, document: TariffDocument): Lines =>
  linesOf(...READING.map(([occurs, line]) => (occurs.test(body) ? line : undefined)), workingDays(body, document));

/** Where the tariff says which they are, or asks for them. */
function workingDays(body: string, { calendar: { weekend, holidays } }: TariffDocument): string | undefined {
  if (weekend === undefined && holidays === undefined && !body.includes('working day')) return undefined;
  const free = listed((weekend ?? ['saturday', 'sunday']).map(capital));
  if (holidays === undefined)
    return `Working days are all days but ${free} and the holidays, which are not stated: what counts working days is unknown.`;
  const days =
    holidays === 'none'
      ? '; there are no holidays'
      : ` and these holidays: ${holidays.join(', ')}. What counts working days of a year of which none is listed is unknown`;
  return `Working days are all days but ${free}${days}.`;
}

const capital = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;

const KINDS = {
  money: 'an amount of money',
  number: 'a number',
  code: 'a code',
  date: 'a day',
  truth: 'true or false',
  text: 'a text',
} as const;

function toldLines({ events = [], amounts = {}, details = {} }: TariffDocument): Lines {
  const kinds = (rules: Readonly<Record<string, keyof typeof KINDS>>): string =>
    Object.entries(rules)
      .map(([name, kind]) => `${named(name)} (${KINDS[kind]})`)
      .join(', ');
  return linesOf(
    events.length === 0 ? undefined : `Events of this tariff: ${events.join(', ')}`,
    Object.keys(amounts).length === 0 ? undefined : `Amounts, each for a day: ${kinds(amounts)}`,
    Object.keys(details).length === 0 ? undefined : `Further things that spells and events say: ${kinds(details)}`,
  );
}

const termLines = ({ terms = {} }: TariffDocument, say: PlainWords): Lines =>
  Object.entries(terms).map(([name, rule]) => {
    const parts = [...limits(rule, say), ...(rule.required === true ? ['it must be stated'] : [])];
    return `${named(name)}: ${[KINDS[rule.kind], ...parts].join('; ')}${noted(rule.note)}`;
  });

function limits(
  {
    kind,
    min,
    max,
    codes,
    default: fallback,
  }: Pick<AttributeRule, 'min' | 'max' | 'codes' | 'default'> & { kind: string },
  say: PlainWords,
): Lines {
  return linesOf(
    codes === undefined ? undefined : `one of (${codes.join(', ')})`,
    min === undefined ? undefined : `at least ${say.of(min)}`,
    max === undefined ? undefined : `at most ${say.of(max)}`,
    fallback === undefined
      ? undefined
      : `where nothing was said: ${kind === 'code' ? String(fallback) : say.of(fallback)}`,
  );
}

const attributeLines = ({ attributes = {} }: TariffDocument, say: PlainWords): Lines =>
  Object.entries(attributes).map(([name, rule]) => {
    const { at, sources, allSources, effective, changesPerYear } = rule;
    const parts = linesOf(
      ...limits(rule, say),
      at === undefined
        ? 'as locked, else as it stood on the day of acceptance (the first decision where that day is not told)'
        : `as it stands on this day: ${say.of(at)}`,
      sources === undefined ? undefined : `the first of these that decided counts: ${sources.join(', ')}`,
      allSources === true ? 'unknown until all of them decided' : undefined,
      effective === undefined ? undefined : 'a decision counts from the first day of the next month on',
      changesPerYear === undefined
        ? undefined
        : `at most ${say.count(changesPerYear, 'change')} in a calendar year counts`,
    );
    return `${named(name)}: ${[KINDS[rule.kind], ...parts].join('; ')}${noted(rule.note)}`;
  });

function parameterInWords(name: string, rule: ParameterRule | Formula, say: PlainWords): string {
  if (typeof rule !== 'object') return `${named(name)}: ${say.of(rule)}`;
  const { value, series, published, at, unknown, note } = rule;
  const entries = Object.entries(series ?? {}).map(([day, each]) => `${say.of(each)} from ${day} on`);
  const what =
    unknown !== undefined
      ? `not known (${unknown})`
      : published !== undefined
        ? `the published series ${published}`
        : value !== undefined
          ? say.of(value)
          : entries.join(', ');
  const day = at === undefined ? '' : `; the value on this day is taken: ${say.of(at)}`;
  return `${named(name)}: ${what}${day}${noted(note)}`;
}

const bandLines = ({ bands = {} }: TariffDocument, say: PlainWords): Lines =>
  Object.entries(bands).flatMap(([name, { of, bands: each, note }]) => [
    `${named(name)}, by ${say.of(of)}${noted(note)}`,
    ...Object.entries(each).map(([label, { from, above, below, upTo }]) => {
      const parts = linesOf(
        from === undefined ? undefined : `from ${say.phrase(from)}`,
        above === undefined ? undefined : `above ${say.phrase(above)}`,
        below === undefined ? undefined : `below ${say.phrase(below)}`,
        upTo === undefined ? undefined : `up to ${say.phrase(upTo)}`,
      );
      return `  ${label}: ${parts.length === 0 ? 'any' : parts.join(' and ')}`;
    }),
  ]);

/** One line a cell, with its place: nobody has to find a column. */
const tableLines = ({ tables = {} }: TariffDocument, say: PlainWords): Lines =>
  Object.entries(tables).flatMap(([name, { by, cells, note }]) => [
    `${named(name)}, by ${by.map(named).join(' and ')}${noted(note)}`,
    ...cellLines(cells, say).map((line) => `  ${line}`),
  ]);

const cellLines = (cells: Cells, say: PlainWords): Lines =>
  Object.entries(cells).flatMap(([word, inner]) =>
    typeof inner === 'object' ? cellLines(inner, say).map((line) => `${word}, ${line}`) : [`${word}: ${say.of(inner)}`],
  );

function valueLines(name: string, formula: Formula, say: PlainWords): Lines {
  if (say.typeOf(formula) === 'truth') return [`${named(name)} is true if ${say.condition(formula)}`];
  const [first = '', ...others] = say.branches(formula);
  return [`${named(name)} is ${first}`, ...others.map((line) => `  ${line}`)];
}

/** Where the days come from, then each change in the order in which it is made. */
function daysLines(name: string, rule: DaysRule, say: PlainWords): Lines {
  const { where, together, without, bridge, from, to } = rule;
  const title = rule.title === undefined ? '' : ` (${rule.title})`;
  return [
    `${named(name)}${title}: ${sourceOfDays(rule, say)}${noted(rule.note)}`,
    ...linesOf(
      ...(rule.periods === undefined ? [] : clockLines(rule.periods, say)),
      ...(where === undefined ? [] : say.conditions(where).map((each) => `only where ${each}`)),
      together === undefined
        ? undefined
        : `only days on which the ${fieldWords(together.sum)}, added up over all of them, is at least ${say.phrase(together.atLeast)}`,
      without === undefined ? undefined : `without the days of ${say.phrase(without)}`,
      bridge === undefined
        ? undefined
        : `gaps of at most ${say.phrase(bridge.upTo)} count too${bridge.over === undefined ? '' : `, if all their days are days of ${say.phrase(bridge.over)}`}`,
      from === undefined && to === undefined ? undefined : `only days${say.span(from, to)}`,
    ).map((line) => `  ${line}`),
  ];
}

function sourceOfDays({ spells, union, overlap, days, periods }: DaysRule, say: PlainWords): string {
  if (spells !== undefined) return `days of ${(typeof spells === 'string' ? [spells] : spells).join(' or ')}`;
  if (union !== undefined) return `days of ${union.map(say.phrase).join(' or ')}`;
  if (overlap !== undefined) return `days that are in ${overlap.map(say.phrase).join(' and in ')}`;
  if (days !== undefined) return `days of ${say.phrase(days)}`;
  if (periods === undefined) return '';
  return `each ${unitOf(periods.every).one}${clockSpan(periods, say)} for which this holds: ${say.condition(periods.where)}`;
}

const limitLines = ({ oneOf = {}, caps = {}, fees }: TariffDocument, say: PlainWords): Lines =>
  linesOf(
    ...Object.values(oneOf).map(
      (fees) => `of ${listed(fees.map(named))} only the one reached first is paid; on one day, the first in this order`,
    ),
    ...Object.entries(caps).flatMap(([id, cap]) => [capInWords(id, cap, say), capOrder(cap, fees)]),
  );

/** Of what each has a limit of its own. */
function perWhat(per: CapRule['per'], say: PlainWords): string {
  if (per === undefined) return '';
  if (per === 'person') return ' for one person';
  return per === 'calendar-year' ? ' in a calendar year' : ` for each value of this: ${say.of(per)}`;
}

function capInWords(id: string, { title, fees, amount, payments, per, note }: CapRule, say: PlainWords): string {
  const most = linesOf(
    amount === undefined ? undefined : `at most ${say.phrase(amount)}`,
    payments === undefined ? undefined : `at most ${say.count(payments, 'time')}`,
  ).join(' and ');
  const whose = fees === 'all' ? 'all fees' : listed(fees.map(named));
  const together = fees === 'all' || fees.length > 1 ? ' together' : '';
  return `${title ?? id}: ${whose}${together} ${fees === 'all' || fees.length > 1 ? 'are' : 'is'} paid ${most}${perWhat(per, say)}${noted(note)}`;
}

/** Which fee gets what is left, where a cap does not pay all that falls on one day. */
function capOrder({ fees: capped }: CapRule, fees: TariffDocument['fees']): string | undefined {
  const inOrder = Object.keys(fees).filter((id) => capped === 'all' || capped.includes(id));
  return inOrder.length > 1 ? `  on one day it pays in this order: ${inOrder.map(named).join(', ')}` : undefined;
}
