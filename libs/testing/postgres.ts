import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { entities, migrations } from '#apps/database.js';
import { APP_LOGIN, createDataSource, prepareRoles } from '#libs/platform/postgres/data-source.js';
import { UnitOfWork } from '#libs/platform/postgres/unit-of-work.js';

const APP_PASSWORD = 'test-only';

/** A fresh, migrated database of its own for one test file. */
export interface TestDatabase {
  /** As the apps log in: without rights until a transaction takes a role. */
  readonly dataSource: DataSource;
  readonly unitOfWork: UnitOfWork;
  readonly appUrl: string;
  readonly ownerUrl: string;
  /** Plain SQL as the owner, past row-level security: to look at what is really there, or to break it on purpose. */
  asOwner<Row extends object>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

/**
 * Copies the migrated template into a new database and connects to it. Call `stop` in `afterAll`.
 * @param serverUrl a server as its owner, where a spec has one of its own.
 */
export async function startPostgres(
  serverUrl: string | undefined = process.env['LIAISON_TEST_OWNER_URL'],
): Promise<TestDatabase> {
  if (serverUrl === undefined)
    throw new Error('No test database server: a spec that needs one is named *.int.spec.ts, not *.unit.spec.ts.');
  const template = await ensureTemplate(serverUrl);
  const name = `liaison_test_${randomBytes(6).toString('hex')}`;
  await asAdmin(serverUrl, (admin) => copyDatabase(admin, name, template));
  const ownerUrl = withDatabase(serverUrl, name);
  const appUrl = withLogin(ownerUrl, APP_LOGIN, APP_PASSWORD);
  const dataSource = await createDataSource({ url: appUrl, entities }).initialize();
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 2 });
  // The database is dropped with force when the file is done: a connection that is still closing may hear of it.
  owner.on('error', () => undefined);
  return {
    dataSource,
    unitOfWork: new UnitOfWork(dataSource),
    appUrl,
    ownerUrl,
    asOwner: async <Row extends object>(text: string, parameters: readonly unknown[] = []) =>
      (await owner.query<Row>(text, [...parameters])).rows,
    stop: async () => {
      if (dataSource.isInitialized) await dataSource.destroy();
      await owner.end();
      await asAdmin(serverUrl, (admin) => admin.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** The template is named after the migrations' own text, so that a changed migration makes a new one. */
async function ensureTemplate(serverUrl: string): Promise<string> {
  const text = migrations.map((migration) => `${migration.name}${String(migration)}`).join('\n');
  const name = `liaison_template_${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
  await asAdmin(serverUrl, async (admin) => {
    await admin.query('select pg_advisory_lock(7305412)');
    const found = await admin.query('select from pg_database where datname = $1', [`${name}_ready`]);
    if (found.rowCount === 1) return;
    await prepareRoles(serverUrl, APP_PASSWORD);
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.query(`create database ${name}`);
    const dataSource = await createDataSource({ url: withDatabase(serverUrl, name), migrations }).initialize();
    await dataSource.runMigrations();
    await dataSource.destroy();
    await admin.query(`alter database ${name} rename to ${name}_ready`);
  });
  return `${name}_ready`;
}

/** PostgreSQL refuses to copy a template while another session is copying it: one at a time. */
async function copyDatabase(admin: pg.Client, name: string, template: string): Promise<void> {
  await admin.query('select pg_advisory_lock(7305413)');
  await admin.query(`create database ${name} template ${template}`);
}

async function asAdmin<Answer>(serverUrl: string, work: (admin: pg.Client) => Promise<Answer>): Promise<Answer> {
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

function withLogin(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.href;
}
