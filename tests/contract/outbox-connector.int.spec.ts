import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventSchemas } from '#libs/platform/events/event-schemas.js';
import { topicOf } from '#libs/platform/events/kafka/client.js';
import { toEnvelope, toMessage, type OutboxRow } from '#libs/platform/events/kafka/message.js';
import { OutboxEventLog } from '#libs/platform/events/outbox.js';
import { partitionOf } from '#libs/platform/events/partition.js';
import { newId } from '#libs/platform/postgres/index.js';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import { root } from '#tests/house/files.js';

const { config } = JSON.parse(readFileSync(join(root, 'deploy/kafka/outbox-connector.json'), 'utf8')) as {
  config: Readonly<Record<string, string>>;
};
const router = (name: string): string => config[`transforms.outbox.${name}`] ?? '';

type KafkaMessage = Parameters<typeof toEnvelope>[0];

/** A row as the connector reads it: every column as the text that its converters write, or null. */
type Row = Readonly<Record<string, string | null>>;

/** What Debezium's outbox event router makes of a row as it is configured: only what it is told, and its own header `id`. */
function routed(row: Row): { readonly topic: string; readonly message: KafkaMessage } {
  const column = (name: string): string | null => {
    if (!(name in row)) throw new Error(`platform.outbox has no column ${name}.`);
    return row[name] ?? null;
  };
  const bytes = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text, 'utf8'));
  const headers: Record<string, Buffer | null> = { id: bytes(column(router('table.field.event.id'))) };
  for (const placed of router('table.fields.additional.placement').split(',')) {
    const [name, placement, alias] = placed.split(':');
    // The router's other placement, the partition, takes int4 alone; the record's key leads to the same one.
    if (placement !== 'header' || alias === undefined) throw new Error(`${placed} is not placed as a header.`);
    headers[alias] = bytes(column(name ?? ''));
  }
  headers[config['transforms.version.header'] ?? ''] = bytes(config['transforms.version.value.literal'] ?? null);
  return {
    topic: router('route.topic.replacement').replace('${routedByValue}', column(router('route.by.field')) ?? ''),
    message: {
      key: bytes(column(router('table.field.event.key'))),
      value: bytes(column(router('table.field.event.payload'))),
      headers: headers as NonNullable<KafkaMessage['headers']>,
      timestamp: String(Date.now()),
      attributes: 0,
      offset: '0',
    },
  };
}

describe('deploy/kafka/outbox-connector.json', () => {
  let database: TestDatabase;
  const subject = newId();
  beforeAll(async () => {
    database = await startPostgres();
    const log = new OutboxEventLog(new EventSchemas(join(root, 'schemas', 'events')));
    await database.unitOfWork.transaction({ kind: 'job', actorId: 'writer' }, (tx) =>
      log.publish(tx, [
        { type: 'liaison.case-team.left.v1', subject, data: { personId: subject, organisationId: newId() } },
      ]),
    );
  });
  afterAll(() => database.stop());

  it.each(['without a trace', 'in a trace'])('carries an event %s as the relay does', async (how) => {
    const traceparent = how === 'in a trace' ? `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` : null;
    await database.asOwner('update platform.outbox set traceparent = $1', [traceparent]);
    const [row] = await database.asOwner<OutboxRow>('select *, payload::text as payload from platform.outbox');
    const [texts] = await database.asOwner<Row>(
      `select id::text, aggregatetype, aggregateid, type, payload::text as payload, traceparent, partition::text,
              to_char(time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as time
       from platform.outbox`,
    );
    const { topic, message } = routed(texts!);
    const relayed = toEnvelope(asRead(row!))!;
    const captured = toEnvelope(message);
    expect({ ...captured, source: `/${captured?.source ?? ''}`, time: new Date(captured!.time).toISOString() }).toEqual(
      relayed,
    );
    expect(topic).toBe(topicOf({ brokers: [], clientId: 'test' }, row!.type));
    // Without a partition of its own, Kafka takes the one that the key has.
    expect(partitionOf(String(message.key))).toBe(row!.partition);
  });
});

/** What the relay sends, as a consumer reads it. */
function asRead(row: OutboxRow): KafkaMessage {
  const { key, value, headers } = toMessage(row);
  const read = Object.entries(headers ?? {}).map(([name, text]) => [name, Buffer.from(text as string)] as const);
  return {
    key: Buffer.from(key as string),
    value: Buffer.from(value as string),
    headers: Object.fromEntries(read),
    timestamp: '',
    attributes: 0,
    offset: '0',
  };
}
