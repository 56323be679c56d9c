import { HubError, isUuid } from '#libs/kernel/index.js';
import { canonicalJson, sql, type Tx } from '#libs/platform/postgres/index.js';
import type { Payable, PayableState } from '../domain/payable.js';

const PAYABLE = `p.id, p.state, p.authority_id as "authorityId", p.provider_id as "providerId", p.statement_id as "statementId",
  p.statement_number as "statementNumber", p.amount_minor as "amountMinor", p.currency, p.reference,
  p.end_to_end_id as "endToEndId", p.file_id as "fileId", p.reason, p.attempts, p.version`;

const COLUMNS = `id uuid, state text, "authorityId" uuid, "providerId" uuid, "statementId" uuid, "statementNumber" text,
  "amountMinor" bigint, currency text, reference text, "endToEndId" text, "fileId" uuid, reason text, attempts integer, version integer`;

export async function insertPayables(tx: Tx, payables: readonly Payable[]): Promise<void> {
  if (payables.length === 0) return;
  await sql(
    tx,
    `insert into settlement.payable (id, state, authority_id, provider_id, statement_id, statement_number, amount_minor, currency,
       reference, end_to_end_id, file_id, reason, attempts, version)
     select * from jsonb_to_recordset($1::jsonb) as (${COLUMNS})`,
    [canonicalJson(payables)],
  );
}

/** Payables by id, locked in the order of their ids. */
export async function lockPayables(tx: Tx, ids: readonly string[]): Promise<Payable[]> {
  return sql<Payable>(
    tx,
    `select ${PAYABLE} from settlement.payable p where p.id = any($1::uuid[]) order by p.id for update`,
    [ids.filter(isUuid)],
  );
}

export async function lockOpenPayables(tx: Tx, authorityId: string, limit: number): Promise<Payable[]> {
  return sql<Payable>(
    tx,
    `select ${PAYABLE} from settlement.payable p where p.authority_id = $1 and p.state = 'OPEN' order by p.id limit $2 for update`,
    [authorityId, limit],
  );
}

export async function listPayables(
  tx: Tx,
  page: { readonly states: readonly PayableState[] | null; readonly after: string | null; readonly limit: number },
): Promise<Payable[]> {
  return sql<Payable>(
    tx,
    `select ${PAYABLE} from settlement.payable p
     where ($1::text[] is null or p.state = any($1)) and ($2::uuid is null or p.id > $2) order by p.id limit $3`,
    [page.states, page.after, page.limit],
  );
}

/** Payables of statements, by statement. */
export async function payablesOfStatements(tx: Tx, statementIds: readonly string[]): Promise<Map<string, Payable>> {
  const rows = await sql<Payable>(
    tx,
    `select ${PAYABLE} from settlement.payable p where p.statement_id = any($1::uuid[])`,
    [statementIds],
  );
  return new Map(rows.map((row) => [row.statementId, row]));
}

/** Error: `payable.changed` (retriable) when another transaction was faster. */
export async function savePayables(tx: Tx, payables: readonly Payable[], before: readonly Payable[]): Promise<void> {
  if (payables.length === 0) return;
  const versions = new Map(before.map((payable) => [payable.id, payable.version]));
  const saved = await sql(
    tx,
    `update settlement.payable p set state = n.state, end_to_end_id = n."endToEndId", file_id = n."fileId", reason = n.reason,
       attempts = n.attempts, version = n.version
     from jsonb_to_recordset($1::jsonb) as n(${COLUMNS}, "versionBefore" integer)
     where p.id = n.id and p.version = n."versionBefore" returning p.id`,
    [canonicalJson(payables.map((payable) => ({ ...payable, versionBefore: versions.get(payable.id) })))],
  );
  if (saved.length !== payables.length) {
    throw new HubError('payable.changed', 'Somebody else changed a payable at the same moment: look again.', {
      retriable: true,
    });
  }
}
