import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HubError, type Envelope } from '#libs/kernel/index.js';
import type { HubPrincipal, Principal } from '#libs/platform/auth/principal.js';
import type { EventLog, Reaction, Subscription } from '#libs/platform/events/event-log.js';
import { dropUnhandled, listUnhandled, replayUnhandled } from '#libs/platform/events/unhandled.store.js';
import { sql, type Tx } from '#libs/platform/postgres/transaction.js';
import { UnitOfWork } from '#libs/platform/postgres/unit-of-work.js';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';

/** A log under test: how committed events come to the groups is its own matter. */
export interface LogUnderTest {
  readonly log: EventLog;
  /** Moves on while writers write. */
  pass(): Promise<unknown>;
  /** Resolves when everything that was committed was handled, parked or buried. */
  drain(): Promise<void>;
  /** Forgets what was published before; the tables of the outbox, the inbox and what was unhandled are emptied beside it. */
  forget(database: TestDatabase): Promise<void>;
  /** Hands out once more what it handed out before, as a log may after a crash. */
  repeat(database: TestDatabase): Promise<unknown>;
  stop(): Promise<void>;
}

export type StartLog = (database: TestDatabase, subscriptions: readonly Subscription[]) => Promise<LogUnderTest>;

const writer: HubPrincipal = { kind: 'job', actorId: 'writer' };
const TYPE = 'liaison.case-team.left.v1';
const key = (n: number): string => `0190a0a0-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** A person whose key the writers serialise on, and the versions that were committed for it. */
const TABLES = `
create schema probe;
create table probe.state (id uuid primary key, version int not null);
create table probe.seen (reaction text, event_id uuid, id uuid, version int, place bigint generated always as identity);
grant usage on schema probe to liaison_reactions;
grant select, insert, update on probe.state, probe.seen to liaison_reactions;`;

/** Loses its connection at the end of a transaction, where it is told to. */
class UnsteadyUnitOfWork extends UnitOfWork {
  losesConnection: (principal: Principal, tx: Tx) => Promise<boolean> = () => Promise.resolve(false);

  override transaction<Answer>(principal: Principal, work: (tx: Tx, now: Date) => Promise<Answer>): Promise<Answer> {
    return super.transaction(principal, async (tx, now) => {
      const answer = await work(tx, now);
      if (await this.losesConnection(principal, tx)) throw new Error('Connection terminated unexpectedly');
      return answer;
    });
  }
}

/** What every event log must hold, whatever carries it. */
export function eventLogContract(startLog: StartLog, runs: number): void {
  let database: TestDatabase;
  let events: LogUnderTest;
  let unsteady: UnsteadyUnitOfWork;
  /** What the next handling of an event does. */
  let behave: (event: Envelope, tx: Tx, reaction: string) => Promise<void>;

  const reaction = (name: string): Reaction => ({
    name,
    types: [TYPE],
    handle: async (tx, event) => {
      await behave(event, tx, name);
      const { personId, organisationId } = event.data as { personId: string; organisationId: string };
      await sql(tx, `insert into probe.seen (reaction, event_id, id, version) values ($1, $2, $3, $4)`, [
        name,
        event.id,
        personId,
        Number(organisationId.slice(-6)),
      ]);
    },
  });

  beforeAll(async () => {
    database = await startPostgres();
    await database.asOwner(TABLES);
    unsteady = new UnsteadyUnitOfWork(database.dataSource);
    events = await startLog({ ...database, unitOfWork: unsteady }, [
      { group: 'first', reactions: [reaction('note-when-left'), reaction('note-again-when-left')] },
      { group: 'second', reactions: [reaction('note-elsewhere-when-left')] },
    ]);
  });
  beforeEach(async () => {
    behave = () => Promise.resolve();
    unsteady.losesConnection = () => Promise.resolve(false);
    await database.asOwner(`truncate probe.state, probe.seen, platform.outbox, platform.inbox, platform.unhandled`);
    await events.forget(database);
  });
  afterAll(async () => {
    await events.stop();
    await database.stop();
  });

  /** Changes the state of a key, then publishes; may be slow, may fail after the publish. */
  const write = (
    n: number,
    options: { readonly wait?: Promise<unknown>; readonly fail?: boolean } = {},
  ): Promise<void> =>
    database.unitOfWork.transaction(writer, async (tx) => {
      const [row] = await sql<{ version: number }>(
        tx,
        `insert into probe.state (id, version) values ($1, 1) on conflict (id) do update set version = probe.state.version + 1 returning version`,
        [key(n)],
      );
      await events.log.publish(tx, [
        { type: TYPE, subject: key(n), data: { personId: key(n), organisationId: key(row!.version) } },
      ]);
      await options.wait;
      if (options.fail === true) throw new Error('rolled back');
    });
  const seen = (): Promise<{ reaction: string; id: string; version: number }[]> =>
    database.asOwner('select reaction, id, version from probe.seen order by place');
  const versions = async (name: string, n: number): Promise<number[]> =>
    (await seen()).filter((row) => row.reaction === name && row.id === key(n)).map((row) => row.version);

  it('hands each event once to each reaction of each group', async () => {
    await write(1);
    await events.drain();
    expect((await seen()).map((row) => row.reaction).sort()).toEqual([
      'note-again-when-left',
      'note-elsewhere-when-left',
      'note-when-left',
    ]);
    await events.drain();
    expect(await seen()).toHaveLength(3);
  });

  it('sees a transaction that commits late, though later ones were read already', async () => {
    let commit: (value?: unknown) => void = () => undefined;
    const late = write(1, { wait: new Promise((resolve) => (commit = resolve)) });
    await write(2);
    await events.drain();
    expect(await versions('note-when-left', 2)).toEqual([1]);
    commit();
    await late;
    await events.drain();
    expect(await versions('note-when-left', 1)).toEqual([1]);
  });

  it('loses nothing, repeats nothing and keeps the order of each key, whatever writers and crashes do', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ n: fc.integer({ min: 1, max: 4 }), fail: fc.boolean() }), { minLength: 1, maxLength: 25 }),
        fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 4 }),
        async (writes, crashes) => {
          let handled = 0;
          // A crash anywhere in a slice is a transaction that never commits; a retriable error has the same effect on the log.
          behave = () => {
            handled += 1;
            return crashes.includes(handled)
              ? Promise.reject(new HubError('probe.crash', 'crash', { retriable: true }))
              : Promise.resolve();
          };
          const before = await database.asOwner<{ id: string; version: number }>('select id, version from probe.state');
          const writing = Promise.allSettled(writes.map(({ n, fail }) => write(n, { fail })));
          const turning = { on: true };
          const turner = (async () => {
            while (turning.on) await events.pass();
          })();
          await writing;
          turning.on = false;
          await turner;
          await events.drain();
          const after = await database.asOwner<{ id: string; version: number }>('select id, version from probe.state');
          const committed = writes.filter((one) => !one.fail).length;
          const total = (rows: { version: number }[]): number => rows.reduce((sum, row) => sum + row.version, 0);
          expect(total(after) - total(before)).toBe(committed);
          for (const row of after) {
            const n = Number(row.id.slice(-12));
            for (const name of ['note-when-left', 'note-again-when-left', 'note-elsewhere-when-left']) {
              expect(await versions(name, n)).toEqual(Array.from({ length: row.version }, (_, index) => index + 1));
            }
          }
        },
      ),
      { numRuns: runs },
    );
  }, 300_000);

  it('keeps the order of each key when the keys are shuffled', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 7, 8], { minLength: 13 }),
        async (order) => {
          const before = new Map(
            (await database.asOwner<{ id: string; version: number }>('select id, version from probe.state')).map(
              (row) => [row.id, row.version],
            ),
          );
          for (const n of order) await write(n);
          await events.drain();
          for (const n of new Set(order)) {
            const last = (before.get(key(n)) ?? 0) + order.filter((other) => other === n).length;
            const expected = Array.from({ length: last }, (_, index) => index + 1);
            for (const name of ['note-when-left', 'note-again-when-left', 'note-elsewhere-when-left'])
              expect(await versions(name, n)).toEqual(expected);
          }
        },
      ),
      { numRuns: 4 },
    );
  }, 300_000);

  describe('an event that cannot be handled', () => {
    const operator: HubPrincipal = { kind: 'operator', actorId: 'test' };
    const list = (): ReturnType<typeof listUnhandled> =>
      database.unitOfWork.transaction(operator, (tx) =>
        listUnhandled(tx, { states: ['PARKED', 'QUEUED', 'DEAD', 'DROPPED'], limit: 20 }),
      );

    it('that is invalid goes to the dead letters at once, with its cause; its key and others flow on', async () => {
      behave = (event) =>
        event.subject === key(1) ? Promise.reject(new HubError('probe.invalid', 'No such thing.')) : Promise.resolve();
      await write(1);
      await write(2);
      await events.drain();
      expect(await list()).toHaveLength(3);
      expect((await list())[0]).toMatchObject({ state: 'DEAD', cause: 'probe.invalid: No such thing.' });
      expect(await versions('note-when-left', 2)).toEqual([1]);
    });

    it('that is transient parks its key: later events of the key wait behind it, and all pass in order once it can', async () => {
      behave = (event) =>
        event.subject === key(1)
          ? Promise.reject(new HubError('probe.later', 'Not yet.', { retriable: true }))
          : Promise.resolve();
      await write(1);
      await write(2);
      await events.drain();
      await write(1);
      await events.drain();
      expect((await list()).map((row) => row.state).sort()).toEqual([
        'PARKED',
        'PARKED',
        'PARKED',
        'QUEUED',
        'QUEUED',
        'QUEUED',
      ]);
      expect(await versions('note-when-left', 2)).toEqual([1]);
      behave = () => Promise.resolve();
      await database.unitOfWork.transaction(operator, (tx) => replayUnhandled(tx, null));
      await database.asOwner(`update platform.unhandled set next_try_at = now()`);
      await events.drain();
      expect(await versions('note-when-left', 1)).toEqual([1, 2]);
    });

    it('is not overtaken by a later one of its key, though the connection is lost while that one is put behind it', async () => {
      behave = (event) =>
        (event.data as { organisationId: string }).organisationId === key(1)
          ? Promise.reject(new HubError('probe.later', 'Not yet.', { retriable: true }))
          : Promise.resolve();
      await write(1);
      await events.drain();
      // Twice: of a slice, and of the event that is tried alone then.
      const losses: string[] = ['first', 'first', 'second', 'second'];
      unsteady.losesConnection = async (principal, tx) => {
        if (!losses.includes(principal.actorId)) return false;
        const queued = `select from platform.unhandled where consumer_group = $1 and state = 'QUEUED'`;
        if ((await sql(tx, queued, [principal.actorId])).length === 0) return false;
        // Asked only now: the other group may have lost its own meanwhile.
        const at = losses.indexOf(principal.actorId);
        return at >= 0 && losses.splice(at, 1).length > 0;
      };
      await write(1);
      await events.drain();
      expect(losses).toEqual([]);
      expect(await seen()).toEqual([]);
      behave = () => Promise.resolve();
      await database.asOwner(`update platform.unhandled set next_try_at = now()`);
      await events.drain();
      for (const name of ['note-when-left', 'note-again-when-left', 'note-elsewhere-when-left'])
        expect(await versions(name, 1)).toEqual([1, 2]);
    });

    it('that failed in one reaction of a group has its effect in the other one', async () => {
      behave = (_event, _tx, name) =>
        name === 'note-when-left'
          ? Promise.reject(new HubError('probe.later', 'Not yet.', { retriable: true }))
          : Promise.resolve();
      await write(1);
      await write(1);
      await events.drain();
      expect(await versions('note-again-when-left', 1)).toEqual([1]);
      expect((await list()).map(({ reaction, state }) => `${reaction} ${state}`)).toEqual([
        'note-when-left PARKED',
        'note-when-left QUEUED',
        'note-again-when-left QUEUED',
      ]);
    });

    it('that is dead or was dropped has no effect when the log repeats it', async () => {
      behave = () => Promise.reject(new HubError('probe.invalid', 'No such thing.'));
      await write(1);
      await events.drain();
      const [first] = await list();
      await database.unitOfWork.transaction(operator, (tx) => dropUnhandled(tx, first!.id, 'sent by mistake'));
      behave = () => Promise.resolve();
      await events.repeat(database);
      await events.drain();
      expect(await seen()).toEqual([]);
      expect((await list()).map((row) => row.state)).toEqual(['DROPPED', 'DEAD', 'DEAD']);
      await database.unitOfWork.transaction(operator, (tx) => replayUnhandled(tx, null));
      await events.drain();
      expect(await seen()).toHaveLength(2);
    });

    it('can be dropped with a reason, and then holds nobody', async () => {
      behave = () => Promise.reject(new HubError('probe.later', 'Not yet.', { retriable: true }));
      await write(1);
      await events.drain();
      behave = () => Promise.resolve();
      for (const row of await list()) {
        await database.unitOfWork.transaction(operator, (tx) => dropUnhandled(tx, row.id, 'sent by mistake'));
      }
      await write(1);
      await events.drain();
      expect(await versions('note-when-left', 1)).toEqual([2]);
    });
  });

  it('refuses to publish what its schema does not allow, and writes nothing', async () => {
    const bad = database.unitOfWork.transaction(writer, (tx) =>
      events.log.publish(tx, [
        { type: TYPE, subject: key(1), data: { personId: key(1), organisationId: key(2), name: 'Ann' } },
      ]),
    );
    await expect(bad).rejects.toMatchObject({ code: 'event.schema' });
    expect(await database.asOwner('select 1 from platform.outbox')).toEqual([]);
  });
}
