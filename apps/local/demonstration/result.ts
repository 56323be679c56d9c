import { endingsOf, type Ending } from './mistakes.js';
import type { Partners } from './partners.js';
import type { Progress } from './progress.js';
import { storiesOf } from './stories.js';

type Counts = Readonly<Record<string, number>>;
/** Amounts in minor units as text, by currency. */
type Sums = Readonly<Record<string, string>>;

export interface Result {
  readonly people: number;
  /** Accepted once, whatever became of them: each has its commitment. */
  readonly referralsAccepted: number;
  readonly referralsByState: Counts;
  readonly outcomesByKind: Counts;
  readonly claimsByState: Counts;
  readonly commitmentsByState: Counts;
  /** By fee, then by currency. */
  readonly moneyByFee: Readonly<Record<string, Sums>>;
  readonly committedMinor: Sums;
  readonly drawnMinor: Sums;
  /** What may still become due. */
  readonly reservedMinor: Sums;
  readonly certifiedMinor: Sums;
  /** In released payment files, attempt by attempt: paid, rejected, returned, or awaiting the bank's answer. */
  readonly sentMinor: Sums;
  readonly awaitingMinor: Sums;
  readonly rejectedMinor: Sums;
  readonly returnedMinor: Sums;
  readonly paidMinor: Sums;
  readonly reconciledMinor: Sums;
  /** What came back, and of it what providers transferred themselves; what is decided to come back; what never will. */
  readonly recoveredMinor: Sums;
  readonly repaidMinor: Sums;
  readonly toRecoverMinor: Sums;
  readonly writtenOffMinor: Sums;
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
  'reserved',
  'certified',
  'sent',
  'awaiting',
  'rejected',
  'returned',
  'paid',
  'reconciled',
  'recovered',
  'repaid',
  'toRecover',
  'writtenOff',
  'owed',
  'inTransit',
  'trialBalance',
] as const;

type Summary = {
  readonly people: number;
  readonly referralsAccepted: number;
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
    `{ programmeSummary { people referralsAccepted ${COUNTS.map((name) => `${name} { code count }`).join(' ')}
         ${SUMS.map((name) => `${name} { currency amountMinor }`).join(' ')} moneyByFee { tariffId feeId currency certifiedMinor } } }`,
  );
  const counts = (name: (typeof COUNTS)[number]): Counts =>
    sorted(summary[name].map(({ code, count }) => [code, count]));
  const sums = (name: (typeof SUMS)[number]): Sums =>
    sorted(summary[name].map(({ currency, amountMinor }) => [currency, amountMinor]));
  const fees = Map.groupBy(summary.moneyByFee, ({ tariffId, feeId }) => `${tariffId}/${feeId}`);
  return {
    people: summary.people,
    referralsAccepted: summary.referralsAccepted,
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
    reservedMinor: sums('reserved'),
    certifiedMinor: sums('certified'),
    sentMinor: sums('sent'),
    awaitingMinor: sums('awaiting'),
    rejectedMinor: sums('rejected'),
    returnedMinor: sums('returned'),
    paidMinor: sums('paid'),
    reconciledMinor: sums('reconciled'),
    recoveredMinor: sums('recovered'),
    repaidMinor: sums('repaid'),
    toRecoverMinor: sums('toRecover'),
    writtenOffMinor: sums('writtenOff'),
    owedMinor: sums('owed'),
    inTransitMinor: sums('inTransit'),
    breaksByReason: counts('breaksByReason'),
    trialBalanceMinor: sums('trialBalance'),
    mistakes: await endingsOf(partners, progress, storiesOf(seed)),
  };
}

const sorted = <Value>(entries: readonly (readonly [string, Value])[]): Readonly<Record<string, Value>> =>
  Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));

/** What does not add up, one sentence each: nothing, when all is well. Every equation has its two sides from different tables. */
export function problemsOf(result: Result): readonly string[] {
  const problems: string[] = [];
  const commitments = Object.values(result.commitmentsByState).reduce((sum, count) => sum + count, 0);
  if (result.referralsAccepted !== commitments)
    problems.push(`${result.referralsAccepted} referrals were accepted, and there are ${commitments} commitments.`);
  const currencies = Object.keys(result.trialBalanceMinor);
  // In its first weeks the programme has certified nothing yet.
  if (currencies.length === 0 && Object.keys(result.certifiedMinor).length > 0) problems.push('There are no books.');
  for (const currency of currencies) problems.push(...moneyProblems(result, currency));
  return problems;
}

function moneyProblems(result: Result, currency: string): readonly string[] {
  const of = (sums: Sums): bigint => BigInt(sums[currency] ?? '0');
  const certified = of(result.certifiedMinor);
  const recovered = of(result.recoveredMinor);
  const byFee = Object.values(result.moneyByFee).reduce((sum, sums) => sum + of(sums), 0n);
  const equations: readonly (readonly [what: string, one: bigint, other: bigint])[] = [
    ['The books, and zero', of(result.trialBalanceMinor), 0n],
    ['What was certified, and the fees it is for', certified, byFee],
    [
      'What was certified, and paid with what is owed and was taken from later months',
      certified,
      of(result.paidMinor) + of(result.owedMinor) + recovered - of(result.repaidMinor),
    ],
    [
      'What was drawn from the commitments, and certified less recovered, to recover and written off',
      of(result.drawnMinor),
      certified - recovered - of(result.toRecoverMinor) - of(result.writtenOffMinor),
    ],
    [
      'What was sent to the bank, and paid with rejected, returned and awaiting its answer',
      of(result.sentMinor),
      of(result.paidMinor) + of(result.rejectedMinor) + of(result.returnedMinor) + of(result.awaitingMinor),
    ],
    [
      'What was paid, and reconciled with what is in transit',
      of(result.paidMinor),
      of(result.reconciledMinor) + of(result.inTransitMinor),
    ],
  ];
  return equations.flatMap(([what, one, other]) =>
    one === other ? [] : [`${what} differ in ${currency}: ${String(one)} and ${String(other)}.`],
  );
}
