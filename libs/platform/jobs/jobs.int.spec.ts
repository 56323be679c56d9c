import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import type { HubPrincipal } from '../auth/principal.js';
import { Jobs } from './jobs.js';

const reaction: HubPrincipal = { kind: 'reaction', actorId: 'probe' };

describe('jobs', () => {
  let database: TestDatabase;
  let jobs: Jobs;
  const ran: { payload: unknown; isLast: boolean }[] = [];
  const errors: string[] = [];
  let fail = 0;

  beforeAll(async () => {
    database = await startPostgres();
    jobs = new Jobs(database.unitOfWork, (error) => errors.push(String(error)));
    jobs.register({
      name: 'probe',
      run: (payload, isLast) => {
        ran.push({ payload, isLast });
        fail -= 1;
        return fail >= 0 ? Promise.reject(new Error('not reached')) : Promise.resolve();
      },
    });
    await jobs.start();
  });
  afterAll(async () => {
    await jobs.stop();
    await database.stop();
  });
  /** Runs until nothing is left; a job that is to be tried again is waited for. */
  const drain = async (): Promise<void> => {
    while (!(await jobs.idle())) await jobs.pass();
  };

  it('run once, after the transaction that added them committed', async () => {
    await database.unitOfWork.transaction(reaction, (tx) => jobs.add(tx, 'probe', { n: 1 }));
    await drain();
    expect(ran.splice(0)).toEqual([{ payload: { n: 1 }, isLast: false }]);
  });

  it('do not exist when that transaction was rolled back', async () => {
    const gone = database.unitOfWork.transaction(reaction, async (tx) => {
      await jobs.add(tx, 'probe', { n: 2 });
      throw new Error('rolled back');
    });
    await expect(gone).rejects.toThrow('rolled back');
    expect(await jobs.idle()).toBe(true);
  });

  it('are tried again, and told when it is the last time', async () => {
    fail = 99;
    await database.unitOfWork.transaction(reaction, (tx) => jobs.add(tx, 'probe', { n: 3 }));
    for (let tries = 0; tries < 8 && !(await jobs.idle()); tries += 1) {
      await jobs.pass();
      await database.asOwner(`update jobs.job set start_after = now() where state = 'retry'`);
    }
    expect(ran.splice(0).map((one) => one.isLast)).toEqual([false, false, false, true]);
  });

  it('outlive a database that is away while nobody waits for an answer, and say so', async () => {
    // The library looks at its queues by itself, once a minute at the most.
    await database.asOwner(`alter schema jobs rename to jobs_away`);
    while (errors.length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    await database.asOwner(`alter schema jobs_away rename to jobs`);
    await database.unitOfWork.transaction(reaction, (tx) => jobs.add(tx, 'probe', { n: 4 }));
    fail = 0;
    await drain();
    expect(ran.splice(0)).toEqual([{ payload: { n: 4 }, isLast: false }]);
  }, 120_000);
});
