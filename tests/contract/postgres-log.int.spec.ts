import { describe, expect, it } from '@jest/globals';
import type { Subscription } from '#libs/platform/events/event-log.js';
import { startTestEvents } from '#libs/testing/events.js';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import { eventLogContract, type LogUnderTest } from './event-log.contract.js';

const start = (database: TestDatabase, subscriptions: readonly Subscription[]): Promise<LogUnderTest> => {
  const { log, pump } = startTestEvents(database, subscriptions);
  return Promise.resolve({
    log,
    pass: () => pump.pass(),
    drain: () => pump.drain(),
    forget: async () => {
      await database.asOwner('truncate platform.event_log, platform.checkpoint');
      await database.asOwner('update platform.log_head set next_offset = 0');
    },
    repeat: () => database.asOwner('update platform.checkpoint set next_offset = 0'),
    stop: () => Promise.resolve(),
  });
};

describe('the PostgreSQL log', () => {
  eventLogContract(start, 12);

  it('has dense offsets in every partition', async () => {
    const database = await startPostgres();
    const { log, pump } = startTestEvents(database);
    const key = (n: number): string => `0190a0a0-0000-7000-8000-${String(n).padStart(12, '0')}`;
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        database.unitOfWork.transaction({ kind: 'job', actorId: 'writer' }, (tx) =>
          log.publish(tx, [
            {
              type: 'liaison.case-team.left.v1',
              subject: key(n),
              data: { personId: key(n), organisationId: key(n) },
            },
          ]),
        ),
      ),
    );
    await pump.drain();
    const placed = await database.asOwner('select 1 from platform.event_log');
    const holes = await database.asOwner(
      `select partition from platform.event_log group by partition having max("offset") - min("offset") + 1 <> count(*) or min("offset") <> 0`,
    );
    await database.stop();
    expect(placed).toHaveLength(40);
    expect(holes).toEqual([]);
  });

  it('tells whoever turns it in the same process of each commit that published, and of no other', async () => {
    const database = await startPostgres();
    const { log } = startTestEvents(database);
    let told = 0;
    log.onCommitted = () => (told += 1);
    const id = '0190a0a0-0000-7000-8000-000000000001';
    const event = { type: 'liaison.case-team.left.v1', subject: id, data: { personId: id, organisationId: id } };
    const write = (events: number, fail = false): Promise<void> =>
      database.unitOfWork.transaction({ kind: 'job', actorId: 'writer' }, async (tx) => {
        for (let n = 0; n < events; n += 1) await log.publish(tx, [event]);
        if (fail) throw new Error('rolled back');
      });
    await write(0);
    await expect(write(1, true)).rejects.toThrow('rolled back');
    expect(told).toBe(0);
    await write(2);
    expect(told).toBe(1);
    await database.stop();
  });

  it('lets no partner read the log or the outbox', async () => {
    const database = await startPostgres();
    const asPartner = (text: string): Promise<unknown> =>
      database
        .asOwner(`begin; set local role liaison_api; ${text}; commit`)
        .finally(() => database.asOwner('rollback'));
    await expect(asPartner('select * from platform.outbox')).rejects.toThrow(/permission denied/);
    await expect(asPartner('select * from platform.event_log')).rejects.toThrow(/permission denied/);
    await database.stop();
  });
});
