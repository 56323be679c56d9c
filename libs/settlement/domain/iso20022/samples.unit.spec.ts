import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { asCurrency, parseMinor } from '#libs/kernel/index.js';
import { sharedData } from '#libs/testing/shared-data.js';
import { accountNumber, arithmeticOf, type BankEntry, type BankStatement } from './bank-statement.js';
import { readBankFile, readBankStatements } from './read-bank-file.js';
import { decodeXml } from './xml-reader.js';

interface Expected {
  readonly namespace: string;
  readonly statements: readonly ExpectedStatement[];
}
interface ExpectedStatement {
  readonly kind: 'Stmt' | 'Rpt' | 'Ntfctn';
  readonly id: string;
  readonly account: string | null;
  readonly electronicSeq: string | null;
  readonly balances: readonly { code: string; amount: string; currency: string; date: string | null }[];
  readonly entryCount: number;
  readonly arithmetic: { opening: string; closing: string; sumOfBookedEntries: string; balances: boolean } | null;
  readonly entries: readonly ExpectedEntry[];
}
interface ExpectedEntry {
  readonly amount: string;
  readonly currency: string;
  readonly status: string;
  readonly reversal: boolean;
  readonly bookingDate: string | null;
  readonly valueDate: string | null;
  readonly transactions: number;
  readonly endToEndIds: readonly string[];
  readonly structuredRefs: readonly string[];
  readonly unstructured: readonly string[];
  readonly returnReasons: readonly string[];
  readonly txAmounts: readonly string[];
}

const folder = sharedData('05-iso20022');
const files = (suffix: string): string[] =>
  folder === undefined
    ? []
    : readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith(suffix))
        .map((name) => join(folder, name))
        .sort();
const read = (path: string): string => decodeXml(readFileSync(path));

/** Trailing zeros beyond the currency's digits ("8.850") mean nothing. */
const minor = (text: string, currency: string): bigint => {
  const [whole = '', fraction = ''] = text.split('.');
  const significant = fraction.replace(/0+$/, '');
  return parseMinor(significant === '' ? whole : `${whole}.${significant}`, asCurrency(currency));
};

const KINDS = { 'camt.052': 'Rpt', 'camt.053': 'Stmt', 'camt.054': 'Ntfctn' } as const;

const seen = (entry: BankEntry) => ({
  amount: entry.amountMinor,
  currency: entry.currency,
  status: entry.status,
  reversal: entry.reversal,
  bookingDate: entry.bookedOn,
  valueDate: entry.valueOn,
  transactions: entry.transactions.length,
  endToEndIds: entry.transactions.flatMap(({ endToEndText }) => endToEndText ?? []),
  structuredRefs: entry.transactions.flatMap(({ structuredReferences }) => structuredReferences),
  unstructured: entry.transactions.flatMap(({ unstructured }) => unstructured),
  returnReasons: entry.transactions.flatMap(({ returned }) => returned?.reason ?? []),
});

function expectStatement(statement: BankStatement, expected: ExpectedStatement): void {
  expect(KINDS[statement.message]).toBe(expected.kind);
  expect(statement.id).toBe(expected.id);
  expect(statement.electronicSequence).toBe(expected.electronicSeq);
  expect(
    statement.balances.map(({ type, amountMinor, currency, date }) => [type, amountMinor, currency, date]),
  ).toEqual(
    expected.balances.map(({ code, amount, currency, date }) => [code, minor(amount, currency), currency, date]),
  );
  expect(statement.entries).toHaveLength(expected.entryCount);
  expect(statement.entries.map(seen)).toEqual(
    expected.entries.map((entry) => ({
      ...entry,
      amount: minor(entry.amount, entry.currency),
      txAmounts: undefined,
    })),
  );
  expected.entries.forEach(({ txAmounts }, at) => {
    const amounts = statement.entries[at]!.transactions.map(({ amount }) => amount);
    expect(amounts.map((amount) => (amount === null ? 'None' : amount.amountMinor))).toEqual(
      txAmounts.map((text, of) =>
        text === 'None' ? 'None' : minor(text, amounts[of]!.currency) * (amounts[of]!.amountMinor < 0n ? -1n : 1n),
      ),
    );
  });
  const arithmetic = arithmeticOf(statement);
  if (expected.arithmetic === null) expect(arithmetic).toBeNull();
  else {
    const { opening, closing, sumOfBookedEntries, balances } = expected.arithmetic;
    expect(arithmetic).toMatchObject({
      opening: { amountMinor: minor(opening, arithmetic!.opening.currency) },
      closing: { amountMinor: minor(closing, arithmetic!.closing.currency) },
      bookedMinor: minor(sumOfBookedEntries, statement.entries[0]!.currency),
      holds: balances,
    });
    expect(statement.findings.some(({ code }) => code === 'arithmetic')).toBe(!balances);
  }
}

/** One test each; without the samples one that has nothing to look at. */
const cases = (paths: readonly string[]): (readonly [string, string])[] =>
  folder === undefined ? [['(no samples here)', '']] : paths.map((path) => [relative(folder, path), path]);

const statementFiles = cases(files('.expect.json'));

describe('every bank statement of the samples is read as its expectation says', () => {
  it('finds the samples', () => expect(folder === undefined || statementFiles.length >= 20).toBe(true));

  it.each(statementFiles)('%s', (_, path) => {
    if (path === '') return;
    const expected = JSON.parse(readFileSync(path, 'utf8')) as Expected;
    const file = readBankStatements(read(path.replace('.expect.json', '')));
    expect(`urn:iso:std:iso:20022:tech:xsd:${file.message}.001.${file.version ?? ''}`).toBe(expected.namespace);
    expect(file.statements).toHaveLength(expected.statements.length);
    expected.statements.forEach((one, at) => expectStatement(file.statements[at]!, one));
  });

  // Version 1 writes a number that is no IBAN in an element of its own (PrtryAcct), which the expectation does not look into.
  it.each(statementFiles)('%s names its account', (_, path) => {
    if (path === '') return;
    const expected = JSON.parse(readFileSync(path, 'utf8')) as Expected;
    const file = readBankStatements(read(path.replace('.expect.json', '')));
    const older = file.version === '01' ? 'CH2801234000123456789' : null;
    expect(file.statements.map(({ account }) => accountNumber(account))).toEqual(
      expected.statements.map(({ account }) => account ?? older),
    );
  });
});

describe('every other sample', () => {
  const holding = (text: string): (readonly [string, string])[] =>
    cases(files('.xml').filter((path) => read(path).includes(text)));

  it.each(holding('xsd:pain.002'))('%s: a status report is read', (_, path) => {
    if (path === '') return;
    const file = readBankFile(read(path));
    if (file.message !== 'pain.002') throw new Error('not a status report');
    expect(file.version).toBe('03');
    expect(file.originalMessageId).not.toBe('');
    const statuses = [file.status, ...file.blocks.flatMap((b) => [b.status, ...b.transfers.map((t) => t.status)])];
    expect(statuses.filter((status) => status !== null)).toHaveLength(1);
  });

  it.each(holding('<CstmrCdtTrfInitn'))('%s: an order of ours is not what a bank sends', (_, path) => {
    if (path === '') return;
    expect(() => readBankFile(read(path))).toThrow(expect.objectContaining({ code: 'bank-file.unknown-message' }));
  });

  it.each(holding('<BkToCstmr'))('%s: cut anywhere, it is refused', (_, path) => {
    if (path === '') return;
    const text = read(path);
    const last = text.lastIndexOf('</');
    for (let cut = text.indexOf('<Document') + 200; cut < last; cut += Math.ceil(text.length / 40)) {
      expect(() => readBankFile(text.slice(0, cut))).toThrow(expect.objectContaining({ code: 'bank-file.truncated' }));
    }
  });
});
