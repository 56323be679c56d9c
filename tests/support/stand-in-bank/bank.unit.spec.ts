import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { addDays, localDate, type LocalDate } from '#libs/kernel/index.js';
import {
  answersFor,
  creditorReference,
  readBankFile,
  readBankStatements,
  writeCreditTransfers,
  type CreditTransferFile,
  type PaymentStatusReport,
} from '#libs/settlement/domain/iso20022/index.js';
import {
  linesOf,
  reconcile,
  type OrderedTransfer,
  type RecordedMatch,
} from '#libs/settlement/domain/reconciliation/index.js';
import { sharedData } from '#libs/testing/shared-data.js';
import { xsdErrors } from '#libs/testing/xsd.js';
import { runBankDay, type Stray } from './bank.js';
import { USUAL, type Habits } from './habits.js';

const ours = 'DE02120300000000202051';
const payees = ['DE89370400440532013000', 'IE29AIBK93115212345678', 'IT60X0542811101000000123456'];
const monday = localDate('2018-03-05');
const calm: Habits = { ...USUAL, seed: 's', rejectPerMille: 0, returnPerMille: 0, loseIdPerMille: 0 };

const folders: string[] = [];
let world = { inFolder: '', outFolder: '' };
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'liaison-bank-'));
  folders.push(folder);
  world = { inFolder: join(folder, 'in'), outFolder: join(folder, 'out') };
  live(localDate('2018-03-04'), calm);
});
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function live(day: LocalDate, habits: Habits, strays: readonly Stray[] = []) {
  return runBankDay({ ...world, day, habits, strays });
}
function order(number: number, count: number, executionDate = monday, batchBooking = false): CreditTransferFile {
  const file = writeCreditTransfers({
    messageId: `PF-${number}`,
    createdAt: new Date('2018-03-02T12:00:00Z'),
    currency: 'EUR',
    debtor: { name: 'Employment service', address: null, iban: ours, bic: null },
    batchBooking,
    transfers: Array.from({ length: count }, (_, at) => ({
      endToEndId: `E-${number}-${at}`,
      executionDate,
      amountMinor: 10_000n + BigInt(number * 1000 + at),
      creditor: { name: `Provider ${at % 3}`, address: null, iban: payees[at % 3]!, bic: null },
      remittance: { reference: creditorReference(`${number}X${at}`) },
    })),
  });
  writeFileSync(join(world.inFolder, `PF-${number}.xml`), file.content);
  return file;
}
const names = (prefix: string): string[] =>
  readdirSync(world.outFolder)
    .filter((name) => name.startsWith(prefix))
    .sort();
const read = (name: string): string => readFileSync(join(world.outFolder, name), 'utf8');
const answer = (name: string): PaymentStatusReport => {
  const file = readBankFile(read(`pain.002-${name}.xml`));
  if (file.message !== 'pain.002') throw new Error('not an answer');
  return file;
};
const statements = () => names('camt.053').flatMap((name) => readBankStatements(read(name)).statements);
const snapshot = (): Record<string, string> => Object.fromEntries(names('').map((name) => [name, read(name)]));

describe('the stand-in bank', () => {
  it('accepts an order, books it on its day, and gives back what was paid to a closed account', () => {
    order(1, 3, localDate('2018-03-06'));
    const habits = { ...calm, closedAccounts: [payees[1]!] };
    expect(live(monday, habits)).toEqual({ answers: ['pain.002-PF-1'], statements: [], notifications: [] });
    expect(answer('PF-1')).toMatchObject({ originalMessageId: 'PF-1', status: 'ACCP', reasons: [] });
    for (let day = 1; day <= 10; day += 1) live(addDays(monday, day), habits);
    const [first, second, ...more] = statements();
    expect(more).toEqual([]);
    expect(first).toMatchObject({ electronicSequence: '1', account: { iban: ours }, findings: [] });
    expect(first!.entries.map(({ bookedOn, transactions }) => [bookedOn, transactions[0]!.endToEndId])).toEqual(
      expect.arrayContaining([0, 1, 2].map((at) => ['2018-03-06', `E-1-${at}`])),
    );
    expect(
      second!.entries.map(({ amountMinor, transactions: [one] }) => [amountMinor, one!.endToEndId, one!.returned]),
    ).toEqual([[11_001n, 'E-1-1', { reason: 'AC04' }]]);
    const notices = names('camt.054').flatMap((name) => readBankStatements(read(name)).statements);
    expect(notices.flatMap(linesOf).map(({ key }) => key)).toEqual(linesOf(second!).map(({ key }) => key));
  });

  it('refuses some transfers with a reason, and does not book them', () => {
    order(1, 200);
    live(monday, { ...calm, rejectPerMille: 100 });
    const report = answer('PF-1');
    expect(report.status).toBe('PART');
    const rejected = report.blocks.flatMap(({ transfers }) => transfers);
    expect(rejected.length).toBeGreaterThan(5);
    expect(rejected.every(({ status, reasons }) => status === 'RJCT' && /^A[CG]0[14]$/.test(reasons[0] ?? ''))).toBe(
      true,
    );
    expect(statements()[0]!.entries).toHaveLength(200 - rejected.length);
  });

  it('books a collective order in one line, without what was refused', () => {
    const file = order(1, 60, monday, true);
    live(monday, { ...calm, rejectPerMille: 100 });
    const rejected = answer('PF-1').blocks.flatMap(({ transfers }) => transfers).length;
    const [entry, ...more] = statements()[0]!.entries;
    expect(more).toEqual([]);
    expect(rejected).toBeGreaterThan(0);
    expect(entry!.transactions).toEqual([]);
    expect(entry!.batches).toEqual([
      { messageId: 'PF-1', paymentInfoId: file.blocks[0]!.paymentInfoId, count: 60 - rejected },
    ]);
  });

  it('books nothing at the weekend, and what fell there on Monday', () => {
    order(1, 1, localDate('2018-03-10'));
    for (let day = 0; day < 8; day += 1) live(addDays(monday, day), calm);
    expect(names('camt.053')).toEqual([`camt.053-${ours}-2018-03-12.xml`]);
    expect(() => live(localDate('2018-03-17'), calm, [{ account: ours, amountMinor: 1n, text: 'x' }])).toThrow(
      /no bank day/,
    );
  });

  it('adds lines nobody ordered when told', () => {
    const strays = [1_234n, -55n].map((amountMinor) => ({ account: ours, amountMinor, text: 'Unknown purpose' }));
    live(monday, calm, strays);
    const [one] = statements();
    expect(one!.entries.map(({ amountMinor }) => amountMinor).sort()).toEqual([-55n, 1_234n].sort());
    expect(one!.findings).toEqual([]);
  });

  it.each([
    ['garbage', 'FF01', () => 'not an order'],
    ['another message', 'FF01', () => '<Document><CstmrDrctDbtInitn/></Document>'],
    ['a wrong sum', 'AM10', (text: string) => text.replaceAll(/<CtrlSum>.*?</g, '<CtrlSum>1.00<')],
    ['a wrong count', 'AM18', (text: string) => text.replace(/<NbOfTxs>\d+</, '<NbOfTxs>9<')],
  ])('answers %s with %s and books nothing', (_, reason, spoil) => {
    const file = order(1, 2);
    writeFileSync(join(world.inFolder, 'PF-1.xml'), spoil(file.content));
    live(monday, calm);
    expect(answer('PF-1')).toMatchObject({ status: 'RJCT', reasons: [reason] });
    expect(names('camt')).toEqual([]);
  });

  it('takes a message once: the same file under another name is a duplicate', () => {
    const file = order(1, 2);
    live(monday, calm);
    writeFileSync(join(world.inFolder, 'AGAIN.xml'), file.content);
    live(addDays(monday, 1), calm);
    expect(answer('AGAIN')).toMatchObject({ status: 'RJCT', reasons: ['DU01'] });
    expect(statements().flatMap(({ entries }) => entries)).toHaveLength(2);
  });

  it('writes files that are valid by the schemas', () => {
    order(1, 60);
    order(2, 5, monday, true);
    const habits = { ...USUAL, seed: 'xsd', rejectPerMille: 200, returnPerMille: 300, loseIdPerMille: 300 };
    for (let day = 0; day < 9; day += 1) live(addDays(monday, day), habits);
    live(addDays(monday, 9), habits, [{ account: ours, amountMinor: 5n, text: 'Unknown purpose' }]);
    writeFileSync(join(world.inFolder, 'spoilt.xml'), 'not an order');
    live(addDays(monday, 10), habits);
    for (const name of names('')) {
      const version = { 'pain.002': 'pain.002.001.11', 'camt.053': 'camt.053.001.08', 'camt.054': 'camt.054.001.08' }[
        name.slice(0, 8)
      ]!;
      const xsd = sharedData(`05-iso20022/xsd/${version}.xsd`);
      if (xsd !== undefined) expect([name, xsdErrors(read(name), xsd)]).toEqual([name, []]);
    }
    expect(names('camt.054').length).toBeGreaterThan(0);
  });
});

describe('the stand-in bank, killed anywhere', () => {
  const busy: Habits = { ...USUAL, seed: '42', rejectPerMille: 100, returnPerMille: 200, loseIdPerMille: 200 };
  const days = Array.from({ length: 14 }, (_, at) => addDays(monday, at));
  const strayOn = (day: LocalDate): Stray[] =>
    day === '2018-03-09' ? [{ account: ours, amountMinor: 777n, text: 'Unknown purpose' }] : [];
  const orders = (day: LocalDate): void => {
    if (day === monday) order(1, 20);
    if (day === '2018-03-07') order(2, 10, localDate('2018-03-08'), true);
  };

  it('ends with the same files as one that never was: whatever had not been written is written, the rest stays', () => {
    for (const day of days) {
      orders(day);
      live(day, busy, strayOn(day));
    }
    const whole = snapshot();
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 14, maxLength: 14 }), (kills) => {
        rmSync(world.outFolder, { recursive: true });
        rmSync(world.inFolder, { recursive: true });
        live(localDate('2018-03-04'), busy);
        for (const day of days) {
          orders(day);
          const before = new Set(names(''));
          const { answers, notifications, statements: closed } = live(day, busy, strayOn(day));
          // A kill leaves the first of the day's files, in the order they were written, and a half-written one.
          const written = [...answers, ...notifications, ...closed].map((name) => `${name}.xml`);
          const kept = kills[days.indexOf(day)] ?? 0;
          for (const name of written.slice(kept)) if (!before.has(name)) rmSync(join(world.outFolder, name));
          writeFileSync(join(world.outFolder, '.camt.053.tmp'), '<Docum');
          live(day, busy, strayOn(day));
          live(day, busy, strayOn(day));
        }
        rmSync(join(world.outFolder, '.camt.053.tmp'));
        expect(snapshot()).toEqual(whole);
      }),
      { numRuns: 10 },
    );
  });

  it('gives balances that go on from statement to statement, and sums that hold', () => {
    for (const day of days) {
      orders(day);
      live(day, busy, strayOn(day));
    }
    const told = statements();
    expect(told.length).toBeGreaterThan(3);
    let expected = busy.openingMinor;
    for (const [at, { balances, entries, findings, electronicSequence }] of told.entries()) {
      expect(findings).toEqual([]);
      expect(electronicSequence).toBe(String(at + 1));
      expect(balances.find(({ type }) => type === 'OPBD')!.amountMinor).toBe(expected);
      expected += entries.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
      expect(balances.find(({ type }) => type === 'CLBD')!.amountMinor).toBe(expected);
    }
  });

  it('is reconciled to the last line by what the hub knows, but for the line nobody ordered', () => {
    const sent: OrderedTransfer[] = [];
    const recorded: RecordedMatch[] = [];
    const open = new Map<string, string>();
    for (const day of days) {
      orders(day);
      live(day, busy, strayOn(day));
    }
    for (const number of [1, 2]) {
      const file = readFileSync(join(world.inFolder, `PF-${number}.xml`), 'utf8');
      const blocks = [
        ...file.matchAll(
          /<EndToEndId>(.*?)<[^]*?<InstdAmt Ccy="EUR">(\d+)\.(\d\d)<[^]*?<CdtrAcct>[^]*?<IBAN>(.*?)<[^]*?<Ref>(.*?)</g,
        ),
      ];
      const ids = blocks.map(([, endToEndId = '']) => ({ endToEndId, paymentInfoId: `PF-${number}-1` }));
      const answers = new Map(
        answersFor(answer(`PF-${number}`), ids).transfers.map((one) => [one.endToEndId, one.answer]),
      );
      expect(answers.size).toBe(blocks.length);
      for (const [, endToEndId = '', whole = '', cents = '', iban = '', reference = ''] of blocks) {
        sent.push({
          ...{ endToEndId, reference, iban, messageId: `PF-${number}`, paymentInfoId: `PF-${number}-1` },
          ...{ amountMinor: BigInt(whole + cents), currency: 'EUR', providerId: iban, executionDate: monday },
          rejected: answers.get(endToEndId) === 'REJECTED',
        });
      }
    }
    for (const name of [...names('camt.054'), ...names('camt.053')]) {
      for (const statement of readBankStatements(read(name)).statements) {
        const { matches, breaks } = reconcile(linesOf(statement), sent, recorded, monday);
        recorded.push(...matches.map((match) => ({ ...match, undone: false })));
        for (const { key } of breaks) open.set(key, statement.id);
        for (const { lineKey, leg } of matches) open.delete(`${lineKey}#${leg}`);
      }
    }
    const paid = recorded.filter(({ kind }) => kind === 'PAYMENT').map(({ endToEndId }) => endToEndId);
    expect(paid.sort()).toEqual(sent.flatMap(({ endToEndId, rejected }) => (rejected ? [] : endToEndId)).sort());
    expect(new Set(recorded.map(({ rule }) => rule))).toEqual(
      new Set(['end-to-end-id', 'creditor-reference', 'batch-booking', 'return']),
    );
    expect([...open.keys()]).toEqual([expect.stringContaining('777EUR')]);
  });
});
