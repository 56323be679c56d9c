import { HubError } from '#libs/kernel/index.js';
import { caseOf } from '../case.js';
import type { Tariff } from '../compile/tariff.js';
import type { Example } from '../document/document.js';
import { price, type Fee } from '../price.js';
import { repricing, type Repricing } from './reprice.js';

/** One place of the document that says something else. */
export interface Change {
  readonly place: string;
  /** Undefined where the place is new. */
  readonly before: string | undefined;
  /** Undefined where the place is gone. */
  readonly after: string | undefined;
}

/** What an example comes to under both versions, where that differs. */
export interface ChangedExample {
  readonly example: string;
  readonly from: 'before' | 'after';
  readonly changes: readonly Repricing[];
  /** One version refuses the terms: which, and why. */
  readonly refused: string | undefined;
}

export interface TariffDiff {
  readonly changes: readonly Change[];
  readonly examples: readonly ChangedExample[];
}

/** What changed between two versions, rule by rule, and for whom: the examples of both, priced by both. */
export function diffTariffs(before: Tariff, after: Tariff): TariffDiff {
  const examples = (from: 'before' | 'after', tariff: Tariff): readonly ChangedExample[] =>
    Object.entries(tariff.document.examples).flatMap(([id, example]) => {
      const changed = changedExample(before, after, example);
      return changed === undefined ? [] : [{ example: id, from, ...changed }];
    });
  return { changes: changesOf(before, after), examples: [...examples('before', before), ...examples('after', after)] };
}

function changesOf(before: Tariff, after: Tariff): readonly Change[] {
  const [old, fresh] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((place) => {
    const [was, is] = [old.get(place), fresh.get(place)];
    return was === is ? [] : [{ place, before: was, after: is }];
  });
}

const NO_RULES: ReadonlySet<string> = new Set(['examples', 'sources', 'open']);

/** Every rule of the document by its place; examples, sources and notes are no rules. */
function leavesOf({ document }: Tariff): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const walk = (node: unknown, place: string): void => {
    if (typeof node === 'object' && node !== null) {
      for (const [key, value] of Object.entries(node))
        if (key !== 'note') walk(value, place === '' ? key : `${place}.${key}`);
    } else leaves.set(place, String(node).trim().replace(/\s+/g, ' '));
  };
  for (const [key, value] of Object.entries(document)) if (!NO_RULES.has(key)) walk(value, key);
  return leaves;
}

function changedExample(
  before: Tariff,
  after: Tariff,
  example: Example,
): Pick<ChangedExample, 'changes' | 'refused'> | undefined {
  const [old, fresh] = [attempt(before, example), attempt(after, example)];
  if (typeof old === 'string' || typeof fresh === 'string') {
    if (typeof old === 'string' && typeof fresh === 'string') return undefined;
    const [only, why] = typeof old === 'string' ? [before, old] : [after, fresh];
    const refused = `refused by ${only.version} only: ${typeof why === 'string' ? why : ''}`;
    return { changes: [], refused };
  }
  const changes = repricing(old, fresh);
  return changes.length === 0 ? undefined : { changes, refused: undefined };
}

function attempt(tariff: Tariff, example: Example): readonly Fee[] | string {
  try {
    const { locked, facts, asOf } = caseOf(tariff, example);
    return price(tariff, locked, facts, asOf);
  } catch (error) {
    if (error instanceof HubError) return error.message;
    throw error;
  }
}
