import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Random } from '#apps/local/demonstration/random.js';
import { EventSchemas } from '#libs/platform/events/event-schemas.js';
import { createKafka, createProducer } from '#libs/platform/events/kafka/client.js';
import { OutboxEventLog } from '#libs/platform/events/outbox.js';
import { startEmbedded } from '#libs/platform/postgres/embedded.js';
import { newId } from '#libs/platform/postgres/index.js';
import { sql } from '#libs/platform/postgres/transaction.js';
import { freePort } from '#libs/testing/free-port.js';
import { startKafka } from '#libs/testing/kafka.js';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import { PROBE_TABLES, PROBE_TOPIC, PROBE_TYPE } from '#tests/support/fault-worker/probe.js';
import { build } from '#tests/support/local-run.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const KEYS = 5;
const EVENTS = 60;
/** Half as long again as the session of a fault worker. */
const STANDS_STILL_S = 9;
const AT_LENGTH = Number(process.env['LIAISON_KILLS'] ?? 4) > 10;
const BROKER_KILLS = AT_LENGTH ? 9 : 2;
const RESTARTS = AT_LENGTH ? 6 : 2;
const COMINGS_AND_GOINGS = AT_LENGTH ? 12 : 3;
const SEED = process.env['LIAISON_FAULT_SEED'] ?? String(process.pid);
const kafka = await startKafka(3);
const key = (n: number): string => `0190a0a0-0000-7000-8000-${String(n).padStart(12, '0')}`;

(kafka === undefined ? describe.skip : describe)(`a cluster on Kafka (seed ${SEED})`, () => {
  const log = new OutboxEventLog(new EventSchemas(join(root, 'schemas', 'events')));
  const workers = new Set<ChildProcess>();
  const random = new Random(SEED);
  let database: TestDatabase;
  let prefix: string;
  let ending: boolean;

  beforeAll(build, 600_000);
  beforeEach(async () => {
    ending = false;
    database = await startPostgres();
    await database.asOwner(PROBE_TABLES);
    prefix = `fault-${randomBytes(4).toString('hex')}.`;
  });
  afterEach(async () => {
    ending = true;
    for (const worker of workers) worker.kill('SIGKILL');
    await Promise.all([...workers].map(ended));
    await database.stop();
  });
  afterAll(() => workers.clear());

  const ended = (worker: ChildProcess): Promise<string | null> =>
    new Promise((resolve) => {
      if (worker.exitCode !== null || worker.signalCode !== null) resolve(worker.signalCode);
      else worker.on('exit', (_code, signal) => resolve(signal));
    });
  const soon = (low: number, high: number): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, random.between(low, high)));
  function start(crash = ''): ChildProcess {
    const worker = spawn(process.execPath, ['--no-warnings', join(root, 'dist/tests/support/fault-worker/main.js')], {
      stdio: 'ignore',
      env: {
        ...process.env,
        FAULT_DATABASE: database.appUrl,
        FAULT_BROKERS: kafka!.brokers.join(','),
        FAULT_PREFIX: prefix,
        FAULT_CRASH: crash,
      },
    });
    workers.add(worker);
    return worker;
  }
  /** A worker that cannot begin while its database is away ends; whatever runs it starts it again, as that of a cluster does. */
  function keepStarted(): void {
    if (!ending) start().on('exit', keepStarted);
  }
  /** One transaction an event, its versions counted a key. Answers how many were acknowledged. */
  async function write(count: number): Promise<number> {
    for (let n = 0; n < count; n += 1) await writeOne(key(n % KEYS));
    return count;
  }
  const writeOne = (id: string): Promise<void> =>
    database.unitOfWork.transaction({ kind: 'job', actorId: 'writer' }, async (tx) => {
      const [row] = await sql<{ version: number }>(
        tx,
        `insert into probe.state (id, version) values ($1, 1) on conflict (id) do update set version = probe.state.version + 1 returning version`,
        [id],
      );
      const data = { personId: id, organisationId: key(row!.version) };
      await log.publish(tx, [{ type: PROBE_TYPE, subject: id, data }]);
    });
  /** Writes until it is told to stop, whatever happens to the database meanwhile. */
  function keepWriting(): () => Promise<void> {
    const over = new AbortController();
    const done = (async () => {
      for (let n = 0; !over.signal.aborted; n += 1) {
        await writeOne(key(n % KEYS)).catch(() => undefined);
        await soon(1, 20);
      }
    })();
    return async () => {
      over.abort();
      await done;
    };
  }
  /** Waits until every event that is committed has had its effect. */
  async function whenAllSeen(): Promise<void> {
    for (;;) {
      const [row] = await database
        .asOwner<{ missing: number }>(
          `select (select coalesce(sum(version), 0) from probe.state)::int
                - (select count(distinct event_id) from probe.seen)::int as missing`,
        )
        .catch(() => []);
      if (row?.missing === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  /** Each committed event had its effect once, in the order of its key, and nothing is left or was put aside. */
  async function expectEachOnceInOrder(): Promise<void> {
    const states = await database.asOwner<{ id: string; version: number }>('select id, version from probe.state');
    const seen = await database.asOwner<{ id: string; version: number }>(
      'select id, version from probe.seen order by place',
    );
    expect(states).toHaveLength(KEYS);
    for (const { id, version } of states) {
      const versions = seen.filter((row) => row.id === id).map((row) => row.version);
      expect(versions).toEqual(Array.from({ length: version }, (_, index) => index + 1));
    }
    expect(await database.asOwner('select 1 from platform.unhandled')).toEqual([]);
    expect(await database.asOwner('select 1 from platform.outbox')).toEqual([]);
  }

  /** Does every broker hold what every partition of the topic has? */
  async function allCaughtUp(): Promise<boolean> {
    const admin = createKafka({ brokers: kafka!.brokers, clientId: 'looker' }, () => undefined).admin();
    try {
      await admin.connect();
      const { topics } = await admin.fetchTopicMetadata({ topics: [`${prefix}${PROBE_TOPIC}`] });
      return topics.every(({ partitions }) => partitions.every(({ isr }) => isr.length === kafka!.brokers.length));
    } catch {
      return false;
    } finally {
      await admin.disconnect();
    }
  }

  it.each(['after-read:0', 'after-send:0', 'after-delete:0', 'after-effect:1', 'after-offset:1'])(
    'killed %s, it goes on where it was: nothing lost, nothing twice, each key in order',
    async (crash) => {
      await write(EVENTS / 2);
      const doomed = start(crash);
      expect(await ended(doomed)).toBe('SIGKILL');
      await write(EVENTS / 2);
      start();
      await whenAllSeen();
      await expectEachOnceInOrder();
    },
    1_800_000,
  );

  it('two members and two relays share the work, and one takes over when the other is killed', async () => {
    const first = start();
    start();
    await write(EVENTS / 2);
    await whenAllSeen();
    first.kill('SIGKILL');
    await write(EVENTS / 2);
    await whenAllSeen();
    await expectEachOnceInOrder();
  }, 600_000);

  it(`members that come and go ${COMINGS_AND_GOINGS} times while slices run change nothing`, async () => {
    const members = [start(), start()];
    const stop = keepWriting();
    for (let n = 0; n < COMINGS_AND_GOINGS; n += 1) {
      await soon(500, 3_000);
      members.push(start());
      // Every other one in order, the rest without a word.
      members.shift()?.kill(n % 2 === 0 ? 'SIGTERM' : 'SIGKILL');
    }
    await stop();
    await whenAllSeen();
    await expectEachOnceInOrder();
  }, 1_200_000);

  it('what is no event of ours holds nobody up: it is a dead letter, once, with its place', async () => {
    start();
    await write(EVENTS / 2);
    await whenAllSeen();
    const producer = createProducer(createKafka({ brokers: kafka!.brokers, clientId: 'somebody' }, () => undefined));
    await producer.connect();
    const headers = {
      ...{ ce_specversion: '1.0', ce_id: newId(), ce_type: PROBE_TYPE, ce_source: '/x' },
      ...{ ce_subject: newId(), ce_time: '2018-01-01T00:00:00Z' },
    };
    const poison = [
      { key: 'a', value: Buffer.from([0xff, 0xfe, 0x00]), partition: 3 },
      { key: null, value: null, partition: 3 },
      { key: 'b', value: '{"a":1}', headers: { ce_id: 'not an id', ce_type: PROBE_TYPE }, partition: 4 },
      // Right in every other way, but PostgreSQL can keep neither of the two.
      { key: 'c', value: '{"personId":"a\\u0000b"}', headers, partition: 4 },
      { key: 'd', value: '{"personId":"\\ud800"}', headers, partition: 3 },
      { key: 'e', value: '{}', headers: { ...headers, ce_subject: 'a\0b' }, partition: 3 },
      { key: 'f', value: '{}', headers: { ...headers, ce_source: 'a\0b' }, partition: 4 },
      { key: 'g', value: `${'['.repeat(20_000)}${']'.repeat(20_000)}`, headers, partition: 4 },
    ];
    await producer.send({ topic: `${prefix}${PROBE_TOPIC}`, messages: poison });
    await producer.disconnect();
    await write(EVENTS / 2);
    await whenAllSeen();
    const dead = (): Promise<{ state: string; cause: string; key: string }[]> =>
      database.asOwner('select state, cause, key from platform.unhandled order by key');
    while ((await dead()).length < poison.length) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await dead()).toEqual(
      poison.map(() => ({
        state: 'DEAD',
        cause: 'is no event of ours',
        key: expect.stringMatching(/case-team\.v1\/[34]\/\d+$/),
      })),
    );
    await database.asOwner('delete from platform.unhandled');
    await expectEachOnceInOrder();
  }, 600_000);

  it('effects that stand still for longer than a session cost nobody its place for good', async () => {
    start();
    start();
    await write(EVENTS / 2);
    const stop = keepWriting();
    await database.asOwner(
      `do $$ begin lock table probe.seen in access exclusive mode; perform pg_sleep(${STANDS_STILL_S}); end $$`,
    );
    await soon(1_000, 2_000);
    await stop();
    await whenAllSeen();
    await expectEachOnceInOrder();
  }, 600_000);

  it(`PostgreSQL that is restarted ${RESTARTS} times under load takes nothing with it`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'liaison-restart-'));
    const port = await freePort();
    const boot = (): ReturnType<typeof startEmbedded> => startEmbedded({ folder, port, durable: true });
    let server = await boot();
    await database.stop();
    database = await startPostgres(server.ownerUrl);
    await database.asOwner(PROBE_TABLES);
    keepStarted();
    keepStarted();
    const stop = keepWriting();
    for (let n = 0; n < RESTARTS; n += 1) {
      await soon(1_000, 4_000);
      await server.stop();
      server = await boot();
    }
    await soon(500, 1_000);
    await stop();
    await whenAllSeen();
    await expectEachOnceInOrder();
    ending = true;
    for (const worker of workers) worker.kill('SIGKILL');
    await database.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
    database = await startPostgres();
  }, 1_200_000);

  (kafka?.pids().length === 3 ? it : it.skip)(
    `brokers of three that are killed in turn, ${BROKER_KILLS} times, while events flow take nothing with them`,
    async () => {
      start();
      start();
      const stop = keepWriting();
      for (let n = 0; n < BROKER_KILLS; n += 1) {
        await soon(1_000, 3_000);
        const pid = kafka!.pids()[n % 3]!;
        process.kill(pid, 'SIGKILL');
        // The next one falls when this one has caught up: two of three must hold every event.
        while (kafka!.pids()[n % 3] === pid || !(await allCaughtUp())) await soon(100, 200);
      }
      await stop();
      await whenAllSeen();
      await expectEachOnceInOrder();
    },
    1_800_000,
  );
});
