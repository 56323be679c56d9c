import type { LocalDate } from '#libs/kernel/index.js';
import { canonicalJson, newId, sql, type Tx } from '#libs/platform/postgres/index.js';
import type { CommitmentState } from '../domain/commitment.js';
import type { Engagement, StoredFact } from '../domain/fact.js';

export const ENGAGEMENT = `e.referral_id as "referralId", e.person_id as "personId", e.contract_id as "contractId",
  e.authority_id as "authorityId", e.provider_id as "providerId", e.tariff_id as "tariffId", e.tariff_version as "tariffVersion",
  e.currency, e.locked, e.accepted_at as "acceptedAt"`;

const FACT = `f.id, f.key, f.referral_id as "referralId", f.person_id as "personId", f.authority_id as "authorityId",
  f.effective_on as "effectiveOn", f.known_since as "knownSince", f.event_id as "eventId", f.body`;

export async function insertEngagement(tx: Tx, engagement: Engagement): Promise<void> {
  await sql(
    tx,
    `insert into settlement.engagement (referral_id, person_id, contract_id, authority_id, provider_id, tariff_id, tariff_version,
       currency, locked, accepted_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10) on conflict (referral_id) do nothing`,
    [
      engagement.referralId,
      engagement.personId,
      engagement.contractId,
      engagement.authorityId,
      engagement.providerId,
      engagement.tariffId,
      engagement.tariffVersion,
      engagement.currency,
      canonicalJson(engagement.locked),
      engagement.acceptedAt,
    ],
  );
}

/**
 * One transaction at a time keeps facts of a person and prices: two that each bring what the other one needs (an acceptance and a job)
 * would otherwise both commit without having seen each other. Held until the transaction ends.
 */
export async function lockPersons(tx: Tx, personIds: readonly string[]): Promise<void> {
  await sql(
    tx,
    `select pg_advisory_xact_lock(key) from
       (select distinct hashtextextended('settlement.person:' || id, 0) as key from unnest($1::text[]) id order by 1) keys`,
    [personIds],
  );
}

export async function engagementsOfPersons(tx: Tx, personIds: readonly string[]): Promise<Engagement[]> {
  return sql<Engagement>(
    tx,
    `select ${ENGAGEMENT} from settlement.engagement e where e.person_id = any($1::uuid[]) order by e.referral_id`,
    [personIds],
  );
}

export interface EngagementsPage {
  readonly tariffId: string;
  readonly tariffVersion: string | null;
  readonly contractId: string | null;
  readonly after: string | null;
  readonly limit: number;
}

/** Engagements priced by a tariff, in the order of their referrals. */
export async function engagementsOfTariff(tx: Tx, page: EngagementsPage): Promise<Engagement[]> {
  return sql<Engagement>(
    tx,
    `select ${ENGAGEMENT} from settlement.engagement e
     where e.tariff_id = $1 and ($2::text is null or e.tariff_version = $2) and ($3::uuid is null or e.contract_id = $3)
       and ($4::uuid is null or e.referral_id > $4) order by e.referral_id limit $5`,
    [page.tariffId, page.tariffVersion, page.contractId, page.after, page.limit],
  );
}

/** What is known now of some persons. */
export async function currentFacts(tx: Tx, personIds: readonly string[]): Promise<StoredFact[]> {
  return sql<StoredFact>(
    tx,
    `select ${FACT} from settlement.fact f where f.person_id = any($1::uuid[]) and f.superseded_at is null order by f.id`,
    [personIds],
  );
}

/** The current fact of a key. */
export async function findFact(tx: Tx, key: string): Promise<StoredFact | undefined> {
  const rows = await sql<StoredFact>(
    tx,
    `select ${FACT} from settlement.fact f where f.key = $1 and f.superseded_at is null for update`,
    [key],
  );
  return rows[0];
}

/** What was known of a referral at an instant: "what did we know when we paid?" */
export async function factsKnownAt(tx: Tx, personId: string, at: Date): Promise<StoredFact[]> {
  return sql<StoredFact>(
    tx,
    `select ${FACT} from settlement.fact f
     where f.person_id = $1 and f.known_since <= $2 and (f.superseded_at is null or f.superseded_at > $2) order by f.id`,
    [personId, at],
  );
}

/** Keeps a fact; the one of the same key that counted until now is closed, never changed. */
export async function keepFact(tx: Tx, fact: Omit<StoredFact, 'id'>): Promise<void> {
  await sql(
    tx,
    `update settlement.fact set superseded_at = greatest($2, known_since) where key = $1 and superseded_at is null`,
    [fact.key, fact.knownSince],
  );
  await sql(
    tx,
    `insert into settlement.fact (id, key, referral_id, person_id, authority_id, kind, effective_on, known_since, body, event_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10)`,
    [
      newId(),
      fact.key,
      fact.referralId,
      fact.personId,
      fact.authorityId,
      fact.body.kind,
      fact.effectiveOn,
      fact.knownSince,
      canonicalJson(fact.body),
      fact.eventId,
    ],
  );
}

/** The days on which each referral is priced again replace those named before. */
export async function replaceNamedDates(
  tx: Tx,
  referralIds: readonly string[],
  dates: readonly { readonly referralId: string; readonly onDate: LocalDate }[],
): Promise<void> {
  await sql(tx, `delete from settlement.named_date where referral_id = any($1::uuid[])`, [referralIds]);
  if (dates.length === 0) return;
  await sql(
    tx,
    `insert into settlement.named_date (on_date, referral_id)
     select distinct d."onDate", d."referralId" from jsonb_to_recordset($1::jsonb) as d("onDate" date, "referralId" uuid)`,
    [canonicalJson(dates)],
  );
}

/** Persons with a named date that has come, at most `limit`. */
export async function personsDue(tx: Tx, day: LocalDate, limit: number): Promise<string[]> {
  const rows = await sql<{ personId: string }>(
    tx,
    `select distinct e.person_id as "personId" from settlement.named_date d join settlement.engagement e using (referral_id)
     where d.on_date <= $1 order by e.person_id limit $2`,
    [day, limit],
  );
  return rows.map((row) => row.personId);
}

export interface Question {
  readonly verificationId: string;
  readonly referralId: string;
  readonly question: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** Keeps the questions that were never asked and answers those. */
export async function keepNewQuestions(tx: Tx, questions: readonly Question[], now: Date): Promise<Set<string>> {
  if (questions.length === 0) return new Set();
  const rows = await sql<{ id: string }>(
    tx,
    `insert into settlement.question (verification_id, referral_id, question, from_on, to_on, asked_at)
     select q."verificationId", q."referralId", q.question, q."from", q."to", $2
     from jsonb_to_recordset($1::jsonb) as q("verificationId" uuid, "referralId" uuid, question text, "from" date, "to" date)
     on conflict (referral_id, question, from_on, to_on) do nothing returning verification_id as id`,
    [canonicalJson(questions), now],
  );
  return new Set(rows.map((row) => row.id));
}

export interface CommitmentRow {
  readonly referralId: string;
  readonly authorityId: string;
  readonly providerId: string;
  readonly contractId: string;
  readonly state: CommitmentState;
  readonly amountMinor: bigint;
  readonly drawnMinor: bigint;
  readonly currency: string;
}

export async function commitmentsOf(tx: Tx, referralIds: readonly string[]): Promise<Map<string, CommitmentRow>> {
  const rows = await sql<CommitmentRow>(
    tx,
    `select referral_id as "referralId", authority_id as "authorityId", provider_id as "providerId", contract_id as "contractId", state,
       amount_minor as "amountMinor", drawn_minor as "drawnMinor", currency
     from settlement.commitment where referral_id = any($1::uuid[])`,
    [referralIds],
  );
  return new Map(rows.map((row) => [row.referralId, row]));
}

export async function insertCommitment(tx: Tx, commitment: CommitmentRow): Promise<void> {
  await sql(
    tx,
    `insert into settlement.commitment (referral_id, authority_id, provider_id, contract_id, state, amount_minor, drawn_minor, currency)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (referral_id) do nothing`,
    [
      commitment.referralId,
      commitment.authorityId,
      commitment.providerId,
      commitment.contractId,
      commitment.state,
      commitment.amountMinor,
      commitment.drawnMinor,
      commitment.currency,
    ],
  );
}

export async function setCommitmentStates(
  tx: Tx,
  states: readonly { readonly referralId: string; readonly state: CommitmentState }[],
): Promise<void> {
  if (states.length === 0) return;
  await sql(
    tx,
    `update settlement.commitment c set state = n.state from jsonb_to_recordset($1::jsonb) as n("referralId" uuid, state text)
     where c.referral_id = n."referralId" and c.state <> n.state`,
    [canonicalJson(states)],
  );
}

/** What some referrals can come to at most, where that has changed; never less than what is drawn already. */
export async function setCommitmentAmounts(
  tx: Tx,
  amounts: readonly { readonly referralId: string; readonly amountMinor: bigint }[],
): Promise<void> {
  if (amounts.length === 0) return;
  await sql(
    tx,
    `update settlement.commitment c set amount_minor = greatest(n."amountMinor", c.drawn_minor)
     from jsonb_to_recordset($1::jsonb) as n("referralId" uuid, "amountMinor" bigint) where c.referral_id = n."referralId"`,
    [canonicalJson(amounts)],
  );
}

/** Draws certified amounts from their commitments, one statement. */
export async function drawCommitments(
  tx: Tx,
  draws: readonly { readonly referralId: string; readonly amountMinor: bigint }[],
): Promise<void> {
  if (draws.length === 0) return;
  await sql(
    tx,
    `update settlement.commitment c set drawn_minor = c.drawn_minor + n.amount
     from (select "referralId", sum("amountMinor")::bigint as amount
           from jsonb_to_recordset($1::jsonb) as d("referralId" uuid, "amountMinor" bigint) group by 1) n
     where c.referral_id = n."referralId"`,
    [canonicalJson(draws)],
  );
}
