import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verify } from '#libs/books/index.js';
import { sql, type Tx } from '#libs/platform/postgres/index.js';
import { camt053, pain002 } from '#libs/testing/bank-files.js';
import { AUTHORITY_IBAN, SettlementBank } from '#libs/testing/settlement-bank.js';
import { SettlementWorld } from '#libs/testing/settlement-world.js';
import { importBankFile, importBankFileFor } from './handlers/import-bank-file.handler.js';
import { matchUnmatchedItem, undoMatch } from './handlers/match-item.handler.js';
import { settleUnmatchedItem } from './handlers/settle-item.handler.js';
import { programmeSummary } from './handlers/programme-summary.handler.js';
import { proposePayeeAccount } from './handlers/payee-accounts.handler.js';
import { discardPaymentFile, preparePaymentFile, releasePaymentFile } from './handlers/payment-files.handler.js';
import { listItems } from './outbound/bank.store.js';
import { releaseHeldPayable } from './handlers/release-held-payable.handler.js';

const PROVIDER_IBAN = 'IE29AIBK93115212345678';
const RIVAL_IBAN = 'DE89370400440532013000';
const NEW_IBAN = 'DE02120300000000202051';

const none = () => Promise.resolve(0);

describe('payments, from the month to the reconciled bank line', () => {
  let world: SettlementWorld;
  let bank: SettlementBank;
  let secondAttempt: string;
  beforeAll(async () => {
    world = await SettlementWorld.start();
    bank = new SettlementBank(world);
    await world.setDay('2018-05-20');
    await world.atWork(world.person(), world.person({ rival: true }));
    await world.certifyAll('2018-05-20');
    await world.openDay('2018-06-01');
  });
  afterAll(() => world.stop());

  const payable = (providerId: string) => bank.payable(providerId);
  const items = () => bank.items();
  const manager: SettlementBank['by'] = (...of) => bank.by(...of);
  const account: SettlementBank['account'] = (...of) => bank.account(...of);
  const bankDay: SettlementBank['day'] = (...of) => bank.day(...of);
  const fileState = async (id: string) =>
    (
      await world.database.asOwner<{ state: string }>(`select state from settlement.payment_file where id = $1`, [id])
    )[0]?.state;
  /** Of the summary what moves at the bank, in euro cents. */
  const atTheBank = async () => {
    const figures = {
      referrals: { people: none, accepted: none, byState: () => Promise.resolve([]) },
      outcomes: { byKind: () => Promise.resolve([]) },
    };
    const summary = await world.as(world.managerOne, (tx) =>
      programmeSummary(tx, world.ports, figures, world.managerOne),
    );
    const names = ['sent', 'awaiting', 'rejected', 'returned', 'paid', 'reconciled', 'inTransit'] as const;
    return Object.fromEntries(names.map((name) => [name, summary[name][0]?.amountMinor ?? 0n]));
  };

  it('given no confirmed account, then no file is made', async () => {
    await expect(manager(world.managerOne, preparePaymentFile, { executionDate: '2018-06-04' })).rejects.toMatchObject({
      code: 'payment-file.debtor',
    });
    await account(world.managerOne, AUTHORITY_IBAN);
    await account(world.finance, PROVIDER_IBAN, false);
    await expect(manager(world.managerOne, preparePaymentFile, { executionDate: '2018-06-04' })).rejects.toMatchObject({
      code: 'payment-file.nothing-to-pay',
    });
  });

  it('given a holder that no bank can be told, then the account is refused when it is proposed', async () => {
    for (const holder of ['日本商社', '😀 Ltd'])
      await expect(manager(world.finance, proposePayeeAccount, { iban: PROVIDER_IBAN, holder })).rejects.toMatchObject({
        code: 'payment-file.characters',
        field: 'input.holder',
      });
  });

  it('given one prepared it, when the same person releases it, then that is refused; a discarded one opens its payables again', async () => {
    await account(world.finance, PROVIDER_IBAN);
    await account(world.rivalFinance, RIVAL_IBAN);
    const file = await manager(world.managerOne, preparePaymentFile, { executionDate: '2018-06-04' });
    expect(file).toMatchObject({ state: 'PREPARED', count: 2, sumMinor: 184800n });
    await expect(manager(world.managerOne, releasePaymentFile, { paymentFileId: file.id })).rejects.toMatchObject({
      code: 'settlement.same-person',
    });
    await manager(world.managerTwo, discardPaymentFile, { paymentFileId: file.id });
    expect(await payable(world.providerId)).toMatchObject({ state: 'OPEN' });
  });

  it('given two managers prepare at the same moment, then each payable is in one file only', async () => {
    const prepare = (who: typeof world.managerOne) => manager(who, preparePaymentFile, { executionDate: '2018-06-04' });
    const outcomes = await Promise.allSettled([prepare(world.managerOne), prepare(world.managerTwo)]);
    const made = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(made).toMatchObject([{ count: 2 }]);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'payment-file.nothing-to-pay' });
    await manager(world.managerOne, discardPaymentFile, { paymentFileId: made[0]!.id });
  });

  it('given the bank executes one and rejects one, then one is executed and one is held with its account closed', async () => {
    const file = await manager(world.managerOne, preparePaymentFile, { executionDate: '2018-06-04' });
    await manager(world.managerTwo, releasePaymentFile, { paymentFileId: file.id });
    const [paid, rejected] = [await payable(world.providerId), await payable(world.rivalId)];
    const report = {
      name: 'status.xml',
      content: pain002({
        id: 'STS-1',
        messageId: file.messageId,
        transfers: [
          { endToEndId: paid.endToEndId, status: 'ACSC' },
          { endToEndId: rejected.endToEndId, status: 'RJCT', reason: 'AC04' },
        ],
      }),
    };
    const imported = await manager(world.managerOne, importBankFile, report);
    expect(imported).toMatchObject({ kind: 'pain.002.11', duplicate: false, rejected: 1 });
    expect(await manager(world.managerOne, importBankFile, report)).toEqual({ ...imported, duplicate: true });
    expect(await payable(world.providerId)).toMatchObject({ state: 'EXECUTED' });
    expect(await payable(world.rivalId)).toMatchObject({ state: 'HELD', reason: 'AC04' });
    expect(await fileState(file.id)).toBe('PARTLY_REJECTED');
    expect(await atTheBank()).toEqual({
      ...{ sent: 184800n, awaiting: 0n, rejected: 92400n, returned: 0n },
      ...{ paid: 92400n, reconciled: 0n, inTransit: 92400n },
    });
    await expect(manager(world.managerOne, releaseHeldPayable, { payableId: rejected.id })).rejects.toMatchObject({
      code: 'payable.no-account',
    });
  });

  it('given the same status report in other bytes, then it is known and nothing moves twice; another report of the file is read', async () => {
    const [known] = await world.database.asOwner<{ messageId: string }>(
      `select message_id as "messageId" from settlement.payment_file where state = 'PARTLY_REJECTED'`,
    );
    const [paid, rejected] = [await payable(world.providerId), await payable(world.rivalId)];
    const before = [await world.journals(), paid, rejected];
    const transfers = [
      { endToEndId: paid.endToEndId, status: 'ACSC' },
      { endToEndId: rejected.endToEndId, status: 'RJCT', reason: 'AC04' },
    ];
    const report = pain002({ id: 'STS-1', messageId: known!.messageId, transfers });
    const again = await bank.imports('again.xml', `${report}\n`);
    expect(again).toMatchObject({ kind: 'pain.002.11', duplicate: true, matched: 2, rejected: 1 });
    const other = pain002({ id: 'STS-2', messageId: known!.messageId, transfers: transfers.slice(0, 1) });
    expect(await bank.imports('other.xml', other)).toMatchObject({ duplicate: false, matched: 1 });
    expect([await world.journals(), await payable(world.providerId), await payable(world.rivalId)]).toEqual(before);
  });

  it('given the statement shows the payment, then it is reconciled; a line nobody can place waits in suspense', async () => {
    const paid = await payable(world.providerId);
    const imported = await bankDay('2018-06-04', [
      { amountMinor: -paid.amountMinor, bankReference: 'B-1', endToEndId: paid.endToEndId },
      { amountMinor: -4_99n, bankReference: 'B-2', text: 'Account fee' },
    ]);
    expect(imported).toMatchObject({ kind: 'camt.053.08', lines: 2, matched: 1, unmatched: 1 });
    expect(await payable(world.providerId)).toMatchObject({ state: 'RECONCILED' });
    expect((await items()).filter((item) => item.open)).toMatchObject([{ kind: 'unmatched-bank' }]);
    expect(await world.balance('bank-clearing')).toBe(0n);
    expect(await world.balance('suspense')).toBe(499n);
    expect(await world.balance(`provider-payable:${world.providerId}`)).toBe(0n);
    expect(await world.balance(`bank:${AUTHORITY_IBAN}`)).toBe(bank.closingMinor - 1_000_000n);
  });

  it('given a new account and a second attempt, when the bank returns it, then it is held again and the provider is owed again', async () => {
    await account(world.rivalFinance, NEW_IBAN);
    await manager(world.managerOne, releaseHeldPayable, { payableId: (await payable(world.rivalId)).id });
    const first = (await payable(world.rivalId)).endToEndId;
    const file = await manager(world.managerOne, preparePaymentFile, { executionDate: '2018-06-11' });
    await manager(world.managerTwo, releasePaymentFile, { paymentFileId: file.id });
    const again = await payable(world.rivalId);
    expect(again.endToEndId).not.toBe(first);
    secondAttempt = again.endToEndId;
    await bankDay('2018-06-11', [
      { amountMinor: -again.amountMinor, bankReference: 'B-3', endToEndId: again.endToEndId },
    ]);
    expect(await payable(world.rivalId)).toMatchObject({ state: 'RECONCILED' });
    expect(await fileState(file.id)).toBe('ANSWERED');
    const imported = await bankDay('2018-06-13', [
      { amountMinor: again.amountMinor, bankReference: 'B-4', endToEndId: again.endToEndId, returnReason: 'AC04' },
    ]);
    expect(imported).toMatchObject({ returned: 1, matched: 1, unmatched: 0 });
    expect(await payable(world.rivalId)).toMatchObject({ state: 'HELD', reason: 'AC04' });
    // The bank had taken the whole file: what it returned says nothing else of it.
    expect(await fileState(file.id)).toBe('ANSWERED');
    expect(await atTheBank()).toEqual({
      ...{ sent: 277200n, awaiting: 0n, rejected: 92400n, returned: 92400n },
      ...{ paid: 92400n, reconciled: 92400n, inTransit: 0n },
    });
    expect(await world.balance(`provider-payable:${world.rivalId}`)).toBe(-again.amountMinor);
    expect(await world.balance('bank-clearing')).toBe(0n);
  });

  it('given a line without any reference of ours, when a person places it, then it is reconciled, and can be undone', async () => {
    await account(world.rivalFinance, RIVAL_IBAN);
    await manager(world.managerOne, releaseHeldPayable, { payableId: (await payable(world.rivalId)).id });
    const file = await manager(world.managerOne, preparePaymentFile, { executionDate: '2018-06-18' });
    await manager(world.managerTwo, releasePaymentFile, { paymentFileId: file.id });
    const sent = await payable(world.rivalId);
    expect(await atTheBank()).toMatchObject({ sent: 369600n, awaiting: 92400n, paid: 92400n });
    await bankDay('2018-06-18', [{ amountMinor: -sent.amountMinor, bankReference: 'B-5' }]);
    const item = (await items()).filter((each) => each.open).at(-1)!;
    const command = { itemId: item.id, payableId: sent.id, reason: 'Same amount and day; the bank lost the id.' };
    await manager(world.managerOne, matchUnmatchedItem, command);
    expect(await payable(world.rivalId)).toMatchObject({ state: 'RECONCILED' });
    expect([await world.balance('bank-clearing'), await world.balance('suspense')]).toEqual([0n, 499n]);
    await manager(world.managerTwo, undoMatch, { itemId: item.id, reason: 'It was another payment.' });
    expect(await payable(world.rivalId)).toMatchObject({ state: 'EXECUTED' });
    expect(await world.balance('suspense')).toBe(499n + sent.amountMinor);
    await manager(world.managerOne, matchUnmatchedItem, { ...command, reason: 'It was this one after all.' });
    expect(await payable(world.rivalId)).toMatchObject({ state: 'RECONCILED' });
  });

  it('given a file that is foreign, broken or does not add up, then it is refused by name or becomes typed breaks, never half of it', async () => {
    const lines = [{ amountMinor: -100n, bankReference: 'B-9' }];
    const importing = (content: string) => manager(world.managerOne, importBankFile, { name: 'x.xml', content });
    const foreign = camt053({ id: 'F', iban: RIVAL_IBAN, day: '2018-06-20', openingMinor: 0n, lines });
    await expect(importing(foreign)).rejects.toMatchObject({ code: 'bank-file.foreign-account' });
    await expect(importing(foreign.slice(0, 600))).rejects.toMatchObject({ code: 'bank-file.truncated' });
    await expect(importing('not xml')).rejects.toMatchObject({ code: 'bank-file.not-xml' });
    const before = (await items()).length;
    const wrong = camt053({
      id: 'W',
      iban: AUTHORITY_IBAN,
      day: '2018-06-20',
      openingMinor: bank.closingMinor,
      closingMinor: 0n,
      lines,
    });
    await expect(importing(wrong)).resolves.toMatchObject({ lines: 1, matched: 0, unmatched: 2 });
    expect(
      (await items())
        .slice(before)
        .map((item) => item.kind)
        .sort(),
    ).toEqual(['statement-arithmetic', 'unmatched-bank']);
  });

  it('takes a file from the operator of the hub too, for the authority named', async () => {
    const content = camt053({
      id: 'OPERATOR-1',
      iban: AUTHORITY_IBAN,
      day: '2018-06-22',
      openingMinor: bank.closingMinor,
      lines: [{ amountMinor: 777n, bankReference: 'B-7' }],
    });
    const importer = { authorityId: world.authorityId, actorId: 'cli:operator' };
    const operate = <Answer>(work: (tx: Tx, now: Date) => Promise<Answer>) =>
      world.database.unitOfWork.transaction({ kind: 'operator', actorId: 'cli:operator' }, work);
    const imported = await operate((tx, now) =>
      importBankFileFor(tx, world.ports, importer, { name: 'operator.xml', content }, now),
    );
    expect(imported).toMatchObject({ duplicate: false, lines: 1, matched: 0 });
    const page = { open: true, after: null, limit: 100, authorityId: world.authorityId };
    const waiting = await operate((tx) => listItems(tx, page));
    expect(waiting.some((item) => item.amountMinor === 777n)).toBe(true);
  });

  it('given a charge of the bank, when two people settle it, then it leaves suspense, stays settled, and can be undone', async () => {
    const suspense = await world.balance('suspense');
    await bankDay('2018-06-21', [
      { amountMinor: -4_50n, partsMinor: [-1_50n, -3_00n], bankReference: 'B-20', text: 'Two charges' },
    ]);
    const [first, second] = (await items()).filter((each) => each.open).slice(-2);
    const said = { itemId: first!.id, as: 'BANK_CHARGE', reason: 'Quarterly charge.' } as const;
    await manager(world.managerOne, settleUnmatchedItem, said);
    expect(await world.balance('suspense')).toBe(suspense + 4_50n);
    await expect(manager(world.managerOne, settleUnmatchedItem, said)).rejects.toMatchObject({
      code: 'settlement.same-person',
    });
    await expect(
      manager(world.managerTwo, settleUnmatchedItem, { ...said, as: 'OTHER_BUSINESS' }),
    ).rejects.toMatchObject({ code: 'unmatched-item.settled-otherwise' });
    expect(await manager(world.managerTwo, settleUnmatchedItem, said)).toMatchObject({
      open: false,
      settlement: { as: 'BANK_CHARGE', proposedBy: world.managerOne.actorId, confirmedBy: world.managerTwo.actorId },
    });
    expect([await world.balance('bank-charges'), await world.balance('suspense')]).toEqual([150n, suspense + 3_00n]);
    // The other half of the line still waits; looking at it again does not wake what was settled.
    await bankDay('2018-06-22', [{ amountMinor: -1n, bankReference: 'B-21' }]);
    const open = async () => (await items()).filter((each) => each.open).map((each) => each.id);
    expect(await open()).toContain(second!.id);
    expect(await open()).not.toContain(first!.id);
    await manager(world.managerTwo, undoMatch, { itemId: first!.id, reason: 'It was a fee of another account.' });
    expect([await world.balance('bank-charges'), await world.balance('suspense')]).toEqual([0n, suspense + 4_51n]);
    for (const who of [world.managerTwo, world.managerOne]) {
      await manager(who, settleUnmatchedItem, { ...said, as: 'OTHER_BUSINESS' });
    }
    expect(await world.balance('other-business')).toBe(150n);
  });

  it('given a proposal to settle, when the line is placed after all, then nothing is left of the proposal', async () => {
    const [item] = (await items()).filter((each) => each.open && each.kind === 'unmatched-bank');
    const said = { itemId: item!.id, as: 'OTHER_BUSINESS', reason: 'Not ours.' } as const;
    await manager(world.managerOne, settleUnmatchedItem, said);
    await expect(manager(world.managerTwo, undoMatch, { itemId: item!.id, reason: 'It is.' })).resolves.toMatchObject({
      open: true,
      settlement: null,
    });
    await expect(manager(world.managerOne, settleUnmatchedItem, { ...said, as: 'NOTED' })).rejects.toMatchObject({
      code: 'unmatched-item.settled-as',
    });
  });

  it('given a finding about a statement, when two people note it, then the queue is rid of it and no money is moved', async () => {
    const [item] = (await items()).filter((each) => each.open && each.kind === 'statement-arithmetic');
    const posted = await world.journals();
    const said = { itemId: item!.id, as: 'NOTED', reason: 'The bank sent a corrected one.' } as const;
    await manager(world.managerOne, settleUnmatchedItem, said);
    await manager(world.managerTwo, settleUnmatchedItem, said);
    expect((await items()).find((each) => each.id === item!.id)).toMatchObject({ open: false });
    expect(await world.journals()).toEqual(posted);
    await expect(manager(world.managerTwo, settleUnmatchedItem, said)).rejects.toMatchObject({
      code: 'unmatched-item.closed',
    });
  });

  it('keeps bank and files from providers, and its books add up', async () => {
    for (const table of [
      'payment_file',
      'payment_transfer',
      'bank_statement',
      'bank_line',
      'bank_match',
      'unmatched_item',
    ]) {
      const count = (who: typeof world.managerOne) =>
        world.as(who, async (tx) => (await sql(tx, `select from settlement.${table}`)).length);
      expect([table, (await count(world.managerOne)) > 0, await count(world.finance)]).toEqual([table, true, 0]);
    }
    const verified = await world.database.unitOfWork.transaction({ kind: 'operator', actorId: 'test' }, verify);
    expect(verified.findings).toEqual([]);
    expect(await world.as(world.managerOne, (tx) => world.ports.ledger.trialBalance(tx))).toEqual([
      { currency: 'EUR', amountMinor: 0n },
    ]);
  });

  it('given the same statement under another name and with another blank, then nothing is booked twice', async () => {
    const posted = await world.journals();
    const content = camt053({
      id: 'STMT-2',
      iban: AUTHORITY_IBAN,
      day: '2018-06-11',
      openingMinor: 1_000_000n - 92400n - 4_99n,
      lines: [{ amountMinor: -92400n, bankReference: 'B-3', endToEndId: secondAttempt }],
    });
    const imported = await bank.imports('again.xml', content.replaceAll('><', '>\n<'));
    expect(imported).toMatchObject({ duplicate: true, matched: 0 });
    expect(await world.journals()).toBe(posted);
  });
});
