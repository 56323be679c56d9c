import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HubError, type Envelope } from '#libs/kernel/index.js';
import type { Reaction, Subscription } from '#libs/platform/events/event-log.js';
import { EventSchemas } from '#libs/platform/events/event-schemas.js';
import { createKafka, type KafkaSettings } from '#libs/platform/events/kafka/client.js';
import { KafkaLog, type KafkaLogOptions } from '#libs/platform/events/kafka/kafka-log.js';
import { Relay } from '#libs/platform/events/kafka/relay.js';
import { readTopics } from '#libs/platform/events/kafka/topics.js';
import { OutboxEventLog } from '#libs/platform/events/outbox.js';
import { partitionOf } from '#libs/platform/events/partition.js';
import { createDataSource, newId, sql } from '#libs/platform/postgres/index.js';
import { startKafka } from '#libs/testing/kafka.js';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import { eventLogContract, type LogUnderTest } from './event-log.contract.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const topics = readTopics(join(root, 'deploy', 'topics.yaml'));
const schemas = new EventSchemas(join(root, 'schemas', 'events'));
const kafka = await startKafka();
// Groups are joined and left; on a machine that is busy with other things that takes its time.
jest.setTimeout(300_000);

/** So long a partition rests that cannot go on. */
const REST_MS = 1_000;
/** The least that a broker takes. */
const SESSION_MS = 6_000;

const open = (
  database: TestDatabase,
  subscriptions: readonly Subscription[],
  more: Partial<KafkaLogOptions> = {},
): KafkaLog =>
  new KafkaLog({
    dataSource: database.dataSource,
    unitOfWork: database.unitOfWork,
    settings: { brokers: kafka?.brokers ?? [], clientId: 'test', prefix: `test-${randomBytes(4).toString('hex')}.` },
    topics: { ...topics, topics: ['liaison.case-team.v1'] },
    subscriptions,
    relays: true,
    onError: () => undefined,
    ...more,
  });

const keyOfAnotherPartition = (key: string): string => {
  for (;;) {
    const other = newId();
    if (partitionOf(other) !== partitionOf(key)) return other;
  }
};

/** What was put aside goes out a second time under its id, as a relay may send it after a crash. */
async function sendAgain(database: TestDatabase): Promise<void> {
  const events = await database.asOwner<{ envelope: Envelope }>(
    'select distinct on (event_id) envelope from platform.unhandled',
  );
  for (const { envelope } of events)
    await database.asOwner(
      `insert into platform.outbox (id, aggregatetype, aggregateid, type, payload, partition, time) values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        ...[envelope.id, envelope.source.slice(1), envelope.subject, envelope.type, JSON.stringify(envelope.data)],
        ...[partitionOf(envelope.subject), envelope.time],
      ],
    );
}

const start = async (database: TestDatabase, subscriptions: readonly Subscription[]): Promise<LogUnderTest> => {
  const log = open(database, subscriptions);
  log.start();
  await log.drain();
  return {
    log: new OutboxEventLog(schemas),
    // The processes of a cluster move by themselves.
    pass: () => new Promise((resolve) => setImmediate(resolve)),
    drain: () => log.drain(),
    // What a topic holds cannot be taken back; what was read before is not read again.
    forget: () => log.drain(),
    repeat: sendAgain,
    stop: () => log.stop(),
  };
};

(kafka === undefined ? describe.skip : describe)('the Kafka log', () => {
  eventLogContract(start, 6);

  describe('whose members have trouble', () => {
    let database: TestDatabase;
    let logs: KafkaLog[];
    let errors: string[];
    beforeAll(async () => {
      database = await startPostgres();
      await database.asOwner(`create schema probe; create table probe.seen (event_id uuid);
        grant usage on schema probe to liaison_reactions; grant select, insert on probe.seen to liaison_reactions`);
    });
    beforeEach(() => {
      logs = [];
      errors = [];
    });
    afterEach(async () => {
      for (const log of logs) await log.stop();
    });
    afterAll(() => database.stop());

    const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
    const freshSettings = (): KafkaSettings & { readonly prefix: string } => ({
      brokers: kafka?.brokers ?? [],
      clientId: 'test',
      prefix: `test-${randomBytes(4).toString('hex')}.`,
    });
    const reactionOf = (handle: Reaction['handle']): Reaction => ({
      name: 'note-when-left',
      types: ['liaison.case-team.left.v1'],
      handle,
    });
    const begin = (handle: Reaction['handle'], more: Partial<KafkaLogOptions>): KafkaLog => {
      const reaction = reactionOf(handle);
      const onError = (error: unknown): void => void errors.push(String(error));
      const log = open(database, [{ group: 'first', reactions: [reaction] }], { onError, ...more });
      logs.push(log);
      log.start();
      return log;
    };
    const note: Reaction['handle'] = async (tx, event) => {
      await sql(tx, 'insert into probe.seen (event_id) values ($1)', [event.id]);
    };
    const publish = (personId: string = newId()): Promise<void> =>
      database.unitOfWork.transaction({ kind: 'job', actorId: 'writer' }, (tx) => {
        const data = { personId, organisationId: newId() };
        return new OutboxEventLog(schemas).publish(tx, [
          { type: 'liaison.case-team.left.v1', subject: data.personId, data },
        ]);
      });
    const effects = async (): Promise<number> => (await database.asOwner('select event_id from probe.seen')).length;

    it('begins anew after an error that kafkajs calls final, as often as it comes', async () => {
      const before = await effects();
      let crashes = 2;
      const onPoint: KafkaLogOptions['onPoint'] = (point) => {
        if (point !== 'after-effect' || crashes === 0) return;
        crashes -= 1;
        throw Object.assign(new Error('The coordinator is nowhere to be found.'), {
          name: 'KafkaJSNonRetriableError',
          retriable: false,
        });
      };
      const log = begin(note, { onPoint });
      for (let count = 0; count < 2; count += 1) {
        await publish();
        await log.drain();
      }
      expect((await effects()) - before).toBe(2);
      expect(errors.filter((error) => error.includes('nowhere to be found'))).toHaveLength(2);
    });

    it('keeps a member that is slow, and lets it join again when another one came meanwhile', async () => {
      const before = await effects();
      const prefix = `test-${randomBytes(4).toString('hex')}.`;
      const settings = { brokers: kafka?.brokers ?? [], clientId: 'test', prefix, sessionTimeoutMs: SESSION_MS };
      let other: KafkaLog | undefined;
      const log = begin(
        async (tx, event) => {
          other ??= begin(note, { settings });
          // The effect itself is slow: longer than a session.
          await sql(tx, 'select pg_sleep($1)', [(SESSION_MS * 1.3) / 1_000]);
          await note(tx, event, new Date());
        },
        { settings },
      );
      await publish();
      await log.drain();
      expect(other).toBeDefined();
      for (let count = 0; count < 5; count += 1) await publish();
      await log.drain();
      expect((await effects()) - before).toBe(6);
      expect(errors).toEqual([]);
    }, 300_000);

    it('is live while what it takes part in moves, whatever waits elsewhere', async () => {
      const prefix = `test-${randomBytes(4).toString('hex')}.`;
      const settings = { brokers: kafka?.brokers ?? [], clientId: 'test', prefix };
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      try {
        const log = begin(() => held, { settings });
        await publish();
        // Its relay has carried the event, so it is the active one before the others come.
        while ((await log.lag())[0]?.behind !== 1) await new Promise((resolve) => setImmediate(resolve));
        const api = open(database, [], { settings, relays: false });
        const waitingRelay = open(database, [], { settings });
        logs.push(api, waitingRelay);
        for (const each of [api, waitingRelay]) each.start();
        expect(await log.live(60_000)).toBe(true);
        // What was first a moment ago is first still: within no time at all that is a standstill.
        expect(await log.live(0)).toBe(false);
        expect(await api.live(0)).toBe(true);
        expect(await waitingRelay.live(0)).toBe(true);
        release();
        await log.drain();
        expect(await log.live(60_000)).toBe(true);
      } finally {
        release();
      }
    });

    it('rests a partition that cannot go on, works the others meanwhile, and goes on with it afterwards', async () => {
      const [one, settings] = [newId(), freshSettings()];
      const elsewhere = keyOfAnotherPartition(one);
      const handled: string[] = [];
      const failedAt: number[] = [];
      // Neither the effect of this key can be made, nor can it be put aside.
      await database.asOwner(`alter table platform.unhandled add constraint cut_off check (key <> '${one}')`);
      let away = true;
      const log = begin(
        (_tx, { subject }) => {
          if (subject === one && away) return Promise.reject(new HubError('probe.later', 'No.', { retriable: true }));
          handled.push(subject);
          return Promise.resolve();
        },
        { settings, onError: () => failedAt.push(Date.now()) },
      );
      await publish(one);
      while (failedAt.length === 0) await soon();
      await publish(elsewhere);
      while (!handled.includes(elsewhere)) await soon();
      while (failedAt.length < 3) await soon();
      const rests = failedAt.slice(1).map((at, index) => at - failedAt[index]!);
      expect(Math.min(...rests)).toBeGreaterThan(REST_MS * 0.9);
      expect(handled).toEqual([elsewhere]);
      away = false;
      await log.drain();
      expect(handled).toEqual([elsewhere, one]);
      await database.asOwner('alter table platform.unhandled drop constraint cut_off');
    }, 300_000);

    it('is not behind for what is no event: the records that end a transaction, and what was aborted', async () => {
      const settings = freshSettings();
      const log = begin(note, { settings });
      await publish();
      await log.drain();
      const producer = createKafka(settings, () => undefined).producer({
        idempotent: true,
        maxInFlightRequests: 1,
        transactionalId: newId(),
      });
      await producer.connect();
      for (const end of ['commit', 'abort'] as const) {
        const transaction = await producer.transaction();
        const messages = [{ key: 'a', value: '{}', partition: 7 }];
        await transaction.send({ topic: `${settings.prefix}liaison.case-team.v1`, messages });
        await transaction[end]();
      }
      await producer.disconnect();
      while ((await log.lag())[0]?.behind !== 0) await soon();
      expect(await log.live(0)).toBe(true);
      await database.asOwner('truncate platform.unhandled');
    }, 300_000);

    it('is not behind for what was deleted before it could be handled', async () => {
      const settings = freshSettings();
      const first = begin(note, { settings });
      const subject = newId();
      await publish(subject);
      await first.drain();
      await first.stop();
      const relay = open(database, [], { settings });
      logs.push(relay);
      relay.start();
      await publish(subject);
      await relay.drain();
      const again = open(database, [{ group: 'first', reactions: [reactionOf(note)] }], { settings, relays: false });
      logs.push(again);
      expect((await again.lag())[0]).toMatchObject({ behind: 1 });
      const admin = createKafka(settings, () => undefined).admin();
      await admin.connect();
      const topic = `${settings.prefix}liaison.case-team.v1`;
      // kafkajs' admin knows no leaders before it was asked for something that loads them.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: partitionOf(subject), offset: '-1' }] });
      await admin.disconnect();
      expect((await again.lag())[0]).toEqual({ group: 'first', behind: 0, oldestAgeMs: 0 });
    }, 300_000);

    it('while Kafka is away, only the relay that should move something is not live, and everybody says so', async () => {
      const settings = { ...freshSettings(), brokers: ['127.0.0.1:1'] };
      const [relay, standby] = [open(database, [], { settings }), open(database, [], { settings })];
      const member = open(database, [{ group: 'first', reactions: [reactionOf(note)] }], { settings, relays: false });
      logs.push(relay, standby, member);
      relay.start();
      expect(await relay.live(0)).toBe(true);
      await publish();
      while (await relay.live(0)) await soon();
      standby.start();
      member.start();
      expect(await relay.live(60_000)).toBe(true);
      expect(await standby.live(0)).toBe(true);
      expect(await member.live(0)).toBe(true);
      for (const log of [relay, standby, member]) await expect(log.reach()).rejects.toThrow();
      expect(await relay.outbox()).toMatchObject({ rows: 1 });
      expect(await member.outbox()).toBeUndefined();
      // It stays the active one after its failures, so that its standstill shows.
      expect(await relay.live(0)).toBe(false);
      await database.asOwner('truncate platform.outbox');
      while (!(await relay.live(0))) await soon();
    }, 300_000);

    it('gives the relay’s lock back when it cannot become who it must be', async () => {
      const login = `probe_${randomBytes(4).toString('hex')}`;
      await database.asOwner(`create role ${login} login password 'test-only'`);
      const url = new URL(database.appUrl);
      url.username = login;
      url.password = 'test-only';
      const stranger = await createDataSource({ url: url.href }).initialize();
      const settings = freshSettings();
      const relay = new Relay(
        stranger,
        createKafka(settings, () => undefined),
        settings,
      );
      await expect(relay.pass()).rejects.toThrow(/permission denied/);
      const locks = await database.asOwner(
        `select 1 from pg_locks l join pg_database d on d.oid = l.database where locktype = 'advisory' and datname = current_database()`,
      );
      expect(locks).toEqual([]);
      await stranger.destroy();
      await database.asOwner(`drop role ${login}`);
    });

    it('says how old the oldest is that waits, as the broker has it', async () => {
      const prefix = `test-${randomBytes(4).toString('hex')}.`;
      const settings = { brokers: kafka?.brokers ?? [], clientId: 'test', prefix };
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      const log = begin(() => held, { settings });
      expect((await log.lag())[0]).toEqual({ group: 'first', behind: 0, oldestAgeMs: 0 });
      const since = Date.now();
      await publish();
      const ages: number[] = [];
      while ((ages.at(-1) ?? 0) === 0) ages.push((await log.lag())[0]?.oldestAgeMs ?? 0);
      expect(ages.at(-1)).toBeLessThanOrEqual(Date.now() - since);
      expect((await log.lag())[0]).toMatchObject({ behind: 1 });
      release();
      await log.drain();
      expect((await log.lag())[0]).toEqual({ group: 'first', behind: 0, oldestAgeMs: 0 });
    });
  });
});

describe('deploy/topics.yaml', () => {
  it('has the topic of every event type and no other', () => {
    const wanted = schemas.types.map((type) => {
      const parts = type.split('.');
      return `${parts[0] ?? ''}.${parts[1] ?? ''}.${parts.at(-1) ?? ''}`;
    });
    expect([...topics.topics].sort()).toEqual([...new Set(wanted)].sort());
  });
});
