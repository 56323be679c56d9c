import { HubError } from '#libs/kernel/index.js';
import type { Limits } from './compile/declarations.js';
import type { Tariff } from './compile/tariff.js';
import type { AttributeRule, TermRule } from './document/document.js';
import type { Frame } from './engine/frame.js';
import { Person } from './engine/person.js';
import type { LockedTerms } from './facts.js';
import { inWords, type Code } from './language/code.js';
import { compareValues } from './language/operators.js';
import { readValue } from './language/read-value.js';
import { Missing, type Value } from './language/value.js';
import { own } from './own.js';
import { startOf } from './price.js';

/**
 * Checks terms and attributes before they are locked. Errors: `terms.unknown`, `terms.missing`, `terms.value`, `terms.ceiling`
 * (above a legal maximum), `terms.floor`, each naming the field.
 */
export function checkTerms(tariff: Tariff, locked: LockedTerms): void {
  const { terms = {}, attributes = {} } = tariff.document;
  checkNames(tariff, locked.values);
  // Reading a text as what it should be is the check of its kind; limits may ask for other terms, so they come second.
  for (const [name, rule] of Object.entries(attributes)) checkValue(name, rule, own(locked.attributes, name));
  for (const [name, rule] of Object.entries(terms)) {
    if (rule.required === true && own(locked.values, name) === undefined)
      throw new HubError('terms.missing', `${tariff.id} needs the term "${name}".`, { field: name });
    checkValue(name, rule, own(locked.values, name));
  }
  const frame = frameOf(tariff, locked);
  for (const name of Object.keys(attributes))
    checkLimits(name, tariff.attributes.get(name), own(locked.attributes, name), frame, attributes, limitOf);
  for (const name of Object.keys(terms))
    checkLimits(name, tariff.terms.get(name), own(locked.values, name), frame, terms, limitOf);
}

/**
 * Checks the terms of a contract, before any person is known: others may follow with each person, and a limit that depends on one is
 * left to `checkTerms`. Errors: `terms.unknown`, `terms.value`, `terms.ceiling`, `terms.floor`, each naming the field.
 */
export function checkGivenTerms(tariff: Tariff, values: LockedTerms['values']): void {
  const { terms = {} } = tariff.document;
  checkNames(tariff, values);
  for (const [name, rule] of Object.entries(terms)) checkValue(name, rule, own(values, name));
  const frame = frameOf(tariff, { values, attributes: {} });
  for (const name of Object.keys(terms))
    checkLimits(name, tariff.terms.get(name), own(values, name), frame, terms, limitIfKnown);
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

function checkValue(name: string, rule: TermRule | AttributeRule, text: string | undefined): void {
  if (text === undefined) return;
  try {
    readValue(text, rule);
  } catch (error) {
    throw new HubError('terms.value', (error as Error).message, { field: name });
  }
}

/** What a limit is for this frame; undefined where it limits nothing. */
type LimitOf = (code: Code | undefined, frame: Frame, name: string) => Value | undefined;

/** Refuses a value outside its limits. Errors: `terms.ceiling`, `terms.floor`, and those of `known`. */
function checkLimits(
  name: string,
  limits: Limits | undefined,
  text: string | undefined,
  frame: Frame,
  rules: Rules,
  known: LimitOf,
): void {
  const rule = own(rules, name);
  if (text === undefined || limits === undefined || rule === undefined) return;
  const value = readValue(text, rule);
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

/** A limit that cannot be computed yet is left to those who can. */
function limitIfKnown(code: Code | undefined, frame: Frame): Value | undefined {
  const value = code?.run(frame);
  return value instanceof Missing ? undefined : (value ?? undefined);
}

/** Checks a value that was decided for an attribute. Errors: `terms.value`, `terms.ceiling`, `terms.floor`. */
export function checkDecision(tariff: Tariff, locked: LockedTerms, name: string, text: string): void {
  const { attributes = {} } = tariff.document;
  const rule = own(attributes, name);
  if (rule === undefined) return;
  checkValue(name, rule, text);
  checkLimits(name, tariff.attributes.get(name), text, frameOf(tariff, locked), attributes, limitIfKnown);
}
