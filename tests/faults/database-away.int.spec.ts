import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrations } from '#apps/database.js';
import { EventSchemas } from '#libs/platform/events/event-schemas.js';
import { OutboxEventLog } from '#libs/platform/events/outbox.js';
import { startEmbedded } from '#libs/platform/postgres/embedded.js';
import { APP_LOGIN, createDataSource, newId, prepareRoles, UnitOfWork } from '#libs/platform/postgres/index.js';
import { freePort, freePorts } from '#libs/testing/free-port.js';
import { startKafka } from '#libs/testing/kafka.js';
import { root } from '#tests/house/files.js';
import { build } from '#tests/support/local-run.js';

const APPS = ['api', 'relay', 'referrals', 'vacancies', 'outcomes'];
const PASSWORD = 'test-only';
const kafka = await startKafka();
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

/** The processes as they are compiled, each with its job queue, on a PostgreSQL that goes away for so long that all of them notice. */
(kafka === undefined ? describe.skip : describe)('the processes of a cluster whose database goes away', () => {
  const processes = new Map<string, { readonly child: ChildProcess; readonly url: string; readonly log: string }>();
  let folder: string;
  let databasePort: number;
  let server: Awaited<ReturnType<typeof startEmbedded>>;
  let appUrl: string;

  beforeAll(async () => {
    build();
    folder = mkdtempSync(join(tmpdir(), 'liaison-away-'));
    databasePort = await freePort();
    server = await boot();
    await prepareRoles(server.ownerUrl, PASSWORD);
    const owner = await createDataSource({ url: server.ownerUrl, migrations }).initialize();
    await owner.runMigrations();
    await owner.destroy();
    const login = new URL(server.ownerUrl);
    login.username = APP_LOGIN;
    login.password = PASSWORD;
    appUrl = login.href;
    const first = await freePorts(APPS.length);
    const prefix = `away-${randomBytes(4).toString('hex')}.`;
    APPS.forEach((app, index) => start(app, first + index, prefix));
  }, 600_000);
  afterAll(async () => {
    for (const { child } of processes.values()) child.kill('SIGKILL');
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 600_000);

  const boot = (): ReturnType<typeof startEmbedded> =>
    startEmbedded({ folder: join(folder, 'postgres'), port: databasePort, durable: true });

  function start(app: string, port: number, prefix: string): void {
    const clientKey = join(folder, 'client-key');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(clientKey, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const log = join(folder, `${app}.log`);
    const out = openSync(log, 'a');
    const child = spawn(process.execPath, [join(root, 'dist/apps', app, 'main.js')], {
      stdio: ['ignore', out, out],
      env: {
        ...process.env,
        LIAISON_DATABASE_URL: appUrl,
        LIAISON_PORT: String(port),
        LIAISON_PAIRWISE_KEY: randomBytes(32).toString('base64url'),
        LIAISON_DRAFT_TARIFFS: 'on',
        LIAISON_PUBLIC_URL: 'http://127.0.0.1:1',
        LIAISON_ISSUER: 'http://127.0.0.1:1',
        LIAISON_CLIENT_KEY_FILE: clientKey,
        KAFKA_BROKERS: kafka!.brokers.join(','),
        KAFKA_PREFIX: prefix,
      },
    });
    closeSync(out);
    processes.set(app, { child, url: `http://127.0.0.1:${port}`, log });
  }
  const statusOf = async (app: string, path: string): Promise<number | undefined> =>
    (await fetch(`${processes.get(app)!.url}${path}`).catch(() => undefined))?.status;
  const ended = (): string[] => APPS.filter((app) => processes.get(app)!.child.exitCode !== null);
  /** Waits until every process answers so, as long as all of them live. */
  async function whenAll(path: string, status: number): Promise<void> {
    for (const app of APPS)
      while ((await statusOf(app, path)) !== status) {
        expect(ended()).toEqual([]);
        await soon();
      }
  }

  it('live on, are not ready meanwhile, and go on by themselves', async () => {
    await whenAll('/health/ready', 200);
    await server.stop();
    await whenAll('/health/ready', 503);
    // The job library notices when it looks by itself, which it does within a minute.
    for (const app of APPS)
      while (!readFileSync(processes.get(app)!.log, 'utf8').includes('the job queue met an error')) {
        expect(ended()).toEqual([]);
        await soon();
      }
    for (const app of APPS) expect(await statusOf(app, '/health/progress')).toBe(200);
    server = await boot();
    await whenAll('/health/ready', 200);
    const dataSource = await createDataSource({ url: appUrl }).initialize();
    const log = new OutboxEventLog(new EventSchemas(join(root, 'schemas', 'events')));
    const data = { personId: newId(), organisationId: newId() };
    await new UnitOfWork(dataSource).transaction({ kind: 'job', actorId: 'writer' }, (tx) =>
      log.publish(tx, [{ type: 'liaison.case-team.left.v1', subject: data.personId, data }]),
    );
    // Nobody knows this person; that a reaction came to know of the event is what counts.
    const owner = await createDataSource({ url: server.ownerUrl }).initialize();
    const reached = async (): Promise<unknown[]> =>
      owner.query('select reaction from platform.inbox union all select reaction from platform.unhandled');
    while ((await reached()).length === 0) {
      expect(ended()).toEqual([]);
      await soon();
    }
    // A row may be there a little longer than its event is on its way: it is deleted after the broker's answer.
    const outbox = async (): Promise<string[]> =>
      (await (await fetch(`${processes.get('relay')!.url}/metrics`)).text())
        .split('\n')
        .filter((line) => /^liaison_outbox_(rows|oldest_seconds)\{[^}]*\} 0$/.test(line));
    while ((await outbox()).length < 2) {
      expect(ended()).toEqual([]);
      await soon();
    }
    await owner.destroy();
    await dataSource.destroy();
    expect(ended()).toEqual([]);
  }, 900_000);
});
