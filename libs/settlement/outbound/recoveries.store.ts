import { HubError, isUuid } from '#libs/kernel/index.js';
import { canonicalJson, sql, type Tx } from '#libs/platform/postgres/index.js';
import type { Recovery, RecoveryState } from '../domain/recovery.js';

const RECOVERY = `r.id, r.state, r.claim_id as "claimId", r.referral_id as "referralId", r.authority_id as "authorityId",
  r.provider_id as "providerId", r.currency, r.amount_minor as "amountMinor", r.recovered_minor as "recoveredMinor",
  r.fee_minor as "feeMinor", r.tariff_version as "tariffVersion", r.reason, r.proposed_on as "proposedOn", r.provider_accepts as "providerAccepts",
  r.provider_answer as "providerAnswer", r.decision, r.decided_by as "decidedBy", r.confirmed_by as "confirmedBy", r.withdrawn, r.version`;

const COLUMNS = `id uuid, state text, "claimId" uuid, "referralId" uuid, "authorityId" uuid, "providerId" uuid, currency text,
  "amountMinor" bigint, "recoveredMinor" bigint, "feeMinor" bigint, "tariffVersion" text, reason text, "proposedOn" date, "providerAccepts" boolean,
  "providerAnswer" text, decision text, "decidedBy" text, "confirmedBy" text, withdrawn boolean, version integer`;

export async function lockRecoveriesOfReferrals(tx: Tx, referralIds: readonly string[]): Promise<Recovery[]> {
  return sql<Recovery>(
    tx,
    `select ${RECOVERY} from settlement.recovery r where r.referral_id = any($1::uuid[]) order by r.id for update`,
    [referralIds],
  );
}

export async function lockRecovery(tx: Tx, id: string): Promise<Recovery | undefined> {
  if (!isUuid(id)) return undefined;
  return (await sql<Recovery>(tx, `select ${RECOVERY} from settlement.recovery r where r.id = $1 for update`, [id]))[0];
}

/** Recoveries that wait to be offset, oldest first. One on which a write-off is being decided is left alone. */
export async function lockDueRecoveries(tx: Tx): Promise<Recovery[]> {
  return sql<Recovery>(
    tx,
    `select ${RECOVERY} from settlement.recovery r where r.state = 'DUE' and r.decision is null order by r.id for update`,
  );
}

export async function listRecoveries(
  tx: Tx,
  page: { readonly states: readonly RecoveryState[] | null; readonly after: string | null; readonly limit: number },
): Promise<Recovery[]> {
  return sql<Recovery>(
    tx,
    `select ${RECOVERY} from settlement.recovery r
     where ($1::text[] is null or r.state = any($1)) and ($2::uuid is null or r.id > $2) order by r.id limit $3`,
    [page.states, page.after, page.limit],
  );
}

export async function insertRecoveries(tx: Tx, recoveries: readonly Recovery[]): Promise<void> {
  if (recoveries.length === 0) return;
  await sql(
    tx,
    `insert into settlement.recovery (id, state, claim_id, referral_id, authority_id, provider_id, currency, amount_minor, recovered_minor,
       fee_minor, tariff_version, reason, proposed_on, provider_accepts, provider_answer, decision, decided_by, confirmed_by, withdrawn, version)
     select * from jsonb_to_recordset($1::jsonb) as (${COLUMNS})`,
    [canonicalJson(recoveries)],
  );
}

/** Error: `recovery.changed` (retriable) when another transaction was faster. */
export async function saveRecoveries(tx: Tx, recoveries: readonly Recovery[]): Promise<void> {
  if (recoveries.length === 0) return;
  const saved = await sql(
    tx,
    `update settlement.recovery r set state = n.state, tariff_version = n."tariffVersion", reason = n.reason, recovered_minor = n."recoveredMinor", provider_accepts = n."providerAccepts",
       provider_answer = n."providerAnswer", decision = n.decision, decided_by = n."decidedBy", confirmed_by = n."confirmedBy",
       withdrawn = n.withdrawn, version = n.version
     from jsonb_to_recordset($1::jsonb) as n(${COLUMNS}) where r.id = n.id and r.version = n.version - 1 returning r.id`,
    [canonicalJson(recoveries)],
  );
  if (saved.length !== recoveries.length) {
    throw new HubError('recovery.changed', 'Somebody else changed the recovery at the same moment: look again.', {
      retriable: true,
    });
  }
}
