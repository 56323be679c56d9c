import { formatMinor, HubError, localDate } from '#libs/kernel/index.js';
import { checkFacts, checkTerms } from './check.js';
import type { Tariff } from './compile.js';
import type { Example } from './document.js';
import { price } from './price.js';

export interface ExampleResult {
  readonly id: string;
  readonly ok: boolean;
  /** What was expected and what came, where they differ. */
  readonly difference: string | null;
}

/** Runs a tariff's own worked examples: a contract manager proves a tariff with them before it is published. */
export const runExamples = (tariff: Tariff): readonly ExampleResult[] =>
  tariff.document.examples.map((example) => {
    const difference = differenceOf(tariff, example);
    return { id: example.id, ok: difference === null, difference };
  });

function differenceOf(tariff: Tariff, example: Example): string | null {
  const locked = { values: example.terms ?? {}, attributes: example.attributes ?? {} };
  try {
    checkTerms(tariff, locked);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return example.refused === error.code ? null : `refused (${error.code}: ${error.message})`;
  }
  if (example.refused !== undefined) return `expected to be refused (${example.refused}), but was accepted`;
  const fees = price(tariff, locked, checkFacts(example.facts ?? []), { day: localDate(example.asOf) });
  const differences: string[] = [];
  for (const fee of fees) {
    const expected = example.due?.[fee.feeId];
    const came =
      fee.kind === 'due' ? `${formatMinor(fee.amount.amountMinor, tariff.currency)} on ${fee.on}` : undefined;
    if (expected === undefined) {
      if (came !== undefined) differences.push(`${fee.feeId}: expected nothing, came ${came}`);
    } else if (fee.kind !== 'due') {
      differences.push(`${fee.feeId}: expected ${expected.amount}, came ${fee.kind} (${fee.why})`);
    } else {
      const sameDay = expected.on === undefined || expected.on === fee.on;
      if (!sameDay || formatMinor(fee.amount.amountMinor, tariff.currency) !== expected.amount) {
        differences.push(
          `${fee.feeId}: expected ${expected.amount}${expected.on === undefined ? '' : ` on ${expected.on}`}, came ${came ?? ''}`,
        );
      }
    }
  }
  const unknown = Object.keys(example.due ?? {}).filter((id) => !fees.some((fee) => fee.feeId === id));
  return [...differences, ...unknown.map((id) => `there is no fee "${id}"`)].join('; ') || null;
}
