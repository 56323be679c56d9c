import { HubError } from '#libs/kernel/index.js';
import { nowOf, sql, type Tx } from '#libs/platform/postgres/index.js';
import { traced } from '#libs/platform/telemetry/tracing.js';
import {
  canonicalBody,
  chainHash,
  checkJournal,
  GENESIS,
  leafHash,
  merkleRoot,
  type Journal,
} from './domain/journal.js';

const JOURNALS_MAX = 10_000;
/** Claims and the like that one posting names in its trace. */
const CAUSES_MAX = 100;

/**
 * Posts journals in the caller's transaction, last in it: one statement a book writes journals, postings, balances, balances of the
 * day, the batch and the head of the chain. Journals whose key and body stand already are left out.
 *
 * Errors: `books.journal` (unbalanced and the like), `books.key-reused` (same key, other body), `books.sealed`.
 */
export async function post(tx: Tx, journals: readonly Journal[]): Promise<void> {
  if (journals.length > JOURNALS_MAX) throw new RangeError(`At most ${JOURNALS_MAX} journals at once.`);
  for (const journal of journals) checkJournal(journal);
  const books = Map.groupBy(journals, (journal) => `${journal.authorityId}/${journal.currency}`);
  // Always in one order: two posters of two books cannot wait for each other.
  const causes = [...new Set(journals.map(({ causeId }) => causeId))].slice(0, CAUSES_MAX);
  await traced({ name: 'post', attributes: { 'liaison.causes': causes } }, async () => {
    for (const name of [...books.keys()].sort()) await postToBook(tx, books.get(name) ?? []);
  });
}

async function postToBook(tx: Tx, journals: readonly Journal[]): Promise<void> {
  const [first] = journals;
  if (first === undefined) return;
  const bookId = await lockBook(tx, first.authorityId, first.currency);
  const fresh = await withoutRepeats(tx, journals);
  if (fresh.length === 0) return;
  await ensureAccounts(tx, bookId, fresh);
  const [head] = await sql<{ seq: bigint; hash: Buffer }>(
    tx,
    `select seq, hash from books.chain_head where book_id = $1`,
    [bookId],
  );
  if (head === undefined) throw new Error('A book has a head.');
  const bodies = fresh.map(canonicalBody);
  const leaves = bodies.map(leafHash);
  const root = merkleRoot(leaves);
  const rows = fresh.map((journal, index) => ({
    leafNo: index,
    key: journal.key,
    bodyHash: leaves[index]?.toString('hex'),
    body: bodies[index],
    kind: journal.kind,
    effectiveOn: journal.effectiveOn,
    causeType: journal.causeType,
    causeId: journal.causeId,
    reverses: journal.reverses ?? null,
    lines: journal.lines.map((line, number) => ({
      line: number,
      code: line.account,
      amount: line.amountMinor.toString(),
    })),
  }));
  try {
    await sql(tx, POST, [bookId, head.seq + 1n, root, chainHash(head.hash, root), nowOf(tx), JSON.stringify(rows)]);
  } catch (error) {
    const constraint = (error as { driverError?: { constraint?: string } }).driverError?.constraint;
    if (constraint === 'sealed_period')
      throw new HubError('books.sealed', 'A journal falls into a sealed period.', { cause: error });
    throw error;
  }
}

/** The whole posting: what is inserted once is read by the next step from what the step before returned. */
const POST = `
with input as (
  select * from jsonb_to_recordset($6::jsonb) as j("leafNo" int, key text, "bodyHash" text, body text, kind text,
    "effectiveOn" date, "causeType" text, "causeId" text, reverses text, lines jsonb)
), batch as (
  insert into books.batch (book_id, seq, root, hash, n, recorded_at)
  select $1::bigint, $2::bigint, $3::bytea, $4::bytea, count(*), $5::timestamptz from input
), head as (
  update books.chain_head set seq = $2, hash = $4 where book_id = $1
), journals as (
  insert into books.journal (book_id, seq, leaf_no, key, body_hash, body, kind, effective_on, recorded_at, reverses, cause_type, cause_id)
  select $1, $2, i."leafNo", i.key, decode(i."bodyHash", 'hex'), i.body, i.kind, i."effectiveOn", $5, o.id, i."causeType", i."causeId"
  from input i left join books.journal o on o.key = i.reverses
  returning id, key, effective_on
), lines as (
  select j.id as journal_id, l.line, a.id as account_id, l.amount, j.effective_on
  from input i join journals j using (key)
  cross join lateral jsonb_to_recordset(i.lines) as l(line smallint, code text, amount bigint)
  join books.account a on a.book_id = $1 and a.code = l.code
), postings as (
  insert into books.posting (journal_id, line, account_id, amount, effective_on)
  select journal_id, line, account_id, amount, effective_on from lines
), sums as (
  select account_id, effective_on, coalesce(sum(amount) filter (where amount > 0), 0) as debit,
         coalesce(-sum(amount) filter (where amount < 0), 0) as credit
  from lines group by account_id, effective_on
), days as (
  insert into books.balance_day (account_id, effective_on, debit, credit)
  select account_id, effective_on, debit, credit from sums order by account_id, effective_on
  on conflict (account_id, effective_on) do update
    set debit = books.balance_day.debit + excluded.debit, credit = books.balance_day.credit + excluded.credit
)
insert into books.balance (account_id, debit, credit)
select account_id, sum(debit), sum(credit) from sums group by account_id order by account_id
on conflict (account_id) do update
  set debit = books.balance.debit + excluded.debit, credit = books.balance.credit + excluded.credit`;

/** The book, made where it is missing, with its head locked: whoever posts to it next waits for this transaction. */
async function lockBook(tx: Tx, authorityId: string, currency: string): Promise<bigint> {
  await sql(tx, `insert into books.book (authority_id, currency) values ($1, $2) on conflict do nothing`, [
    authorityId,
    currency,
  ]);
  const [book] = await sql<{ id: bigint }>(tx, `select id from books.book where authority_id = $1 and currency = $2`, [
    authorityId,
    currency,
  ]);
  if (book === undefined) throw new HubError('books.not-yours', 'Only an authority posts to its own books.');
  await sql(tx, `insert into books.chain_head (book_id, seq, hash) values ($1, 0, $2) on conflict do nothing`, [
    book.id,
    GENESIS,
  ]);
  await sql(tx, `select seq from books.chain_head where book_id = $1 for update`, [book.id]);
  return book.id;
}

async function withoutRepeats(tx: Tx, journals: readonly Journal[]): Promise<readonly Journal[]> {
  const seen = new Map<string, string>();
  const known = await sql<{ key: string; bodyHash: Buffer }>(
    tx,
    `select key, body_hash as "bodyHash" from books.journal where key = any($1::text[])`,
    [journals.map((journal) => journal.key)],
  );
  for (const row of known) seen.set(row.key, row.bodyHash.toString('hex'));
  return journals.filter((journal) => {
    const hash = leafHash(canonicalBody(journal)).toString('hex');
    const earlier = seen.get(journal.key);
    if (earlier !== undefined && earlier !== hash) {
      throw new HubError('books.key-reused', `The key ${journal.key} was posted before with another body.`, {
        facts: { key: journal.key },
      });
    }
    seen.set(journal.key, hash);
    return earlier === undefined;
  });
}

async function ensureAccounts(tx: Tx, bookId: bigint, journals: readonly Journal[]): Promise<void> {
  const classes = new Map(journals.flatMap((journal) => journal.lines).map((line) => [line.account, line.class]));
  await sql(
    tx,
    `insert into books.account (book_id, code, class) select $1, code, class from unnest($2::text[], $3::text[]) as a(code, class)
     order by code on conflict (book_id, code) do nothing`,
    [bookId, [...classes.keys()], [...classes.values()]],
  );
}
