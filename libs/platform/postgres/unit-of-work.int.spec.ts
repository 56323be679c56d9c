import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Id } from '#libs/kernel/index.js';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import type { PartnerPrincipal } from '../auth/principal.js';
import { afterCommit, sql, whenUndone } from './transaction.js';

const adviser: PartnerPrincipal = {
  kind: 'person',
  actorId: 'adviser-1',
  organisationId: '0190a0a0-0000-7000-8000-000000000001' as Id<'Organisation'>,
  organisationKind: 'PROVIDER',
  roles: ['PROVIDER_ADVISER'],
};
const stranger: PartnerPrincipal = {
  ...adviser,
  organisationId: '0190a0a0-0000-7000-8000-000000000002' as Id<'Organisation'>,
};

describe('the unit of work', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startPostgres();
  });
  afterAll(() => database.stop());

  it('answers a repeated command with the first answer, without running it again', async () => {
    let runs = 0;
    const run = () =>
      database.unitOfWork.command(adviser, { name: 'Try', idempotencyKey: 'a', input: { b: 1, a: 2n } }, () => {
        runs += 1;
        return Promise.resolve({ run: runs });
      });
    expect([await run(), await run()]).toEqual([{ run: 1 }, { run: 1 }]);
  });

  it('refuses the same key with another input, and keeps keys of organisations apart', async () => {
    const run = (who: PartnerPrincipal, input: unknown) =>
      database.unitOfWork.command(who, { name: 'Try', idempotencyKey: 'b', input }, () => Promise.resolve('done'));
    await run(adviser, 1);
    await expect(run(adviser, 2)).rejects.toMatchObject({ code: 'idempotency.key-reused', field: 'idempotencyKey' });
    await expect(run(stranger, 2)).resolves.toBe('done');
  });

  it('runs concurrent commands of one key once', async () => {
    let runs = 0;
    const run = () =>
      database.unitOfWork.command(adviser, { name: 'Try', idempotencyKey: 'c', input: null }, () => {
        runs += 1;
        return Promise.resolve(runs);
      });
    expect(await Promise.all([run(), run(), run(), run()])).toEqual([1, 1, 1, 1]);
    expect(runs).toBe(1);
  });

  it('runs work again that wrote the same unique thing at the same moment as somebody else, so that it finds it', async () => {
    const state = 'written-by-two';
    let looked = 0;
    let both: () => void = () => undefined;
    const bothLooked = new Promise<void>((resolve) => (both = resolve));
    const write = () =>
      database.unitOfWork.transaction({ kind: 'job', actorId: 'try' }, async (tx) => {
        if ((await sql(tx, `select from platform.sign_in where state = $1`, [state])).length > 0) return 'found';
        looked += 1;
        if (looked === 2) both();
        await bothLooked;
        await sql(tx, `insert into platform.sign_in (state, nonce, code_verifier, return_to) values ($1, '', '', '')`, [
          state,
        ]);
        return 'written';
      });
    expect((await Promise.all([write(), write()])).sort()).toEqual(['found', 'written']);
  });

  it('undoes everything when the work throws, the key included', async () => {
    const key = { name: 'Try', idempotencyKey: 'd', input: null };
    await expect(database.unitOfWork.command(adviser, key, () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    );
    await expect(database.unitOfWork.command(adviser, key, () => Promise.resolve('second try'))).resolves.toBe(
      'second try',
    );
  });

  it('makes the answer of a repeated command anew, of what was kept', async () => {
    let rights = 'all';
    const key = { name: 'Try', idempotencyKey: 'e', input: null };
    const run = () =>
      database.unitOfWork.command(
        adviser,
        key,
        () => Promise.resolve({ id: 7 }),
        (_tx, { id }) => Promise.resolve({ id, shown: rights }),
      );
    expect(await run()).toEqual({ id: 7, shown: 'all' });
    rights = 'none';
    expect(await run()).toEqual({ id: 7, shown: 'none' });
    const kept = `select answer from platform.idempotency where key = 'e'`;
    expect(await database.asOwner(kept)).toEqual([{ answer: { id: 7 } }]);
  });

  describe('what is written although the work is undone', () => {
    const claim = `insert into platform.idempotency (owner, key, command, fingerprint) values ($1, $2, 'x', 'x')`;
    const run = (key: string, fail: boolean, write = claim) =>
      database.unitOfWork.transaction(adviser, async (tx) => {
        whenUndone(tx, (again) => sql(again, write, [adviser.organisationId, `${key}-undone`]).then(() => undefined));
        await sql(tx, claim, [adviser.organisationId, `${key}-done`]);
        if (fail) throw new Error('no');
      });
    const found = async (key: string) =>
      (
        await database.asOwner<{ key: string }>(`select key from platform.idempotency where key like $1`, [`${key}-%`])
      ).map((row) => row.key);

    it('stands alone after a failure, with the failure as answer', async () => {
      await expect(run('f', true)).rejects.toThrow('no');
      expect(await found('f')).toEqual(['f-undone']);
    });

    it('is not written after a commit', async () => {
      await run('g', false);
      expect(await found('g')).toEqual(['g-done']);
    });

    it('is itself the failure where it cannot be written', async () => {
      await expect(run('h', true, 'select $1, $2 from nowhere')).rejects.toThrow(/nowhere/);
      expect(await found('h')).toEqual([]);
    });
  });

  it('acts under the role of the caller and never as an owner', async () => {
    const role = (who: Parameters<typeof database.unitOfWork.transaction>[0]) =>
      database.unitOfWork.transaction(
        who,
        async (tx) => (await sql<{ role: string }>(tx, 'select current_user::text as role'))[0]?.role,
      );
    expect(await role(adviser)).toBe('liaison_api');
    expect(await role({ kind: 'reaction', actorId: 'try' })).toBe('liaison_reactions');
    await expect(database.dataSource.query('select * from platform.idempotency')).rejects.toThrow(/permission denied/);
  });

  it('reads business time once, from the clock when one is set', async () => {
    await database.asOwner(`insert into platform.business_clock (now) values ('2018-03-01T08:00:00Z')`);
    const now = await database.unitOfWork.transaction(adviser, (_tx, at) => Promise.resolve(at));
    await database.asOwner(`delete from platform.business_clock`);
    expect(now.toISOString()).toBe('2018-03-01T08:00:00.000Z');
  });

  it('calls what waits for the commit once, and only after one', async () => {
    const calls: string[] = [];
    const call = (): void => void calls.push('called');
    const work = (fail: boolean) =>
      database.unitOfWork.transaction(adviser, (tx) => {
        afterCommit(tx, call);
        afterCommit(tx, call);
        expect(calls).toEqual([]);
        return fail ? Promise.reject(new Error('no')) : Promise.resolve();
      });
    await expect(work(true)).rejects.toThrow('no');
    await work(false);
    expect(calls).toEqual(['called']);
  });
});
