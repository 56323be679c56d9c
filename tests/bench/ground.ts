import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '#libs/platform/postgres/embedded.js';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import { PROBE_TABLES } from '#tests/support/fault-worker/probe.js';

export interface BenchGround {
  readonly database: TestDatabase;
  stop(): Promise<void>;
}

/** A PostgreSQL of its own that keeps what it is told (fsync on), migrated, with the tables of the probe. */
export async function startGround(): Promise<BenchGround> {
  const folder = mkdtempSync(join(tmpdir(), 'liaison-bench-'));
  const server = await startEmbedded({ folder, port: 0, durable: true });
  const database = await startPostgres(server.ownerUrl);
  await database.asOwner(PROBE_TABLES);
  await database.asOwner(`create table probe.plain (like platform.outbox including defaults including identity);
    create table probe.log (like platform.event_log including defaults including indexes);
    create index plain_id on probe.plain (id);
    alter table probe.plain add primary key (position);
    grant select, insert, delete on probe.plain, probe.log to liaison_reactions`);
  return {
    database,
    stop: async () => {
      await database.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Fills the outbox with events of the probe, of many keys, as transactions would have. */
export const fillOutbox = (database: TestDatabase, count: number): Promise<unknown> =>
  database.asOwner(
    `insert into platform.outbox (aggregatetype, aggregateid, type, payload, partition, time)
     select 'case-team', id, 'liaison.case-team.left.v1',
            jsonb_build_object('personId', id, 'organisationId', '0190a0a0-0000-7000-8000-000000000001'), partition, now()
     from (select '0190a0a0-0000-7000-8000-' || lpad((n % 997)::text, 12, '0') as id, (n % 997) % 12 as partition
           from generate_series(1, $1::int) n) e`,
    [count],
  );
