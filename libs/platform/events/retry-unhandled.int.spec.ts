import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HubError } from '#libs/kernel/index.js';
import { startTestEvents } from '#libs/testing/events.js';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import type { HubPrincipal } from '../auth/principal.js';
import type { Subscription } from './event-log.js';
import { retryUnhandled } from './retry-unhandled.js';
import { listUnhandled } from './unhandled.store.js';

const KEY = '0190a0a0-0000-7000-8000-000000000001';
const writer: HubPrincipal = { kind: 'job', actorId: 'writer' };
const later = (): Promise<never> => Promise.reject(new HubError('probe.later', 'Not yet.', { retriable: true }));

describe('events of a parked key that are tried again', () => {
  let database: TestDatabase;
  let behave: (id: string) => Promise<void>;
  let seen: string[];
  const subscription: Subscription = {
    group: 'first',
    reactions: [
      {
        name: 'note-when-left',
        types: ['liaison.case-team.left.v1'],
        handle: async (_tx, { id }) => {
          await behave(id);
          seen.push(id);
        },
      },
    ],
  };
  beforeAll(async () => {
    database = await startPostgres();
  });
  beforeEach(async () => {
    seen = [];
    behave = later;
    await database.asOwner('truncate platform.unhandled, platform.inbox');
    const { log, pump } = startTestEvents(database, [subscription]);
    for (let n = 0; n < 3; n += 1)
      await database.unitOfWork.transaction(writer, (tx) =>
        log.publish(tx, [
          { type: 'liaison.case-team.left.v1', subject: KEY, data: { personId: KEY, organisationId: KEY } },
        ]),
      );
    await pump.drain();
    await due();
  });
  afterAll(() => database.stop());

  const due = (): Promise<unknown> => database.asOwner('update platform.unhandled set next_try_at = now()');
  const list = (): ReturnType<typeof listUnhandled> =>
    database.unitOfWork.transaction(writer, (tx) =>
      listUnhandled(tx, { states: ['PARKED', 'QUEUED', 'DEAD'], limit: 10 }),
    );
  const retry = (): Promise<number> => retryUnhandled(database.unitOfWork, subscription);

  it('pass in order, one after the other', async () => {
    const ids = (await list()).map(({ eventId }) => eventId);
    behave = () => Promise.resolve();
    expect(await retry()).toBe(3);
    expect(seen).toEqual(ids);
  });

  it('are one member’s at a time: another one cannot take what comes behind', async () => {
    const ids = (await list()).map(({ eventId }) => eventId);
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    let began: () => void = () => undefined;
    const underWay = new Promise<void>((resolve) => (began = resolve));
    behave = (id) => {
      began();
      return id === ids[0] ? held : Promise.resolve();
    };
    const slow = retry();
    await underWay;
    expect(await retry()).toBe(0);
    expect(seen).toEqual([]);
    go();
    expect(await slow).toBe(3);
    expect(seen).toEqual(ids);
  });

  it('hold the others back while the first one still cannot', async () => {
    const [first] = await list();
    behave = (id) => (id === first!.eventId ? later() : Promise.resolve());
    expect(await retry()).toBe(0);
    expect(seen).toEqual([]);
    expect(await list()).toMatchObject([{ state: 'PARKED' }, { state: 'QUEUED' }, { state: 'QUEUED' }]);
  });

  it('are dead letters where they turn out to be invalid, and hold nobody then', async () => {
    const [first, ...others] = (await list()).map(({ eventId }) => eventId);
    behave = (id) =>
      id === first ? Promise.reject(new HubError('probe.invalid', 'No such thing.')) : Promise.resolve();
    expect(await retry()).toBe(2);
    expect(seen).toEqual(others);
    expect(await list()).toMatchObject([{ state: 'DEAD', cause: 'probe.invalid: No such thing.' }]);
  });
});
