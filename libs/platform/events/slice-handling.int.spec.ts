import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HubError, type Envelope } from '#libs/kernel/index.js';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import { newId, sql, type Tx } from '../postgres/index.js';
import type { Subscription } from './event-log.js';
import { SliceHandling } from './slice-handling.js';

const TYPE = 'liaison.case-team.left.v1';
const fence = (tx: Tx): Promise<unknown> => sql(tx, 'select pg_advisory_xact_lock(1)');

const event = (id: string, subject: string): Envelope => ({
  ...{ specversion: '1.0', source: '/test', time: new Date().toISOString(), datacontenttype: 'application/json' },
  ...{ id, subject, type: TYPE, data: {} },
});

describe('a member that lost its partition and does not know it', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startPostgres();
  });
  afterAll(() => database.stop());

  /** Handles everything but one event, and says what it handled. */
  const subscription = (handled: string[], fails?: string): Subscription => ({
    group: 'group',
    reactions: [
      {
        name: 'note-when-left',
        types: [TYPE],
        handle: (_tx, { id }) => {
          if (id === fails) return Promise.reject(new HubError('probe.later', 'Not yet.', { retriable: true }));
          handled.push(id);
          return Promise.resolve();
        },
      },
    ],
  });

  it('cannot put an event aside while its successor works: that would show the next event of the key a world half told', async () => {
    const [first, second, key] = [newId(), newId(), newId()];
    const handled: string[] = [];
    const lost = new SliceHandling(database.unitOfWork, subscription([], first));
    const successor = new SliceHandling(database.unitOfWork, subscription(handled));
    const waiting = async (): Promise<boolean> =>
      (await database.asOwner(`select from pg_locks where locktype = 'advisory' and not granted`)).length > 0;
    const lostOne = { apart: Promise.resolve(), isOver: false };
    await database.unitOfWork.transaction(successor.principal, async (tx, now) => {
      await fence(tx);
      lostOne.apart = lost.apart(event(first, key), new Error('away'), fence).finally(() => (lostOne.isOver = true));
      while (!lostOne.isOver && !(await waiting())) await Promise.resolve();
      await successor.together(tx, now, [event(first, key), event(second, key)]);
    });
    await lostOne.apart;
    expect(handled).toEqual([first, second]);
  });
});
