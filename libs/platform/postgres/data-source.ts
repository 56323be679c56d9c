import pg from 'pg';
import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';
import { LOCKS } from './locks.js';

/** Rows come as the domain wants them: int8 as bigint, date as `YYYY-MM-DD` text (never a Date in the machine's time zone). */
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => BigInt(text));
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  readonly entities?: readonly (Function | EntitySchema)[]; // eslint-disable-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type
  readonly migrations?: readonly (new () => MigrationInterface)[];
  readonly connectionsMax?: number;
}

const CONNECTIONS_MAX = 10;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** A transaction that its process forgot must not hold locks: the database ends it. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;

/** The one DataSource of a process. Nothing is synchronised from entities: migrations alone change the database. */
export function createDataSource(options: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url: options.url,
    entities: [...(options.entities ?? [])],
    migrations: [...(options.migrations ?? [])],
    migrationsTableName: 'liaison_migrations',
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    poolSize: options.connectionsMax ?? CONNECTIONS_MAX,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: {
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    },
  });
}

/** The database login of the apps: owns nothing, inherits nothing; each transaction takes one of the two roles below it. */
export const APP_LOGIN = 'liaison_app';

/**
 * Makes the cluster's roles where they are missing, as the owner, and sets the apps' password.
 * `liaison_api` acts for partners, `liaison_reactions` for the hub itself; neither owns a table or bypasses row-level security.
 */
export async function prepareRoles(ownerUrl: string, appPassword: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    // Several test runs may share one cluster: roles are the cluster's, so one at a time.
    await client.query('select pg_advisory_lock($1)', [LOCKS.roles]);
    for (const role of ['liaison_api', 'liaison_reactions']) {
      await client.query(
        `do $$ begin if not exists (select from pg_roles where rolname = '${role}') then create role ${role} nologin; end if; end $$`,
      );
    }
    await client.query(
      `do $$ begin if not exists (select from pg_roles where rolname = '${APP_LOGIN}') then create role ${APP_LOGIN} login noinherit; end if; end $$`,
    );
    await client.query(`alter role ${APP_LOGIN} password ${pg.escapeLiteral(appPassword)}`);
    await client.query(`grant liaison_api, liaison_reactions to ${APP_LOGIN}`);
  } finally {
    await client.end();
  }
}
