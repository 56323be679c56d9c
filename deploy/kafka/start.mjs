// npm run kafka: Apache Kafka (KRaft) without Docker, on this machine's Java, for developers and tests.
// Flags: --brokers 3, --port 9092 (of the first broker; free ports without it), --folder F (a temporary one without it, removed at
// the end), --while PID (ends with that process, and its folder too). A broker that dies is started again. Built-ins only.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, closeSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Buffer } from 'node:buffer';
import { createServer, connect } from 'node:net';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BY_NPM, parentsOf, whenGone } from '../local/parents.mjs';

const VERSION = '4.3.1';
const JAVA_MAJOR_MIN = 17;
const BROKERS_MAX = 9;
const PORT_MAX = 65_535;
const HEAP_MB = 320;
const START_TIMEOUT_MS = 90_000;
const RESTART_MS = 1_000;
const STOP_GRACE_MS = 5_000;
const POLL_MS = 200;
const here = dirname(fileURLToPath(import.meta.url));
const cache = join(here, '..', '..', 'node_modules', '.cache', `kafka-${VERSION}`);

const values = flags({
  brokers: { type: 'string', default: '1' },
  port: { type: 'string' },
  folder: { type: 'string' },
  while: { type: 'string' },
});
const count = number('brokers', 1, BROKERS_MAX);
const firstPort = values.port === undefined ? undefined : number('port', 1, PORT_MAX - BROKERS_MAX);
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'liaison-kafka-'));
const children = new Map();
let stopping = false;

const isTemporary = values.folder === undefined || values.while !== undefined;
// It holds the other end of this pipe and ends what we started when we end in whatever way.
const watchdog = spawn(process.execPath, [join(here, 'watchdog.mjs')], {
  stdio: ['pipe', 'ignore', 'ignore'],
  detached: true,
});
watchdog.stdin.on('error', () => undefined);
watchdog.unref();
tellWatchdog();

function tellWatchdog() {
  const isRunning = ({ exitCode, signalCode }) => exitCode === null && signalCode === null;
  const pids = [...children.values()].filter(isRunning).map(({ pid }) => pid);
  watchdog.stdin.write(`${JSON.stringify({ pids, folder: isTemporary ? folder : null })}\n`);
}

function fail(sentence) {
  console.error(sentence);
  process.exit(3);
}

function flags(options) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return fail(error.message);
  }
}

function number(name, least, most) {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < least || value > most)
    fail(`--${name} must be a whole number from ${least} to ${most}.`);
  return value;
}

function checkJava() {
  const answer = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const major = Number(/version "(\d+)/.exec(answer.stderr ?? '')?.[1] ?? 0);
  if (major < JAVA_MAJOR_MIN) fail(`Kafka needs Java ${JAVA_MAJOR_MIN} or newer on the path, or set KAFKA_BROKERS.`);
}

/** The jars of pom.xml, copied once; a copy that was interrupted is not taken for one that is complete. */
function fetchJars() {
  const libs = join(cache, 'libs');
  if (existsSync(join(cache, 'complete'))) return libs;
  console.log(`Fetching Apache Kafka ${VERSION} with Maven (once)`);
  const target = `${libs}.${process.pid}`;
  const maven = spawnSync(
    'mvn',
    ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${target}`],
    { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (maven.status !== 0)
    fail('Maven could not fetch Kafka: it needs `mvn` on the path and a Maven repository; or set KAFKA_BROKERS.');
  rmSync(libs, { recursive: true, force: true });
  renameSync(target, libs);
  writeFileSync(join(cache, 'complete'), VERSION);
  return libs;
}

/** The port, or a free one for 0; undefined when somebody else has it. */
const freePort = (wanted = 0) =>
  new Promise((resolve) => {
    const server = createServer().on('error', () => resolve(undefined));
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const java = (libs, args) => [
  ...[`-Xmx${HEAP_MB}m`, `-Xms${HEAP_MB}m`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
  ...['-cp', join(libs, '*'), ...args],
];

function properties(node, nodes) {
  const replicas = Math.min(3, nodes.length);
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': node.id,
    'controller.quorum.voters': nodes.map(({ id, controller }) => `${id}@127.0.0.1:${controller}`).join(','),
    listeners: `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${node.port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(folder, `data-${node.id}`),
    'auto.create.topics.enable': false,
    'default.replication.factor': replicas,
    'min.insync.replicas': Math.min(2, replicas),
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 3,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.num.partitions': 3,
    'transaction.state.log.min.isr': Math.min(2, replicas),
    'group.initial.rebalance.delay.ms': 0,
    'broker.session.timeout.ms': 6000,
    'log.cleaner.dedupe.buffer.size': 16_777_216,
  })
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
}

function run(libs, node) {
  const log = openSync(join(folder, `broker-${node.id}.log`), 'a');
  const child = spawn('java', java(libs, ['kafka.Kafka', node.file]), { stdio: ['ignore', log, log], cwd: folder });
  closeSync(log);
  children.set(node.id, child);
  tellWatchdog();
  tell(nodesOf);
  child.on('error', () => fail('Java could not be started.'));
  child.on('exit', () => {
    tellWatchdog();
    if (stopping) return;
    setTimeout(() => {
      if (!stopping) run(libs, node);
    }, RESTART_MS);
  });
}

const listening = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
      .on('connect', () => resolve(socket.destroy() && true))
      .on('error', () => resolve(false));
  });

/** `brokers.json`: addresses and process ids, for whoever waits for the brokers or ends one on purpose. */
let nodesOf = [];
let ready = false;
function tell(nodes) {
  if (!ready) return;
  const brokers = nodes.map(({ port }) => `127.0.0.1:${port}`);
  const pids = nodes.map(({ id }) => children.get(id)?.pid);
  writeFileSync(join(folder, 'brokers.tmp'), JSON.stringify({ brokers, pids, starter: process.pid }));
  renameSync(join(folder, 'brokers.tmp'), join(folder, 'brokers.json'));
}

async function stop(code) {
  if (stopping) return;
  stopping = true;
  const ends = [...children.values()].map(
    (child) =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.on('exit', resolve);
        child.kill('SIGTERM');
        setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS).unref();
      }),
  );
  await Promise.all(ends);
  if (isTemporary) rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

async function start() {
  checkJava();
  const libs = fetchJars();
  mkdirSync(folder, { recursive: true });
  // The first byte is fixed: an id that begins with a dash would be read as a flag.
  const clusterId = Buffer.concat([Buffer.from('L'), randomBytes(15)]).toString('base64url');
  const nodes = [];
  for (let id = 1; id <= count; id += 1) {
    const wanted = firstPort === undefined ? 0 : firstPort + id - 1;
    const port = await freePort(wanted);
    if (port === undefined)
      fail(`Port ${wanted} of this machine is taken by another program: stop it, or give another --port.`);
    nodes.push({ id, port, controller: await freePort(), file: join(folder, `broker-${id}.properties`) });
  }
  nodesOf = nodes;
  for (const node of nodes) {
    writeFileSync(node.file, properties(node, nodes));
    // What an earlier start made keeps its cluster id.
    if (existsSync(join(folder, `data-${node.id}`, 'meta.properties'))) continue;
    const formatted = spawnSync(
      'java',
      java(libs, ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', node.file, '--ignore-formatted']),
      { encoding: 'utf8', cwd: folder },
    );
    if (formatted.status !== 0) fail(`Kafka could not prepare its data: ${formatted.stderr}`);
  }
  for (const node of nodes) run(libs, node);
  const until = Date.now() + START_TIMEOUT_MS;
  while (!(await Promise.all(nodes.map(({ port }) => listening(port)))).every(Boolean)) {
    if (Date.now() > until) fail(`Kafka did not start: see ${folder}/broker-1.log`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  ready = true;
  tell(nodes);
  console.log(
    `Kafka ${VERSION} is up: KAFKA_BROKERS=${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')} in ${folder}`,
  );
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0));
process.on('exit', () => {
  for (const child of children.values()) child.kill('SIGKILL');
});
whenGone(values.while === undefined ? parentsOf(Math.max(1, BY_NPM)) : [Number(values.while)], () => void stop(0));

await start();
