import { HubError, isUuid, type LocalDate } from '#libs/kernel/index.js';
import { sql, type Tx } from '#libs/platform/postgres/index.js';
import type { Engagement } from '../domain/fact.js';
import type { VersionChange } from '../domain/version-change.js';
import { ENGAGEMENT } from './engagements.store.js';

const CHANGE = `v.id, v.state, v.authority_id as "authorityId", v.tariff_id as "tariffId", v.from_version as "fromVersion",
  v.to_version as "toVersion", v.contract_id as "contractId", v.reason, v.proposed_by as "proposedBy", v.confirmed_by as "confirmedBy",
  v.referrals, v.version`;

/** False where the same change is proposed already. */
export async function insertVersionChange(tx: Tx, change: VersionChange): Promise<boolean> {
  const rows = await sql(
    tx,
    `insert into settlement.version_change (id, state, authority_id, tariff_id, from_version, to_version, contract_id, reason, proposed_by,
       version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing returning 1`,
    [
      change.id,
      change.state,
      change.authorityId,
      change.tariffId,
      change.fromVersion,
      change.toVersion,
      change.contractId,
      change.reason,
      change.proposedBy,
      change.version,
    ],
  );
  return rows.length === 1;
}

export async function lockVersionChange(tx: Tx, id: string): Promise<VersionChange | undefined> {
  if (!isUuid(id)) return undefined;
  const rows = await sql<VersionChange>(
    tx,
    `select ${CHANGE} from settlement.version_change v where v.id = $1 for update`,
    [id],
  );
  return rows[0];
}

/** Error: `version-change.changed` (retriable) when another transaction was faster. */
export async function saveVersionChange(tx: Tx, change: VersionChange): Promise<void> {
  const saved = await sql(
    tx,
    `update settlement.version_change set state = $2, confirmed_by = $3, version = $4 where id = $1 and version = $4 - 1 returning id`,
    [change.id, change.state, change.confirmedBy, change.version],
  );
  if (saved.length !== 1)
    throw new HubError('version-change.changed', 'Somebody else decided at the same moment: look again.', {
      retriable: true,
    });
}

/** Newest first. */
export async function listVersionChanges(
  tx: Tx,
  page: { readonly after: string | null; readonly limit: number },
): Promise<VersionChange[]> {
  return sql<VersionChange>(
    tx,
    `select ${CHANGE} from settlement.version_change v where ($1::uuid is null or v.id < $1) order by v.id desc limit $2`,
    [page.after, page.limit],
  );
}

/** The referrals that a change is about, the earliest first: of an authority or of one contract of it. */
export async function engagementsToMove(
  tx: Tx,
  of: Pick<VersionChange, 'authorityId' | 'tariffId' | 'fromVersion' | 'contractId'>,
): Promise<Engagement[]> {
  return sql<Engagement>(
    tx,
    `select ${ENGAGEMENT} from settlement.engagement e
     where authority_id = $1 and tariff_id = $2 and tariff_version = $3 and ($4::uuid is null or contract_id = $4)
     order by referral_id`,
    [of.authorityId, of.tariffId, of.fromVersion, of.contractId],
  );
}

/** Moves referrals and names `day` for each, so that pricing takes them up. Answers them as they are now. */
export async function moveEngagements(
  tx: Tx,
  change: VersionChange,
  referralIds: readonly string[],
  day: LocalDate,
): Promise<Engagement[]> {
  const moved = await sql<Engagement>(
    tx,
    `update settlement.engagement e set tariff_version = $3
     where referral_id = any($1::uuid[]) and tariff_version = $2 returning ${ENGAGEMENT}`,
    [referralIds, change.fromVersion, change.toVersion],
  );
  await sql(
    tx,
    `insert into settlement.named_date (on_date, referral_id) select $1, unnest($2::uuid[]) on conflict do nothing`,
    [day, moved.map(({ referralId }) => referralId)],
  );
  await sql(tx, `update settlement.version_change set referrals = $2 where id = $1`, [change.id, moved.length]);
  return moved;
}
