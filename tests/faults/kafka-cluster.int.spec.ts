import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EventSchemas } from '#libs/platform/events/event-schemas.js';
import { OutboxEventLog } from '#libs/platform/events/outbox.js';
import { sql } from '#libs/platform/postgres/transaction.js';
import { startKafka } from '#libs/testing/kafka.js';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import { PROBE_TABLES, PROBE_TYPE } from '#tests/support/fault-worker/probe.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const KEYS = 5;
const EVENTS = 60;
const kafka = await startKafka(3);
const key = (n: number): string => `0190a0a0-0000-7000-8000-${String(n).padStart(12, '0')}`;

(kafka === undefined ? describe.skip : describe)('a cluster on Kafka', () => {
  const log = new OutboxEventLog(new EventSchemas(join(root, 'schemas', 'events')));
  const workers = new Set<ChildProcess>();
  let database: TestDatabase;
  let prefix: string;

  beforeAll(() => {
    const built = spawnSync(process.execPath, ['deploy/local/node24.mjs', 'build'], { cwd: root, encoding: 'utf8' });
    expect(built.stderr).toBe('');
  }, 60_000);
  beforeEach(async () => {
    database = await startPostgres();
    await database.asOwner(PROBE_TABLES);
    prefix = `fault-${randomBytes(4).toString('hex')}.`;
  });
  afterEach(async () => {
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
  /** One transaction an event, its versions counted a key. */
  async function write(count: number): Promise<void> {
    for (let n = 0; n < count; n += 1)
      await database.unitOfWork.transaction({ kind: 'job', actorId: 'writer' }, async (tx) => {
        const id = key(n % KEYS);
        const [row] = await sql<{ version: number }>(
          tx,
          `insert into probe.state (id, version) values ($1, 1) on conflict (id) do update set version = probe.state.version + 1 returning version`,
          [id],
        );
        const data = { personId: id, organisationId: key(row!.version) };
        await log.publish(tx, [{ type: PROBE_TYPE, subject: id, data }]);
      });
  }
  async function whenSeen(total: number): Promise<void> {
    for (;;) {
      const [row] = await database.asOwner<{ total: bigint }>(
        'select count(distinct event_id)::int as total from probe.seen',
      );
      if (Number(row!.total) >= total) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  /** Each event had its effect once, in the order of its key, and nothing is left or was put aside. */
  async function expectEachOnceInOrder(total: number): Promise<void> {
    const seen = await database.asOwner<{ id: string; version: number }>(
      'select id, version from probe.seen order by place',
    );
    expect(seen).toHaveLength(total);
    for (let n = 0; n < KEYS; n += 1) {
      const versions = seen.filter((row) => row.id === key(n)).map((row) => row.version);
      expect(versions).toEqual(Array.from({ length: total / KEYS }, (_, index) => index + 1));
    }
    expect(await database.asOwner('select 1 from platform.unhandled')).toEqual([]);
  }

  it.each(['after-read:0', 'after-send:0', 'after-delete:0', 'after-effect:1', 'after-offset:1'])(
    'killed %s, it goes on where it was: nothing lost, nothing twice, each key in order',
    async (crash) => {
      await write(EVENTS / 2);
      const doomed = start(crash);
      expect(await ended(doomed)).toBe('SIGKILL');
      await write(EVENTS / 2);
      start();
      await whenSeen(EVENTS);
      await expectEachOnceInOrder(EVENTS);
    },
    90_000,
  );

  it('two members and two relays share the work, and one takes over when the other is killed', async () => {
    const first = start();
    start();
    await write(EVENTS / 2);
    await whenSeen(EVENTS / 2);
    first.kill('SIGKILL');
    await write(EVENTS / 2);
    await whenSeen(EVENTS);
    await expectEachOnceInOrder(EVENTS);
  }, 90_000);

  (kafka?.pids().length === 3 ? it : it.skip)(
    'a broker of three that is killed while events flow takes nothing with it',
    async () => {
      start();
      await write(EVENTS / 2);
      process.kill(kafka!.pids()[1]!, 'SIGKILL');
      await write(EVENTS * 3);
      await whenSeen(EVENTS * 3.5);
      await expectEachOnceInOrder(EVENTS * 3.5);
    },
    120_000,
  );
});
