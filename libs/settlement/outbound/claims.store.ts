import { HubError, isUuid, type LocalDate } from '#libs/kernel/index.js';
import { canonicalJson, sql, type Tx } from '#libs/platform/postgres/index.js';
import type { Claim, ClaimState } from '../domain/claim.js';

const CLAIM = `c.id, c.number, c.kind, c.state, c.referral_id as "referralId", c.person_id as "personId", c.contract_id as "contractId",
  c.authority_id as "authorityId", c.provider_id as "providerId", c.tariff_id as "tariffId", c.tariff_version as "tariffVersion",
  c.fee_id as "feeId", c.occurrence, c.due_on as "dueOn", c.currency, c.asked_minor as "askedMinor",
  c.approved_minor as "approvedMinor", c.certified_minor as "certifiedMinor", c.fee_minor as "feeMinor", c.why, c.jobs, c.findings,
  c.corrects_id as "correctsId", c.approved_by as "approvedBy", c.certified_by as "certifiedBy", c.certified_on as "certifiedOn",
  c.batch_id as "batchId", c.statement_id as "statementId", c.disputed_from as "disputedFrom", c.returns, c.version`;

/** Claims by id, locked in the order of their ids. */
export async function lockClaims(tx: Tx, ids: readonly string[]): Promise<Claim[]> {
  return sql<Claim>(
    tx,
    `select ${CLAIM} from settlement.claim c where c.id = any($1::uuid[]) order by c.id for update`,
    [ids.filter(isUuid)],
  );
}

/** All claims of some referrals, locked in the order of their ids. */
export async function lockClaimsOfReferrals(tx: Tx, referralIds: readonly string[]): Promise<Claim[]> {
  return sql<Claim>(
    tx,
    `select ${CLAIM} from settlement.claim c where c.referral_id = any($1::uuid[]) order by c.id for update`,
    [referralIds],
  );
}

export async function lockClaimsOfBatch(tx: Tx, batchId: string): Promise<Claim[]> {
  return sql<Claim>(tx, `select ${CLAIM} from settlement.claim c where c.batch_id = $1 order by c.id for update`, [
    batchId,
  ]);
}

/** Claims of an authority that passed every automatic check and are due by a day, oldest first. */
export async function lockClaimsInValidation(
  tx: Tx,
  filter: {
    readonly authorityId: string;
    readonly contractId: string | null;
    readonly dueUntil: string;
    readonly limit: number;
  },
): Promise<Claim[]> {
  return sql<Claim>(
    tx,
    `select ${CLAIM} from settlement.claim c
     where c.authority_id = $1 and c.state = 'IN_VALIDATION' and c.findings = '[]' and ($2::text is null or c.contract_id::text = $2) and c.due_on <= $3
     order by c.id limit $4 for update`,
    [filter.authorityId, filter.contractId, filter.dueUntil, filter.limit],
  );
}

export async function findClaim(tx: Tx, id: string): Promise<Claim | undefined> {
  if (!isUuid(id)) return undefined;
  return (await sql<Claim>(tx, `select ${CLAIM} from settlement.claim c where c.id = $1`, [id]))[0];
}

/** One page in the order of ids, seen through row-level security. */
export async function listClaims(
  tx: Tx,
  page: {
    readonly states: readonly ClaimState[] | null;
    readonly contractId: string | null;
    readonly onlyExceptions: boolean;
    readonly after: string | null;
    readonly limit: number;
  },
): Promise<Claim[]> {
  return sql<Claim>(
    tx,
    `select ${CLAIM} from settlement.claim c
     where ($1::text[] is null or c.state = any($1)) and ($2::text is null or c.contract_id::text = $2)
       and (not $3 or (c.findings <> '[]' and c.state not in ('CANCELLED', 'REJECTED', 'CERTIFIED')))
       and ($4::uuid is null or c.id > $4)
     order by c.id limit $5`,
    [page.states, page.contractId, page.onlyExceptions, page.after, page.limit],
  );
}

/**
 * Certified claims that stand on no provider statement yet, certified before a day. One that is about to be taken back, or was on that day
 * or later, waits for what takes it back: stated without it, it would be paid.
 */
export async function lockUnstatedClaims(tx: Tx, certifiedBefore: LocalDate): Promise<Claim[]> {
  return sql<Claim>(
    tx,
    `select ${CLAIM} from settlement.claim c
     where c.state = 'CERTIFIED' and c.statement_id is null and c.certified_on < $1
       and not exists (select from settlement.claim r
         where r.referral_id = c.referral_id and r.fee_id = c.fee_id and r.occurrence = c.occurrence and r.asked_minor < 0
           and r.statement_id is null and r.state not in ('CANCELLED', 'REJECTED')
           and (r.state <> 'CERTIFIED' or r.certified_on >= $1))
     order by c.id for update`,
    [certifiedBefore],
  );
}

/** Does another claim for the same payment live? */
export async function hasSuccessor(
  tx: Tx,
  { id, referralId, feeId, occurrence }: Pick<Claim, 'id' | 'referralId' | 'feeId' | 'occurrence'>,
): Promise<boolean> {
  const rows = await sql(
    tx,
    `select from settlement.claim c where c.referral_id = $1 and c.fee_id = $2 and c.occurrence = $3 and c.id <> $4 and c.kind = 'FEE'
       and c.state not in ('CANCELLED', 'REJECTED')`,
    [referralId, feeId, occurrence, id],
  );
  return rows.length > 0;
}

/** Other living claims of the same persons that rest on the same jobs, by claim asked about. */
export async function claimsOfSameJobs(tx: Tx, claims: readonly Claim[]): Promise<Map<string, Claim[]>> {
  const asked = claims.filter((claim) => claim.jobs.length > 0);
  if (asked.length === 0) return new Map();
  const rows = await sql<Claim & { readonly asked: string }>(
    tx,
    `select n.id as asked, ${CLAIM} from jsonb_to_recordset($1::jsonb) as n(id uuid, "personId" uuid, "referralId" uuid, jobs text[])
     join settlement.claim c on c.person_id = n."personId" and c.referral_id <> n."referralId" and c.jobs && n.jobs
     where c.state not in ('CANCELLED', 'REJECTED') and c.kind = 'FEE' order by c.id`,
    [canonicalJson(asked.map(({ id, personId, referralId, jobs }) => ({ id, personId, referralId, jobs })))],
  );
  return Map.groupBy(rows, (row) => row.asked);
}

/** What was paid for each claim: its whole amount once its provider statement's net total was, or where that was set off whole. */
export async function paidMinorOf(tx: Tx, ids: readonly string[]): Promise<Map<string, bigint>> {
  const rows = await sql<{ id: string; paid: bigint }>(
    tx,
    `select c.id, c.certified_minor as paid from settlement.claim c
     join settlement.provider_statement s on s.id = c.statement_id left join settlement.payable p on p.statement_id = s.id
     where c.id = any($1::uuid[]) and (p.id is null or p.state in ('EXECUTED', 'RECONCILED'))`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.paid]));
}

/** The next numbers of claims, one statement for all of them. */
export async function nextClaimNumbers(tx: Tx, count: number): Promise<string[]> {
  const rows = await sql<{ number: bigint }>(
    tx,
    `select nextval('settlement.claim_number') as number from generate_series(1, $1::int)`,
    [count],
  );
  return rows.map((row) => `C-${row.number.toString().padStart(6, '0')}`);
}

const COLUMNS = `id uuid, number text, kind text, state text, "referralId" uuid, "personId" uuid, "contractId" uuid, "authorityId" uuid,
  "providerId" uuid, "tariffId" text, "tariffVersion" text, "feeId" text, occurrence text, "dueOn" date, currency text,
  "askedMinor" bigint, "approvedMinor" bigint, "certifiedMinor" bigint, "feeMinor" bigint, why text, jobs text[], findings jsonb,
  "correctsId" uuid, "approvedBy" text, "certifiedBy" text, "certifiedOn" date, "batchId" uuid, "statementId" uuid,
  "disputedFrom" text, returns integer, version integer`;

export async function insertClaims(tx: Tx, claims: readonly Claim[]): Promise<void> {
  if (claims.length === 0) return;
  await sql(
    tx,
    `insert into settlement.claim (id, number, kind, state, referral_id, person_id, contract_id, authority_id, provider_id, tariff_id,
       tariff_version, fee_id, occurrence, due_on, currency, asked_minor, approved_minor, certified_minor, fee_minor, why, jobs, findings,
       corrects_id, approved_by, certified_by, certified_on, batch_id, statement_id, disputed_from, returns, version)
     select * from jsonb_to_recordset($1::jsonb) as (${COLUMNS})`,
    [canonicalJson(claims)],
  );
}

/**
 * Saves what may change of a claim, all in one statement.
 *
 * Error: `claim.changed` (retriable) when another transaction was faster.
 */
export async function saveClaims(tx: Tx, claims: readonly Claim[], before: readonly Claim[]): Promise<void> {
  if (claims.length === 0) return;
  const versions = new Map(before.map((claim) => [claim.id, claim.version]));
  const saved = await sql(
    tx,
    `update settlement.claim c set state = n.state, tariff_version = n."tariffVersion", why = n.why, approved_minor = n."approvedMinor", certified_minor = n."certifiedMinor",
       findings = n.findings, approved_by = n."approvedBy", certified_by = n."certifiedBy", certified_on = n."certifiedOn",
       batch_id = n."batchId", disputed_from = n."disputedFrom", returns = n.returns, version = n.version
     from jsonb_to_recordset($1::jsonb) as n(${COLUMNS}, "versionBefore" integer)
     where c.id = n.id and c.version = n."versionBefore" returning c.id`,
    [canonicalJson(claims.map((claim) => ({ ...claim, versionBefore: versions.get(claim.id) })))],
  );
  if (saved.length !== claims.length) {
    throw new HubError('claim.changed', 'Somebody else changed a claim at the same moment: look again.', {
      retriable: true,
    });
  }
}
