import { endingsOf, type Ending } from './mistakes.js';
import type { Partners } from './partners.js';
import type { Progress } from './progress.js';
import { storiesOf } from './stories.js';
import { PROGRAMMES } from './world.js';

type Counts = Readonly<Record<string, number>>;
/** Amounts in minor units as text, by currency. */
type Sums = Readonly<Record<string, string>>;

export interface Result {
  readonly people: number;
  readonly referralsByState: Counts;
  readonly outcomesByKind: Counts;
  readonly claimsByState: Counts;
  readonly commitmentsByState: Counts;
  readonly moneyByFee: Counts;
  readonly certifiedMinor: Sums;
  readonly paidMinor: Sums;
  readonly returnedMinor: Sums;
  readonly reconciledMinor: Sums;
  readonly recoveredMinor: Sums;
  readonly breaksByReason: Counts;
  readonly trialBalanceMinor: Sums;
  /** The mistakes of the programme and where each one ended. */
  readonly mistakes: readonly Ending[];
}

interface Summary {
  readonly people: number;
  readonly moneyByFee: readonly {
    readonly tariffId: string;
    readonly feeId: string;
    readonly currency: string;
    readonly certifiedMinor: string;
  }[];
  readonly [list: string]: unknown;
}

const COUNTS = ['referralsByState', 'outcomesByKind', 'claimsByState', 'commitmentsByState', 'breaksByReason'] as const;
const SUMS = ['certified', 'paid', 'returned', 'reconciled', 'recovered', 'trialBalance'] as const;

/** The programme's figures, as each authority's manager is told them, added up. */
export async function resultOf(partners: Partners, progress: Progress, seed: string): Promise<Result> {
  const summaries: Summary[] = [];
  for (const programme of PROGRAMMES) {
    const manager = partners.manager(programme, 1);
    const { programmeSummary } = await manager.ask<{ programmeSummary: Summary }>(
      `{ programmeSummary { people ${COUNTS.map((name) => `${name} { code count }`).join(' ')}
         ${SUMS.map((name) => `${name} { currency amountMinor }`).join(' ')} moneyByFee { tariffId feeId currency certifiedMinor } } }`,
    );
    summaries.push(programmeSummary);
  }
  const counts = (name: string): Counts =>
    added(
      summaries.flatMap((summary) =>
        (summary[name] as { code: string; count: number }[]).map(({ code, count }) => [code, BigInt(count)]),
      ),
      Number,
    );
  const sums = (name: string): Sums =>
    added(
      summaries.flatMap((summary) =>
        (summary[name] as { currency: string; amountMinor: string }[]).map(({ currency, amountMinor }) => [
          currency,
          BigInt(amountMinor),
        ]),
      ),
      String,
    );
  return {
    people: summaries.reduce((total, summary) => total + summary.people, 0),
    referralsByState: counts('referralsByState'),
    outcomesByKind: counts('outcomesByKind'),
    claimsByState: counts('claimsByState'),
    commitmentsByState: counts('commitmentsByState'),
    moneyByFee: added(
      summaries.flatMap((summary) =>
        summary.moneyByFee.map((row) => [`${row.tariffId}/${row.feeId}`, BigInt(row.certifiedMinor)]),
      ),
      Number,
    ),
    certifiedMinor: sums('certified'),
    paidMinor: sums('paid'),
    returnedMinor: sums('returned'),
    reconciledMinor: sums('reconciled'),
    recoveredMinor: sums('recovered'),
    breaksByReason: counts('breaksByReason'),
    trialBalanceMinor: sums('trialBalance'),
    mistakes: await endingsOf(partners, progress, storiesOf(seed)),
  };
}

function added<Value>(
  entries: readonly (readonly [string, bigint])[],
  as: (total: bigint) => Value,
): Readonly<Record<string, Value>> {
  const totals = new Map<string, bigint>();
  for (const [code, amount] of entries) totals.set(code, (totals.get(code) ?? 0n) + amount);
  return Object.fromEntries([...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, total]) => [code, as(total)]));
}

/** What does not add up, one sentence each: nothing, when all is well. */
export function problemsOf(result: Result): readonly string[] {
  const problems: string[] = [];
  for (const [currency, amount] of Object.entries(result.trialBalanceMinor)) {
    if (amount !== '0') problems.push(`The books of ${currency} sum to ${amount}, not to zero.`);
  }
  for (const [currency, paid] of Object.entries(result.paidMinor)) {
    if (BigInt(paid) > BigInt(result.certifiedMinor[currency] ?? '0'))
      problems.push(`More ${currency} was paid than certified.`);
    if (BigInt(result.reconciledMinor[currency] ?? '0') > BigInt(paid))
      problems.push(`More ${currency} was reconciled than paid.`);
  }
  if (Object.keys(result.trialBalanceMinor).length === 0) problems.push('There are no books.');
  return problems;
}
