import { isUuid } from '#libs/kernel/index.js';
import { canonicalJson, sql, type Tx } from '#libs/platform/postgres/index.js';
import type { ClaimBatchId } from '../contract/ids.js';
import type { Claim } from '../domain/claim.js';

/** Claims frozen together: what the first person approved is exactly what the second one certifies. */
export interface ClaimBatch {
  readonly id: ClaimBatchId;
  readonly authorityId: string;
  readonly state: 'APPROVED' | 'CERTIFIED';
  readonly count: number;
  readonly sumMinor: bigint;
  readonly currency: string;
  readonly hash: string;
  readonly approvedBy: string;
  readonly certifiedBy: string | null;
  /** Claims that left it since it was frozen. */
  readonly fellOut: readonly string[];
}

const BATCH = `b.id, b.authority_id as "authorityId", b.state, b.count, b.sum_minor as "sumMinor", b.currency, b.hash,
  b.approved_by as "approvedBy", b.certified_by as "certifiedBy",
  array(select i.claim_id from settlement.claim_batch_item i join settlement.claim c on c.id = i.claim_id
        where i.batch_id = b.id and c.batch_id is distinct from b.id order by 1) as "fellOut"`;

export async function insertBatch(tx: Tx, batch: Omit<ClaimBatch, 'fellOut'>, claims: readonly Claim[]): Promise<void> {
  await sql(
    tx,
    `insert into settlement.claim_batch (id, authority_id, state, count, sum_minor, currency, hash, approved_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      batch.id,
      batch.authorityId,
      batch.state,
      batch.count,
      batch.sumMinor,
      batch.currency,
      batch.hash,
      batch.approvedBy,
    ],
  );
  await sql(
    tx,
    `insert into settlement.claim_batch_item (batch_id, claim_id, authority_id, amount_minor)
     select $1, i.id, $2, i."askedMinor" from jsonb_to_recordset($3::jsonb) as i(id uuid, "askedMinor" bigint)`,
    [batch.id, batch.authorityId, canonicalJson(claims.map(({ id, askedMinor }) => ({ id, askedMinor })))],
  );
}

export async function lockBatch(tx: Tx, id: string): Promise<ClaimBatch | undefined> {
  if (!isUuid(id)) return undefined;
  const rows = await sql<ClaimBatch>(tx, `select ${BATCH} from settlement.claim_batch b where b.id = $1 for update`, [
    id,
  ]);
  return rows[0];
}

export async function findBatch(tx: Tx, id: string): Promise<ClaimBatch | undefined> {
  return (await sql<ClaimBatch>(tx, `select ${BATCH} from settlement.claim_batch b where b.id = $1`, [id]))[0];
}

export async function setBatchCertified(tx: Tx, id: string, certifiedBy: string): Promise<void> {
  await sql(tx, `update settlement.claim_batch set state = 'CERTIFIED', certified_by = $2 where id = $1`, [
    id,
    certifiedBy,
  ]);
}

export async function listBatches(
  tx: Tx,
  page: { readonly after: string | null; readonly limit: number },
): Promise<ClaimBatch[]> {
  return sql<ClaimBatch>(
    tx,
    `select ${BATCH} from settlement.claim_batch b where ($1::uuid is null or b.id > $1) order by b.id limit $2`,
    [page.after, page.limit],
  );
}
