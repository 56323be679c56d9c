import { HubError, type Decimal } from '#libs/kernel/index.js';
import { durationInWords, parseDuration, type Duration } from '../calendar.js';
import { located } from '../compile/located.js';
import type { Frame } from '../engine/frame.js';
import { constantOf, isDuration, numberInWords, type Code } from '../language/code.js';
import { beforePayment } from './before-payment.js';
import { Missing, type Value } from '../language/value.js';

/** More payments of one fee than there are days in a century are a mistake. */
const COUNT_MAX = 36_525;

/**
 * A number or a duration of a trigger that makes sense only above zero: otherwise there would be a payment for nothing. A constant
 * is refused (`tariff.trigger`); what is computed for one person is unknown there.
 */
export const aboveZero = (place: string, code: Code): Code => checked(place, beforePayment(place, code), problemOf);

/** The same for a number of times. */
export const countOf = (place: string, code: Code): Code => checked(place, beforePayment(place, code), countProblem);

/** A number of payments that a limit lets through: computed for one person, it may be none. */
export const limitOf = (place: string, code: Code): Code =>
  checked(
    place,
    code,
    constantOf(code) === undefined ? (value) => (isZero(value) ? undefined : countProblem(value)) : countProblem,
  );

const isZero = (value: Value): boolean =>
  value !== null && typeof value === 'object' && 'd' in value && value.equals(0);

function countProblem(value: Value): string | undefined {
  const problem = problemOf(value);
  if (problem !== undefined || value === null) return problem;
  const count = value as Decimal;
  if (count.d !== 1n) return `${numberInWords(count)} is not whole`;
  return count.compare(COUNT_MAX) > 0 ? `${numberInWords(count)} is more than ${COUNT_MAX}` : undefined;
}

function problemOf(value: Value): string | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if (isDuration(value)) return value.count > 0 ? undefined : `${durationInWords(value)} is not above zero`;
  return (value as Decimal).compare(0) > 0 ? undefined : `${numberInWords(value as Decimal)} is not above zero`;
}

function checked(place: string, code: Code, problemIn: (value: Value) => string | undefined): Code {
  const problem = (value: Value): string | undefined => (value instanceof Missing ? undefined : problemIn(value));
  const constant = constantOf(code);
  const always = constant === undefined ? undefined : problem(constant);
  if (always !== undefined) throw new HubError('tariff.trigger', `${always}.`, { field: place });
  if (constant !== undefined) return code;
  const run = (frame: Frame): Value => {
    const value = code.run(frame);
    const now = problem(value);
    return now === undefined ? value : new Missing('unknown', `${place} cannot be what it comes to: ${now}`);
  };
  return { ...code, run };
}

/** A duration that is written as it is. */
export const durationAt = (place: string, text: string): Duration =>
  located(place, () => {
    const duration = parseDuration(text);
    if (duration.count > 0) return duration;
    throw new HubError('tariff.trigger', `${durationInWords(duration)} is not above zero.`);
  });
