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

/** Makes the topics that are missing; one that exists with another number of partitions is an error. Never changes one. */
export async function ensureTopics(kafka: Kafka, settings: KafkaSettings, wanted: Topics): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const names = wanted.topics.map((topic) => `${settings.prefix ?? ''}${topic}`);
    const existing = new Set(await admin.listTopics());
    const missing = names.filter((name) => !existing.has(name));
    if (missing.length > 0) {
      const { brokers } = await admin.describeCluster();
      const replicas = Math.min(wanted.replicas, brokers.length);
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
  } finally {
    await admin.disconnect();
  }
}
