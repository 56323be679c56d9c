import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { localDate } from '#libs/kernel/index.js';
import { sharedData } from '#libs/testing/shared-data.js';
import { readBankStatements } from '../iso20022/read-bank-file.js';
import { linesOf, statementDay } from './bank-lines.js';
import type { OrderedTransfer } from './model.js';
import { reconcile } from './reconcile.js';

const text = readFileSync(
  new URL('../../../../schemas/doors/iso20022/statement.camt.053.001.08.xml', import.meta.url),
  'utf8',
);
const read = (content: string) => readBankStatements(content).statements[0]!;
const lines = (content: string) => linesOf(read(content));

const transfer = (endToEndId: string, amountMinor: bigint, messageId: string): OrderedTransfer => ({
  endToEndId,
  messageId,
  paymentInfoId: `${messageId}-1`,
  reference: endToEndId.replace(/-1$/, ''),
  amountMinor,
  currency: 'EUR',
  iban: 'DE89370400440532013000',
  providerId: 'provider',
  executionDate: localDate('2018-03-19'),
  rejected: false,
});

describe('the lines of a bank statement', () => {
  it('reconcile our own example: a payment, a batch, a return, and one line that nobody can place', () => {
    const earlier = transfer('RF06PF000000-1', 50_000n, 'PF-000000');
    const recorded = [
      {
        lineKey: 'before',
        leg: 0,
        endToEndId: earlier.endToEndId,
        kind: 'PAYMENT' as const,
        amountMinor: 50_000n,
        rule: 'end-to-end-id' as const,
        why: '',
        returnReason: null,
        undone: false,
      },
    ];
    const transfers = [
      transfer('RF18539007547034-1', 137_400n, 'PF-000001'),
      transfer('RF32PF000001-1', 100_000n, 'PF-000002'),
      transfer('RF05PF000002-1', 150_000n, 'PF-000002'),
      { ...transfer('RF75PF000003-1', 100_000n, 'PF-000002'), rejected: true },
      earlier,
    ];
    const { matches, breaks } = reconcile(lines(text), transfers, recorded, statementDay(read(text))!);
    expect(matches.map(({ endToEndId, rule, kind, returnReason }) => [endToEndId, rule, kind, returnReason])).toEqual([
      ['RF18539007547034-1', 'end-to-end-id', 'PAYMENT', null],
      ['RF05PF000002-1', 'batch-booking', 'PAYMENT', null],
      ['RF32PF000001-1', 'batch-booking', 'PAYMENT', null],
      ['RF06PF000000-1', 'return', 'RETURN', 'AC04'],
    ]);
    expect(breaks).toEqual([
      expect.objectContaining({ kind: 'unmatched-bank', amountMinor: 1n, since: '2018-03-19', candidates: [] }),
    ]);
  });

  it('have the same keys when the statement is sent again, under another number, or as a notification', () => {
    const keys = lines(text).map(({ key }) => key);
    expect(new Set(keys).size).toBe(4);
    expect(lines(text).map(({ key }) => key)).toEqual(keys);
    const other = text.replaceAll('STMT-2018-03-19', 'OTHER').replace('<ElctrncSeqNb>54', '<ElctrncSeqNb>55');
    expect(lines(other).map(({ key }) => key)).toEqual(keys);
    const notification = text
      .replaceAll('BkToCstmrStmt', 'BkToCstmrDbtCdtNtfctn')
      .replaceAll('Stmt>', 'Ntfctn>')
      .replaceAll('camt.053', 'camt.054');
    expect(lines(notification).map(({ key }) => key)).toEqual(keys);
  });

  it('without a reference of the bank are kept apart by their statement', () => {
    const without = text.replaceAll(/<AcctSvcrRef>.*<\/AcctSvcrRef>/g, '');
    const other = without.replaceAll('STMT-2018-03-19', 'OTHER');
    const keys = new Set([...lines(without), ...lines(other)].map(({ key }) => key));
    expect(keys.size).toBe(8);
  });

  it('without a reference of the bank are kept apart by their page, also where the bank writes that it has none', () => {
    const page = (number: number) =>
      text
        .replaceAll(/<AcctSvcrRef>.*<\/AcctSvcrRef>/g, '<AcctSvcrRef>NONREF</AcctSvcrRef>')
        .replace(
          '<ElctrncSeqNb>',
          `<StmtPgntn><PgNb>${number}</PgNb><LastPgInd>false</LastPgInd></StmtPgntn><ElctrncSeqNb>`,
        );
    const other = page(1).replaceAll('STMT-2018-03-19', 'OTHER');
    const keys = new Set([...lines(page(1)), ...lines(page(2)), ...lines(other)].map(({ key }) => key));
    expect(keys.size).toBe(12);
  });

  it('are two where the bank books the same thing twice, told apart by their number', () => {
    const entry = text.slice(text.indexOf('<Ntry>'), text.indexOf('</Ntry>') + 7);
    const twice = lines(text.replace('<Ntry>', `${entry}<Ntry>`)).map(({ key }) => key);
    expect(new Set(twice).size).toBe(5);
    expect(twice[1]).toBe(`${twice[0]!}|2`);
  });

  it('are the booked ones only', () => {
    expect(lines(text.replace('<Cd>BOOK</Cd>', '<Cd>PDNG</Cd>'))).toHaveLength(3);
  });

  it('are in doubt where the statement does not hold, all of them; where details do not add up, that one', () => {
    expect(lines(text.replace('96626.01', '1.00')).every(({ doubt }) => doubt?.startsWith('Opening'))).toBe(true);
    const details = text.slice(text.indexOf('<TxDtls>'), text.indexOf('</TxDtls>') + 9);
    const doubts = lines(text.replace('</TxDtls>', `</TxDtls>${details}`)).map(({ doubt }) => doubt !== null);
    expect(doubts).toEqual([true, false, false, false]);
  });

  it('keep a real booking and its reversal apart, though the bank gave both one reference', () => {
    const path = sharedData('05-iso20022/banks-iso20022js/ing__example_camt.xml');
    if (path === undefined) return;
    const real = lines(readFileSync(path, 'utf8'));
    expect(real).toHaveLength(9);
    expect(new Set(real.map(({ key }) => key)).size).toBe(9);
    expect(real.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(60_500n);
  });
});
