import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { Subscription } from '#libs/platform/events/event-log.js';
import { EventSchemas } from '#libs/platform/events/event-schemas.js';
import { KafkaLog } from '#libs/platform/events/kafka/kafka-log.js';
import { readTopics } from '#libs/platform/events/kafka/topics.js';
import { OutboxEventLog } from '#libs/platform/events/outbox.js';
import { startKafka } from '#libs/testing/kafka.js';
import type { TestDatabase } from '#libs/testing/postgres.js';
import { eventLogContract, type LogUnderTest } from './event-log.contract.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const topics = readTopics(join(root, 'deploy', 'topics.yaml'));
const schemas = new EventSchemas(join(root, 'schemas', 'events'));
const kafka = await startKafka();

const start = async (database: TestDatabase, subscriptions: readonly Subscription[]): Promise<LogUnderTest> => {
  const log = new KafkaLog({
    dataSource: database.dataSource,
    unitOfWork: database.unitOfWork,
    settings: { brokers: kafka?.brokers ?? [], clientId: 'test', prefix: `test-${randomBytes(4).toString('hex')}.` },
    topics: { ...topics, topics: ['liaison.case-team.v1'] },
    subscriptions,
    relays: true,
    onError: () => undefined,
  });
  log.start();
  await log.drain();
  return {
    log: new OutboxEventLog(schemas),
    // The processes of a cluster move by themselves.
    pass: () => new Promise((resolve) => setImmediate(resolve)),
    drain: () => log.drain(),
    // What a topic holds cannot be taken back; what was read before is not read again.
    forget: () => log.drain(),
    stop: () => log.stop(),
  };
};

(kafka === undefined ? describe.skip : describe)('the Kafka log', () => {
  eventLogContract(start, 6);
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
