import { CLAIM_MOVES } from '../domain/claim.js';
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

/** What may still be drawn: of open commitments all that is left, of settled ones what claims wait to be certified. */
const RESERVED = `
  select c.currency, coalesce(sum(case when c.state = 'APPROVED' then greatest(c.amount_minor - c.drawn_minor, 0) else o.asked end), 0)::bigint
    as "amountMinor"
  from settlement.commitment c left join (
    select referral_id, sum(asked_minor) as asked from settlement.claim where state = any($1::text[]) group by 1) o using (referral_id)
  where c.state in ('APPROVED', 'SETTLED') group by 1 order by 1`;

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
    reserved: await sql<MoneySum>(tx, RESERVED, [CLAIM_MOVES.cancel]),
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
