import { COMMON_EVENTS } from '../compile/tariff-names.js';
import type { Formula, TariffDocument } from '../document/document.js';
import { own } from '../own.js';
import { parseFormula, type Ast, type BinaryOperator } from '../language/parse.js';

const between = ([from = '', to = '']: readonly string[]): string =>
  `${from === '' ? '' : ` from ${from} on`}${to === '' ? '' : ` until ${to}`}`;

/** What a function means, around the words of its arguments. */
const FUNCTIONS: Readonly<Record<string, (...args: readonly string[]) => string>> = {
  min: (...all) => `the least of ${list(all)}`,
  max: (...all) => `the greatest of ${list(all)}`,
  clamp: (value, low, high) => `${value}, but at least ${low} and at most ${high}`,
  abs: (value) => `the size of ${value}`,
  round: (value, unit, mode = '') => `${value} rounded to ${unit}${mode === '' ? '' : ` (${mode})`}`,
  known: (value) => `${value} is known`,
  payable: (value) => `${value} is payable`,
  orElse: (value, other) => `${value}, or ${other} where that is not known`,
  lastDay: (start, length) => `the last day of ${length} from ${start}`,
  nextWorkingDay: (date) => `the first working day from ${date} on`,
  isWorkingDay: (date) => `${date} is a working day`,
  startOfMonth: (date) => `the first day of the month of ${date}`,
  endOfMonth: (date) => `the last day of the month of ${date}`,
  startOfNextMonth: (date) => `the first day of the month after ${date}`,
  startOfYear: (date) => `1 January of the year of ${date}`,
  endOfYear: (date) => `31 December of the year of ${date}`,
  year: (date) => `the year of ${date}`,
  month: (date) => `the month of ${date} (1 to 12)`,
  dayOfMonth: (date) => `the day of the month of ${date}`,
  weekday: (date) => `the weekday of ${date} (1 is Monday)`,
  daysInMonth: (date) => `the number of days in the month of ${date}`,
  daysBetween: (a, b) => `the number of days between ${a} and ${b}`,
  monthsBetween: (a, b) => `the number of whole months between ${a} and ${b}`,
  yearsBetween: (a, b) => `the number of whole years between ${a} and ${b}`,
  days: (value) => `${value} days`,
  weeks: (value) => `${value} weeks`,
  months: (value) => `${value} months`,
  daysIn: (days, from, to) => `the number of days of ${days} from ${from} to ${to}`,
  weeksIn: (days, from, to) => `the number of weeks of ${days} from ${from} to ${to}`,
  monthsIn: (days, from, to) => `the number of months of ${days} from ${from} to ${to}`,
  workingDaysIn: (days, from, to) => `the number of working days of ${days} from ${from} to ${to}`,
  weeksWith: (days, from, to, least) =>
    `the number of weeks from ${from} to ${to} with at least ${least} days of ${days}`,
  hoursIn: (days, from, to) => `the number of hours of ${days} from ${from} to ${to}`,
  covers: (days, from, to) => `${days} holds on every day from ${from} to ${to}`,
  anyDay: (days, from, to) => `${days} holds on any day from ${from} to ${to}`,
  holds: (days, on) => `${days} holds on ${on}`,
  spellsIn: (days, from, to) => `the number of spells of ${days} from ${from} to ${to}`,
  level: (days, field, on) => `the ${field} of ${days} together on ${on}`,
  firstDay: (days, from) => `the first day of ${days} from ${from} on`,
  since: (days, on) => `the day since which ${days} has held on ${on}`,
  union: (...all) => `the days of ${all.join(' or ')}`,
  overlap: (a, b) => `the days that are in ${a} and in ${b}`,
  without: (a, b) => `${a} without ${b}`,
  happened: (event, ...days) => `${event} happened${between(days)}`,
  times: (event, from, to) => `how often ${event} happened from ${from} to ${to}`,
  first: (event, from) => `the first day of ${event} from ${from} on`,
  last: (event, until) => `the last day of ${event} until ${until}`,
  sum: (amount, from, to) => `the sum of ${amount} from ${from} to ${to}`,
  entries: (amount, from, to) => `the number of entries of ${amount} from ${from} to ${to}`,
  latest: (amount, until) => `the last ${amount} told until ${until}`,
  paid: (fee, ...days) => `what was paid for ${fee}${between(days)}`,
  payments: (fee) => `the number of payments for ${fee}`,
  dueOn: (fee) => `the day on which ${fee} was due`,
};

/** Names that every tariff has. */
const NAMES: Readonly<Record<string, string>> = {
  on: 'the day it is reached',
  periodStart: 'the first day of the period',
  periodEnd: 'the last day of the period',
  n: 'the number of the payment',
  start: 'its first day',
  end: 'its last day',
  open: 'it goes on',
  weeklyHours: 'its weekly working time in hours',
  contractType: 'its type of contract',
  contractMonths: 'the agreed length of its contract in months',
  normalHoursShare: 'its share of normal hours',
  insured: 'it is insured',
  employer: 'its employer',
  country: 'its country',
  reportedOn: 'the day it was reported',
  'job.start': 'the first day of the job',
  'job.end': 'the last day of the job',
  'job.employer': 'the employer of the job',
};

const DAY_NAMES: ReadonlySet<string> = new Set([
  ...['on', 'periodStart', 'periodEnd', 'start', 'end', 'reportedOn', 'job.start', 'job.end', ...COMMON_EVENTS],
]);
const DAY_FUNCTIONS = /^(lastDay|nextWorkingDay|startOf|endOf|firstDay|since|first$|last$|dueOn)/;

const COMPARED: Readonly<Partial<Record<BinaryOperator, readonly [number: string, day: string]>>> = {
  '=': ['is', 'is'],
  '!=': ['is not', 'is not'],
  '<': ['is below', 'is before'],
  '<=': ['is at most', 'is at the latest'],
  '>': ['is above', 'is after'],
  '>=': ['is at least', 'is at the earliest'],
};
const SIGNS: Readonly<Partial<Record<BinaryOperator, string>>> = { '+': '+', '-': '−', '*': '×', '/': '÷' };

/** How firmly a construct holds its parts together: a weaker one inside a firmer one goes into brackets. */
const FIRMNESS: Readonly<Record<string, number>> = {
  if: 0,
  or: 1,
  and: 2,
  not: 3,
  compare: 4,
  sum: 5,
  product: 6,
  atom: 9,
};

const firmnessOf = (ast: Ast): number => {
  const kind = ((): string => {
    switch (ast.kind) {
      case 'if':
        return 'if';
      case 'unary':
        return ast.operator === 'not' ? 'not' : 'product';
      case 'between':
      case 'in':
        return 'compare';
      case 'binary':
        if (ast.operator === 'or' || ast.operator === 'and') return ast.operator;
        if (COMPARED[ast.operator] !== undefined) return 'compare';
        return ast.operator === '+' || ast.operator === '-' ? 'sum' : 'product';
      default:
        return 'atom';
    }
  })();
  return FIRMNESS[kind] ?? 0;
};

/** Its words have an "or", a "but" or an "and" of their own. */
const isLoose = (ast: Ast): boolean => ast.kind === 'call' && /^(orElse|clamp|min|max)$/.test(ast.name);

/** Says the formulas of one document in words; a named number is followed by what it is. */
export class PlainWords {
  private readonly events: ReadonlySet<string>;

  constructor(private readonly document: TariffDocument) {
    this.events = new Set([...DAY_NAMES, ...(document.events ?? [])]);
  }

  readonly of = (formula: Formula): string =>
    typeof formula === 'string' ? this.say(parseFormula(formula)) : String(formula);

  private say(ast: Ast): string {
    switch (ast.kind) {
      case 'number':
      case 'date':
        return ast.text;
      case 'text':
        return `"${ast.text}"`;
      case 'duration':
        return `${ast.count} ${ast.unit}${ast.count === 1 ? '' : 's'}`;
      case 'word':
        return ast.word === 'none' ? 'nothing' : ast.word;
      case 'name':
        return this.name(ast.name);
      case 'call':
        return this.call(ast.name, ast.args);
      case 'cell':
        return `the cell of ${ast.name} for ${list(ast.args.map((arg) => this.say(arg)))}`;
      case 'at':
        return `${this.inside(ast.what, 'atom')} as of ${this.inside(ast.when, 'atom')}`;
      case 'where':
        return `${this.inside(ast.days, 'atom')} (where ${this.say(ast.condition)})`;
      case 'unary':
        return ast.operator === '-'
          ? `−${this.inside(ast.inner, 'atom')}`
          : `it is not so that ${this.inside(ast.inner, 'compare')}`;
      case 'binary':
        return this.binary(ast);
      case 'between':
        return `${this.inside(ast.what, 'sum')} is from ${this.inside(ast.low, 'sum')} to ${this.inside(ast.high, 'sum')}`;
      case 'in':
        return `${this.inside(ast.what, 'sum')} is one of ${ast.options.map((option) => this.say(option)).join(', ')}`;
      case 'if':
        return `${this.inside(ast.yes, 'or')} if ${this.say(ast.test)}, else ${this.say(ast.no)}`;
    }
  }

  private inside(ast: Ast, around: string): string {
    const words = this.say(ast);
    return firmnessOf(ast) < (FIRMNESS[around] ?? 0) || isLoose(ast) ? `(${words})` : words;
  }

  private binary({ operator, left, right }: Ast & { kind: 'binary' }): string {
    const compared = COMPARED[operator];
    if (compared !== undefined) {
      const isDay = this.isDay(left) || this.isDay(right);
      return `${this.inside(left, 'sum')} ${compared[isDay ? 1 : 0]} ${this.inside(right, 'sum')}`;
    }
    if (operator === 'and' || operator === 'or')
      return `${this.inside(left, operator)} ${operator} ${this.inside(right, operator)}`;
    const around = operator === '+' || operator === '-' ? 'sum' : 'product';
    // a − (b − c) and a ÷ (b ÷ c) keep their brackets.
    const after = operator === '-' || operator === '/' ? (around === 'sum' ? 'product' : 'atom') : around;
    if (operator === '*' && left.kind === 'number' && left.text.endsWith('%'))
      return `${left.text} of ${this.inside(right, 'product')}`;
    return `${this.inside(left, around)} ${SIGNS[operator] ?? operator} ${this.inside(right, after)}`;
  }

  private call(name: string, args: readonly Ast[]): string {
    const words = args.map((arg) =>
      arg.kind === 'if' || (arg.kind === 'call' && arg.args.length > 1) ? `(${this.say(arg)})` : this.say(arg),
    );
    return own(FUNCTIONS, name)?.(...words) ?? `${name}(${words.join(', ')})`;
  }

  private name(name: string): string {
    const parameter = own(this.document.parameters, name);
    const value = typeof parameter === 'object' ? parameter.value : parameter;
    if (value !== undefined && /^[\d.]+%?$/.test(String(value))) return `${name} (${String(value)})`;
    if (this.declares(name)) return name;
    return own(NAMES, name) ?? name;
  }

  private declares(name: string): boolean {
    const { terms, attributes, values, days, tables, bands, amounts } = this.document;
    return [terms, attributes, values, days, tables, bands, amounts].some(
      (section) => section !== undefined && Object.hasOwn(section, name),
    );
  }

  private isDay(ast: Ast): boolean {
    switch (ast.kind) {
      case 'date':
        return true;
      case 'name':
        return this.events.has(ast.name);
      case 'call':
        return DAY_FUNCTIONS.test(ast.name);
      case 'binary':
        return (ast.operator === '+' || ast.operator === '-') && this.isDay(ast.left);
      default:
        return false;
    }
  }
}

const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
