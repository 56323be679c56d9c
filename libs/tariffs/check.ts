import { decimal, HubError, localDate, type Currency } from '#libs/kernel/index.js';
import type { Limits, Tariff } from './compile/tariff.js';
import { typeOfKind, valueOfText } from './compile/declarations.js';
import type { AttributeRule, TermRule } from './document/document.js';
import type { Frame } from './engine/frame.js';
import { Person } from './engine/person.js';
import type { Fact, LockedTerms } from './facts.js';
import { inWords, type Code } from './language/code.js';
import { compareValues } from './language/operators.js';
import { Missing, type Value } from './language/value.js';
import { startOf } from './price.js';

/**
 * Checks terms and attributes before they are locked. Errors: `terms.unknown`, `terms.missing`, `terms.value`, `terms.ceiling`
 * (above a legal maximum), `terms.floor`, each naming the field.
 */
export function checkTerms(tariff: Tariff, locked: LockedTerms): void {
  const { terms = {}, attributes = {} } = tariff.document;
  checkNames(tariff, locked.values);
  // Reading a text as what it should be is the check of its kind; limits may ask for other terms, so they come second.
  for (const [name, rule] of Object.entries(attributes)) checkValue(name, rule, locked.attributes[name]);
  for (const [name, rule] of Object.entries(terms)) {
    if (rule.required === true && locked.values[name] === undefined)
      throw new HubError('terms.missing', `${tariff.id} needs the term "${name}".`, { field: name });
    checkValue(name, rule, locked.values[name]);
  }
  const frame = frameOf(tariff, locked);
  for (const name of Object.keys(attributes))
    checkLimits(name, tariff.attributes.get(name), locked.attributes[name], frame, attributes, limitOf);
  for (const name of Object.keys(terms))
    checkLimits(name, tariff.terms.get(name), locked.values[name], frame, terms, limitOf);
}

/**
 * Checks the terms of a contract, before any person is known: others may follow with each person, and a limit that depends on one is
 * left to `checkTerms`. Errors: `terms.unknown`, `terms.value`, `terms.ceiling`, `terms.floor`, each naming the field.
 */
export function checkGivenTerms(tariff: Tariff, values: LockedTerms['values']): void {
  const { terms = {} } = tariff.document;
  checkNames(tariff, values);
  for (const [name, rule] of Object.entries(terms)) checkValue(name, rule, values[name]);
  const frame = frameOf(tariff, { values, attributes: {} });
  for (const name of Object.keys(terms))
    checkLimits(name, tariff.terms.get(name), values[name], frame, terms, (code) => {
      const value = code?.run(frame);
      return value instanceof Missing ? undefined : (value ?? undefined);
    });
}

function checkNames(tariff: Tariff, values: LockedTerms['values']): void {
  const names = Object.keys(tariff.document.terms ?? {});
  const stranger = Object.keys(values).find((name) => !names.includes(name));
  if (stranger === undefined) return;
  const those = names.length === 0 ? 'it has none' : `its terms are: ${names.join(', ')}`;
  throw new HubError('terms.unknown', `${tariff.id} has no term "${stranger}": ${those}.`, { field: stranger });
}

const frameOf = (tariff: Tariff, locked: LockedTerms): Frame =>
  startOf(tariff, new Person(locked, [], { day: tariff.validFrom }));

type Rules = Readonly<Record<string, TermRule | AttributeRule>>;

function checkValue(name: string, rule: TermRule | AttributeRule, value: string | undefined): void {
  if (value === undefined) return;
  if (rule.codes !== undefined && !rule.codes.includes(value))
    throw new HubError('terms.value', `"${value}" is not one of: ${rule.codes.join(', ')}.`, { field: name });
  if (rule.kind === 'truth' && value !== 'true' && value !== 'false')
    throw new HubError('terms.value', `"${value}" is neither true nor false.`, { field: name });
  try {
    valueOfText(value, typeOfKind(rule.kind));
  } catch (error) {
    throw new HubError('terms.value', (error as Error).message, { field: name });
  }
}

function checkLimits(
  name: string,
  limits: Limits | undefined,
  text: string | undefined,
  frame: Frame,
  rules: Rules,
  known: typeof limitOf,
): void {
  if (text === undefined || limits === undefined) return;
  const value = valueOfText(text, typeOfKind(rules[name]?.kind ?? 'code'));
  const max = known(limits.max, frame, name);
  if (max !== undefined && compareValues(value, max) > 0)
    throw new HubError('terms.ceiling', `${text} is above the ceiling of ${inWords(max)}.`, { field: name });
  const min = known(limits.min, frame, name);
  if (min !== undefined && compareValues(value, min) < 0)
    throw new HubError('terms.floor', `${text} is below ${inWords(min)}.`, { field: name });
}

/** A limit that cannot be computed limits nothing away: the term is refused until it can. */
function limitOf(code: Code | undefined, frame: Frame, name: string): Value | undefined {
  const value = code?.run(frame);
  if (value instanceof Missing)
    throw new HubError('terms.limit', `the limit of ${name} is not known: ${value.reason}.`, { field: name });
  return value ?? undefined;
}

const KEYS: Readonly<Record<Fact['type'], readonly string[]>> = {
  spell: [
    ...[
      'spellId',
      'kind',
      'start',
      'end',
      'weeklyHours',
      'contractType',
      'contractMonths',
      'normalHoursShare',
      'insured',
    ],
    ...['employer', 'country', 'reportedOn', 'attributes'],
  ],
  'spell-retracted': ['spellId'],
  'past-employment': ['employer', 'start', 'end', 'insured'],
  event: ['name', 'on', 'attributes'],
  amount: ['name', 'on', 'value', 'currency'],
  attribute: ['name', 'from', 'value'],
  verification: ['question', 'from', 'to', 'asOf', 'answer'],
  claim: ['on', 'fee', 'evidence'],
};
const COMMON_KEYS = ['type', 'id', 'knownSince', 'retracted', 'source', 'reason'];
const WEEK_HOURS = 168;

/**
 * Refuses facts that cannot be: an unknown kind or key, an impossible day, a spell that ends before it starts, negative hours, an
 * amount in another currency. Errors: `fact.type`, `fact.key`, `fact.missing`, `fact.date`, `fact.period`, `fact.hours`,
 * `fact.number`, `fact.currency`, `fact.answer`; `field` is the place.
 */
export function checkFacts(facts: readonly unknown[], currency?: Currency): readonly Fact[] {
  return facts.map((fact, index) => {
    try {
      return checkFact(fact, currency);
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      const field = `facts[${index}]${error.field === undefined ? '' : `.${error.field}`}`;
      throw new HubError(error.code, `${field}: ${error.message}`, { field });
    }
  });
}

function checkFact(given: unknown, currency: Currency | undefined): Fact {
  const fact = given as Fact;
  const type: unknown = typeof given === 'object' && given !== null ? fact.type : undefined;
  const keys = typeof type === 'string' && Object.hasOwn(KEYS, type) ? KEYS[type as Fact['type']] : undefined;
  if (keys === undefined)
    throw refused('type', 'type', `"${String(type)}" is not a kind of fact: ${Object.keys(KEYS).join(', ')}.`);
  const stranger = Object.keys(fact).find((key) => !keys.includes(key) && !COMMON_KEYS.includes(key));
  if (stranger !== undefined)
    throw refused('key', stranger, `a ${fact.type} has no "${stranger}": ${keys.join(', ')}.`);
  if (fact.knownSince !== undefined && Number.isNaN(Date.parse(fact.knownSince)))
    throw refused('date', 'knownSince', `"${fact.knownSince}" is not a moment: a day, or 2018-03-01T08:00:00Z.`);
  CHECKS[fact.type](fact as never, currency);
  return fact;
}

const refused = (code: string, field: string, message: string): HubError =>
  new HubError(`fact.${code}`, message, { field });

function text(fact: Fact, field: string): string {
  const value = (fact as unknown as Readonly<Record<string, unknown>>)[field];
  if (typeof value !== 'string' || value === '')
    throw refused('missing', field, `${fact.type} needs "${field}", a text.`);
  return value;
}

function day(fact: Fact, field: string): string {
  const value = text(fact, field);
  try {
    return localDate(value);
  } catch (error) {
    throw refused('date', field, (error as Error).message);
  }
}

function number(field: string, value: unknown): ReturnType<typeof decimal> {
  try {
    if (typeof value !== 'string' && typeof value !== 'number') throw new Error('a number as text is needed, "19.5".');
    return decimal(value);
  } catch (error) {
    throw refused('number', field, (error as Error).message);
  }
}

function period(fact: Fact, what: string): void {
  if (day(fact, 'end') < day(fact, 'start')) throw refused('period', 'end', `the ${what} ends before it starts.`);
}

type Check<Type extends Fact['type']> = (fact: Extract<Fact, { type: Type }>, currency: Currency | undefined) => void;

const CONTRACT_TYPES = ['OPEN_ENDED', 'FIXED_TERM', 'APPRENTICESHIP', 'SELF_EMPLOYED'];

const CHECKS: { readonly [Type in Fact['type']]: Check<Type> } = {
  spell: (fact) => {
    text(fact, 'spellId');
    day(fact, 'start');
    if (fact.end != null) period(fact, 'spell');
    if (fact.reportedOn !== undefined) day(fact, 'reportedOn');
    if (fact.weeklyHours !== undefined) {
      const hours = number('weeklyHours', fact.weeklyHours);
      if (hours.compare(0) < 0 || hours.compare(WEEK_HOURS) > 0)
        throw refused('hours', 'weeklyHours', `a week has 0 to ${WEEK_HOURS} hours.`);
    }
    if (fact.normalHoursShare != null && number('normalHoursShare', fact.normalHoursShare).compare(0) < 0)
      throw refused('hours', 'normalHoursShare', 'a share of hours is not negative.');
    if (fact.contractMonths != null && (!Number.isSafeInteger(fact.contractMonths) || fact.contractMonths < 0))
      throw refused('number', 'contractMonths', 'months are whole and not negative.');
    if (fact.contractType !== undefined && !CONTRACT_TYPES.includes(fact.contractType))
      throw refused('key', 'contractType', `"${fact.contractType}" is none of ${CONTRACT_TYPES.join(', ')}.`);
  },
  'spell-retracted': (fact) => void text(fact, 'spellId'),
  'past-employment': (fact) => {
    text(fact, 'employer');
    period(fact, 'job');
  },
  event: (fact) => {
    text(fact, 'name');
    day(fact, 'on');
  },
  amount: (fact, currency) => {
    text(fact, 'name');
    day(fact, 'on');
    number('value', text(fact, 'value'));
    if (fact.currency !== undefined && currency !== undefined && fact.currency !== currency)
      throw refused('currency', 'currency', `the tariff pays in ${currency}, not in ${fact.currency}.`);
  },
  attribute: (fact) => {
    text(fact, 'name');
    day(fact, 'from');
    text(fact, 'value');
  },
  verification: (fact) => {
    text(fact, 'question');
    for (const field of ['from', 'to', 'asOf']) day(fact, field);
    if (!['YES', 'NO', 'UNKNOWN'].includes(fact.answer))
      throw refused('answer', 'answer', 'an answer is YES, NO or UNKNOWN.');
  },
  claim: (fact) => void day(fact, 'on'),
};
