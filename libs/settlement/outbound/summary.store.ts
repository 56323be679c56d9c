import { sql, type Tx } from '#libs/platform/postgres/index.js';

export interface CountByCode {
  readonly code: string;
  readonly count: number;
}

export interface MoneySum {
  readonly currency: string;
  readonly amountMinor: bigint;
}

const counts = (tx: Tx, from: string, code: string, where = 'true'): Promise<CountByCode[]> =>
  sql<CountByCode>(
    tx,
    `select ${code} as code, count(*)::int as count from settlement.${from} where ${where} group by 1 order by 1`,
  );

const sums = (tx: Tx, from: string, amount: string, where: string): Promise<MoneySum[]> =>
  sql<MoneySum>(
    tx,
    `select currency, coalesce(sum(${amount}), 0)::bigint as "amountMinor" from settlement.${from} where ${where} group by 1 order by 1`,
  );

const SENT = `state not in ('PREPARED', 'DISCARDED')`;

/** Counts and sums over what row-level security shows the caller. */
export async function summaryRows(tx: Tx) {
  return {
    claimsByState: await counts(tx, 'claim', 'state'),
    moneyByFee: await sql<{
      tariffId: string;
      feeId: string;
      claims: number;
      currency: string;
      certifiedMinor: bigint;
    }>(
      tx,
      `select tariff_id as "tariffId", fee_id as "feeId", count(*)::int as claims, currency,
         coalesce(sum(certified_minor), 0)::bigint as "certifiedMinor"
       from settlement.claim where state not in ('CANCELLED', 'REJECTED') group by 1, 2, 4 order by 1, 2, 4`,
    ),
    commitmentsByState: await counts(tx, 'commitment', 'state'),
    committed: await sums(tx, 'commitment', 'amount_minor', `state <> 'CANCELLED'`),
    reserved: await sums(tx, 'commitment', 'amount_minor - drawn_minor', `state = 'APPROVED'`),
    drawn: await sums(tx, 'commitment', 'drawn_minor', 'true'),
    certified: await sums(tx, 'claim', 'certified_minor', `state = 'CERTIFIED'`),
    sent: await sums(tx, 'payment_file', 'sum_minor', SENT),
    awaiting: await sums(
      tx,
      'payment_transfer',
      'amount_minor',
      `state = 'IN_FILE' and file_id in (select id from settlement.payment_file where ${SENT})`,
    ),
    // What is with the provider now; payments that the bank rejected or returned are stated beside it.
    paid: await sums(tx, 'payable', 'amount_minor', `state in ('EXECUTED', 'RECONCILED')`),
    rejected: await sums(tx, 'payment_transfer', 'amount_minor', `state = 'REJECTED'`),
    returned: await sums(tx, 'payment_transfer', 'amount_minor', `state = 'RETURNED'`),
    reconciled: await sums(tx, 'payable', 'amount_minor', `state = 'RECONCILED'`),
    recovered: await sums(tx, 'recovery', 'recovered_minor', 'recovered_minor > 0'),
    repaid: await sums(tx, 'unmatched_item', 'amount_minor', `not open and settlement->>'as' = 'REPAYMENT'`),
    breaksByReason: await counts(tx, 'unmatched_item', 'kind', 'open'),
  };
}
