import { money } from '#libs/kernel/index.js';
import {
  amountText,
  arithmeticOf,
  type BankBalance,
  type BankEntry,
  type BankStatement,
  type StatementFinding,
} from './bank-statement.js';

/** Totals the bank states about its own entries (TxsSummry). */
export interface StatedTotals {
  readonly count: number | null;
  readonly path: string;
  readonly line: number;
}

/** One entry in another currency is enough to doubt a statement; the first ones show which. */
export const CURRENCY_FINDINGS_MAX = 10;

type Unchecked = Omit<BankStatement, 'findings'>;

/** What does not hold within a statement, each with its place. An honest statement of one currency answers none. */
export function findingsOf(statement: Unchecked, totals: StatedTotals | null): readonly StatementFinding[] {
  return [
    ...currencyFindings(statement),
    ...arithmeticFindings(statement),
    ...totalsFindings(statement, totals),
    ...statement.entries.flatMap(detailFindings),
  ];
}

/** Everything of a statement is in the account's currency, or in that of its opening balance where the bank does not say. */
function currencyFindings({ account, balances, entries }: Unchecked): readonly StatementFinding[] {
  const expected = account.currency ?? balances[0]?.currency ?? entries[0]?.currency;
  const others = [...balances, ...entries].filter(({ currency }) => currency !== expected);
  return others.slice(0, CURRENCY_FINDINGS_MAX).map((one: BankBalance | BankEntry) => ({
    code: 'currency',
    message: `${one.path} is in ${one.currency}, the statement in ${expected ?? 'none'}.`,
    path: one.path,
    line: one.line,
  }));
}

function arithmeticFindings(statement: Unchecked): readonly StatementFinding[] {
  const sums = arithmeticOf(statement);
  if (sums === null || sums.holds) return [];
  const { opening, closing, bookedMinor } = sums;
  const booked = amountText(money(bookedMinor, opening.currency));
  const message = `Opening ${amountText(opening)} plus booked ${booked} is not closing ${amountText(closing)}.`;
  return [{ code: 'arithmetic', message, path: closing.path, line: closing.line }];
}

function totalsFindings({ entries }: Unchecked, totals: StatedTotals | null): readonly StatementFinding[] {
  if (totals?.count == null || totals.count === entries.length) return [];
  const message = `The statement says ${totals.count} entries and holds ${entries.length}.`;
  return [{ code: 'totals', message, path: totals.path, line: totals.line }];
}

/** Amounts behind a collective booking add up to it, where the bank gives all of them in its currency. */
function detailFindings(entry: BankEntry): readonly StatementFinding[] {
  if (entry.transactions.length < 2) return [];
  const amounts = entry.transactions.flatMap(({ amount }) => (amount?.currency === entry.currency ? [amount] : []));
  if (amounts.length < entry.transactions.length) return [];
  const sum = amounts.reduce((total, { amountMinor }) => total + amountMinor, 0n);
  if (sum === entry.amountMinor) return [];
  const message = `The transactions of ${entry.path} add up to ${amountText(money(sum, entry.currency))}, the entry is ${amountText(entry)}.`;
  return [{ code: 'details', message, path: entry.path, line: entry.line }];
}
