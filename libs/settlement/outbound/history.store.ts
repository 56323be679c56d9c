import { canonicalJson, nowOf, principalOf, sql, type Tx } from '#libs/platform/postgres/index.js';
import type { LocalDate } from '#libs/kernel/index.js';

/** One thing that happened to one claim, payable, statement, recovery or account. */
export interface HistoryRow {
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly authorityId: string;
  readonly providerId: string | null;
  readonly type: string;
  readonly effectiveOn: LocalDate;
  readonly body: object;
}

/** Appends in one statement; who and when are those of the transaction. */
export async function appendHistory(tx: Tx, rows: readonly HistoryRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql(
    tx,
    `insert into settlement.history (subject_kind, subject_id, authority_id, provider_id, type, effective_on, recorded_at, actor_id, body)
     select r."subjectKind", r."subjectId", r."authorityId", r."providerId", r.type, r."effectiveOn", $2, $3, r.body
     from rows from (jsonb_to_recordset($1::jsonb) as ("subjectKind" text, "subjectId" uuid, "authorityId" uuid, "providerId" uuid,
       type text, "effectiveOn" date, body jsonb)) with ordinality as
       r("subjectKind", "subjectId", "authorityId", "providerId", type, "effectiveOn", body, position)
     order by r.position`,
    [canonicalJson(rows), nowOf(tx), principalOf(tx).actorId],
  );
}
