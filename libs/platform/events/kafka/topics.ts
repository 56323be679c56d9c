import { readFileSync } from 'node:fs';
import type { Kafka } from 'kafkajs';
import { parse } from 'yaml';
import { PARTITIONS } from '../partition.js';
import type { KafkaSettings } from './client.js';

/** `deploy/topics.yaml`. */
export interface Topics {
  readonly replicas: number;
  /** Topic configuration by name, the same for all. */
  readonly config: Readonly<Record<string, string>>;
  readonly topics: readonly string[];
}

/** Errors name the file and what is wrong with it. */
export function readTopics(file: string): Topics {
  const read = parse(readFileSync(file, 'utf8')) as Partial<Omit<Topics, 'config'>> & {
    readonly partitions?: number;
    readonly config?: Readonly<Record<string, string | number>>;
  };
  // The number is in every outbox row: a topic with another one would reorder keys.
  if (read.partitions !== PARTITIONS) throw new Error(`${file}: partitions must be ${PARTITIONS}.`);
  if (!Array.isArray(read.topics) || typeof read.replicas !== 'number')
    throw new Error(`${file}: topics and replicas are required.`);
  const config = Object.entries(read.config ?? {}).map(([name, value]) => [name, String(value)] as const);
  return { replicas: read.replicas, config: Object.fromEntries(config), topics: read.topics };
}

/**
 * Makes the topics that are missing; one that exists with another number of partitions is an error. Never changes one. `warn` is told of
 * topics that have fewer copies than they should.
 */
export async function ensureTopics(
  kafka: Kafka,
  settings: KafkaSettings,
  wanted: Topics,
  warn: (problem: string) => void = () => undefined,
): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const names = wanted.topics.map((topic) => `${settings.prefix ?? ''}${topic}`);
    const existing = new Set(await admin.listTopics());
    const missing = names.filter((name) => !existing.has(name));
    if (missing.length > 0) {
      const { brokers } = await admin.describeCluster();
      const replicas = copiesOf(settings, wanted, brokers.length);
      // One copy of three may be away; on a single local broker there is but one.
      const config = { ...wanted.config, 'min.insync.replicas': String(Math.max(1, replicas - 1)) };
      const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
      const topics = missing.map((topic) => ({
        topic,
        numPartitions: PARTITIONS,
        replicationFactor: replicas,
        configEntries,
      }));
      // False means that another process was quicker.
      await admin.createTopics({ topics, waitForLeaders: true });
    }
    const { topics } = await admin.fetchTopicMetadata({ topics: names });
    for (const { name, partitions } of topics)
      if (partitions.length !== PARTITIONS)
        throw new Error(`Topic ${name} has ${partitions.length} partitions; it must have ${PARTITIONS}.`);
    const copies = settings.replicas ?? wanted.replicas;
    const thin = topics.filter(({ partitions }) => partitions.some(({ replicas }) => replicas.length < copies));
    if (thin.length > 0)
      warn(
        `${thin.length} topics have fewer than ${copies} copies (${thin[0]?.name ?? ''}): what one broker loses may be lost.`,
      );
  } finally {
    await admin.disconnect();
  }
}

/** How many copies a topic gets for good: brokers that are only late to start are waited for where the number was set. */
function copiesOf({ replicas }: KafkaSettings, wanted: Topics, brokers: number): number {
  if (replicas === undefined) return Math.min(wanted.replicas, brokers);
  if (brokers >= replicas) return replicas;
  throw new Error(`Topics are to have ${replicas} copies, and ${brokers} brokers are there: waiting for the others.`);
}
