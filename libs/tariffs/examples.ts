import { formatMinor, HubError, minorDigits } from '#libs/kernel/index.js';
import { caseOf } from './case.js';
import type { Tariff } from './compile/tariff.js';
import type { Example, ExpectedFee, Formula } from './document/document.js';
import { number } from './engine/person.js';
import type { AsOf, Fact, LockedTerms } from './facts.js';
import { numberInWords } from './language/code.js';
import { price, type Fee } from './price.js';

export interface ExampleResult {
  readonly id: string;
  readonly ok: boolean;
  /** What was expected and what came, where they differ. */
  readonly difference: string | null;
}

/** How a case is priced: by one version, or by all of them. */
export type Pricing = (locked: LockedTerms, facts: readonly Fact[], asOf: AsOf) => readonly Fee[];

/** Runs a tariff's own worked examples: a contract manager proves a tariff with them before it is published. */
export const runExamples = (
  tariff: Tariff,
  pricing: Pricing = (...given) => price(tariff, ...given),
): readonly ExampleResult[] =>
  Object.entries(tariff.document.examples).map(([id, example]) => {
    const difference = differenceOf(tariff, id, example, pricing);
    return { id, ok: difference === null, difference };
  });

function differenceOf(tariff: Tariff, id: string, example: Example, pricing: Pricing): string | null {
  const unreadable = noNumbers(example);
  if (unreadable.length > 0) return unreadable.join('; ');
  let fees: readonly Fee[];
  try {
    const { locked, facts, asOf } = caseOf(tariff, example);
    fees = pricing(locked, facts, asOf);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    if (example.refused === error.code) return null;
    const place = `examples.${id}.${(error.field ?? '').replaceAll(/\[(\d+)\]/g, '.$1')}`;
    return `refused (${error.code}, line ${tariff.lineOf(place)}: ${error.message})`;
  }
  if (example.refused !== undefined) return `expected to be refused (${example.refused}), but was accepted`;
  return (
    [
      ...dueDifferences(example, fees),
      ...otherDifferences(example, fees),
      ...totalDifference(tariff, example, fees),
    ].join('; ') || null
  );
}

/** What is expected and is no number: nothing can be compared with it. */
function noNumbers({ due = {}, total }: Example): readonly string[] {
  const expected = Object.entries(due).flatMap(([key, value]): readonly (readonly [string, Formula])[] =>
    typeof value === 'object'
      ? [
          [`due.${key}`, value.amount],
          ...Object.entries(value.shares ?? {}).map(([payee, share]) => [`due.${key}.shares.${payee}`, share] as const),
        ]
      : [[`due.${key}`, value]],
  );
  const all = total === undefined ? expected : [...expected, ['total', total] as const];
  return all.flatMap(([place, value]) =>
    isNumber(String(value)) ? [] : [`${place}: "${String(value)}" is no number`],
  );
}

function isNumber(text: string): boolean {
  try {
    number(text);
    return true;
  } catch {
    return false;
  }
}

/** `instalment-1`, or `monthly#3` for the third payment of a repeating fee. */
const keyOf = (fee: Fee): string => (fee.occurrence === undefined ? fee.feeId : `${fee.feeId}#${fee.occurrence}`);

function dueDifferences({ due, total }: Example, fees: readonly Fee[]): readonly string[] {
  if (due === undefined) return [];
  const expected = Object.entries(due);
  const wrong = expected.flatMap(([key, value]) => {
    const fee = fees.find((each) => keyOf(each) === key);
    if (fee === undefined) return [`there is no payment ${key} (there are ${fees.map(keyOf).join(', ')})`];
    return compare(key, value, fee);
  });
  if (total !== undefined && expected.length === 0) return wrong;
  // Two versions may pay the same fee: what is expected stands for the first payment, never for a second one too.
  const [first, surplus] = [new Set<string>(), [] as Fee[]];
  for (const fee of fees.filter(({ kind }) => kind === 'due')) {
    if (!Object.hasOwn(due, keyOf(fee)) || first.has(keyOf(fee))) surplus.push(fee);
    first.add(keyOf(fee));
  }
  return [...wrong, ...surplus.map((fee) => `${keyOf(fee)}: expected nothing more, came ${shown(fee)}`)];
}

function compare(key: string, value: ExpectedFee | Formula, fee: Fee): readonly string[] {
  const expected: ExpectedFee = typeof value === 'object' ? value : { amount: value };
  if (fee.kind !== 'due') return [`${key}: expected ${String(expected.amount)}, came ${fee.kind} (${fee.why})`];
  const pairs: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['on', expected.on, fee.on],
    ['claimable from', expected.claimFrom, fee.claimWindow?.from],
    ['claimable until', expected.claimUntil, fee.claimWindow?.until],
    ['paid to', expected.payee, fee.payee],
    ['VAT', expected.vat, fee.vat],
    ['shares', sharesInWords(expected.shares), sharesInWords(sharesOf(fee))],
  ];
  const wrong = pairs.flatMap(([what, want, came]) =>
    want === undefined || want === came ? [] : [`${key}: expected ${what} ${want}, came ${came ?? 'nothing'}`],
  );
  const same = amountOf(fee).equals(number(String(expected.amount)));
  return same ? wrong : [`${key}: expected ${String(expected.amount)}, came ${shown(fee)} (${fee.why})`, ...wrong];
}

const sharesOf = ({ shares = [] }: Fee & { kind: 'due' }): Readonly<Record<string, string>> =>
  Object.fromEntries(
    shares.map(({ payee, amount }) => [payee, formatMinor(amount.amountMinor, amount.currency)] as const),
  );

const sharesInWords = (shares: Readonly<Record<string, Formula>> | undefined): string | undefined =>
  shares === undefined
    ? undefined
    : Object.keys(shares)
        .sort()
        .map((payee) => `${payee} ${numberInWords(number(String(shares[payee])))}`)
        .join(', ');

const amountOf = (fee: Fee) =>
  fee.kind === 'due'
    ? number(fee.amount.amountMinor.toString()).div(10 ** minorDigits(fee.amount.currency))
    : number('0');

const shown = (fee: Fee): string => (fee.kind === 'due' ? `${numberInWords(amountOf(fee))} on ${fee.on}` : fee.kind);

const otherDifferences = ({ others = {} }: Example, fees: readonly Fee[]): readonly string[] =>
  Object.entries(others).flatMap(([key, kind]) => {
    const fee = fees.find((each) => keyOf(each) === key);
    return fee?.kind === kind
      ? []
      : [`${key}: expected ${kind}, came ${fee === undefined ? 'no such payment' : `${fee.kind} (${fee.why})`}`];
  });

function totalDifference(tariff: Tariff, { total }: Example, fees: readonly Fee[]): readonly string[] {
  if (total === undefined) return [];
  const sum = fees.reduce((all, fee) => (fee.direction === 'pay' ? all.add(amountOf(fee)) : all), number('0'));
  return sum.equals(number(String(total)))
    ? []
    : [`the total is ${numberInWords(sum)} ${tariff.currency}, expected ${String(total)}`];
}
