import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A real broker for a test run. */
export interface TestKafka {
  readonly brokers: readonly string[];
  /** Which of the ways was taken. */
  readonly how: string;
  /** Process ids of brokers started from Maven's jars; empty where somebody else runs them. */
  pids(): readonly number[];
}

const START_TIMEOUT_MS = 300_000;
const POLL_MS = 100;
/** Compiled or not. */
const ROOT = import.meta.url.includes('/dist/') ? '../../..' : '../..';
const STARTER = fileURLToPath(new URL(`${ROOT}/deploy/kafka/start.mjs`, import.meta.url));

interface Told {
  readonly brokers: readonly string[];
  readonly pids: readonly number[];
  readonly problem?: string;
}

/**
 * A broker, or undefined with one line a run that says what is missing; in CI (`CI=true`) a missing broker is an error. In this order:
 * `KAFKA_BROKERS`; Docker (one broker alone); Apache Kafka's jars from Maven on this machine's Java, started once a test run and ended with it.
 */
export async function startKafka(count = 1): Promise<TestKafka | undefined> {
  const given = process.env['KAFKA_BROKERS'];
  const run = process.env['LIAISON_TEST_RUN'] ?? randomUUID();
  if (given !== undefined && given !== '')
    return found(run, { brokers: given.split(','), how: 'KAFKA_BROKERS', pids: () => [] });
  if (count === 1 && (process.env['DOCKER_HOST'] !== undefined || existsSync('/var/run/docker.sock'))) {
    const container = await startContainer().catch(() => undefined);
    if (container !== undefined) return found(run, container);
  }
  const folder = join(tmpdir(), `liaison-test-kafka-${run}-${count}`);
  startOnce(folder, count);
  const told = await whenTold(folder);
  if (told.problem === undefined) {
    const pids = (): readonly number[] => read(folder)?.pids ?? [];
    return found(run, { brokers: told.brokers, how: `Apache Kafka from Maven on Java (${count})`, pids });
  }
  const sentence = `The Kafka suites did not run: ${told.problem}${count === 1 ? ' Or start Docker.' : ''}`;
  if (process.env['CI'] === 'true') throw new Error(sentence);
  sayOnce(run, 'none', sentence);
  return undefined;
}

function found(run: string, kafka: TestKafka): TestKafka {
  sayOnce(run, kafka.how.replace(/\W+/g, '-'), `Kafka for tests: ${kafka.how}`);
  return kafka;
}

/** Whichever spec of a run comes first says it. */
function sayOnce(run: string, what: string, sentence: string): void {
  try {
    mkdirSync(join(tmpdir(), `liaison-test-kafka-${run}-said-${what}`));
    process.stderr.write(`${sentence}\n`);
  } catch {
    // It was said.
  }
}

/** The first spec of a run makes the folder, and with it has the turn to start the broker; it ends with the run. */
function startOnce(folder: string, count: number): void {
  try {
    mkdirSync(folder);
  } catch {
    return;
  }
  const runPid = process.env['LIAISON_TEST_RUN_PID'] ?? String(process.pid);
  const args = [STARTER, '--brokers', String(count), '--folder', folder, '--while', runPid];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said = `${said}${data.toString()}`.slice(-500)));
  // Beside the folder, which goes with the starter.
  child.on('exit', () =>
    writeFileSync(problemOf(folder), JSON.stringify({ brokers: [], pids: [], problem: said.trim() })),
  );
  child.unref();
  (child.stderr as unknown as { unref(): void }).unref();
}

const problemOf = (folder: string): string => `${folder}.problem.json`;

function read(folder: string): Told | undefined {
  for (const file of [problemOf(folder), join(folder, 'brokers.json')])
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Told;
  return undefined;
}

async function whenTold(folder: string): Promise<Told> {
  const until = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const told = read(folder);
    if (told !== undefined) return told;
    if (Date.now() > until) return { brokers: [], pids: [], problem: 'The broker did not start in time.' };
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Left to testcontainers' own clean-up, which ends it with the process that started it. */
async function startContainer(): Promise<TestKafka> {
  const { GenericContainer } = await import('testcontainers');
  const { freePort } = await import('./free-port.js');
  const port = await freePort();
  const container = await new GenericContainer('apache/kafka:4.3.1')
    .withExposedPorts({ container: 9092, host: port })
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://localhost:${port}`,
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    })
    .withStartupTimeout(60_000)
    .start();
  return { brokers: [`${container.getHost()}:${port}`], how: 'Docker (apache/kafka:4.3.1)', pids: () => [] };
}
