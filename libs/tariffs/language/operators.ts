import { decimal, type Decimal } from '#libs/kernel/index.js';
import { canBeWritten, type Duration } from '../calendar.js';
import type { Frame } from '../engine/frame.js';
import { combine, constantOf, RANK, shown, type Code, type Depth } from './code.js';
import type { BinaryOperator } from './parse.js';
import { Missing, TYPE_WORDS, type Type, type Value } from './value.js';
import { shifted } from './working-days.js';

/** What is wrong with the types of an operation, in words; undefined when it is right. */
export type Wrong = (message: string) => never;

/** Whether a value of a type can stand where another is asked for: nothing can stand for a number. */
export const fits = (type: Type, asked: Type): boolean => type === asked || (type === 'none' && asked === 'number');

export function binary(operator: BinaryOperator, left: Code, right: Code, wrong: Wrong): Code {
  if (operator === 'and' || operator === 'or') return logic(operator, left, right, wrong);
  if (operator === '+' || operator === '-') return addition(operator, left, right, wrong);
  if (operator === '*' || operator === '/') return multiplication(operator, left, right, wrong);
  return comparison(operator, left, right, wrong);
}

/** Yes, no or not known: what is known decides, as far as it can. */
function logic(operator: 'and' | 'or', left: Code, right: Code, wrong: Wrong): Code {
  for (const side of [left, right])
    if (side.type !== 'truth') wrong(`"${operator}" joins two conditions, not ${TYPE_WORDS[side.type]}.`);
  const decisive = operator === 'or';
  const rank = RANK[operator];
  return combine([left, right], {
    type: 'truth',
    rank,
    run: (frame) => {
      const a = left.run(frame);
      if (a === decisive) return decisive;
      const b = right.run(frame);
      return b === decisive || a === !decisive ? b : a;
    },
    show: (frame) => `${shown(left, frame, rank)} ${operator} ${shown(right, frame, rank)}`,
  });
}

type Pure = (a: never, b: never, frame: Frame) => Value;

/** Exact numbers grow with each step; no sum of money or share of it comes near this. */
const TERM_MAX = 10n ** 120n;

/** A value, unless it is larger or later than any that can be meant. */
export function inBounds(value: Value): Value {
  if (typeof value === 'number' && !canBeWritten(value))
    return new Missing('unknown', 'a day lies before the year 1 or after the year 9999');
  if (typeof value !== 'object' || value === null || !('d' in value)) return value;
  return value.n > TERM_MAX || value.d > TERM_MAX ? new Missing('unknown', 'a number has more than 120 digits') : value;
}

/** An operation on two values that are both there. */
function operation(
  left: Code,
  right: Code,
  type: Type,
  rank: number,
  sign: string,
  pure: Pure,
  depth: Depth = 0,
): Code {
  const compute = pure as (a: Value, b: Value, frame: Frame) => Value;
  return combine([left, right], {
    type,
    rank,
    depth,
    run: (frame) => {
      const a = left.run(frame);
      if (a === null || a instanceof Missing) return a;
      const b = right.run(frame);
      return b === null || b instanceof Missing ? b : inBounds(compute(a, b, frame));
    },
    show: (frame) => `${shown(left, frame, rank)} ${sign} ${shown(right, frame, rank + 1)}`,
  });
}

function addition(operator: '+' | '-', left: Code, right: Code, wrong: Wrong): Code {
  const plus = operator === '+';
  if (fits(left.type, 'number') && fits(right.type, 'number')) {
    return operation(left, right, 'number', RANK.sum, operator, (a: Decimal, b: Decimal) =>
      plus ? a.add(b) : a.sub(b),
    );
  }
  if (left.type === 'date' && right.type === 'duration') {
    const add = (a: number, b: Duration, frame: Frame): number | Missing =>
      shifted(a, plus ? b : { ...b, count: -b.count }, frame.calendar);
    // The tariff's calendar comes with the frame, so this is never computed ahead.
    return operation(left, right, 'date', RANK.sum, operator, add, 1);
  }
  const hint =
    left.type === 'date' && right.type === 'date'
      ? ' Days between two days: daysBetween(a, b).'
      : left.type === 'date'
        ? ' Write the unit: "+ 90 days".'
        : '';
  return wrong(`"${operator}" cannot join ${TYPE_WORDS[left.type]} and ${TYPE_WORDS[right.type]}.${hint}`);
}

function multiplication(operator: '*' | '/', left: Code, right: Code, wrong: Wrong): Code {
  if (!fits(left.type, 'number') || !fits(right.type, 'number')) {
    wrong(`"${operator}" needs two numbers, not ${TYPE_WORDS[left.type]} and ${TYPE_WORDS[right.type]}.`);
  }
  const divisor = operator === '/' ? constantOf(right) : undefined;
  if (divisor !== undefined && !(divisor instanceof Missing) && compareValues(divisor, decimal(0n)) === 0)
    wrong('nothing can be divided by zero.');
  return operation(left, right, 'number', RANK.product, operator, (a: Decimal, b: Decimal) => {
    if (operator === '*') return a.mul(b);
    return b.equals(0) ? new Missing('unknown', 'a division by zero') : a.div(b);
  });
}

/** A text that a code can never be makes a condition that is never true. */
export function refuseStrangers({ codes }: Code, other: Code, wrong: Wrong): void {
  const text = constantOf(other);
  if (codes !== undefined && typeof text === 'string' && !codes.includes(text))
    wrong(`'${text}' is none of ${codes.join(', ')}.`);
}

const COMPARABLE: ReadonlySet<Type> = new Set<Type>(['number', 'date']);

function comparison(operator: BinaryOperator, left: Code, right: Code, wrong: Wrong): Code {
  const same = left.type === right.type || (fits(left.type, 'number') && fits(right.type, 'number'));
  const equality = operator === '=' || operator === '!=';
  if (!same || left.type === 'days' || left.type === 'duration')
    wrong(`${TYPE_WORDS[left.type]} cannot be compared with ${TYPE_WORDS[right.type]}.`);
  if (!equality && !COMPARABLE.has(left.type) && left.type !== 'none')
    wrong(`${TYPE_WORDS[left.type]} is neither less nor more: compare with = or !=.`);
  refuseStrangers(left, right, wrong);
  refuseStrangers(right, left, wrong);
  return operation(left, right, 'truth', RANK.comparison, operator, (a: Value, b: Value) =>
    orderPasses(compareValues(a, b), operator),
  );
}

/** Whether a comparison holds of two values whose order (below, at or above zero) is known. */
export function orderPasses(order: number, operator: BinaryOperator): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}

/** Numbers and days by size; texts and truths are the same or not. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null)
    return (a as Decimal).compare(b as Decimal);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return a === b ? 0 : 1;
}
