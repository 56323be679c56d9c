import { isUuid, type LocalDate } from '#libs/kernel/index.js';
import { canonicalJson, sql, type Tx } from '#libs/platform/postgres/index.js';
import type { ProviderStatementId } from '../contract/ids.js';
import type { StatementLine } from '../domain/provider-statement.js';

/** One month of one provider with one authority, as issued. */
export interface ProviderStatement {
  readonly id: ProviderStatementId;
  readonly number: string;
  readonly authorityId: string;
  readonly providerId: string;
  readonly month: string;
  readonly currency: string;
  readonly broughtForwardMinor: bigint;
  readonly netMinor: bigint;
  readonly carriedForwardMinor: bigint;
  readonly lines: readonly StatementLine[];
}

const STATEMENT = `s.id, s.number, s.authority_id as "authorityId", s.provider_id as "providerId", s.month, s.currency,
  s.brought_forward_minor as "broughtForwardMinor", s.net_minor as "netMinor", s.carried_forward_minor as "carriedForwardMinor"`;

/** The last carried-forward sum of each provider and currency of all authorities, by `authority provider currency`. */
export async function carriedForward(tx: Tx): Promise<Map<string, { readonly month: string; readonly minor: bigint }>> {
  const rows = await sql<{ key: string; month: string; minor: bigint }>(
    tx,
    `select distinct on (authority_id, provider_id, currency) concat_ws(' ', authority_id, provider_id, currency) as key, month,
       carried_forward_minor as minor
     from settlement.provider_statement order by authority_id, provider_id, currency, month desc`,
  );
  return new Map(rows.map(({ key, month, minor }) => [key, { month, minor }]));
}

export async function nextStatementNumbers(tx: Tx, count: number): Promise<string[]> {
  const [row] = await sql<{ last: bigint }>(
    tx,
    `update settlement.series set last = last + $1::bigint where name = 'statement' returning last`,
    [count],
  );
  if (row === undefined) throw new Error('There is no series of statement numbers.');
  const first = row.last - BigInt(count) + 1n;
  return Array.from({ length: count }, (_, index) => `S-${String(first + BigInt(index)).padStart(6, '0')}`);
}

/** Inserts the statements with their lines and marks their claims as stated. */
export async function insertStatements(tx: Tx, statements: readonly ProviderStatement[], now: Date): Promise<void> {
  await sql(
    tx,
    `insert into settlement.provider_statement (id, number, authority_id, provider_id, month, currency, brought_forward_minor, net_minor,
       carried_forward_minor, issued_at)
     select s.id, s.number, s."authorityId", s."providerId", s.month, s.currency, s."broughtForwardMinor", s."netMinor",
       s."carriedForwardMinor", $2
     from jsonb_to_recordset($1::jsonb) as s(id uuid, number text, "authorityId" uuid, "providerId" uuid, month text, currency text,
       "broughtForwardMinor" bigint, "netMinor" bigint, "carriedForwardMinor" bigint)`,
    [canonicalJson(statements), now],
  );
  const lines = statements.flatMap(({ id, authorityId, providerId, lines: own }) =>
    own.map((line, index) => ({ ...line, statementId: id, authorityId, providerId, line: index + 1 })),
  );
  await sql(
    tx,
    `insert into settlement.provider_statement_line (statement_id, line, authority_id, provider_id, kind, claim_id, recovery_id,
       claim_number, fee_id, text, amount_minor)
     select l."statementId", l.line, l."authorityId", l."providerId", l.kind, l."claimId", l."recoveryId", l."claimNumber", l."feeId",
       l.text, l."amountMinor"
     from jsonb_to_recordset($1::jsonb) as l("statementId" uuid, line int, "authorityId" uuid, "providerId" uuid, kind text,
       "claimId" uuid, "recoveryId" uuid, "claimNumber" text, "feeId" text, text text, "amountMinor" bigint)`,
    [canonicalJson(lines)],
  );
  await sql(
    tx,
    `update settlement.claim c set statement_id = l.statement_id, version = c.version + 1
     from settlement.provider_statement_line l where l.claim_id = c.id and l.statement_id = any($1::uuid[])`,
    [statements.map((statement) => statement.id)],
  );
}

export async function listStatements(
  tx: Tx,
  page: { readonly after: string | null; readonly limit: number },
): Promise<ProviderStatement[]> {
  const rows = await sql<Omit<ProviderStatement, 'lines'>>(
    tx,
    `select ${STATEMENT} from settlement.provider_statement s where ($1::uuid is null or s.id > $1) order by s.id limit $2`,
    [page.after, page.limit],
  );
  return withLines(tx, rows);
}

export async function findStatement(tx: Tx, id: string): Promise<ProviderStatement | undefined> {
  if (!isUuid(id)) return undefined;
  const rows = await sql<Omit<ProviderStatement, 'lines'>>(
    tx,
    `select ${STATEMENT} from settlement.provider_statement s where s.id = $1`,
    [id],
  );
  return (await withLines(tx, rows))[0];
}

async function withLines(tx: Tx, rows: readonly Omit<ProviderStatement, 'lines'>[]): Promise<ProviderStatement[]> {
  const lines = await sql<StatementLine & { readonly statementId: string }>(
    tx,
    `select l.statement_id as "statementId", l.kind, l.claim_id as "claimId", l.recovery_id as "recoveryId",
       l.claim_number as "claimNumber", l.fee_id as "feeId", l.text, l.amount_minor as "amountMinor"
     from settlement.provider_statement_line l where l.statement_id = any($1::uuid[]) order by l.statement_id, l.line`,
    [rows.map((row) => row.id)],
  );
  const byStatement = Map.groupBy(lines, (line) => line.statementId);
  return rows.map((row) => ({ ...row, lines: byStatement.get(row.id) ?? [] }));
}

/** Numbers of claims, for lines that name one. */
export async function claimNumbers(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, { number: string; feeId: string }>> {
  const rows = await sql<{ id: string; number: string; feeId: string }>(
    tx,
    `select c.id, c.number, c.fee_id as "feeId" from settlement.claim c where c.id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** The first day of a month and the name of the month before it. */
export const monthBefore = (firstDay: LocalDate): string => {
  const [year, month] = [Number(firstDay.slice(0, 4)), Number(firstDay.slice(5, 7))];
  return month === 1
    ? `${String(year - 1).padStart(4, '0')}-12`
    : `${firstDay.slice(0, 4)}-${String(month - 1).padStart(2, '0')}`;
};
