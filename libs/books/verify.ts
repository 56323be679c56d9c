import { sql, type Tx } from '#libs/platform/postgres/index.js';
import { chainHash, GENESIS, leafHash, merkleRoot } from './domain/journal.js';

export interface Finding {
  /** The invariant that does not hold. */
  readonly invariant: string;
  /** Where: a book, journal, batch or account. */
  readonly at: string;
}

export interface Verification {
  readonly journals: number;
  readonly batches: number;
  readonly checks: number;
  readonly findings: readonly Finding[];
}

const BATCHES_A_READ = 500;
const FINDINGS_MAX = 100;

/** Each answers the rows that break it: nothing, when the books are right. */
const CHECKS: readonly (readonly [invariant: string, query: string])[] = [
  [
    'every journal sums to zero over at least two lines',
    `select 'journal ' || j.key as at from books.journal j left join books.posting p on p.journal_id = j.id
     group by j.id having coalesce(sum(p.amount), 1) <> 0 or count(p.line) < 2`,
  ],
  [
    'all lines of a journal are in its book and on its day',
    `select distinct 'journal ' || j.key as at from books.journal j join books.posting p on p.journal_id = j.id
     join books.account a on a.id = p.account_id where a.book_id <> j.book_id or p.effective_on <> j.effective_on`,
  ],
  [
    'batches are gapless from one to the head',
    `select 'book ' || h.book_id as at from books.chain_head h left join books.batch b on b.book_id = h.book_id
     group by h.book_id, h.seq having count(b.seq) <> h.seq or coalesce(max(b.seq), 0) <> h.seq`,
  ],
  [
    'a batch has as many journals as it says, numbered from zero',
    `select 'batch ' || b.book_id || '/' || b.seq as at from books.batch b left join books.journal j on j.book_id = b.book_id and j.seq = b.seq
     group by b.book_id, b.seq, b.n having count(j.id) <> b.n or coalesce(max(j.leaf_no), -1) <> b.n - 1`,
  ],
  [
    'a balance is the sum of its postings',
    `select 'account ' || a.code as at from books.account a left join books.balance b on b.account_id = a.id
     left join lateral (select coalesce(sum(amount) filter (where amount > 0), 0) as debit,
                               coalesce(-sum(amount) filter (where amount < 0), 0) as credit
                        from books.posting p where p.account_id = a.id) s on true
     where coalesce(b.debit, 0) <> s.debit or coalesce(b.credit, 0) <> s.credit`,
  ],
  [
    "a day's balance is the sum of that day's postings",
    `select 'account ' || a.code || ' on ' || coalesce(d.effective_on, s.effective_on) as at
     from books.balance_day d
     full join (select account_id, effective_on, coalesce(sum(amount) filter (where amount > 0), 0) as debit,
                       coalesce(-sum(amount) filter (where amount < 0), 0) as credit
                from books.posting group by account_id, effective_on) s using (account_id, effective_on)
     join books.account a on a.id = account_id
     where coalesce(d.debit, 0) <> coalesce(s.debit, 0) or coalesce(d.credit, 0) <> coalesce(s.credit, 0)`,
  ],
  [
    'a reversal mirrors its original exactly and is not reversed itself',
    `select 'journal ' || r.key as at from books.journal r join books.journal o on o.id = r.reverses
     where o.reverses is not null or exists (
       (select account_id, -amount from books.posting where journal_id = o.id
        except all select account_id, amount from books.posting where journal_id = r.id)
       union all
       (select account_id, amount from books.posting where journal_id = r.id
        except all select account_id, -amount from books.posting where journal_id = o.id))`,
  ],
];

/** Derives the books again from what was written: sums, balances, reversals, leaves, roots and the chain. Reads only. */
export async function verify(tx: Tx): Promise<Verification> {
  const findings: Finding[] = [];
  for (const [invariant, query] of CHECKS) {
    const rows = await sql<{ at: string }>(tx, `${query} limit ${FINDINGS_MAX}`);
    findings.push(...rows.map(({ at }) => ({ invariant, at })));
  }
  const chain = await verifyChain(tx);
  return { ...chain, checks: CHECKS.length + 3, findings: [...findings, ...chain.findings].slice(0, FINDINGS_MAX) };
}

interface BatchRow {
  readonly bookId: bigint;
  readonly seq: bigint;
  readonly root: Buffer;
  readonly hash: Buffer;
  readonly bodies: readonly string[] | null;
  readonly lines: readonly (string | null)[] | null;
}

async function verifyChain(tx: Tx): Promise<Omit<Verification, 'checks'>> {
  const findings: Finding[] = [];
  const heads = await sql<{ bookId: bigint; hash: Buffer }>(
    tx,
    `select book_id as "bookId", hash from books.chain_head order by book_id`,
  );
  let [journals, batches] = [0, 0];
  for (const head of heads) {
    let previous: Buffer = GENESIS;
    for (let after = 0n; ;) {
      const rows = await readBatches(tx, head.bookId, after);
      for (const row of rows) {
        const at = `batch ${row.bookId}/${row.seq}`;
        const bodies = row.bodies ?? [];
        if (bodies.length === 0 || !merkleRoot(bodies.map(leafHash)).equals(row.root))
          findings.push({ invariant: "a batch's root is that of its journals", at });
        if (!chainHash(previous, row.root).equals(row.hash))
          findings.push({ invariant: 'each batch is chained to the one before', at });
        if (bodies.some((body, index) => linesOf(body) !== row.lines?.[index])) {
          findings.push({ invariant: 'postings are what their journal says', at });
        }
        previous = row.hash;
        journals += bodies.length;
        batches += 1;
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < BATCHES_A_READ) break;
      after = last.seq;
    }
    if (!previous.equals(head.hash))
      findings.push({ invariant: 'the head is the hash of the last batch', at: `book ${head.bookId}` });
  }
  return { journals, batches, findings };
}

/** The lines inside a journal's body, as the database puts them together from its postings. */
function linesOf(body: string): string {
  const lines = (JSON.parse(body) as unknown[]).at(-1) as readonly (readonly [string, string])[];
  return lines.map(([account, amount]) => `${account}=${amount}`).join(';');
}

const readBatches = (tx: Tx, bookId: bigint, after: bigint): Promise<BatchRow[]> =>
  sql<BatchRow>(
    tx,
    `select b.book_id as "bookId", b.seq, b.root, b.hash, array_agg(j.body order by j.leaf_no) filter (where j.id is not null) as bodies,
            array_agg((select string_agg(a.code || '=' || p.amount, ';' order by p.line)
                       from books.posting p join books.account a on a.id = p.account_id where p.journal_id = j.id)
                      order by j.leaf_no) as lines
     from books.batch b left join books.journal j on j.book_id = b.book_id and j.seq = b.seq
     where b.book_id = $1 and b.seq > $2 group by b.book_id, b.seq order by b.seq limit ${BATCHES_A_READ}`,
    [bookId, after],
  );
