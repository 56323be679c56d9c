import { spawn } from 'node:child_process';
import { join } from 'node:path';

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
    void ended.then(() => reject(new Error(`Kafka did not start: ${said.trim()}`)));
  });
  return {
    brokers,
    stop: async () => {
      starter.kill('SIGTERM');
      await ended;
    },
  };
}
