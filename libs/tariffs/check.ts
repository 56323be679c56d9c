import { decimal, HubError, localDate } from '#libs/kernel/index.js';
import type { Tariff } from './compile.js';
import { number } from './expression.js';
import type { Fact, LockedTerms } from './facts.js';
import { TariffScope } from './scope.js';

/**
 * Checks terms and attributes before they are locked. Errors: `terms.unknown`, `terms.missing`, `terms.value`, `terms.ceiling`
 * (above a legal maximum), `terms.floor`, each naming the field.
 */
export function checkTerms(tariff: Tariff, locked: LockedTerms): void {
  const { terms = {}, attributes = {} } = tariff.document;
  for (const name of Object.keys(locked.values)) {
    if (terms[name] === undefined)
      throw new HubError('terms.unknown', `${tariff.id} has no term "${name}".`, { field: name });
  }
  for (const [name, rule] of Object.entries(attributes)) checkAttribute(name, rule, locked.attributes[name]);
  const scope = new TariffScope(tariff, locked, [], null, tariff.validFrom);
  for (const [name, rule] of Object.entries(terms)) {
    const value = locked.values[name];
    if (value === undefined) {
      if (rule.required === true)
        throw new HubError('terms.missing', `${tariff.id} needs the term "${name}".`, { field: name });
      continue;
    }
    if (rule.kind === 'code') continue;
    const amount = parsed(value, name);
    const { min, max } = tariff.termLimits.get(name) ?? { min: null, max: null };
    if (max !== null && amount.compare(number(max(scope))) > 0) {
      throw new HubError('terms.ceiling', `${value} is above the legal ceiling of ${number(max(scope)).toString()}.`, {
        field: name,
      });
    }
    if (min !== null && amount.compare(number(min(scope))) < 0) {
      throw new HubError('terms.floor', `${value} is below ${number(min(scope)).toString()}.`, { field: name });
    }
  }
}

function checkAttribute(
  name: string,
  rule: { readonly kind: string; readonly codes?: readonly string[]; readonly min?: string; readonly max?: string },
  value: string | undefined,
): void {
  if (value === undefined) return;
  if (rule.codes !== undefined && !rule.codes.includes(value)) {
    throw new HubError('terms.value', `"${value}" is not one of: ${rule.codes.join(', ')}.`, { field: name });
  }
  if (rule.kind === 'date') localDate(value);
  if (rule.kind !== 'number') return;
  const amount = parsed(value, name);
  if (
    (rule.min !== undefined && amount.compare(decimal(rule.min)) < 0) ||
    (rule.max !== undefined && amount.compare(decimal(rule.max)) > 0)
  ) {
    throw new HubError('terms.value', `${value} lies outside ${rule.min ?? '…'} to ${rule.max ?? '…'}.`, {
      field: name,
    });
  }
}

function parsed(value: string, field: string): ReturnType<typeof decimal> {
  try {
    return decimal(value);
  } catch {
    throw new HubError('terms.value', `"${value}" is not a number.`, { field });
  }
}

/** Refuses facts that cannot be: an impossible day, a spell that ends before it starts, negative hours, an unknown kind. */
export function checkFacts(facts: readonly unknown[]): readonly Fact[] {
  return facts.map((fact, index) => {
    try {
      return checkFact(fact as Fact);
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      throw new HubError(error.code, `facts[${index}]: ${error.message}`, {
        field: `facts[${index}].${error.field ?? ''}`,
      });
    }
  });
}

function checkFact(fact: Fact): Fact {
  const day = (value: unknown, field: string): void => {
    try {
      localDate(String(value));
    } catch (error) {
      throw new HubError('fact.date', (error as Error).message, { field });
    }
  };
  switch (fact.type) {
    case 'spell':
      day(fact.start, 'start');
      if (fact.end != null) {
        day(fact.end, 'end');
        if (fact.end < fact.start)
          throw new HubError('fact.period', 'The spell ends before it starts.', { field: 'end' });
      }
      if (decimal(fact.weeklyHours).compare(0) < 0 || decimal(fact.weeklyHours).compare(168) > 0) {
        throw new HubError('fact.hours', 'A week has 0 to 168 hours.', { field: 'weeklyHours' });
      }
      return fact;
    case 'past-employment':
      day(fact.start, 'start');
      day(fact.end, 'end');
      if (fact.end < fact.start) throw new HubError('fact.period', 'The job ends before it starts.', { field: 'end' });
      return fact;
    case 'event':
    case 'amount':
      day(fact.on, 'on');
      if (fact.type === 'amount') decimal(fact.value);
      return fact;
    case 'attribute':
      day(fact.from, 'from');
      return fact;
    case 'verification':
      for (const field of ['from', 'to', 'asOf'] as const) day(fact[field], field);
      return fact;
    case 'spell-retracted':
      return fact;
    default:
      throw new HubError('fact.type', `"${String((fact as { type?: unknown }).type)}" is not a kind of fact.`, {
        field: 'type',
      });
  }
}
