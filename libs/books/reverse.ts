import { HubError, type LocalDate } from '#libs/kernel/index.js';
import { sql, type Tx } from '#libs/platform/postgres/index.js';
import type { AccountClass, Journal } from './domain/journal.js';
import { post } from './post.js';

interface Row {
  readonly authorityId: string;
  readonly currency: string;
  readonly kind: string;
  readonly causeType: string;
  readonly causeId: string;
  readonly isReversal: boolean;
  readonly reversedBy: string | null;
  readonly lines: readonly { readonly account: string; readonly class: AccountClass; readonly amountMinor: string }[];
}

/**
 * Takes a journal back by its exact mirror. Errors: `books.not-found`, `books.reversed` (by another key), `books.reversal-of-reversal`.
 */
export async function reverse(tx: Tx, key: string, reversalKey: string, effectiveOn: LocalDate): Promise<void> {
  const [row] = await sql<Row>(
    tx,
    `select b.authority_id as "authorityId", b.currency, j.kind, j.cause_type as "causeType", j.cause_id as "causeId",
            j.reverses is not null as "isReversal", (select r.key from books.journal r where r.reverses = j.id) as "reversedBy",
            (select json_agg(json_build_object('account', a.code, 'class', a.class, 'amountMinor', p.amount::text) order by p.line)
             from books.posting p join books.account a on a.id = p.account_id where p.journal_id = j.id) as lines
     from books.journal j join books.book b on b.id = j.book_id where j.key = $1`,
    [key],
  );
  if (row === undefined) throw new HubError('books.not-found', `There is no journal ${key}.`, { facts: { key } });
  if (row.isReversal)
    throw new HubError('books.reversal-of-reversal', 'A reversal is not reversed: post anew.', { facts: { key } });
  if (row.reversedBy !== null && row.reversedBy !== reversalKey) {
    throw new HubError('books.reversed', `The journal ${key} was reversed before.`, { facts: { key } });
  }
  const mirror: Journal = {
    key: reversalKey,
    kind: `${row.kind}_REVERSED`,
    authorityId: row.authorityId,
    currency: row.currency,
    effectiveOn,
    causeType: row.causeType,
    causeId: row.causeId,
    reverses: key,
    lines: row.lines.map((line) => ({
      account: line.account,
      class: line.class,
      amountMinor: -BigInt(line.amountMinor),
    })),
  };
  await post(tx, [mirror]);
}
