// The relay beside raw kafkajs, the time from a commit to its effect, a backlog drained, and what an idle process costs.
// `npm run bench kafka [part…]`. Never part of the tests: machines differ.
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Reaction } from '#libs/platform/events/event-log.js';
import { EventSchemas } from '#libs/platform/events/event-schemas.js';
import { createKafka, createProducer, topicOf, type KafkaSettings } from '#libs/platform/events/kafka/client.js';
import { KafkaLog } from '#libs/platform/events/kafka/kafka-log.js';
import { toMessage, type OutboxRow } from '#libs/platform/events/kafka/message.js';
import { Relay } from '#libs/platform/events/kafka/relay.js';
import { ensureTopics, readTopics } from '#libs/platform/events/kafka/topics.js';
import { OutboxEventLog } from '#libs/platform/events/outbox.js';
import { sql } from '#libs/platform/postgres/transaction.js';
import { startKafka } from '#libs/testing/kafka.js';
import { noteWhenLeft, PROBE_TOPIC, PROBE_TYPE } from '#tests/support/fault-worker/probe.js';
import { fillOutbox, startGround } from './ground.js';
import { compare, median, rate, row, ROUNDS, speed, TABLE_HEAD } from './rounds.js';

const EVENTS = 20_000;
const BATCH = 2_000;
const BACKLOG = 200_000;
const LANES = 4;
const FULL_MS = 4_000;
const HALF_MS = 10_000;
const HELD_MS = 30_000;
const IDLE_MS = 10_000;
/** Of the probe: its last digits are a version. */
const organisationId = '0190a0a0-0000-7000-8000-000000000001';
const WRITER = { kind: 'job', actorId: 'writer' } as const;

const broker = await startKafka();
if (broker === undefined) process.exit(1);
const { brokers } = broker;
const ground = await startGround();
const { database } = ground;
const { dataSource, unitOfWork } = database;
const events = new OutboxEventLog(new EventSchemas(join(process.cwd(), 'schemas', 'events')));
const topics = { ...readTopics(join(process.cwd(), 'deploy', 'topics.yaml')), topics: [PROBE_TOPIC] };
const ignore = (): void => undefined;
const newSettings = (): KafkaSettings => ({
  brokers,
  clientId: 'bench',
  prefix: `bench-${randomBytes(4).toString('hex')}.`,
});

/** How fast the relay empties the outbox, and how fast the part between reading and deleting was. */
async function relayed(settings: KafkaSettings): Promise<{ all: number; send: number }> {
  await fillOutbox(database, EVENTS);
  let [sending, from] = [0, 0];
  const relay = new Relay(dataSource, createKafka(settings, ignore), settings, (point) => {
    if (point === 'after-read') from = performance.now();
    if (point === 'after-send') sending += performance.now() - from;
  });
  // The first pass takes the lock and connects.
  await relay.pass();
  sending = 0;
  const all = await speed(EVENTS - BATCH, async () => {
    while ((await relay.pass()) > 0);
  });
  await relay.leave();
  return { all, send: ((EVENTS - BATCH) * 1_000) / sending };
}

/** The same batches a partition, sent by kafkajs alone, and the same DELETE. */
async function rawSent(settings: KafkaSettings): Promise<{ all: number; send: number }> {
  await fillOutbox(database, EVENTS);
  const rows = await database.asOwner<OutboxRow>(
    'select position, aggregateid, id, type, aggregatetype, payload::text as payload, partition, time, traceparent from platform.outbox order by position',
  );
  const producer = createProducer(createKafka(settings, ignore));
  await producer.connect();
  const topic = topicOf(settings, PROBE_TYPE);
  let sending = 0;
  const batches = Array.from({ length: EVENTS / BATCH }, (_, n) => {
    const batch = rows.slice(n * BATCH, (n + 1) * BATCH);
    return {
      batch,
      requests: [...Map.groupBy(batch, ({ partition }) => partition).values()].map((part) => part.map(toMessage)),
    };
  });
  const work = async ({ batch, requests }: (typeof batches)[number]): Promise<void> => {
    const from = performance.now();
    await Promise.all(requests.map((messages) => producer.send({ topic, acks: -1, messages })));
    sending += performance.now() - from;
    await unitOfWork.transaction(WRITER, (tx) =>
      sql(tx, 'delete from platform.outbox where position = any($1::bigint[])', [
        batch.map(({ position }) => String(position)),
      ]),
    );
  };
  await work(batches[0]!);
  sending = 0;
  const all = await speed(EVENTS - BATCH, async () => {
    for (const batch of batches.slice(1)) await work(batch);
  });
  await producer.disconnect();
  return { all, send: ((EVENTS - BATCH) * 1_000) / sending };
}

async function relay(): Promise<void> {
  const settings = newSettings();
  await ensureTopics(createKafka(settings, ignore), settings, topics);
  const sends = { ours: [] as number[], raw: [] as number[] };
  console.log(TABLE_HEAD);
  const ours = async (): Promise<number> => {
    const { all, send } = await relayed(settings);
    sends.ours.push(send);
    return all;
  };
  const raw = async (): Promise<number> => {
    const { all, send } = await rawSent(settings);
    sends.raw.push(send);
    return all;
  };
  row('the relay; the same batches by raw kafkajs, and the same DELETE', await compare(ours, raw), '≥ 0.6');
  const counted = { ours: sends.ours.slice(1), raw: sends.raw.slice(1) };
  const ratio = median(counted.ours.map((value, round) => value / (counted.raw[round] ?? value)));
  row('of it the sends alone', { ours: median(counted.ours), raw: median(counted.raw), ratio }, '≥ 0.8');
}

function startLog(settings: KafkaSettings, reaction: Reaction): KafkaLog {
  const subscriptions = [{ group: reaction.name, reactions: [reaction] }];
  const log = new KafkaLog({ dataSource, unitOfWork, settings, topics, subscriptions, relays: true, onError: ignore });
  log.start();
  return log;
}

/** From the answer to the caller to the effect in the database, at full speed and at half of it. */
async function latency(): Promise<void> {
  const committed = new Map<string, number>();
  const delays: number[] = [];
  const log = startLog(newSettings(), {
    ...noteWhenLeft,
    handle: async (tx, event, now) => {
      await noteWhenLeft.handle(tx, event, now);
      const at = committed.get(event.subject);
      if (at !== undefined) delays.push(performance.now() - at);
    },
  });
  await log.drain();
  const write = async (): Promise<void> => {
    const id = randomUUID();
    await unitOfWork.transaction(WRITER, async (tx) => {
      await sql(tx, 'insert into probe.state (id, version) values ($1, 1)', [id]);
      await events.publish(tx, [{ type: PROBE_TYPE, subject: id, data: { personId: id, organisationId } }]);
    });
    committed.set(id, performance.now());
  };
  const full = await rate(LANES, FULL_MS, write);
  await log.drain();
  delays.length = 0;
  const pauseMs = (LANES * 2_000) / full;
  await rate(LANES, HALF_MS, async () => {
    const until = performance.now() + pauseMs;
    await write();
    const left = until - performance.now();
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
  });
  await log.drain();
  await log.stop();
  const sorted = delays.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(0);
  console.log(
    `From commit to effect at half load (${Math.round(full / 2)} of ${Math.round(full)} transactions a second, ${sorted.length} events): p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
  );
}

/** Relay and group from nothing through a backlog; `held`: with a transaction that has written and stays open meanwhile. */
async function drained(held: boolean): Promise<number> {
  await database.asOwner('truncate probe.seen, platform.inbox');
  await fillOutbox(database, BACKLOG);
  let release = ignore;
  const open = held
    ? unitOfWork.transaction(WRITER, async (tx) => {
        await events.publish(tx, [
          { type: PROBE_TYPE, subject: randomUUID(), data: { personId: randomUUID(), organisationId } },
        ]);
        await new Promise<void>((resolve) => {
          release = resolve;
          setTimeout(resolve, HELD_MS);
        });
      })
    : Promise.resolve();
  const log = startLog(newSettings(), { ...noteWhenLeft, name: `drain-${randomUUID()}` });
  const answer = await speed(BACKLOG, async () => {
    for (;;) {
      const [found] = await database.asOwner<{ seen: number }>('select count(*)::int as seen from probe.seen');
      if ((found?.seen ?? 0) >= BACKLOG) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
  release();
  await open;
  await log.drain();
  await log.stop();
  return answer;
}

async function backlog(): Promise<void> {
  console.log(TABLE_HEAD);
  const compared = await compare(
    () => drained(true),
    () => drained(false),
  );
  row(`a backlog of ${BACKLOG} events beside a transaction that is held open; without one`, compared, '≥ 0.9');
}

/** Processor time of a process that has nothing to do, without and with the adapter. */
async function idle(): Promise<void> {
  const share = async (): Promise<number> => {
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    const { user, system } = process.cpuUsage(before);
    return (user + system) / (IDLE_MS * 10);
  };
  const [without, within]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    without.push(await share());
    const log = startLog(newSettings(), noteWhenLeft);
    await log.drain();
    within.push(await share());
    await log.stop();
  }
  console.log(
    `Idle: ${median(without).toFixed(2)} % of a core without the adapter, ${median(within).toFixed(2)} % with relay and one group (median of ${ROUNDS})`,
  );
}

const PARTS = { relay, latency, backlog, idle };
const wanted = process.argv.slice(2);
try {
  for (const [name, part] of Object.entries(PARTS)) if (wanted.length === 0 || wanted.includes(name)) await part();
} finally {
  await ground.stop();
}
process.exit(0);
