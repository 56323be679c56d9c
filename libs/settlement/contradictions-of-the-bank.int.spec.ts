import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verify } from '#libs/books/index.js';
import { camt053 } from '#libs/testing/bank-files.js';
import { AUTHORITY_IBAN, SettlementBank } from '#libs/testing/settlement-bank.js';
import { SettlementWorld } from '#libs/testing/settlement-world.js';
import { matchUnmatchedItem, undoMatch } from './handlers/match-item.handler.js';
import { discardPaymentFile, preparePaymentFile, releasePaymentFile } from './handlers/payment-files.handler.js';
import { releaseHeldPayable } from './handlers/release-held-payable.handler.js';
import { settleUnmatchedItem } from './handlers/settle-item.handler.js';

const PROVIDER_IBAN = 'IE29AIBK93115212345678';
const RIVAL_IBAN = 'DE89370400440532013000';
const refusal = (code: string) => expect.objectContaining({ code });

/** What a bank says is not always so: it books what it refused, says it twice and differently, and sends one id with two contents. */
describe('a bank that contradicts itself', () => {
  let world: SettlementWorld;
  let bank: SettlementBank;
  beforeAll(async () => {
    world = await SettlementWorld.start();
    bank = new SettlementBank(world);
    await world.setDay('2018-05-20');
    await world.atWork(world.person(), world.person({ rival: true }));
    await world.certifyAll('2018-05-20');
    await world.openDay('2018-06-01');
    await bank.account(world.managerOne, AUTHORITY_IBAN);
    await bank.account(world.finance, PROVIDER_IBAN);
    await bank.account(world.rivalFinance, RIVAL_IBAN);
  });
  afterAll(() => world.stop());

  const release = (id: string) => bank.by(world.managerOne, releaseHeldPayable, { payableId: id });
  const balances = () =>
    Promise.all(
      ['bank-clearing', 'suspense', `provider-payable:${world.providerId}`].map((code) => world.balance(code)),
    );

  it('given it books a transfer that it had refused, then that is not ordered again; a person matches it, and can undo that', async () => {
    const file = await bank.send('2018-06-04');
    const own = await bank.payable(world.providerId);
    const refused = { endToEndId: own.endToEndId, status: 'RJCT', reason: 'AM04' };
    await bank.report('STS-1', file.messageId, refused);
    await bank.day('2018-06-05', [{ amountMinor: -own.amountMinor, bankReference: 'B-1', endToEndId: own.endToEndId }]);
    expect(await bank.payable(world.providerId)).toMatchObject({ state: 'HELD', reason: 'AM04' });
    const [item] = await bank.openItems();
    expect(item).toMatchObject({ kind: 'unmatched-bank', text: expect.stringContaining('refused') });
    await expect(release(own.id)).rejects.toEqual(refusal('payable.questioned'));

    const match = { itemId: item!.id, payableId: own.id, reason: 'The bank confirmed that it was paid.' };
    await bank.by(world.managerOne, matchUnmatchedItem, match);
    expect(await bank.payable(world.providerId)).toMatchObject({ state: 'RECONCILED', reason: null });
    expect(await balances()).toEqual([0n, 0n, 0n]);

    await bank.by(world.managerTwo, undoMatch, { itemId: item!.id, reason: 'It was another payment.' });
    expect(await bank.payable(world.providerId)).toMatchObject({ state: 'HELD', reason: 'AM04' });
    expect(await balances()).toEqual([0n, own.amountMinor, -own.amountMinor]);
    await expect(release(own.id)).rejects.toEqual(refusal('payable.questioned'));
    await bank.by(world.managerOne, matchUnmatchedItem, match);
    expect(await balances()).toEqual([0n, 0n, 0n]);
  });

  it('given it says executed after refused, then that waits as a contradiction and nothing is ordered until two people noted it', async () => {
    const rival = await bank.payable(world.rivalId);
    const [{ messageId }] = (await world.database.asOwner<{ messageId: string }>(
      `select message_id as "messageId" from settlement.payment_file where state <> 'DISCARDED'`,
    )) as [{ messageId: string }];
    await bank.report('STS-2', messageId, { endToEndId: rival.endToEndId, status: 'RJCT', reason: 'AM04' });
    const said = await bank.report('STS-3', messageId, { endToEndId: rival.endToEndId, status: 'ACSC' });
    expect(said).toMatchObject({ duplicate: false, lines: 1, matched: 0, unmatched: 1 });
    const [item] = await bank.openItems();
    expect(item).toMatchObject({ kind: 'status-contradiction', text: expect.stringContaining('ACSC') });
    await expect(release(rival.id)).rejects.toEqual(refusal('payable.questioned'));
    const noted = { itemId: item!.id, as: 'NOTED', reason: 'The bank took its second word back.' } as const;
    await bank.by(world.managerOne, settleUnmatchedItem, noted);
    await expect(release(rival.id)).rejects.toEqual(refusal('payable.questioned'));
    await bank.by(world.managerTwo, settleUnmatchedItem, noted);
    expect(await release(rival.id)).toMatchObject({ state: 'OPEN' });
  });

  it('given the line comes after the payable was released, then no file takes it, and the line matches its first attempt', async () => {
    const rival = await bank.payable(world.rivalId);
    const first = rival.endToEndId;
    const file = await bank.by(world.managerOne, preparePaymentFile, { executionDate: '2018-06-11' });
    await bank.day('2018-06-06', [{ amountMinor: -rival.amountMinor, bankReference: 'B-2', endToEndId: first }]);
    const [item] = await bank.openItems();
    await expect(bank.by(world.managerTwo, releasePaymentFile, { paymentFileId: file.id })).rejects.toEqual(
      refusal('payable.questioned'),
    );
    await bank.by(world.managerTwo, discardPaymentFile, { paymentFileId: file.id });
    await expect(bank.by(world.managerOne, preparePaymentFile, { executionDate: '2018-06-11' })).rejects.toEqual(
      refusal('payment-file.nothing-to-pay'),
    );
    const match = { itemId: item!.id, payableId: rival.id, reason: 'The first attempt was paid after all.' };
    await bank.by(world.managerOne, matchUnmatchedItem, match);
    expect(await bank.payable(world.rivalId)).toMatchObject({ state: 'RECONCILED' });
    expect(await world.balance(`provider-payable:${world.rivalId}`)).toBe(0n);
    expect([await world.balance('bank-clearing'), await world.balance('suspense')]).toEqual([0n, 0n]);
  });

  it('given it says refused of what its statement shows as paid, then that is a contradiction too and moves nothing', async () => {
    const own = await bank.payable(world.providerId);
    const [file] = await world.database.asOwner<{ messageId: string }>(
      `select f.message_id as "messageId" from settlement.payment_file f join settlement.payment_transfer t on t.file_id = f.id
       where t.end_to_end_id = $1`,
      [own.endToEndId],
    );
    const posted = await world.journals();
    const refused = { endToEndId: own.endToEndId, status: 'RJCT', reason: 'MS03' };
    expect(await bank.report('STS-4', file!.messageId, refused)).toMatchObject({ rejected: 0, unmatched: 1 });
    expect(await bank.payable(world.providerId)).toMatchObject({ state: 'RECONCILED' });
    expect(await world.journals()).toBe(posted);
    expect((await bank.openItems()).map((item) => item.kind)).toEqual(['status-contradiction']);
  });

  it('given another content under the id of an earlier statement, then its new lines count and the change waits for a person', async () => {
    const statement = (currency: string, lines: Parameters<typeof camt053>[0]['lines']) =>
      camt053({ id: 'TWICE', iban: AUTHORITY_IBAN, day: '2018-06-07', openingMinor: bank.closingMinor, lines })
        .replaceAll('"EUR"', `"${currency}"`)
        .replace('<Ccy>EUR</Ccy>', `<Ccy>${currency}</Ccy>`);
    const fee = { amountMinor: -1_00n, bankReference: 'B-3', text: 'Fee' };
    const foreign = await bank.imports('usd.xml', statement('USD', [fee]));
    expect(foreign).toMatchObject({ duplicate: false, lines: 1, matched: 0 });
    const right = await bank.imports('eur.xml', statement('EUR', [fee]));
    expect(right).toMatchObject({ duplicate: false, lines: 1, unmatched: 2 });
    const before = await world.balance('suspense');
    const more = await bank.imports('more.xml', statement('EUR', [fee, { ...fee, amountMinor: -2_00n }]));
    expect(more).toMatchObject({ duplicate: false, lines: 2, unmatched: 2 });
    expect(await world.balance('suspense')).toBe(before + 2_00n);
    expect((await bank.openItems()).filter((item) => item.kind === 'statement-changed')).toHaveLength(2);
    const again = await bank.imports('again.xml', `${statement('EUR', [fee])}\n`);
    expect(again).toMatchObject({ duplicate: true });
    expect(await world.balance('suspense')).toBe(before + 2_00n);
  });

  it('given a booking of several that it had refused, then none is ordered again, and a person places them together', async () => {
    const before = await bank.openItems();
    const third = world.person();
    await world.setDay('2018-06-20');
    await world.tell(third.accepted('2018-06-10'), third.planAgreed('2018-06-11'));
    const fourth = world.person({ rival: true });
    await world.tell(fourth.accepted('2018-06-10'), fourth.planAgreed('2018-06-11'));
    await world.drain();
    await world.certifyAll('2018-06-20');
    await world.openDay('2018-07-01');
    const file = await bank.send('2018-07-02');
    const [one, two] = [await bank.payable(world.providerId), await bank.payable(world.rivalId)];
    const refused = { status: 'RJCT', reason: 'AM04' };
    await bank.report(
      'STS-5',
      file.messageId,
      { endToEndId: one.endToEndId, ...refused },
      { endToEndId: two.endToEndId, ...refused },
    );
    await bank.day('2018-07-03', [
      { amountMinor: -one.amountMinor - two.amountMinor, bankReference: 'B-9', batchOf: file.paymentInfoId },
    ]);
    const item = (await bank.openItems()).find(
      ({ id, kind }) => kind === 'unmatched-bank' && !before.some((each) => each.id === id),
    );
    expect(item).toMatchObject({ kind: 'unmatched-bank', text: expect.stringContaining('refused') });
    for (const { id } of [one, two]) await expect(release(id)).rejects.toEqual(refusal('payable.questioned'));
    const match = { itemId: item!.id, payableIds: [one.id, two.id], reason: 'Both were paid after all.' };
    await expect(bank.by(world.managerOne, matchUnmatchedItem, { ...match, payableIds: [one.id] })).rejects.toEqual(
      refusal('match.amount-difference'),
    );
    await bank.by(world.managerOne, matchUnmatchedItem, match);
    expect([await bank.payable(world.providerId), await bank.payable(world.rivalId)]).toMatchObject([
      { state: 'RECONCILED' },
      { state: 'RECONCILED' },
    ]);
    expect(await world.balance('bank-clearing')).toBe(0n);
  });

  it('given it takes its own return back, then the return is undone by its payable, and both lines are settled as no payment', async () => {
    const own = await bank.payable(world.rivalId);
    const line = { bankReference: 'B-10', endToEndId: own.endToEndId };
    await bank.day('2018-07-05', [{ ...line, amountMinor: own.amountMinor, returnReason: 'AC06' }]);
    expect(await bank.payable(world.rivalId)).toMatchObject({ state: 'HELD' });
    await bank.day('2018-07-06', [{ ...line, amountMinor: -own.amountMinor }]);
    await expect(release(own.id)).rejects.toEqual(refusal('payable.questioned'));
    const undone = await bank.by(world.managerOne, undoMatch, {
      payableId: own.id,
      reason: 'The bank took its return back.',
    });
    expect(undone).toMatchObject({ kind: 'return', open: true });
    expect(await bank.payable(world.rivalId)).toMatchObject({ state: 'RECONCILED' });
    const waiting = (await bank.openItems()).filter(({ kind }) => kind === 'return' || kind === 'duplicate');
    expect(waiting).toHaveLength(2);
    for (const { id: itemId } of waiting)
      for (const who of [world.managerOne, world.managerTwo])
        await bank.by(who, settleUnmatchedItem, { itemId, as: 'OTHER_BUSINESS', reason: 'A return and its reversal.' });
    expect(await world.balance('other-business')).toBe(0n);
    expect(await world.balance('bank-clearing')).toBe(0n);
    await bank.day('2018-07-07', []);
    // The return had closed the account.
    await bank.account(world.rivalFinance, RIVAL_IBAN);
    expect((await bank.openItems()).filter(({ kind }) => kind === 'return' || kind === 'duplicate')).toEqual([]);
  });

  it('given a contradiction that two people noted, when the bank repeats it in other words, then the report is read and the note stands', async () => {
    const rival = await bank.payable(world.providerId);
    const [{ messageId }] = (await world.database.asOwner<{ messageId: string }>(
      `select message_id as "messageId" from settlement.payment_file order by id desc limit 1`,
    )) as [{ messageId: string }];
    const say = (reason: string) =>
      bank.report('STS-6', messageId, { endToEndId: rival.endToEndId, status: 'RJCT', reason });
    await say('AM04');
    const item = (await bank.openItems()).find(({ text }) => text.includes('STS-6'))!;
    for (const who of [world.managerOne, world.managerTwo])
      await bank.by(who, settleUnmatchedItem, { itemId: item.id, as: 'NOTED', reason: 'It was paid.' });
    expect(await say('MS03')).toMatchObject({ duplicate: false });
    expect((await bank.items()).find(({ id }) => id === item.id)).toMatchObject({ open: false });
  });

  it('given a return was placed and the payable released since, then undoing it takes the payable out of the next run', async () => {
    const own = await bank.payable(world.providerId);
    const line = { bankReference: 'B-11', endToEndId: own.endToEndId, returnReason: 'AM09' };
    await bank.day('2018-07-09', [{ ...line, amountMinor: own.amountMinor }]);
    await release(own.id);
    await bank.by(world.managerOne, undoMatch, { payableId: own.id, reason: 'It was the return of another payment.' });
    expect(await bank.payable(world.providerId)).toMatchObject({ state: 'RECONCILED' });
    await expect(bank.by(world.managerOne, preparePaymentFile, { executionDate: '2018-07-10' })).rejects.toEqual(
      refusal('payment-file.nothing-to-pay'),
    );
  });

  it('given two pages with equal lines that have no reference, then both count', async () => {
    const suspense = await world.balance('suspense');
    const page = (number: number, openingMinor: bigint) =>
      camt053({
        id: 'PAGES',
        iban: AUTHORITY_IBAN,
        day: '2018-07-11',
        openingMinor,
        lines: [{ amountMinor: -5_00n, bankReference: 'NONREF', text: 'Fee' }],
      }).replace(
        '</CreDtTm><Acct>',
        `</CreDtTm><StmtPgntn><PgNb>${number}</PgNb><LastPgInd>false</LastPgInd></StmtPgntn><Acct>`,
      );
    for (const [number, opening] of [
      [1, 0n],
      [2, -5_00n],
    ] as const)
      expect(await bank.imports(`page-${number}.xml`, page(number, opening))).toMatchObject({ lines: 1 });
    expect(await world.balance('suspense')).toBe(suspense + 10_00n);
  });

  it('given another statement tells lines that were told before, then they count once and that is said', async () => {
    const told = (id: string) =>
      camt053({
        id,
        iban: AUTHORITY_IBAN,
        day: '2018-07-12',
        openingMinor: 0n,
        lines: [{ amountMinor: -7_00n, bankReference: 'B-12', text: 'Fee' }],
      });
    await bank.imports('first.xml', told('TOLD-1'));
    await bank.imports('second.xml', told('TOLD-2'));
    expect((await bank.openItems()).filter(({ kind }) => kind === 'statement-overlap')).toHaveLength(1);
  });

  /** A registration fee for each provider, stated on the first of the next month. */
  async function owed(day: string, firstOfNext: string): Promise<void> {
    await world.setDay(day);
    for (const person of [world.person(), world.person({ rival: true })])
      await world.tell(person.accepted(day), person.planAgreed(day));
    await world.drain();
    await world.certifyAll(day);
    await world.openDay(firstOfNext);
  }
  const both = async () => [await bank.payable(world.providerId), await bank.payable(world.rivalId)] as const;
  const refuse = (messageId: string, id: string, ...endToEndIds: readonly string[]) =>
    bank.report(id, messageId, ...endToEndIds.map((endToEndId) => ({ endToEndId, status: 'RJCT', reason: 'AM04' })));
  const newest = async (kind: string) => (await bank.openItems()).findLast((item) => item.kind === kind)!;

  it('given what it refused is in a prepared file again when its booking comes, then that file is not sent, and the first attempts are placed', async () => {
    await owed('2018-07-20', '2018-08-01');
    const [one, two] = await both();
    const sent = await bank.send('2018-08-02');
    const [first, second] = await both();
    await refuse(sent.messageId, 'STS-7', first.endToEndId, second.endToEndId);
    await release(one.id);
    await release(two.id);
    const again = await bank.by(world.managerOne, preparePaymentFile, { executionDate: '2018-08-06' });
    const amountMinor = -one.amountMinor - two.amountMinor;
    await bank.day('2018-08-03', [{ amountMinor, bankReference: 'B-20', batchOf: sent.paymentInfoId }]);
    await expect(bank.by(world.managerTwo, releasePaymentFile, { paymentFileId: again.id })).rejects.toEqual(
      refusal('payable.questioned'),
    );
    await bank.by(world.managerTwo, discardPaymentFile, { paymentFileId: again.id });
    const item = await newest('unmatched-bank');
    const match = { itemId: item.id, payableIds: [one.id, two.id], reason: 'The first file was executed after all.' };
    await bank.by(world.managerOne, matchUnmatchedItem, match);
    expect(await both()).toMatchObject([{ state: 'RECONCILED' }, { state: 'RECONCILED' }]);

    await bank.by(world.managerTwo, undoMatch, { payableId: two.id, reason: 'It was another file.' });
    expect(await both()).toMatchObject([{ state: 'HELD' }, { state: 'HELD' }]);
    for (const { id } of [one, two]) await expect(release(id)).rejects.toEqual(refusal('payable.questioned'));
    await bank.day('2018-08-04', []);
    for (const { id } of [one, two]) await expect(release(id)).rejects.toEqual(refusal('payable.questioned'));
    await bank.by(world.managerOne, matchUnmatchedItem, match);
    expect(await world.balance('bank-clearing')).toBe(0n);
  });

  it('given it books what it refused without a word of whose it is, then the amount is enough to ask a person', async () => {
    await owed('2018-08-20', '2018-09-01');
    const sent = await bank.send('2018-09-03');
    const [one, two] = await both();
    await refuse(sent.messageId, 'STS-8', one.endToEndId);
    await bank.day('2018-09-04', [
      { amountMinor: -two.amountMinor, bankReference: 'B-21', endToEndId: two.endToEndId },
      { amountMinor: -one.amountMinor, bankReference: 'B-22' },
    ]);
    await expect(release(one.id)).rejects.toEqual(refusal('payable.questioned'));
    const item = await newest('unmatched-bank');
    const match = { itemId: item.id, payableId: one.id, reason: 'Nothing else has this amount.' };
    await bank.by(world.managerOne, matchUnmatchedItem, match);
    expect(await both()).toMatchObject([{ state: 'RECONCILED' }, { state: 'RECONCILED' }]);
  });

  it('given a return is taken back after a second attempt was refused, then the return of the first can be undone', async () => {
    await owed('2018-09-20', '2018-10-01');
    const first = await bank.send('2018-10-02');
    const [one, two] = await both();
    const line = (bankReference: string, amountMinor: bigint, more: object = {}) => ({
      ...{ bankReference, amountMinor, endToEndId: one.endToEndId },
      ...more,
    });
    await bank.day('2018-10-03', [
      line('B-30', -one.amountMinor),
      { amountMinor: -two.amountMinor, bankReference: 'B-31', endToEndId: two.endToEndId },
    ]);
    await bank.day('2018-10-04', [line('B-32', one.amountMinor, { returnReason: 'AM09' })]);
    await release(one.id);
    const again = await bank.send('2018-10-08');
    expect(again.messageId).not.toBe(first.messageId);
    await refuse(again.messageId, 'STS-9', (await both())[0].endToEndId);
    await bank.day('2018-10-09', [line('B-33', -one.amountMinor)]);
    await expect(release(one.id)).rejects.toEqual(refusal('payable.questioned'));
    await bank.by(world.managerOne, undoMatch, { payableId: one.id, reason: 'The bank took its return back.' });
    expect((await both())[0]).toMatchObject({ state: 'RECONCILED' });
  });

  it('given a payment never shows, when two people found that it was not made, then it may be ordered again', async () => {
    await owed('2018-10-20', '2018-11-01');
    const file = await bank.send('2018-11-02');
    const [one, two] = await both();
    await bank.report('STS-11', file.messageId, { endToEndId: one.endToEndId, status: 'ACSC' });
    const paid = { amountMinor: -two.amountMinor, bankReference: 'B-40', endToEndId: two.endToEndId };
    await bank.day('2018-11-12', [paid]);
    const item = await newest('unmatched-ledger');
    const said = { itemId: item.id, as: 'NOT_PAID', reason: 'The bank has no such order.' } as const;
    await bank.by(world.managerOne, settleUnmatchedItem, said);
    expect((await both())[0]).toMatchObject({ state: 'EXECUTED' });
    await bank.by(world.managerTwo, settleUnmatchedItem, said);
    expect((await both())[0]).toMatchObject({ state: 'HELD', reason: 'NOT_PAID' });
    expect(await world.balance('bank-clearing')).toBe(0n);
    await expect(bank.by(world.managerTwo, undoMatch, { itemId: item.id, reason: 'It was.' })).rejects.toEqual(
      refusal('unmatched-item.not-paid'),
    );
    expect(await release(one.id)).toMatchObject({ state: 'OPEN' });
  });

  it('given it says two things of one transfer in one report, then the report is refused', async () => {
    const sent = (await both())[0];
    const [file] = await world.database.asOwner<{ messageId: string }>(
      `select message_id as "messageId" from settlement.payment_file order by id desc limit 1`,
    );
    const words = ['ACSC', 'RJCT'].map((status) => ({ endToEndId: sent.endToEndId, status }));
    await expect(bank.report('STS-10', file!.messageId, ...words)).rejects.toEqual(refusal('bank-file.two-answers'));
  });

  it('and the books add up', async () => {
    const verified = await world.database.unitOfWork.transaction({ kind: 'operator', actorId: 'test' }, verify);
    expect(verified.findings).toEqual([]);
  });
});
