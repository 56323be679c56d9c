import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { HubError } from '#libs/kernel/index.js';
import { createKafka } from '#libs/platform/events/kafka/client.js';

/** Brokers for the processes of a cluster. */
export interface LocalKafka {
  /** `host:port`, separated by commas. */
  readonly brokers: string;
  stop(): Promise<void>;
}

/** The brokers that KAFKA_BROKERS names, else Apache Kafka itself on this machine's Java, its data in the folder. Says which. */
export async function startKafka(
  root: string,
  folder: string,
  given: string,
  say: (line: string) => void,
): Promise<LocalKafka> {
  if (given !== '') {
    say(`Taking the Kafka that KAFKA_BROKERS names: ${given}`);
    await reach(given);
    return { brokers: given, stop: () => Promise.resolve() };
  }
  say('Starting Apache Kafka on this machine’s Java');
  const starter = spawn(process.execPath, [join(root, 'deploy/kafka/start.mjs'), '--folder', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => starter.on('exit', () => resolve()));
  const brokers = await new Promise<string>((resolve, reject) => {
    let said = '';
    for (const stream of [starter.stdout, starter.stderr]) {
      stream.on('data', (data: Buffer) => {
        said += data.toString();
        const up = /KAFKA_BROKERS=(\S+)/.exec(said)?.[1];
        if (up !== undefined) resolve(up);
      });
    }
    void ended.then(() => reject(new HubError('kafka.not-started', `Kafka did not start: ${said.trim()}`)));
  });
  return {
    brokers,
    stop: async () => {
      starter.kill('SIGTERM');
      await ended;
    },
  };
}

/** Error `kafka.unreachable`: nobody answers there as a broker does. */
async function reach(given: string): Promise<void> {
  const brokers = given.split(',').map((broker) => broker.trim());
  const admin = createKafka({ brokers, clientId: 'liaison-cluster' }, () => undefined).admin();
  try {
    await admin.connect();
    await admin.describeCluster();
  } catch (cause) {
    throw new HubError(
      'kafka.unreachable',
      `Kafka at ${given} cannot be reached: start it, or correct KAFKA_BROKERS.`,
      {
        cause,
      },
    );
  } finally {
    await admin.disconnect();
  }
}
