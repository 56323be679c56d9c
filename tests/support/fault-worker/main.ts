import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KafkaLog } from '#libs/platform/events/kafka/kafka-log.js';
import { readTopics } from '#libs/platform/events/kafka/topics.js';
import { createDataSource, UnitOfWork } from '#libs/platform/postgres/index.js';
import { noteWhenLeft, PROBE_GROUP, PROBE_TOPIC } from './probe.js';

/** A process of a cluster that ends itself by SIGKILL at a named point, as often as it is told to pass it before. */
const root = fileURLToPath(new URL(import.meta.url.includes('/dist/') ? '../../../..' : '../../..', import.meta.url));
const told = (name: string): string => process.env[name] ?? '';
const [crashPoint, passes] = told('FAULT_CRASH').split(':');
let left = Number(passes ?? 0);

const dataSource = await createDataSource({ url: told('FAULT_DATABASE'), connectionsMax: 8 }).initialize();
const log = new KafkaLog({
  dataSource,
  unitOfWork: new UnitOfWork(dataSource),
  settings: {
    brokers: told('FAULT_BROKERS').split(','),
    clientId: 'fault-worker',
    prefix: told('FAULT_PREFIX'),
    sessionTimeoutMs: 6_000,
  },
  topics: { ...readTopics(join(root, 'deploy', 'topics.yaml')), topics: [PROBE_TOPIC] },
  subscriptions: [{ group: PROBE_GROUP, reactions: [noteWhenLeft] }],
  relays: true,
  onError: (error) => console.error(error),
  onPoint: (point) => {
    if (point !== crashPoint) return;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
    left -= 1;
  },
});
log.start();
