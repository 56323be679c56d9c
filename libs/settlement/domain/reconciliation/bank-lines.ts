import type { LocalDate } from '#libs/kernel/index.js';
import {
  accountNumber,
  BOOKED,
  type BankEntry,
  type BankStatement,
  type BankTransaction,
} from '../iso20022/bank-statement.js';
import { electronicReference } from '../iso20022/creditor-reference.js';
import type { BankLeg, BankLine, LineBatch } from './model.js';

/** The booked lines of a statement, each with the key that makes it count once however often it is told. */
export function linesOf(statement: BankStatement): readonly BankLine[] {
  const doubt = statement.findings.find(({ code }) => code !== 'details')?.message ?? null;
  const details = new Map(
    statement.findings.flatMap(({ code, path, message }) => (code === 'details' ? [[path, message]] : [])),
  );
  const seen = new Map<string, number>();
  return statement.entries
    .filter(({ status }) => status === BOOKED)
    .map((entry) => {
      const content = contentKey(statement, entry);
      const nth = (seen.get(content) ?? 0) + 1;
      seen.set(content, nth);
      return lineOf(
        statement,
        entry,
        nth === 1 ? content : `${content}|${nth}`,
        doubt ?? details.get(entry.path) ?? null,
      );
    });
}

/** Where banks have no reference they write NONREF, NOTPROVIDED, N/A, a dash or zeros: what tells bookings apart has a number. */
const isReference = (text: string): boolean => /[1-9]/.test(text);

/**
 * The bank's reference alone is not enough: banks put one reference on a booking and on its reversal. Without a reference the statement
 * and its page stand for it, so that the lines of two stay apart.
 */
function contentKey(statement: BankStatement, entry: BankEntry): string {
  const { bankReference, entryReference, transactions } = entry;
  const told = bankReference ?? (transactions.length === 1 ? transactions[0]?.bankReference : null) ?? null;
  const page = statement.page === null ? '' : `/${statement.page.number}`;
  const reference =
    told !== null && isReference(told)
      ? told
      : `${statement.id}/${statement.electronicSequence ?? statement.legalSequence ?? ''}/${entryReference ?? ''}${page}`;
  return [
    accountNumber(statement.account),
    reference,
    `${entry.amountMinor}${entry.currency}`,
    entry.bookedOn ?? '',
    transactions[0]?.endToEndText ?? '',
    entry.reversal ? 'R' : '',
  ].join('|');
}

/** The day up to which a statement tells the account: that of its closing balance, else of its last booking. */
export function statementDay({ balances, entries }: BankStatement): LocalDate | null {
  const closing = balances.find(({ type, date }) => type === 'CLBD' && date !== null)?.date;
  return (
    closing ??
    entries
      .flatMap(({ bookedOn }) => bookedOn ?? [])
      .sort()
      .at(-1) ??
    null
  );
}

function lineOf(statement: BankStatement, entry: BankEntry, key: string, doubt: string | null): BankLine {
  const legs = legsOf(entry);
  return {
    key,
    account: accountNumber(statement.account),
    statementId: statement.id,
    path: entry.path,
    bankReference: entry.bankReference,
    bookedOn: entry.bookedOn ?? entry.valueOn,
    amountMinor: entry.amountMinor,
    currency: entry.currency,
    legs,
    batch: legs.length === 1 ? batchOf(entry) : null,
    doubt,
  };
}

function legsOf(entry: BankEntry): readonly BankLeg[] {
  const { transactions, amountMinor, currency } = entry;
  const [first] = transactions;
  if (transactions.length === 1 && first !== undefined) return [legOf(entry, first, 0, amountMinor)];
  const amounts = transactions.flatMap(({ amount }) => (amount?.currency === currency ? [amount.amountMinor] : []));
  const sum = amounts.reduce((total, one) => total + one, 0n);
  if (transactions.length === 0 || amounts.length < transactions.length || sum !== amountMinor) {
    return [legOf(entry, undefined, 0, amountMinor)];
  }
  return transactions.map((transaction, leg) => legOf(entry, transaction, leg, amounts[leg] ?? 0n));
}

function legOf(entry: BankEntry, transaction: BankTransaction | undefined, leg: number, amountMinor: bigint): BankLeg {
  const given = transaction?.returned ?? null;
  // A reversal takes back the bank's own booking; RRTN is the code of a returned transfer. Either may come without a reason.
  const isReturn = given !== null || entry.reversal || entry.transactionCode?.subFamily === 'RRTN';
  return {
    leg,
    amountMinor,
    endToEndId: transaction?.endToEndId ?? null,
    references: transaction?.structuredReferences.map(electronicReference) ?? [],
    counterpartyIban: (amountMinor < 0n ? transaction?.creditorIban : transaction?.debtorIban) ?? null,
    returned: isReturn ? { reason: given?.reason ?? null } : null,
  };
}

function batchOf({ transactions, batches }: BankEntry): LineBatch | null {
  if (batches.length === 0 && transactions.length < 2) return null;
  const ids = (pick: (one: BankTransaction) => string | null): string[] =>
    transactions.flatMap((one) => pick(one) ?? []);
  const endToEndIds = ids(({ endToEndId }) => endToEndId);
  const counts = batches.flatMap(({ count }) => count ?? []);
  return {
    endToEndIds: endToEndIds.length === transactions.length ? unique(endToEndIds) : [],
    paymentInfoIds: unique([...batches.flatMap((one) => one.paymentInfoId ?? []), ...ids((one) => one.paymentInfoId)]),
    messageIds: unique([...batches.flatMap((one) => one.messageId ?? []), ...ids((one) => one.messageId)]),
    count: counts.length > 0 && counts.length === batches.length ? counts.reduce((sum, count) => sum + count, 0) : null,
  };
}

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();

/** Order of the bank: by day, then by key; the same whatever order the lines came in. */
export const inBankOrder = (lines: readonly BankLine[]): readonly BankLine[] =>
  [...new Map(lines.map((line) => [line.key, line])).values()].sort(
    (a, b) => compare(a.bookedOn ?? '', b.bookedOn ?? '') || compare(a.key, b.key),
  );

/** By code units: the same on every machine, whatever its language. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
