import { sql, type Tx } from '#libs/platform/postgres/index.js';
import type { AccessRow, Permission } from '../domain/decide.js';
import type { Category, Purpose, Relationship } from '../domain/purposes.js';

export interface AccessGrant {
  readonly organisationId: string;
  readonly subjectId: string;
  readonly purpose: Purpose;
  readonly relationship: Relationship;
  /** The referral, or the person for relations that rest on nothing smaller. */
  readonly relationshipId: string;
  readonly grantedBy: string;
}

export interface LookRow {
  readonly id: string;
  readonly at: Date;
  readonly organisationId: string;
  readonly actorId: string;
  readonly purpose: Purpose;
  readonly operation: string;
  readonly subjectId: string | null;
  readonly categories: readonly Category[];
  readonly outcome: 'SHOWN' | 'PARTLY_SHOWN' | 'REFUSED';
  readonly reason: string | null;
}

export async function insertAccess(tx: Tx, grant: AccessGrant, from: Date): Promise<void> {
  await sql(
    tx,
    `insert into disclosure.access (organisation_id, subject_id, purpose, relationship, relationship_id, granted_by, valid_from)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (organisation_id, relationship_id, relationship, purpose) where valid_to is null do nothing`,
    [
      grant.organisationId,
      grant.subjectId,
      grant.purpose,
      grant.relationship,
      grant.relationshipId,
      grant.grantedBy,
      from,
    ],
  );
}

/** Ends open relations; `organisationId` null: of every organisation that rests on this relation. */
export async function endAccess(
  tx: Tx,
  relation: {
    readonly relationship: Relationship;
    readonly relationshipId: string;
    readonly organisationId: string | null;
  },
  at: Date,
): Promise<void> {
  await sql(
    tx,
    `update disclosure.access set valid_to = greatest($4::timestamptz, valid_from)
     where relationship = $1 and relationship_id = $2 and ($3::uuid is null or organisation_id = $3) and valid_to is null`,
    [relation.relationship, relation.relationshipId, relation.organisationId, at],
  );
}

/** Relations of one organisation with these persons, grouped by person. */
export async function accessesOf(
  tx: Tx,
  organisationId: string,
  subjectIds: readonly string[],
): Promise<Map<string, AccessRow[]>> {
  const rows = await sql<AccessRow & { subjectId: string }>(
    tx,
    `select subject_id as "subjectId", relationship, purpose, valid_from as "validFrom", valid_to as "validTo"
     from disclosure.access where organisation_id = $1 and subject_id = any($2::uuid[])`,
    [organisationId, subjectIds],
  );
  return Map.groupBy(rows, (row) => row.subjectId);
}

export async function caseTeamOf(
  tx: Tx,
  subjectId: string,
): Promise<{ organisationId: string; purpose: Purpose; since: Date }[]> {
  return sql(
    tx,
    `select organisation_id as "organisationId", purpose, valid_from as since from disclosure.access
     where subject_id = $1 and relationship = 'CASE_TEAM' and valid_to is null order by valid_from, id`,
    [subjectId],
  );
}

export async function permissionsOf(
  tx: Tx,
  organisationId: string,
  subjectIds: readonly string[],
): Promise<Map<string, Permission[]>> {
  const rows = await sql<Permission & { subjectId: string }>(
    tx,
    `select subject_id as "subjectId", purpose, effect, recorded_at as "recordedAt", valid_to as "validTo"
     from disclosure.permission where organisation_id = $1 and subject_id = any($2::uuid[]) order by recorded_at, id`,
    [organisationId, subjectIds],
  );
  return Map.groupBy(rows, (row) => row.subjectId);
}

export interface PermissionRecord {
  readonly subjectId: string;
  readonly organisationId: string;
  readonly purpose: Purpose;
  readonly effect: Permission['effect'];
  readonly channel: string;
  readonly validTo: Date | null;
  readonly recordedBy: string;
  readonly recordedByOrganisation: string;
}

export async function insertPermission(tx: Tx, record: PermissionRecord, at: Date): Promise<void> {
  await sql(
    tx,
    `insert into disclosure.permission
       (subject_id, organisation_id, purpose, effect, channel, valid_to, recorded_by, recorded_by_organisation, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      record.subjectId,
      record.organisationId,
      record.purpose,
      record.effect,
      record.channel,
      record.validTo,
      record.recordedBy,
      record.recordedByOrganisation,
      at,
    ],
  );
}

export async function insertPairwise(
  tx: Tx,
  organisationId: string,
  pairwiseId: string,
  subjectId: string,
): Promise<void> {
  await sql(
    tx,
    `insert into disclosure.pairwise (organisation_id, pairwise_id, subject_id) values ($1, $2, $3) on conflict do nothing`,
    [organisationId, pairwiseId, subjectId],
  );
}

export async function findPairwise(
  tx: Tx,
  organisationId: string,
  by: { readonly pairwiseId?: string; readonly ownReference?: string },
): Promise<string | undefined> {
  const rows = await sql<{ subjectId: string }>(
    tx,
    `select subject_id as "subjectId" from disclosure.pairwise
     where organisation_id = $1 and (pairwise_id = $2 or own_reference = $3)`,
    [organisationId, by.pairwiseId ?? null, by.ownReference ?? null],
  );
  return rows[0]?.subjectId;
}

export async function updateOwnReference(
  tx: Tx,
  organisationId: string,
  subjectId: string,
  ownReference: string,
): Promise<void> {
  await sql(tx, `update disclosure.pairwise set own_reference = $3 where organisation_id = $1 and subject_id = $2`, [
    organisationId,
    subjectId,
    ownReference,
  ]);
}

/** One statement for a page of looks. */
export async function insertLooks(tx: Tx, looks: readonly LookRow[]): Promise<void> {
  if (looks.length === 0) return;
  await sql(
    tx,
    `insert into disclosure.access_log
       (id, at, organisation_id, actor_id, purpose, operation, subject_id, categories, outcome, reason)
     select l.id, l.at, l."organisationId", l."actorId", l.purpose, l.operation, l."subjectId",
            array(select jsonb_array_elements_text(l.categories)), l.outcome, l.reason
     from jsonb_to_recordset($1::jsonb) as l(id uuid, at timestamptz, "organisationId" uuid, "actorId" text, purpose text,
       operation text, "subjectId" uuid, categories jsonb, outcome text, reason text)`,
    [JSON.stringify(looks)],
  );
}

/** Looks the caller may read, newest first, with the name of the organisation that looked. */
export async function listLooks(
  tx: Tx,
  filter: { readonly subjectId: string | null; readonly after: string | null; readonly limit: number },
): Promise<
  {
    id: string;
    at: Date;
    organisation: string;
    purpose: string;
    operation: string;
    categories: string[];
    outcome: string;
    reason: string | null;
  }[]
> {
  return sql(
    tx,
    `select l.id, l.at, o.name as organisation, l.purpose, l.operation, l.categories, l.outcome, l.reason
     from disclosure.access_log l join partners.organisation o on o.id = l.organisation_id
     where ($1::uuid is null or l.subject_id = $1) and ($2::uuid is null or l.id < $2) order by l.id desc limit $3`,
    [filter.subjectId, filter.after, filter.limit],
  );
}
