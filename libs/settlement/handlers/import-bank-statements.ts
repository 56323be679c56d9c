import { HubError, type LocalDate } from '#libs/kernel/index.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import {
  accountNumber,
  arithmeticOf,
  BOOKED,
  type BankStatement,
  type BankStatementFile,
} from '../domain/iso20022/index.js';
import type { Journal } from '../domain/journals.js';
import { linesOf, statementDay } from '../domain/reconciliation/index.js';
import {
  closingBefore,
  earlierStatement,
  fingerprint,
  insertNewLines,
  insertStatement,
  keepItems,
  ownAccounts,
  type StoredLine,
  type UnmatchedItem,
} from '../outbound/bank.store.js';
import type { ImportCounts } from './import-status-report.js';
import { placeLines, type ImportContext } from './place-lines.js';
import type { SettlementPorts } from './ports.js';

export interface Imported {
  readonly counts: ImportCounts;
  /** Every statement of the file was known before. */
  readonly duplicate: boolean;
  /** To be posted by the caller, last. */
  readonly journals: readonly Journal[];
}

/**
 * Keeps statements that are new and places their lines. Only the end-of-day statement (camt.053) moves money: reports within the day
 * (camt.052) and notifications (camt.054) tell the same bookings before it, in other words, and are kept for people to read.
 *
 * Error: `bank-file.foreign-account` where a statement is of an account the authority has never confirmed as its own.
 */
export async function importStatements(
  tx: Tx,
  ports: SettlementPorts,
  file: BankStatementFile,
  context: ImportContext,
): Promise<Imported> {
  await requireOwnAccounts(tx, file, context.authorityId);
  const lines: StoredLine[] = [];
  const items: UnmatchedItem[] = [];
  let told = 0;
  let known = 0;
  for (const statement of file.statements) {
    const kept = await keepStatement(tx, statement, context);
    if (kept === undefined) {
      known += 1;
      continue;
    }
    told += kept.told;
    lines.push(...kept.lines);
    items.push(...kept.items);
  }
  await keepItems(tx, items);
  const asOf = lines.reduce((day, line) => (line.bookedOn > day ? line.bookedOn : day), context.on);
  const placed =
    file.message === 'camt.053'
      ? await placeLines(tx, ports, lines, { ...context, asOf })
      : { matched: 0, unmatched: 0, returned: 0, journals: [] };
  return {
    counts: {
      lines: told,
      matched: placed.matched,
      unmatched: placed.unmatched + items.length,
      rejected: 0,
      returned: placed.returned,
    },
    duplicate: file.statements.length > 0 && known === file.statements.length,
    journals: placed.journals,
  };
}

async function requireOwnAccounts(tx: Tx, file: BankStatementFile, authorityId: string): Promise<void> {
  const own = await ownAccounts(tx, authorityId);
  const foreign = file.statements.map(({ account }) => accountNumber(account)).find((account) => !own.has(account));
  if (foreign === undefined) return;
  throw new HubError('bank-file.foreign-account', 'The file states an account that is not a confirmed one of yours.', {
    field: 'input.content',
    facts: { endsWith: foreign.slice(-4) },
  });
}

async function keepStatement(
  tx: Tx,
  statement: BankStatement,
  { fileId, authorityId, on }: ImportContext,
): Promise<
  { readonly told: number; readonly lines: readonly StoredLine[]; readonly items: readonly UnmatchedItem[] } | undefined
> {
  const account = accountNumber(statement.account);
  const statementId = identityOf(statement);
  const contentHash = fingerprint(contentOf(statement));
  const earlier = await earlierStatement(tx, { authorityId, account, statementId, contentHash });
  if (earlier === 'same') return undefined;
  const date = statementDay(statement) ?? on;
  const sums = arithmeticOf(statement);
  const booked = statement.entries.filter((entry) => entry.status === BOOKED);
  const currency = statement.account.currency ?? sums?.opening.currency ?? booked[0]?.currency ?? 'EUR';
  const before =
    statement.message === 'camt.053' ? await closingBefore(tx, authorityId, account, currency, date) : undefined;
  const id = newId<'BankStatement'>();
  await insertStatement(tx, {
    id,
    fileId,
    authorityId,
    account,
    statementId,
    date,
    openingMinor: sums?.opening.amountMinor ?? null,
    closingMinor: sums?.closing.amountMinor ?? null,
    currency,
    lines: booked.length,
    contentHash,
  });
  const items = findingsOf(statement, { authorityId, id, date, before, changed: earlier === 'other' });
  if (statement.message !== 'camt.053') return { told: booked.length, lines: [], items };
  const stored = linesOf(statement).map((line) => ({
    id: newId<'BankLine'>(),
    statementId: id,
    authorityId,
    account,
    bookedOn: line.bookedOn ?? date,
    currency: line.currency,
    line,
  }));
  const fresh = await insertNewLines(tx, stored);
  return { told: booked.length, lines: stored.filter(({ line }) => fresh.has(line.key)), items };
}

/** Banks number reports, pages and sequences apart. */
const identityOf = (statement: BankStatement): string =>
  [
    statement.message,
    statement.id,
    statement.electronicSequence ?? statement.legalSequence ?? '',
    statement.page?.number ?? '',
  ].join(':');

/** What a statement tells, wherever in its file and under whatever heading. */
const contentOf = ({ account, balances, entries }: BankStatement): object => ({
  currency: account.currency,
  balances: balances.map((balance) => ({ ...balance, path: '', line: 0 })),
  entries: entries.map((entry) => ({ ...entry, path: '', line: 0 })),
});

/**
 * What does not hold within the statement, a gap between it and the one before, and another content than it had before: all are for a
 * person.
 */
function findingsOf(
  statement: BankStatement,
  of: {
    readonly authorityId: string;
    readonly id: string;
    readonly date: LocalDate;
    readonly before: bigint | undefined;
    readonly changed: boolean;
  },
): readonly UnmatchedItem[] {
  const opening = arithmeticOf(statement)?.opening;
  const gapMinor = opening === undefined || of.before === undefined ? 0n : opening.amountMinor - of.before;
  const found = [
    ...statement.findings.map(({ code, message }) => ({ kind: `statement-${code}`, text: message, amountMinor: 0n })),
    ...(of.changed
      ? [
          {
            kind: 'statement-changed',
            text: `The statement ${statement.id} was imported before with other content. Lines that are new in it count; those it no longer tells stay.`,
            amountMinor: 0n,
          },
        ]
      : []),
    ...(gapMinor === 0n
      ? []
      : [
          {
            kind: 'statement-gap',
            text: 'The statement does not open with the balance that the one before closed with.',
            amountMinor: gapMinor,
          },
        ]),
  ];
  return found.map((each, index) => ({
    id: newId<'UnmatchedItem'>(),
    authorityId: of.authorityId,
    key: `statement:${of.id}:${index}`,
    open: true,
    since: of.date,
    bankLineId: null,
    leg: null,
    payableId: null,
    currency: opening?.currency ?? statement.account.currency ?? 'EUR',
    candidates: [],
    resolution: null,
    settlement: null,
    ...each,
  }));
}
