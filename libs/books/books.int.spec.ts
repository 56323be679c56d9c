import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDate, type LocalDate } from '#libs/kernel/index.js';
import type { HubPrincipal } from '#libs/platform/auth/principal.js';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import { post, reverse, seal, sumOfBooks, trialBalance, verify, type Journal } from './index.js';

const hub: HubPrincipal = { kind: 'reaction', actorId: 'settlement' };
const AUTHORITY = '0190a0a0-0000-7000-8000-000000000001';
const day = localDate('2018-03-01');

const journal = (key: string, amountMinor: bigint, more: Partial<Journal> = {}, on: LocalDate = day): Journal => ({
  key,
  kind: 'CLAIM_CERTIFIED',
  authorityId: AUTHORITY,
  currency: 'EUR',
  effectiveOn: on,
  causeType: 'claim',
  causeId: key,
  lines: [
    { account: 'programme-cost', class: 'EXPENSE', amountMinor },
    { account: 'provider-payable', class: 'LIABILITY', amountMinor: -amountMinor },
  ],
  ...more,
});

describe('the books', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startPostgres();
  });
  afterAll(() => database.stop());
  beforeEach(async () => {
    await tamper(`truncate books.book cascade`);
  });

  const posting = (...journals: readonly Journal[]): Promise<void> =>
    database.unitOfWork.transaction(hub, (tx) => post(tx, journals));
  const check = (): ReturnType<typeof verify> => database.unitOfWork.transaction(hub, (tx) => verify(tx));
  const balances = (asOf: LocalDate | null = null): Promise<string[]> =>
    database.unitOfWork.transaction(hub, async (tx) =>
      (await trialBalance(tx, asOf)).map((row) => `${row.code} ${String(row.debitMinor - row.creditMinor)}`),
    );
  /** As somebody who owns the database and switches its triggers off. */
  const tamper = async (text: string): Promise<void> => {
    await database.asOwner(`set session_replication_role = replica; ${text}; set session_replication_role = origin`);
  };

  it('keep journals, balances and balances of the day in one statement', async () => {
    await posting(journal('a', 73700n), journal('b', 31100n, {}, localDate('2018-02-01')));
    expect(await balances()).toEqual(['programme-cost 104800', 'provider-payable -104800']);
    expect(await balances(localDate('2018-02-28'))).toEqual(['programme-cost 31100', 'provider-payable -31100']);
    expect(await check()).toMatchObject({ journals: 2, batches: 1, findings: [] });
  });

  it('post the same journal once, and refuse another one under its key', async () => {
    await posting(journal('a', 100n));
    await posting(journal('a', 100n), journal('b', 5n));
    expect(await balances()).toEqual(['programme-cost 105', 'provider-payable -105']);
    await expect(posting(journal('a', 101n))).rejects.toMatchObject({ code: 'books.key-reused' });
    await expect(posting(journal('c', 1n), journal('c', 2n))).rejects.toMatchObject({ code: 'books.key-reused' });
  });

  it('let concurrent posters and repeats of one key through exactly once, in a gapless chain', async () => {
    await Promise.all(Array.from({ length: 24 }, (_, index) => posting(journal(`k${index % 12}`, 10n))));
    expect(await balances()).toEqual(['programme-cost 120', 'provider-payable -120']);
    expect(await check()).toMatchObject({ journals: 12, batches: 12, findings: [] });
  });

  it('refuse what does not sum to zero, in the code and in the database', async () => {
    const crooked = journal('a', 100n, {
      lines: [
        { account: 'programme-cost', class: 'EXPENSE', amountMinor: 100n },
        { account: 'provider-payable', class: 'LIABILITY', amountMinor: -99n },
      ],
    });
    await expect(posting(crooked)).rejects.toMatchObject({ code: 'books.journal' });
    await posting(journal('b', 100n));
    const insert = `insert into books.posting select journal_id, 9, account_id, 1, effective_on from books.posting limit 1`;
    await expect(database.asOwner(insert)).rejects.toThrow(/does not sum to zero/);
  });

  it('cannot be changed, not even by their owner', async () => {
    await posting(journal('a', 100n));
    for (const text of [
      'update books.posting set amount = 1',
      'delete from books.journal',
      'truncate books.batch cascade',
    ]) {
      await expect(database.asOwner(text)).rejects.toThrow(/append-only/);
    }
  });

  it('are reversed once, by an exact mirror, and a reversal is not reversed', async () => {
    const undo = (key: string, by: string): Promise<void> =>
      database.unitOfWork.transaction(hub, (tx) => reverse(tx, key, by, day));
    await posting(journal('a', 100n));
    const race = await Promise.allSettled([undo('a', 'r1'), undo('a', 'r2')]);
    expect(race.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    const [done] = await database.asOwner<{ key: string }>(`select key from books.journal where reverses is not null`);
    await expect(undo(done!.key, 'rr')).rejects.toMatchObject({ code: 'books.reversal-of-reversal' });
    expect(await balances()).toEqual(['programme-cost 0', 'provider-payable 0']);
    expect((await check()).findings).toEqual([]);
  });

  it('take nothing into a sealed period', async () => {
    await posting(journal('a', 100n));
    await database.unitOfWork.transaction(hub, (tx) => seal(tx, AUTHORITY, 'EUR', day));
    await expect(posting(journal('b', 1n))).rejects.toMatchObject({ code: 'books.sealed' });
    await posting(journal('b', 1n, {}, localDate('2018-03-02')));
  });

  it('do not exist for providers, and are an authority’s own', async () => {
    await posting(journal('a', 100n));
    const as = (organisationId: string, organisationKind: 'PES' | 'PROVIDER'): Promise<readonly object[]> =>
      database.unitOfWork.transaction(
        {
          kind: 'person',
          actorId: 'x',
          organisationId: organisationId as never,
          organisationKind,
          roles: ['CONTRACT_MANAGER'],
        },
        (tx) => sumOfBooks(tx),
      );
    expect(await as(AUTHORITY, 'PES')).toEqual([{ currency: 'EUR', amountMinor: 0n }]);
    expect(await as(AUTHORITY, 'PROVIDER')).toEqual([]);
    expect(await as('0190a0a0-0000-7000-8000-000000000002', 'PES')).toEqual([]);
  });

  it.each([
    ['a changed amount', `update books.posting set amount = amount * 2`],
    ['a changed body', `update books.journal set body = replace(body, '"100"', '"200"') where key = 'a'`],
    [
      'a journal that is gone',
      `delete from books.posting where journal_id = (select id from books.journal where key = 'b'); delete from books.journal where key = 'b'`,
    ],
    ['a batch that is gone', `delete from books.batch where seq = 2`],
    ['a chain that was written anew', `update books.batch set hash = sha256(hash) where seq = 1`],
    ['a balance that was polished', `update books.balance set debit = debit + 1`],
  ])('show %s when they are verified', async (_what, text) => {
    await posting(journal('a', 100n));
    await posting(journal('b', 50n));
    expect((await check()).findings).toEqual([]);
    await tamper(text);
    expect((await check()).findings).not.toEqual([]);
  });

  it('stay right whatever is posted, backdated, repeated and reversed', async () => {
    const command = fc.record({
      key: fc.integer({ min: 0, max: 6 }),
      amount: fc.bigInt({ min: -1000n, max: 1000n }).filter((amount) => amount !== 0n),
      back: fc.integer({ min: 1, max: 28 }),
      undo: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 10 }), async (commands) => {
        await tamper(`truncate books.book cascade`);
        const model = new Map<string, bigint>();
        for (const { key, amount, back, undo } of commands) {
          const on = localDate(`2018-02-${String(back).padStart(2, '0')}`);
          const id = `k${key}`;
          const outcome = await (
            undo
              ? database.unitOfWork.transaction(hub, (tx) => reverse(tx, id, `${id}-r`, on))
              : posting(journal(id, amount, {}, on))
          ).then(
            () => true,
            () => false,
          );
          if (outcome && undo) model.set(`${id}-r`, -(model.get(id) ?? 0n));
          else if (outcome && !model.has(id)) model.set(id, amount);
        }
        const expected = [...model.values()].reduce((sum, amount) => sum + amount, 0n);
        expect(await balances()).toEqual(
          model.size === 0 ? [] : [`programme-cost ${expected}`, `provider-payable ${-expected}`],
        );
        expect((await check()).findings).toEqual([]);
      }),
      { numRuns: 15 },
    );
  }, 60_000);
});
