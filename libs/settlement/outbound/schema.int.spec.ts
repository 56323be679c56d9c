import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';

describe('the tables of settlement', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startPostgres();
  });
  afterAll(() => database.stop());

  it('are all under row-level security', async () => {
    const open = await database.asOwner<{ relname: string }>(
      `select relname from pg_class where relnamespace = 'settlement'::regnamespace and relkind = 'r'
         and not (relrowsecurity and relforcerowsecurity)`,
    );
    expect(open).toEqual([]);
  });
});
