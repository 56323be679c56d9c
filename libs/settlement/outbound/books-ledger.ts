import { post, sumOfBooks } from '#libs/books/index.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { classOf, type Journal } from '../domain/journals.js';
import { Ledger } from '../handlers/ports.js';

/** The double-entry books: each business event is two lines of one journal. */
export class BooksLedger extends Ledger {
  override async post(tx: Tx, journals: readonly Journal[]): Promise<void> {
    await post(
      tx,
      journals.map(({ debit, credit, amountMinor, ...journal }) => ({
        ...journal,
        lines: [
          { account: debit, class: classOf(debit), amountMinor },
          { account: credit, class: classOf(credit), amountMinor: -amountMinor },
        ],
      })),
    );
  }

  override trialBalance(tx: Tx): ReturnType<Ledger['trialBalance']> {
    return sumOfBooks(tx);
  }
}
