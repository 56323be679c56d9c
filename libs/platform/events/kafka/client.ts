import { createRequire } from 'node:module';
import { Kafka, logLevel, type ConsumerConfig, type Producer, type SASLOptions } from 'kafkajs';
import { calmTimers } from './calm-timers.js';

export interface KafkaSettings {
  /** `host:port` of one or more brokers. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Before each topic and group, where several hubs share one cluster. Empty by default. */
  readonly prefix?: string;
  readonly tls?: boolean;
  readonly sasl?: SASLOptions;
  /** A member that is silent for so long has lost its partitions. */
  readonly sessionTimeoutMs?: number;
  /** Copies that each topic must have: without so many brokers it is not made. By default as many as there are, and a word about it. */
  readonly replicas?: number;
}

const OF_CONSUMERS: ReadonlySet<string> = new Set(['Consumer', 'ConsumerGroup', 'Runner']);
const CONNECT_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 15_000;
const RETRIES_MAX = 5;
const RETRY_FIRST_MS = 100;
const RETRY_LONGEST_MS = 3_000;
const SESSION_TIMEOUT_MS = 15_000;
const HEARTBEAT_MS = 2_000;
const FETCH_WAIT_MS = 100;
const FETCH_PARTITION_BYTES_MAX = 262_144;

/** The connection to the cluster; everything of kafkajs starts here, with its known faults worked around. */
export function createKafka(settings: KafkaSettings, onError: (error: unknown) => void): Kafka {
  calmTimers(createRequire(import.meta.url));
  return new Kafka({
    clientId: settings.clientId,
    brokers: [...settings.brokers],
    ssl: settings.tls ?? false,
    ...(settings.sasl === undefined ? {} : { sasl: settings.sasl }),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    enforceRequestTimeout: true,
    retry: { initialRetryTime: RETRY_FIRST_MS, maxRetryTime: RETRY_LONGEST_MS, retries: RETRIES_MAX },
    logLevel: logLevel.ERROR,
    // What a request meets comes back to us as its error, once it was repeated in vain; only a consumer fails with nobody waiting. Its
    // crash comes to `GroupConsumer`.
    logCreator: () => (entry) => {
      if (OF_CONSUMERS.has(entry.namespace) && !entry.log.message.startsWith('Crash: '))
        onError(new Error(`kafkajs: ${entry.namespace}: ${entry.log.message}`));
    },
  });
}

/** Idempotent: a repeated request is written once, and in order. Never creates a topic. */
export const createProducer = (kafka: Kafka): Producer =>
  kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    // kafkajs refuses an idempotent producer that gives up early (its documentation, "Idempotent producer").
    retry: { initialRetryTime: RETRY_FIRST_MS, maxRetryTime: RETRY_LONGEST_MS, retries: RETRIES_MAX },
  });

/** How often a member says that it lives: three times a session at the least. */
export const heartbeatMs = (settings: KafkaSettings): number =>
  Math.min(HEARTBEAT_MS, (settings.sessionTimeoutMs ?? SESSION_TIMEOUT_MS) / 3);

export const consumerConfig = (settings: KafkaSettings, group: string): ConsumerConfig => ({
  groupId: groupOf(settings, group),
  sessionTimeout: settings.sessionTimeoutMs ?? SESSION_TIMEOUT_MS,
  heartbeatInterval: heartbeatMs(settings),
  // Small and quick: a fetcher waits until all partitions of its broker are worked before it fetches again.
  maxWaitTimeInMs: FETCH_WAIT_MS,
  maxBytesPerPartition: FETCH_PARTITION_BYTES_MAX,
  allowAutoTopicCreation: false,
  // `GroupConsumer` begins anew itself: kafkajs restarts only after what it calls retriable, and that without end (#1721).
  retry: { restartOnFailure: () => Promise.resolve(false) },
});

export const groupOf = (settings: KafkaSettings, group: string): string => `${settings.prefix ?? ''}liaison.${group}`;

/** `liaison.referral.accepted.v1` belongs to topic `liaison.referral.v1`. */
export function topicOf(settings: KafkaSettings, type: string): string {
  const parts = type.split('.');
  return `${settings.prefix ?? ''}${parts[0] ?? ''}.${parts[1] ?? ''}.${parts.at(-1) ?? ''}`;
}
