import { endingsOf, type Ending } from './mistakes.js';
import type { Partners } from './partners.js';
import type { Progress } from './progress.js';
import { storiesOf } from './stories.js';

type Counts = Readonly<Record<string, number>>;
/** Amounts in minor units as text, by currency. */
type Sums = Readonly<Record<string, string>>;

export interface Result {
  readonly people: number;
  readonly referralsByState: Counts;
  readonly outcomesByKind: Counts;
  readonly claimsByState: Counts;
  readonly commitmentsByState: Counts;
  /** By fee, then by currency. */
  readonly moneyByFee: Readonly<Record<string, Sums>>;
  readonly committedMinor: Sums;
  readonly drawnMinor: Sums;
  readonly certifiedMinor: Sums;
  readonly paidMinor: Sums;
  readonly returnedMinor: Sums;
  readonly reconciledMinor: Sums;
  readonly recoveredMinor: Sums;
  /** Certified and not paid yet; executed and not yet on a bank statement. Both as the books have it. */
  readonly owedMinor: Sums;
  readonly inTransitMinor: Sums;
  readonly breaksByReason: Counts;
  readonly trialBalanceMinor: Sums;
  /** The mistakes of the programme and where each one ended. */
  readonly mistakes: readonly Ending[];
}

const COUNTS = ['referralsByState', 'outcomesByKind', 'claimsByState', 'commitmentsByState', 'breaksByReason'] as const;
const SUMS = [
  'committed',
  'drawn',
  'certified',
  'paid',
  'returned',
  'reconciled',
  'recovered',
  'owed',
  'inTransit',
  'trialBalance',
] as const;

type Summary = {
  readonly people: number;
  readonly moneyByFee: readonly {
    readonly tariffId: string;
    readonly feeId: string;
    readonly currency: string;
    readonly certifiedMinor: string;
  }[];
} & Readonly<Record<(typeof COUNTS)[number], readonly { readonly code: string; readonly count: number }[]>> &
  Readonly<Record<(typeof SUMS)[number], readonly { readonly currency: string; readonly amountMinor: string }[]>>;

/** The programme's figures, as the authority's manager is told them. */
export async function resultOf(partners: Partners, progress: Progress, seed: string): Promise<Result> {
  const { programmeSummary: summary } = await partners.manager(1).ask<{ programmeSummary: Summary }>(
    `{ programmeSummary { people ${COUNTS.map((name) => `${name} { code count }`).join(' ')}
         ${SUMS.map((name) => `${name} { currency amountMinor }`).join(' ')} moneyByFee { tariffId feeId currency certifiedMinor } } }`,
  );
  const counts = (name: (typeof COUNTS)[number]): Counts =>
    sorted(summary[name].map(({ code, count }) => [code, count]));
  const sums = (name: (typeof SUMS)[number]): Sums =>
    sorted(summary[name].map(({ currency, amountMinor }) => [currency, amountMinor]));
  const fees = Map.groupBy(summary.moneyByFee, ({ tariffId, feeId }) => `${tariffId}/${feeId}`);
  return {
    people: summary.people,
    referralsByState: counts('referralsByState'),
    outcomesByKind: counts('outcomesByKind'),
    claimsByState: counts('claimsByState'),
    commitmentsByState: counts('commitmentsByState'),
    moneyByFee: sorted(
      [...fees].map(([fee, rows]) => [
        fee,
        sorted(rows.map(({ currency, certifiedMinor }) => [currency, certifiedMinor])),
      ]),
    ),
    committedMinor: sums('committed'),
    drawnMinor: sums('drawn'),
    certifiedMinor: sums('certified'),
    paidMinor: sums('paid'),
    returnedMinor: sums('returned'),
    reconciledMinor: sums('reconciled'),
    recoveredMinor: sums('recovered'),
    owedMinor: sums('owed'),
    inTransitMinor: sums('inTransit'),
    breaksByReason: counts('breaksByReason'),
    trialBalanceMinor: sums('trialBalance'),
    mistakes: await endingsOf(partners, progress, storiesOf(seed)),
  };
}

const sorted = <Value>(entries: readonly (readonly [string, Value])[]): Readonly<Record<string, Value>> =>
  Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));

/** Referrals that were accepted once, whatever became of them: each has its commitment. */
const ACCEPTED = ['ACCEPTED', 'STARTED', 'COMPLETED', 'ENDED_EARLY', 'ENTERED_IN_ERROR'];

/** What does not add up, one sentence each: nothing, when all is well. Every equation has its two sides from different tables. */
export function problemsOf(result: Result): readonly string[] {
  const problems: string[] = [];
  const total = (counts: Counts, codes: readonly string[] = Object.keys(counts)): number =>
    codes.reduce((sum, code) => sum + (counts[code] ?? 0), 0);
  const accepted = total(result.referralsByState, ACCEPTED);
  const commitments = total(result.commitmentsByState);
  if (accepted !== commitments)
    problems.push(`${accepted} referrals were accepted, and there are ${commitments} commitments.`);
  const currencies = Object.keys(result.trialBalanceMinor);
  // In its first weeks the programme has certified nothing yet.
  if (currencies.length === 0 && Object.keys(result.certifiedMinor).length > 0) problems.push('There are no books.');
  for (const currency of currencies) problems.push(...moneyProblems(result, currency));
  return problems;
}

function moneyProblems(result: Result, currency: string): readonly string[] {
  const of = (sums: Sums): bigint => BigInt(sums[currency] ?? '0');
  const { certifiedMinor, paidMinor, recoveredMinor, owedMinor, drawnMinor } = result;
  const certified = of(certifiedMinor);
  const byFee = Object.values(result.moneyByFee).reduce((sum, sums) => sum + of(sums), 0n);
  const equations: readonly (readonly [what: string, one: bigint, other: bigint])[] = [
    ['The books, and zero', of(result.trialBalanceMinor), 0n],
    ['What was certified, and the fees it is for', certified, byFee],
    [
      'What was certified, and paid with what is owed and was recovered',
      certified,
      of(paidMinor) + of(owedMinor) + of(recoveredMinor),
    ],
    [
      'What was drawn from the commitments, and certified less recovered',
      of(drawnMinor),
      certified - of(recoveredMinor),
    ],
    [
      'What was paid, and reconciled with what is in transit',
      of(paidMinor),
      of(result.reconciledMinor) + of(result.inTransitMinor),
    ],
  ];
  return [
    ...equations.flatMap(([what, one, other]) =>
      one === other ? [] : [`${what} differ in ${currency}: ${String(one)} and ${String(other)}.`],
    ),
    ...(of(drawnMinor) > of(result.committedMinor) ? [`More ${currency} was drawn than committed.`] : []),
  ];
}
