// What the outbox, the sequencer and the inbox cost, each beside the same work without them, on PostgreSQL.
// `npm run bench log`. Never part of the tests: machines differ.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Reaction } from '#libs/platform/events/event-log.js';
import { EventSchemas } from '#libs/platform/events/event-schemas.js';
import { OutboxEventLog } from '#libs/platform/events/outbox.js';
import { LogConsumer } from '#libs/platform/events/postgres/consumer.js';
import { Sequencer } from '#libs/platform/events/postgres/sequencer.js';
import { claimInbox } from '#libs/platform/events/unhandled.store.js';
import { sql } from '#libs/platform/postgres/transaction.js';
import { noteWhenLeft, PROBE_GROUP, PROBE_TYPE } from '#tests/support/fault-worker/probe.js';
import { fillOutbox, startGround } from './ground.js';
import { compare, rate, row, speed, TABLE_HEAD } from './rounds.js';

const LANES = 4;
const ROUND_MS = 2_000;
const EVENTS = 20_000;
/** One transaction a message is slow: fewer of them are enough to know its speed. */
const SINGLES = 1_000;
const KEYS = 997;
const RAW_BATCH = 2_000;
const WRITER = { kind: 'job', actorId: 'writer' } as const;

const ground = await startGround();
const { database } = ground;
const { unitOfWork } = database;
const events = new OutboxEventLog(new EventSchemas(join(process.cwd(), 'schemas', 'events')));

/** A business transaction: a key of the caller, a state row, and what `then` adds. */
const business =
  (then: (tx: Parameters<Parameters<typeof unitOfWork.transaction>[1]>[0], id: string) => Promise<unknown>) => () => {
    const id = randomUUID();
    return unitOfWork.command(WRITER, { name: 'Bench', idempotencyKey: id, input: { id } }, async (tx) => {
      await sql(tx, 'insert into probe.state (id, version) values ($1, 1)', [id]);
      await then(tx, id);
      return { id };
    });
  };
const withOutbox = business((tx, id) =>
  events.publish(tx, [{ type: PROBE_TYPE, subject: id, data: { personId: id, organisationId: id } }]),
);
const withInsert = business((tx, id) =>
  sql(
    tx,
    `insert into probe.plain (aggregatetype, aggregateid, type, payload, partition, time) values ($1, $2, $3, $4, $5, now())`,
    ['case-team', id, PROBE_TYPE, JSON.stringify({ personId: id, organisationId: id }), 3],
  ),
);

/** Rows that a client holds, written by statements of many rows: the least that putting them into a log can cost. */
async function rawInsert(): Promise<number> {
  await database.asOwner('truncate probe.log');
  const rows = Array.from({ length: EVENTS }, (_, n) => {
    const subject = `0190a0a0-0000-7000-8000-${String(n % KEYS).padStart(12, '0')}`;
    const data = { personId: subject, organisationId: subject };
    return { partition: n % 12, offset: n, id: randomUUID(), subject, data };
  });
  return speed(EVENTS, async () => {
    for (let from = 0; from < EVENTS; from += RAW_BATCH)
      await unitOfWork.transaction(WRITER, (tx) =>
        sql(
          tx,
          `insert into probe.log (partition, "offset", id, type, source, subject, time, data)
           select e.partition, e."offset", e.id, $2, '/case-team', e.subject, now(), e.data
           from jsonb_to_recordset($1::jsonb) as e(partition smallint, "offset" bigint, id uuid, subject text, data jsonb)`,
          [JSON.stringify(rows.slice(from, from + RAW_BATCH)), PROBE_TYPE],
        ),
      );
  });
}
async function sequence(): Promise<number> {
  await database.asOwner('truncate platform.outbox, platform.event_log');
  await fillOutbox(database, EVENTS);
  const sequencer = new Sequencer(unitOfWork);
  return speed(EVENTS, async () => {
    while ((await sequencer.pass()) > 0);
  });
}

let group = 0;
const nextGroup = (): string => `${PROBE_GROUP}-${(group += 1)}`;
async function consume(): Promise<number> {
  const name = nextGroup();
  const reaction: Reaction = { ...noteWhenLeft, name };
  const consumer = new LogConsumer(unitOfWork, { group: name, reactions: [reaction] });
  return speed(EVENTS, async () => {
    while ((await consumer.pass()) > 0);
  });
}
/** The same effect and the same inbox, a transaction each. */
async function consumeOneByOne(): Promise<number> {
  const name = nextGroup();
  const rows = await database.asOwner<{ id: string; data: object; subject: string }>(
    `select id, data, subject from platform.event_log limit ${SINGLES}`,
  );
  return speed(SINGLES, async () => {
    for (const { id, data, subject } of rows)
      await unitOfWork.transaction({ kind: 'reaction', actorId: name }, async (tx, now) => {
        if (await claimInbox(tx, name, id))
          await noteWhenLeft.handle(
            tx,
            {
              id,
              data,
              subject,
              type: PROBE_TYPE,
              source: '',
              specversion: '1.0',
              time: '',
              datacontenttype: 'application/json',
            },
            now,
          );
        await sql(
          tx,
          `insert into platform.checkpoint (consumer_group, partition, next_offset) values ($1, 0, 1)
           on conflict (consumer_group, partition) do update set next_offset = platform.checkpoint.next_offset + 1`,
          [name],
        );
      });
  });
}

try {
  console.log(TABLE_HEAD);
  row(
    'a business transaction with the outbox; with one plain INSERT instead',
    await compare(
      () => rate(LANES, ROUND_MS, withOutbox),
      () => rate(LANES, ROUND_MS, withInsert),
    ),
    '≥ 0.85',
  );
  row('the sequencer; the same rows by batches of INSERT', await compare(sequence, rawInsert), '≥ 0.6');
  await database.asOwner('truncate platform.inbox, probe.seen');
  row('consume with inbox; one transaction a message', await compare(consume, consumeOneByOne), '≥ 15');
} finally {
  await ground.stop();
}
