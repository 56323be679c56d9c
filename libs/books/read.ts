import type { LocalDate } from '#libs/kernel/index.js';
import { sql, type Tx } from '#libs/platform/postgres/index.js';

export interface AccountBalance {
  readonly authorityId: string;
  readonly currency: string;
  readonly code: string;
  readonly class: string;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
}

/** Balances of all accounts the caller may see, as of the end of a business day (none: of now). */
export async function trialBalance(tx: Tx, asOf: LocalDate | null = null): Promise<readonly AccountBalance[]> {
  return sql<AccountBalance>(
    tx,
    `select b.authority_id as "authorityId", b.currency, a.code, a.class,
            coalesce(sum(d.debit), 0)::bigint as "debitMinor", coalesce(sum(d.credit), 0)::bigint as "creditMinor"
     from books.account a join books.book b on b.id = a.book_id
     left join books.balance_day d on d.account_id = a.id and ($1::date is null or d.effective_on <= $1)
     group by b.authority_id, b.currency, a.id order by b.authority_id, b.currency, a.code`,
    [asOf],
  );
}

/** What the caller's books sum to, by currency: zero, or they do not add up. */
export async function sumOfBooks(
  tx: Tx,
): Promise<readonly { readonly currency: string; readonly amountMinor: bigint }[]> {
  return sql(
    tx,
    `select k.currency, coalesce(sum(b.debit - b.credit), 0)::bigint as "amountMinor"
     from books.book k left join books.account a on a.book_id = k.id left join books.balance b on b.account_id = a.id
     group by k.currency order by k.currency`,
  );
}

/** Seals a book up to a day: nothing is posted into it any more. It only moves forward. */
export async function seal(tx: Tx, authorityId: string, currency: string, until: LocalDate): Promise<void> {
  await sql(
    tx,
    `update books.book set sealed_until = greatest(sealed_until, $3::date) where authority_id = $1 and currency = $2`,
    [authorityId, currency, until],
  );
}
