import { isUuid, type LocalDate } from '#libs/kernel/index.js';
import { canonicalJson, sql, type Tx } from '#libs/platform/postgres/index.js';
import type { PaymentFileId } from '../contract/ids.js';

export type PaymentFileState = 'PREPARED' | 'RELEASED' | 'PARTLY_REJECTED' | 'REJECTED' | 'ANSWERED' | 'DISCARDED';

/** Frozen when it was prepared: what the second person releases is what the first one saw. */
export interface PaymentFile {
  readonly id: PaymentFileId;
  readonly messageId: string;
  readonly paymentInfoId: string;
  readonly state: PaymentFileState;
  readonly authorityId: string;
  readonly executionDate: LocalDate;
  readonly count: number;
  readonly sumMinor: bigint;
  readonly currency: string;
  readonly debtorIban: string;
  readonly preparedBy: string;
  readonly releasedBy: string | null;
  readonly content: string;
}

export type TransferState = 'IN_FILE' | 'EXECUTED' | 'RECONCILED' | 'REJECTED' | 'RETURNED' | 'DISCARDED';

/** One attempt to pay one payable. */
export interface Transfer {
  readonly endToEndId: string;
  readonly fileId: string;
  readonly payableId: string;
  readonly authorityId: string;
  readonly providerId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reference: string;
  readonly iban: string;
  readonly accountId: string;
  readonly state: TransferState;
  readonly reason: string | null;
}

const FILE = `f.id, f.message_id as "messageId", f.payment_info_id as "paymentInfoId", f.state, f.authority_id as "authorityId",
  f.execution_date as "executionDate", f.count, f.sum_minor as "sumMinor", f.currency, f.debtor_iban as "debtorIban",
  f.prepared_by as "preparedBy", f.released_by as "releasedBy", f.content`;

const TRANSFER = `t.end_to_end_id as "endToEndId", t.file_id as "fileId", t.payable_id as "payableId", t.authority_id as "authorityId",
  t.provider_id as "providerId", t.amount_minor as "amountMinor", t.currency, t.reference, t.iban, t.account_id as "accountId",
  t.state, t.reason`;

const TRANSFER_COLUMNS = `"endToEndId" text, "fileId" uuid, "payableId" uuid, "authorityId" uuid, "providerId" uuid,
  "amountMinor" bigint, currency text, reference text, iban text, "accountId" uuid, state text, reason text`;

export async function nextMessageId(tx: Tx): Promise<string> {
  const [row] = await sql<{ number: bigint }>(tx, `select nextval('settlement.payment_file_number') as number`);
  return `LIAISON-${(row?.number ?? 0n).toString().padStart(8, '0')}`;
}

export async function insertPaymentFile(tx: Tx, file: PaymentFile, transfers: readonly Transfer[]): Promise<void> {
  await sql(
    tx,
    `insert into settlement.payment_file (id, message_id, payment_info_id, state, authority_id, execution_date, count, sum_minor, currency,
       debtor_iban, prepared_by, released_by, content)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      file.id,
      file.messageId,
      file.paymentInfoId,
      file.state,
      file.authorityId,
      file.executionDate,
      file.count,
      file.sumMinor,
      file.currency,
      file.debtorIban,
      file.preparedBy,
      file.releasedBy,
      file.content,
    ],
  );
  await sql(
    tx,
    `insert into settlement.payment_transfer (end_to_end_id, file_id, payable_id, authority_id, provider_id, amount_minor, currency,
       reference, iban, account_id, state, reason)
     select * from jsonb_to_recordset($1::jsonb) as (${TRANSFER_COLUMNS})`,
    [canonicalJson(transfers)],
  );
}

export async function lockPaymentFile(tx: Tx, id: string): Promise<PaymentFile | undefined> {
  if (!isUuid(id)) return undefined;
  const rows = await sql<PaymentFile>(tx, `select ${FILE} from settlement.payment_file f where f.id = $1 for update`, [
    id,
  ]);
  return rows[0];
}

export async function findFileByMessage(
  tx: Tx,
  authorityId: string,
  messageId: string,
): Promise<PaymentFile | undefined> {
  const rows = await sql<PaymentFile>(
    tx,
    `select ${FILE} from settlement.payment_file f where f.authority_id = $1 and f.message_id = $2 for update`,
    [authorityId, messageId],
  );
  return rows[0];
}

export async function setFileState(
  tx: Tx,
  id: string,
  state: PaymentFileState,
  releasedBy: string | null,
): Promise<void> {
  await sql(
    tx,
    `update settlement.payment_file set state = $2, released_by = coalesce($3, released_by) where id = $1`,
    [id, state, releasedBy],
  );
}

/**
 * A file is answered once none of its transfers waits any more; rejected, or partly so, as the bank refused all or some of them. What the
 * bank paid and later returned was answered: the file stays what it was.
 */
export async function settleFileStates(tx: Tx, fileIds: readonly string[]): Promise<void> {
  await sql(
    tx,
    `update settlement.payment_file f set state = case when t.rejected = f.count then 'REJECTED' when t.rejected > 0 then 'PARTLY_REJECTED'
         when t.waiting > 0 then f.state else 'ANSWERED' end
     from (select file_id, count(*) filter (where state = 'REJECTED') as rejected, count(*) filter (where state = 'IN_FILE') as waiting
           from settlement.payment_transfer where file_id = any($1::uuid[]) group by 1) t
     where f.id = t.file_id and f.state <> 'DISCARDED'`,
    [fileIds],
  );
}

export async function listPaymentFiles(
  tx: Tx,
  page: { readonly after: string | null; readonly limit: number },
): Promise<PaymentFile[]> {
  return sql<PaymentFile>(
    tx,
    `select ${FILE} from settlement.payment_file f where ($1::uuid is null or f.id > $1) order by f.id limit $2`,
    [page.after, page.limit],
  );
}

export async function transfersOfFile(tx: Tx, fileId: string): Promise<Transfer[]> {
  return sql<Transfer>(
    tx,
    `select ${TRANSFER} from settlement.payment_transfer t where t.file_id = $1 order by t.end_to_end_id for update`,
    [fileId],
  );
}

/** As it was sent, with the file it was sent in. */
export interface SentTransfer extends Transfer {
  readonly messageId: string;
  readonly paymentInfoId: string;
  readonly executionDate: LocalDate;
}

/**
 * Transfers of released files of which the bank may speak: those that wait for a line, those that it refused or returned and whose payable
 * is not seen paid otherwise, and those that some lines name.
 */
export async function lockSentTransfers(
  tx: Tx,
  authorityId: string,
  named: { readonly endToEndIds: readonly string[]; readonly references: readonly string[] },
): Promise<SentTransfer[]> {
  return sql<SentTransfer>(
    tx,
    `select ${TRANSFER}, f.message_id as "messageId", f.payment_info_id as "paymentInfoId", f.execution_date as "executionDate"
     from settlement.payment_transfer t join settlement.payment_file f on f.id = t.file_id
       join settlement.payable p on p.id = t.payable_id
     where t.authority_id = $1 and f.state not in ('PREPARED', 'DISCARDED')
       and (t.state in ('IN_FILE', 'EXECUTED') or t.state in ('REJECTED', 'RETURNED') and p.state not in ('EXECUTED', 'RECONCILED') or t.end_to_end_id = any($2::text[]) or t.reference = any($3::text[]))
     order by t.end_to_end_id for update of t`,
    [authorityId, named.endToEndIds, named.references],
  );
}

/** Every attempt of some payables that was sent, the latest first. */
export async function lockSentTransfersOf(
  tx: Tx,
  authorityId: string,
  payableIds: readonly string[],
): Promise<SentTransfer[]> {
  return sql<SentTransfer>(
    tx,
    `select ${TRANSFER}, f.message_id as "messageId", f.payment_info_id as "paymentInfoId", f.execution_date as "executionDate"
     from settlement.payment_transfer t join settlement.payment_file f on f.id = t.file_id
     where t.authority_id = $1 and t.payable_id = any($2::uuid[]) and f.state not in ('PREPARED', 'DISCARDED')
     order by f.id desc for update of t`,
    [authorityId, payableIds.filter(isUuid)],
  );
}

export async function saveTransfers(tx: Tx, transfers: readonly Transfer[]): Promise<void> {
  if (transfers.length === 0) return;
  await sql(
    tx,
    `update settlement.payment_transfer t set state = n.state, reason = n.reason
     from jsonb_to_recordset($1::jsonb) as n(${TRANSFER_COLUMNS}) where t.end_to_end_id = n."endToEndId"`,
    [canonicalJson(transfers)],
  );
}
