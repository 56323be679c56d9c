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
    for (const person of [world.person(), world.person({ rival: true })]) {
      await world.tell(
        person.accepted('2018-02-01'),
        person.planAgreed('2018-02-05'),
        person.jobVerified('2018-02-12'),
      );
    }
    await world.drain();
    await world.answerAll('YES');
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

  it('and the books add up', async () => {
    const verified = await world.database.unitOfWork.transaction({ kind: 'operator', actorId: 'test' }, verify);
    expect(verified.findings).toEqual([]);
  });
});
