import { createHash } from 'node:crypto';
import { HubError, isUuid, type LocalDate } from '#libs/kernel/index.js';
import { canonicalJson, sql, type Tx } from '#libs/platform/postgres/index.js';
import type { ItemSettlement } from '../domain/item-settlement.js';
import type { BankLeg, BankLine, RecordedMatch } from '../domain/reconciliation/index.js';

/** The answer to an import, kept so that the same file answers the same again. */
export interface BankImportResult {
  readonly kind: string;
  readonly lines: number;
  readonly matched: number;
  readonly unmatched: number;
  readonly rejected: number;
  readonly returned: number;
}

const hashOf = (content: string): Buffer => createHash('sha256').update(content, 'utf8').digest();

/** The same for what says the same, whatever its blanks and order of fields. */
export const fingerprint = (content: unknown): Buffer => hashOf(canonicalJson(content));

/** What a file came to that is the same byte by byte, or the same status report. */
export async function findImport(
  tx: Tx,
  authorityId: string,
  content: string,
  reportId: string | null,
): Promise<BankImportResult | undefined> {
  const rows = await sql<{ result: BankImportResult }>(
    tx,
    `select f.result from settlement.bank_file f where f.authority_id = $1 and (f.content_hash = $2 or f.report_id = $3)`,
    [authorityId, hashOf(content), reportId],
  );
  return rows[0]?.result;
}

/** Error: `bank-file.concurrent` (retriable). */
export async function insertImport(
  tx: Tx,
  file: {
    readonly id: string;
    readonly authorityId: string;
    readonly name: string;
    readonly content: string;
    /** What makes a status report this one and no other; null of statements, which are known one by one. */
    readonly reportId: string | null;
    readonly importedAt: Date;
    readonly importedBy: string;
    readonly result: BankImportResult;
  },
): Promise<void> {
  const inserted = await sql(
    tx,
    `insert into settlement.bank_file (id, authority_id, name, kind, content_hash, report_id, imported_at, imported_by, result)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb) on conflict do nothing returning id`,
    [
      file.id,
      file.authorityId,
      file.name,
      file.result.kind,
      hashOf(file.content),
      file.reportId,
      file.importedAt,
      file.importedBy,
      canonicalJson(file.result),
    ],
  );
  if (inserted.length === 1) return;
  throw new HubError('bank-file.concurrent', 'Somebody else imports the same file at this moment: ask again.', {
    retriable: true,
  });
}

/** Accounts from which an authority pays or has paid: the only ones whose statements are its own. */
export async function ownAccounts(tx: Tx, authorityId: string): Promise<Set<string>> {
  const rows = await sql<{ iban: string }>(
    tx,
    `select a.iban from settlement.payee_account a where a.authority_id = $1 and a.provider_id = $1 and a.state <> 'PROPOSED'`,
    [authorityId],
  );
  return new Set(rows.map((row) => row.iban));
}

export interface BankStatementRow {
  readonly id: string;
  readonly fileId: string;
  readonly authorityId: string;
  readonly account: string;
  /** Message, identification, sequence and page: what makes it this statement and no other. */
  readonly statementId: string;
  readonly date: LocalDate;
  readonly openingMinor: bigint | null;
  readonly closingMinor: bigint | null;
  readonly currency: string;
  readonly lines: number;
}

/** A statement's fingerprint; empty of those that were kept before there were fingerprints. */
type Kept = BankStatementRow & { readonly contentHash: Buffer };

/** Was this statement kept before, and with this content? */
export async function earlierStatement(
  tx: Tx,
  row: Pick<Kept, 'authorityId' | 'account' | 'statementId' | 'contentHash'>,
): Promise<'none' | 'same' | 'other'> {
  const rows = await sql<{ same: boolean }>(
    tx,
    `select content_hash in ($4, '') as same from settlement.bank_statement
     where authority_id = $1 and account = $2 and statement_id = $3`,
    [row.authorityId, row.account, row.statementId, row.contentHash],
  );
  if (rows.length === 0) return 'none';
  return rows.some(({ same }) => same) ? 'same' : 'other';
}

/** The closing balance of the account's last end-of-day statement before a day. */
export async function closingBefore(
  tx: Tx,
  authorityId: string,
  account: string,
  currency: string,
  day: LocalDate,
): Promise<bigint | undefined> {
  const rows = await sql<{ closing: bigint }>(
    tx,
    `select closing_minor as closing from settlement.bank_statement
     where authority_id = $1 and account = $2 and date < $3 and currency = $4 and closing_minor is not null
       and statement_id like 'camt.053:%'
     order by date desc, statement_id desc, id desc limit 1`,
    [authorityId, account, day, currency],
  );
  return rows[0]?.closing;
}

export async function insertStatement(tx: Tx, row: Kept): Promise<void> {
  await sql(
    tx,
    `insert into settlement.bank_statement (id, file_id, authority_id, account, statement_id, date, opening_minor, closing_minor,
       currency, lines, content_hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      row.id,
      row.fileId,
      row.authorityId,
      row.account,
      row.statementId,
      row.date,
      row.openingMinor,
      row.closingMinor,
      row.currency,
      row.lines,
      row.contentHash,
    ],
  );
}

export async function listBankStatements(
  tx: Tx,
  page: { readonly after: string | null; readonly limit: number },
): Promise<(BankStatementRow & { readonly matched: number })[]> {
  return sql(
    tx,
    `select s.id, s.file_id as "fileId", s.authority_id as "authorityId", s.account, s.statement_id as "statementId", s.date,
       s.opening_minor as "openingMinor", s.closing_minor as "closingMinor", s.currency, s.lines,
       (select count(distinct l.id)::int from settlement.bank_line l join settlement.bank_match m on m.bank_line_id = l.id
        where l.statement_id = s.id and m.undone_at is null) as matched
     from settlement.bank_statement s where ($1::uuid is null or s.id > $1) order by s.id limit $2`,
    [page.after, page.limit],
  );
}

/** A booked line as kept; `line` is what reconciliation reads. */
export interface StoredLine {
  readonly id: string;
  readonly statementId: string;
  readonly authorityId: string;
  readonly account: string;
  readonly bookedOn: LocalDate;
  readonly currency: string;
  readonly line: BankLine;
}

const LINE = `l.id, l.statement_id as "statementId", l.authority_id as "authorityId", l.account, l.booked_on as "bookedOn",
  l.currency, l.body`;

/** As JSON keeps it: amounts are text. */
interface LineBody extends Omit<BankLine, 'amountMinor' | 'legs'> {
  readonly amountMinor: string;
  readonly legs: readonly (Omit<BankLeg, 'amountMinor'> & { readonly amountMinor: string })[];
}

const storedLine = ({ body, ...row }: Omit<StoredLine, 'line'> & { readonly body: LineBody }): StoredLine => ({
  ...row,
  line: {
    ...body,
    amountMinor: BigInt(body.amountMinor),
    legs: body.legs.map((leg) => ({ ...leg, amountMinor: BigInt(leg.amountMinor) })),
  },
});

/** Keeps the lines that were never told before, and answers their keys. */
export async function insertNewLines(tx: Tx, lines: readonly StoredLine[]): Promise<Set<string>> {
  if (lines.length === 0) return new Set();
  const rows = await sql<{ key: string }>(
    tx,
    `insert into settlement.bank_line (id, statement_id, authority_id, key, account, booked_on, amount_minor, currency, body)
     select l.id, l."statementId", l."authorityId", l.line->>'key', l.account, l."bookedOn", (l.line->>'amountMinor')::bigint, l.currency,
       l.line
     from jsonb_to_recordset($1::jsonb) as l(id uuid, "statementId" uuid, "authorityId" uuid, account text, "bookedOn" date,
       currency text, line jsonb)
     on conflict (authority_id, key) do nothing returning key`,
    [canonicalJson(lines)],
  );
  return new Set(rows.map((row) => row.key));
}

export async function findLine(tx: Tx, id: string): Promise<StoredLine | undefined> {
  const rows = await sql<Omit<StoredLine, 'line'> & { body: LineBody }>(
    tx,
    `select ${LINE} from settlement.bank_line l where l.id = $1`,
    [id],
  );
  return rows.map(storedLine)[0];
}

/** Lines of which something waits in the queue, oldest first: a later line may explain them. */
export async function waitingLines(tx: Tx, authorityId: string, limit: number): Promise<StoredLine[]> {
  const rows = await sql<Omit<StoredLine, 'line'> & { body: LineBody }>(
    tx,
    `select ${LINE} from settlement.bank_line l
     where l.authority_id = $1
       and l.id in (select u.bank_line_id from settlement.unmatched_item u where u.authority_id = $1 and u.open)
     order by l.booked_on, l.id limit $2`,
    [authorityId, limit],
  );
  return rows.map(storedLine);
}

/** A match on record: `Match` with where it is kept. */
export interface BankMatch extends RecordedMatch {
  readonly id: string;
  readonly authorityId: string;
  readonly bankLineId: string;
  readonly payableId: string;
  readonly actorId: string;
}

export async function insertMatches(tx: Tx, matches: readonly BankMatch[], now: Date): Promise<void> {
  if (matches.length === 0) return;
  await sql(
    tx,
    `insert into settlement.bank_match (id, authority_id, bank_line_id, leg, end_to_end_id, payable_id, amount_minor, kind, rule, why,
       return_reason, actor_id, matched_at)
     select m.id, m."authorityId", m."bankLineId", m.leg, m."endToEndId", m."payableId", m."amountMinor", m.kind, m.rule, m.why,
       m."returnReason", m."actorId", $2
     from jsonb_to_recordset($1::jsonb) as m(id uuid, "authorityId" uuid, "bankLineId" uuid, leg int, "endToEndId" text,
       "payableId" uuid, "amountMinor" bigint, kind text, rule text, why text, "returnReason" text, "actorId" text)`,
    [canonicalJson(matches), now],
  );
}

/** Everything on record of some transfers or lines, what was undone included. */
export async function recordedMatches(
  tx: Tx,
  authorityId: string,
  of: { readonly endToEndIds: readonly string[]; readonly lineIds: readonly string[] },
): Promise<BankMatch[]> {
  return sql<BankMatch>(
    tx,
    `select m.id, m.authority_id as "authorityId", m.bank_line_id as "bankLineId", l.key as "lineKey", m.leg,
       m.end_to_end_id as "endToEndId", m.payable_id as "payableId", m.amount_minor as "amountMinor", m.kind, m.rule, m.why,
       m.return_reason as "returnReason", m.actor_id as "actorId", m.undone_at is not null as undone
     from settlement.bank_match m join settlement.bank_line l on l.id = m.bank_line_id
     where m.authority_id = $1 and (m.end_to_end_id = any($2::text[]) or m.bank_line_id = any($3::uuid[])) order by m.id`,
    [authorityId, of.endToEndIds, of.lineIds],
  );
}

export async function undoMatches(
  tx: Tx,
  ids: readonly string[],
  by: { readonly actorId: string; readonly why: string; readonly now: Date },
): Promise<void> {
  await sql(
    tx,
    `update settlement.bank_match set undone_at = $2, undone_by = $3, undone_why = $4
     where id = any($1::uuid[]) and undone_at is null`,
    [ids, by.now, by.actorId, by.why],
  );
}

export interface Candidate {
  readonly payableId: string;
  readonly why: string;
}

/** Something that does not fit, in the queue of a person. */
export interface UnmatchedItem {
  readonly id: string;
  readonly authorityId: string;
  /** The same for the same leg, transfer or finding whenever it is found again. */
  readonly key: string;
  readonly kind: string;
  readonly open: boolean;
  readonly since: LocalDate;
  readonly bankLineId: string | null;
  readonly leg: number | null;
  readonly payableId: string | null;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly text: string;
  readonly candidates: readonly Candidate[];
  readonly resolution: string | null;
  /** What it was, where it stands for no transfer; a proposal while the item is open. */
  readonly settlement: ItemSettlement | null;
}

const ITEM = `u.id, u.authority_id as "authorityId", u.key, u.kind, u.open, u.since, u.bank_line_id as "bankLineId", u.leg,
  u.payable_id as "payableId", u.amount_minor as "amountMinor", u.currency, u.text, u.candidates, u.resolution, u.settlement`;

/**
 * Keeps what was found. What was found before keeps its id and age, and takes what is thought of it now; what two people have settled
 * stays so.
 */
export async function keepItems(tx: Tx, items: readonly UnmatchedItem[]): Promise<void> {
  if (items.length === 0) return;
  await sql(
    tx,
    `insert into settlement.unmatched_item as i (id, authority_id, key, kind, open, since, bank_line_id, leg, payable_id, amount_minor,
       currency, text, candidates)
     select u.id, u."authorityId", u.key, u.kind, true, u.since, u."bankLineId", u.leg, u."payableId", u."amountMinor", u.currency,
       u.text, u.candidates
     from jsonb_to_recordset($1::jsonb) as u(id uuid, "authorityId" uuid, key text, kind text, since date, "bankLineId" uuid, leg int,
       "payableId" uuid, "amountMinor" bigint, currency text, text text, candidates jsonb)
     on conflict (authority_id, key) do update
       set kind = excluded.kind, text = excluded.text, open = true, resolution = null,
         -- What a person, or an earlier look, had thought of it is not forgotten because nothing else comes to mind now.
         candidates = case when excluded.candidates = '[]' then i.candidates else excluded.candidates end
       where i.settlement ->> 'confirmedBy' is null`,
    [canonicalJson(items)],
  );
}

/** As `keepItems`, of one; answers it as it is kept. */
export async function keepItem(tx: Tx, item: UnmatchedItem): Promise<UnmatchedItem> {
  await keepItems(tx, [item]);
  const rows = await sql<UnmatchedItem>(
    tx,
    `select ${ITEM} from settlement.unmatched_item u where u.authority_id = $1 and u.key = $2 for update`,
    [item.authorityId, item.key],
  );
  return rows[0] ?? item;
}

/** Closes the open items of some lines, and those of transfers that no line had shown, which were not found again. */
export async function closeItems(
  tx: Tx,
  authorityId: string,
  of: { readonly lineIds: readonly string[]; readonly found: readonly string[] },
  resolution: string,
): Promise<void> {
  await sql(
    tx,
    `update settlement.unmatched_item set open = false, resolution = $4, settlement = null
     where authority_id = $1 and open and (bank_line_id = any($2::uuid[]) or kind = 'unmatched-ledger') and key <> all($3::text[])`,
    [authorityId, of.lineIds, of.found, resolution],
  );
}

export async function lockItem(tx: Tx, id: string): Promise<UnmatchedItem | undefined> {
  if (!isUuid(id)) return undefined;
  return (
    await sql<UnmatchedItem>(tx, `select ${ITEM} from settlement.unmatched_item u where u.id = $1 for update`, [id])
  )[0];
}

/**
 * Those of some payables that may have been paid already: money out that waits in the queue may be theirs, or the bank contradicts itself
 * about them. Nothing more is ordered for them until a person has said what it was.
 */
export async function questionedPayables(
  tx: Tx,
  authorityId: string,
  payableIds: readonly string[],
): Promise<Set<string>> {
  const rows = await sql<{ id: string }>(
    tx,
    `select p.id from unnest($2::uuid[]) as p(id)
     where exists (select from settlement.unmatched_item u where u.authority_id = $1 and u.open and u.amount_minor < 0
       and (u.kind = 'status-contradiction' and u.payable_id = p.id
         or u.bank_line_id is not null and u.candidates @> jsonb_build_array(jsonb_build_object('payableId', p.id))))`,
    [authorityId, payableIds],
  );
  return new Set(rows.map((row) => row.id));
}

export async function setItem(
  tx: Tx,
  {
    id,
    open,
    resolution,
    settlement,
    candidates,
  }: Pick<UnmatchedItem, 'id' | 'open' | 'resolution' | 'settlement' | 'candidates'>,
): Promise<void> {
  await sql(
    tx,
    `update settlement.unmatched_item set open = $2, resolution = $3, settlement = $4::jsonb, candidates = $5::jsonb where id = $1`,
    [id, open, resolution, settlement === null ? null : canonicalJson(settlement), canonicalJson(candidates)],
  );
}

/** Legs of some lines that were settled as something else than a transfer of ours. */
export async function settledLegs(
  tx: Tx,
  lineIds: readonly string[],
): Promise<{ readonly lineKey: string; readonly leg: number }[]> {
  return sql(
    tx,
    `select l.key as "lineKey", u.leg from settlement.unmatched_item u join settlement.bank_line l on l.id = u.bank_line_id
     where u.bank_line_id = any($1::uuid[]) and u.leg is not null and u.settlement ->> 'confirmedBy' is not null`,
    [lineIds],
  );
}

/** Oldest first. `after` is `since id` of the last one seen. */
export async function listItems(
  tx: Tx,
  page: {
    readonly open: boolean;
    readonly after: string | null;
    readonly limit: number;
    /** Of one authority, for the hub's operator who sees all. */
    readonly authorityId?: string;
  },
): Promise<UnmatchedItem[]> {
  const [since = null, id = null] = page.after?.split(' ') ?? [];
  return sql<UnmatchedItem>(
    tx,
    `select ${ITEM} from settlement.unmatched_item u
     where u.open = $1 and ($2::date is null or (u.since, u.id) > ($2::date, $3::uuid)) and ($5::uuid is null or u.authority_id = $5)
     order by u.since, u.id limit $4`,
    [page.open, since, id, page.limit, page.authorityId ?? null],
  );
}
