import { caseOf } from '../case.js';
import type { Tariff } from '../compile/tariff.js';
import type { Example } from '../document/document.js';
import type { ClaimWindow, Fee } from '../price.js';
import { isNote } from './finding.js';
import { attempt, pairNames } from './pair.js';
import { keyOf, repricing, type Repricing } from './reprice.js';

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
  /** Payments that come to the same, or wait in both, and for which something else is to be done. */
  readonly conditions: readonly ChangedCondition[];
  /** One version refuses the case: which, and why. */
  readonly refused: string | undefined;
}

/** What a payment is claimed within, or what a register is asked for it. */
export interface ChangedCondition {
  readonly feeId: string;
  readonly occurrence: string;
  readonly what: 'claim' | 'question';
  readonly before: string;
  readonly after: string;
}

export interface TariffDiff {
  readonly changes: readonly Change[];
  readonly examples: readonly ChangedExample[];
}

/** What changed between two versions, rule by rule, and for whom: the examples of both, priced by both. */
export function diffTariffs(before: Tariff, after: Tariff): TariffDiff {
  const examples = (
    from: 'before' | 'after',
    given: readonly (readonly [string, Example])[],
  ): readonly ChangedExample[] =>
    given.flatMap(([id, example]) => {
      const changed = changedExample(before, after, example);
      return changed === undefined ? [] : [{ example: id, from, ...changed }];
    });
  const old = Object.entries(before.document.examples);
  const inBefore = new Set(old.map((each) => JSON.stringify(each)));
  const fresh = Object.entries(after.document.examples).filter((each) => !inBefore.has(JSON.stringify(each)));
  return { changes: changesOf(before, after), examples: [...examples('before', old), ...examples('after', fresh)] };
}

function changesOf(before: Tariff, after: Tariff): readonly Change[] {
  const old = new Map([...leavesOf(before), ...capOrders(before, after)]);
  const fresh = new Map([...leavesOf(after), ...capOrders(after, before)]);
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((place) => {
    const [was, is] = [old.get(place), fresh.get(place)];
    return was === is ? [] : [{ place, before: was, after: is }];
  });
}

const NO_RULES: ReadonlySet<string> = new Set(['examples', 'sources', 'open']);

/** Every rule of the document by its place; examples, sources and notes are no rules. */
function leavesOf({ document }: Tariff): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const walk = (node: unknown, path: readonly string[]): void => {
    if (isNote(path)) return;
    if (typeof node === 'object' && node !== null) {
      for (const [key, value] of Object.entries(node)) walk(value, [...path, key]);
    } else leaves.set(path.join('.'), String(node).trim().replace(/\s+/g, ' '));
  };
  for (const [key, value] of Object.entries(document)) if (!NO_RULES.has(key)) walk(value, [key]);
  return leaves;
}

/** Caps pay in the order of the document on one day, so for the fees that are under a cap in both it is a rule. */
function capOrders(one: Tariff, other: Tariff): ReadonlyMap<string, string> {
  return new Map(
    one.caps.flatMap(({ id, fees }) => {
      const others = other.caps.find((cap) => cap.id === id)?.fees;
      const both = one.fees.filter((fee) => fees.has(fee.id) && others?.has(fee.id)).map((fee) => fee.id);
      return both.length > 1 ? [[`caps.${id} (order on one day)`, both.join(', ')] as const] : [];
    }),
  );
}

function changedExample(
  before: Tariff,
  after: Tariff,
  example: Example,
): Omit<ChangedExample, 'example' | 'from'> | undefined {
  const old = attempt(before, () => caseOf(before, example));
  const fresh = attempt(after, () => caseOf(after, example));
  const [one, other] = pairNames(before, after);
  const refused = (name: string, why: string) => ({
    changes: [],
    conditions: [],
    refused: `refused by ${name} only: ${why}`,
  });
  if (typeof old === 'string') return typeof fresh === 'string' ? undefined : refused(one, old);
  if (typeof fresh === 'string') return refused(other, fresh);
  const changes = repricing(old.fees, fresh.fees);
  const conditions = changedConditions(old.fees, fresh.fees);
  return changes.length + conditions.length === 0 ? undefined : { changes, conditions, refused: undefined };
}

/** Where a payment is answered alike by both, but within other days or after other questions. */
function changedConditions(before: readonly Fee[], after: readonly Fee[]): readonly ChangedCondition[] {
  const fresh = new Map(after.map((fee) => [keyOf(fee), fee]));
  return before.flatMap((was) => {
    const is = fresh.get(keyOf(was));
    if (is?.kind !== was.kind) return [];
    const { feeId, occurrence = '' } = is;
    const change = (what: ChangedCondition['what'], words: (fee: Fee) => string): readonly ChangedCondition[] =>
      words(was) === words(is) ? [] : [{ feeId, occurrence, what, before: words(was), after: words(is) }];
    return [...change('claim', claimInWords), ...change('question', questionInWords)];
  });
}

const claimInWords = (fee: Fee): string => {
  const { from, until }: ClaimWindow = ('claimWindow' in fee ? fee.claimWindow : undefined) ?? {};
  return [...(from === undefined ? [] : [`from ${from}`]), ...(until === undefined ? [] : [`until ${until}`])].join(
    ' ',
  );
};

const VERIFIED = 'verification:';

const questionInWords = (fee: Fee): string => {
  if (fee.kind === 'needs') return fee.question;
  if (fee.kind !== 'due') return '';
  const asked = fee.factsUsed.filter((fact) => fact.startsWith(VERIFIED));
  return asked.map((fact) => fact.slice(VERIFIED.length)).join(', ');
};
