import { integer, port, text, type Configured } from '#libs/platform/config/config.js';

const INSTANCES_MAX = 12;

/** What a cluster on this machine is told beside what every way of running is. */
export const CLUSTER_SETTINGS = {
  /** `host:port`, separated by commas, of a Kafka that runs already; without it one is started. */
  KAFKA_BROKERS: text({ fallback: '' }),
  /** Of the processes that handle events: up to one a partition. */
  LIAISON_INSTANCES: integer(1, INSTANCES_MAX, { fallback: 1 }),
  /** Health and metrics of the processes other than the API, from this port on. */
  LIAISON_PROCESS_PORT: port({ fallback: 4020 }),
};

export type ClusterSettings = Configured<typeof CLUSTER_SETTINGS>;
