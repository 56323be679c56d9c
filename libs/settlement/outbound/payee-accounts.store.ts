import { HubError, isUuid } from '#libs/kernel/index.js';
import { sql, type Tx } from '#libs/platform/postgres/index.js';
import type { PayeeAccount } from '../domain/payee-account.js';

const ACCOUNT = `a.id, a.state, a.authority_id as "authorityId", a.provider_id as "providerId", a.iban, a.bic, a.holder,
  a.proposed_by as "proposedBy", a.confirmed_by as "confirmedBy", a.version`;

export async function insertPayeeAccount(tx: Tx, account: PayeeAccount): Promise<void> {
  await sql(
    tx,
    `insert into settlement.payee_account (id, state, authority_id, provider_id, iban, bic, holder, proposed_by, confirmed_by, version)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      account.id,
      account.state,
      account.authorityId,
      account.providerId,
      account.iban,
      account.bic,
      account.holder,
      account.proposedBy,
      account.confirmedBy,
      account.version,
    ],
  );
}

export async function lockPayeeAccount(tx: Tx, id: string): Promise<PayeeAccount | undefined> {
  if (!isUuid(id)) return undefined;
  const rows = await sql<PayeeAccount>(
    tx,
    `select ${ACCOUNT} from settlement.payee_account a where a.id = $1 for update`,
    [id],
  );
  return rows[0];
}

/** The account in use of each owner that an authority pays or pays from, by owner. */
export async function confirmedAccounts(
  tx: Tx,
  authorityId: string,
  ownerIds: readonly string[],
): Promise<Map<string, PayeeAccount>> {
  const rows = await sql<PayeeAccount>(
    tx,
    `select ${ACCOUNT} from settlement.payee_account a
     where a.authority_id = $1 and a.provider_id = any($2::uuid[]) and a.state = 'CONFIRMED' for update`,
    [authorityId, ownerIds],
  );
  return new Map(rows.map((row) => [row.providerId, row]));
}

/** What was in use until now is replaced: one account is confirmed at a time. */
export async function replaceConfirmed(tx: Tx, authorityId: string, ownerId: string): Promise<void> {
  await sql(
    tx,
    `update settlement.payee_account set state = 'REPLACED', version = version + 1
     where authority_id = $1 and provider_id = $2 and state = 'CONFIRMED'`,
    [authorityId, ownerId],
  );
}

/** The bank says that these do not exist any more. */
export async function closeAccounts(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql(
    tx,
    `update settlement.payee_account set state = 'CLOSED', version = version + 1
     where id = any($1::uuid[]) and state in ('CONFIRMED', 'PROPOSED')`,
    [ids],
  );
}

/** Error: `payee-account.changed` (retriable) when another transaction was faster. */
export async function savePayeeAccount(tx: Tx, account: PayeeAccount): Promise<void> {
  const saved = await sql(
    tx,
    `update settlement.payee_account set state = $2, confirmed_by = $3, version = $4 where id = $1 and version = $4 - 1 returning id`,
    [account.id, account.state, account.confirmedBy, account.version],
  );
  if (saved.length !== 1) {
    throw new HubError('payee-account.changed', 'Somebody else changed the account at the same moment: look again.', {
      retriable: true,
    });
  }
}

export async function listPayeeAccounts(
  tx: Tx,
  page: { readonly after: string | null; readonly limit: number },
): Promise<PayeeAccount[]> {
  return sql<PayeeAccount>(
    tx,
    `select ${ACCOUNT} from settlement.payee_account a where ($1::uuid is null or a.id > $1) order by a.id limit $2`,
    [page.after, page.limit],
  );
}
