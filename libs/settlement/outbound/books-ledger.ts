import { post, sumOfBooks, trialBalance } from '#libs/books/index.js';
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

  override async balanceOf(tx: Tx, word: string): ReturnType<Ledger['balanceOf']> {
    const sums = new Map<string, bigint>();
    for (const { code, currency, debitMinor, creditMinor } of await trialBalance(tx))
      if (code.split(':')[0] === word) sums.set(currency, (sums.get(currency) ?? 0n) + debitMinor - creditMinor);
    return [...sums].map(([currency, amountMinor]) => ({ currency, amountMinor }));
  }

  override trialBalance(tx: Tx): ReturnType<Ledger['trialBalance']> {
    return sumOfBooks(tx);
  }
}
