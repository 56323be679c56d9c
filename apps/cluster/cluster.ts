import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { findActiveClient } from '#libs/partners/index.js';
import type { HubPrincipal } from '#libs/platform/auth/principal.js';
import { Clock } from '#libs/platform/clock/clock.js';
import { EventSchemas } from '#libs/platform/events/event-schemas.js';
import { OutboxEventLog } from '#libs/platform/events/outbox.js';
import { APP_LOGIN, createDataSource, UnitOfWork } from '#libs/platform/postgres/index.js';
import { AUDIENCE, startIdentity } from '../identity/identity.js';
import type { Ground } from '../local/run.js';
import type { RunningHub } from '../local/running-hub.js';
import { startKafka } from './kafka.js';
import { LocalProcess } from './process.js';
import type { ClusterSettings } from './settings.js';
import { whenSettled } from './settled.js';

const STAFF_OF_THE_MACHINE: HubPrincipal = { kind: 'operator', actorId: 'cluster' };
/** Enough for one person's machine: with all processes it stays below what PostgreSQL lets in. */
const CONNECTIONS = '8';
/** The least a broker takes: whoever watches a process die wants to see another one go on. */
const SESSION_MS = '6000';

/** Migrates, starts Kafka, the identity provider and each process on loopback; stops what it started when it fails. */
export async function startCluster(ground: Ground, own: ClusterSettings): Promise<RunningHub> {
  const parts: { stop(): Promise<unknown> }[] = [];
  const stop = async (): Promise<void> => {
    for (const part of parts.toReversed()) await part.stop();
  };
  try {
    const { settings, root, folder, say } = ground;
    const kafka = await startKafka(root, join(folder, 'kafka'), own.KAFKA_BROKERS, say);
    parts.push(kafka);
    const databaseUrl = migrate(ground);
    const app = await open(parts, databaseUrl);
    const owner = await open(parts, ground.ownerUrl);
    const unitOfWork = new UnitOfWork(app);
    const issuer = `http://127.0.0.1:${settings.LIAISON_IDENTITY_PORT}`;
    const registers = await ground.prepare(unitOfWork, issuer);
    parts.push(await startProvider(ground, unitOfWork));
    const processes = planned(ground, own, { databaseUrl, brokers: kafka.brokers, registers });
    parts.push({ stop: () => Promise.all(processes.map((process) => process.stop())) });
    say(`Starting ${processes.map(({ name }) => name).join(', ')}`);
    await Promise.all(processes.map((process) => process.start()));
    const events = new OutboxEventLog(new EventSchemas(join(ground.schemaFolder, 'events')));
    return {
      url: publicUrl(ground),
      issuer,
      unitOfWork,
      clock: new Clock(unitOfWork, events, ground.timeZone),
      settled: () => whenSettled(owner, processes, say),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function open(parts: { stop(): Promise<unknown> }[], url: string): Promise<DataSource> {
  const dataSource = await createDataSource({ url, connectionsMax: 4 }).initialize();
  parts.push({ stop: () => dataSource.destroy() });
  return dataSource;
}

/** Runs the migrations as the process that does so everywhere; answers the URL that the others use. */
function migrate({ ownerUrl, secrets, root, say }: Ground): string {
  const done = spawnSync(process.execPath, [join(root, 'dist/apps/migrate/main.js')], {
    env: { ...process.env, LIAISON_OWNER_URL: ownerUrl, LIAISON_APP_PASSWORD: secrets.databasePassword },
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`The database could not be migrated:\n${done.stderr}`);
  say(done.stdout.trim());
  const login = new URL(ownerUrl);
  login.username = APP_LOGIN;
  login.password = secrets.databasePassword;
  return login.href;
}

const publicUrl = ({ settings }: Ground): string => `http://127.0.0.1:${settings.LIAISON_PORT}`;

function startProvider(ground: Ground, unitOfWork: UnitOfWork): Promise<{ stop(): Promise<void> }> {
  const { settings, secrets, accounts, folder, say } = ground;
  say(`Starting the identity provider on port ${settings.LIAISON_IDENTITY_PORT}`);
  return startIdentity({
    port: settings.LIAISON_IDENTITY_PORT,
    keysDir: join(folder, 'secrets'),
    audience: AUDIENCE,
    redirectUris: [`${publicUrl(ground)}/sign-in/callback`],
    hubPublicJwk: secrets.hubKey.publicJwk,
    accounts,
    findClient: (id) => unitOfWork.transaction(STAFF_OF_THE_MACHINE, (tx) => findActiveClient(tx, id)),
  });
}

interface Told {
  readonly databaseUrl: string;
  readonly brokers: string;
  readonly registers: Readonly<Record<string, string>>;
}

/** Each process with what it is told; two relays, because one waits for the other's end. */
function planned(ground: Ground, own: ClusterSettings, told: Told): readonly LocalProcess[] {
  const { settings, folder, say } = ground;
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const environment = environmentOf(ground, own, told);
  const { LIAISON_INSTANCES: several } = own;
  const instances = { api: 1, relay: 2, referrals: several, vacancies: several, outcomes: several };
  const names = Object.entries(instances).flatMap(([app, count]) =>
    Array.from({ length: count }, (_, index) => ({ app, name: count === 1 ? app : `${app}-${index + 1}` })),
  );
  const processes: LocalProcess[] = [];
  const onSpawn = (): void => tell(folder, processes);
  // The API, which is the first, has a port of its own.
  for (const [index, { app, name }] of names.entries()) {
    processes.push(
      new LocalProcess({
        name,
        script: join(ground.root, 'dist', 'apps', app, 'main.js'),
        environment,
        port: app === 'api' ? settings.LIAISON_PORT : own.LIAISON_PROCESS_PORT + index - 1,
        logFile: join(logs, `${name}.log`),
        say,
        onSpawn,
      }),
    );
  }
  return processes;
}

/** `processes.json`: process ids by name, for whoever looks at one or ends one on purpose. */
function tell(folder: string, processes: readonly LocalProcess[]): void {
  const pids = Object.fromEntries(processes.map(({ name, pid }) => [name, pid]));
  const file = join(folder, 'processes.json');
  writeFileSync(`${file}.part`, JSON.stringify(pids));
  renameSync(`${file}.part`, file);
}

function environmentOf(ground: Ground, own: ClusterSettings, told: Told): Readonly<Record<string, string>> {
  const { settings, secrets, folder, schemaFolder } = ground;
  const file = (name: string, content: string): string => {
    const path = join(folder, 'secrets', name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  return {
    LIAISON_DATABASE_URL_FILE: file('database-url', told.databaseUrl),
    LIAISON_DATABASE_CONNECTIONS: CONNECTIONS,
    KAFKA_BROKERS: told.brokers,
    KAFKA_SESSION_MS: SESSION_MS,
    // A cluster that others use as well may hold what an earlier database published: each database has a prefix of its own there.
    KAFKA_PREFIX: own.KAFKA_BROKERS === '' ? '' : `${secrets.text('kafka-prefix').replace(/\W/g, '').slice(0, 8)}.`,
    LIAISON_SCHEMAS: schemaFolder,
    LIAISON_TIME_ZONE: ground.timeZone,
    LIAISON_LOG_LEVEL: settings.LIAISON_LOG_LEVEL,
    LIAISON_PAIRWISE_KEY_FILE: join(folder, 'secrets', 'pairwise-key'),
    LIAISON_REGISTERS: file('registers.json', JSON.stringify(told.registers)),
    LIAISON_PUBLIC_URL: publicUrl(ground),
    LIAISON_ISSUER: `http://127.0.0.1:${settings.LIAISON_IDENTITY_PORT}`,
    LIAISON_CLIENT_KEY_FILE: file('client-key.pem', secrets.hubKey.pem),
    LIAISON_INTROSPECTION: 'on',
    // The demonstration runs on the tariffs that ship, which are drafts.
    LIAISON_DRAFT_TARIFFS: 'on',
  };
}
