import { localDate } from '#libs/kernel/index.js';
import { epochDay } from '../calendar.js';
import type { Tariff } from '../compile/tariff.js';
import type { Formula } from '../document/document.js';
import { number } from '../engine/person.js';
import { constantOf } from '../language/code.js';
import { compareValues, orderPasses } from '../language/operators.js';
import type { Ast } from '../language/parse.js';
import { Missing, type Value } from '../language/value.js';
import { parsed } from './formula-parts.js';

/** What a condition asks of one name: `weeklyHours >= 40`. */
interface Asked {
  readonly name: string;
  readonly operator: '=' | '<' | '<=' | '>' | '>=';
  readonly value: Value;
}

/** The name of which conditions ask, all together, what it cannot be at once; undefined where there is none. */
export function contradicted(tariff: Tariff, conditions: readonly Formula[]): string | undefined {
  const asked = conditions.flatMap((formula) => askedBy(tariff, parsed(String(formula))));
  return asked.find((one) => asked.some((other) => one.name === other.name && excludes(one, other)))?.name;
}

const MIRRORED = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

const isComparison = (operator: string): operator is Asked['operator'] => Object.hasOwn(MIRRORED, operator);

function askedBy(tariff: Tariff, ast: Ast | undefined): readonly Asked[] {
  if (ast?.kind === 'between') {
    const { what: left, low, high, at } = ast;
    return [
      ...askedBy(tariff, { kind: 'binary', operator: '>=', left, right: low, at }),
      ...askedBy(tariff, { kind: 'binary', operator: '<=', left, right: high, at }),
    ];
  }
  if (ast?.kind !== 'binary') return [];
  const { operator, left, right } = ast;
  if (operator === 'and') return [...askedBy(tariff, left), ...askedBy(tariff, right)];
  if (!isComparison(operator)) return [];
  const [before, after] = [valueOf(tariff, left), valueOf(tariff, right)];
  if (left.kind === 'name' && after !== undefined) return [{ name: left.name, operator, value: after }];
  if (right.kind === 'name' && before !== undefined)
    return [{ name: right.name, operator: MIRRORED[operator], value: before }];
  return [];
}

/** What is always the same: a number, a text, a day, or a name for one. */
function valueOf({ names }: Tariff, ast: Ast): Value | undefined {
  switch (ast.kind) {
    case 'number':
      return ast.text.endsWith('%') ? number(ast.text.slice(0, -1)).div(100) : number(ast.text);
    case 'text':
      return ast.text;
    case 'date':
      return epochDay(localDate(ast.text));
    case 'name': {
      const code = names.value(ast.name, undefined);
      const value = typeof code === 'string' ? undefined : constantOf(code);
      return value === null || value instanceof Missing ? undefined : value;
    }
    default:
      return undefined;
  }
}

/** Whether no value is what both ask for. */
function excludes(one: Asked, other: Asked): boolean {
  const order = compareValues(one.value, other.value);
  switch (one.operator) {
    case '=':
      return !orderPasses(order, other.operator);
    case '>':
      return other.operator.startsWith('<') && order >= 0;
    case '>=':
      return (other.operator === '<' && order >= 0) || (other.operator === '<=' && order > 0);
    default:
      return false;
  }
}
