import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import { runCli } from '../program.js';

const authority = '0190a0a0-0000-7000-8000-000000000001';
const advertisement = {
  uuid: '5e80d029-bd08-43ab-a6ce-b57a0e47f52b',
  status: 'ACTIVE',
  privacy: 'SHOW_ALL',
  title: 'Elektriker',
  published: '2018-11-29T12:00:02',
  updated: '2018-12-01T01:31:24',
  properties: {},
};

describe('liaison import vacancies', () => {
  let database: TestDatabase;
  let folder: string;
  const before = process.env['LIAISON_DATABASE_URL'];
  beforeAll(async () => {
    database = await startPostgres();
    await database.asOwner(
      `insert into partners.organisation (id, kind, name, country, time_zone, created_at)
       values ('${authority}', 'PES', 'NAV', 'NO', 'Europe/Oslo', now())`,
    );
  });
  afterAll(() => database.stop());
  beforeEach(() => {
    process.env['LIAISON_DATABASE_URL'] = database.appUrl;
    folder = mkdtempSync(join(tmpdir(), 'liaison-cli-'));
  });
  afterEach(() => {
    if (before === undefined) delete process.env['LIAISON_DATABASE_URL'];
    else process.env['LIAISON_DATABASE_URL'] = before;
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (document: unknown, ...args: readonly string[]) => {
    const file = join(folder, 'document.json');
    writeFileSync(file, typeof document === 'string' ? document : JSON.stringify(document));
    const lines: string[] = [];
    const io = { out: (line: string) => lines.push(line), error: (line: string) => lines.push(line) };
    const code = await runCli(['import', 'vacancies', file, ...args], io);
    return { code, said: lines.join('\n') };
  };

  it('takes a file over for the first authority on record, once', async () => {
    expect(await run([advertisement], '--door', 'nav')).toEqual({
      code: 0,
      said: '1 imported, 0 changed, 0 unchanged, 0 removed, 0 refused',
    });
    const again = await run([advertisement], '--door', 'nav', '--json', '--as', authority);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.said)).toMatchObject({ unchanged: 1, rows: [{ row: 1, outcome: 'UNCHANGED' }] });
    const rows = await database.asOwner<{ sharedBy: string }>('select shared_by as "sharedBy" from vacancies.vacancy');
    expect(rows).toEqual([{ sharedBy: authority }]);
  });

  it('answers 1 when a row is refused, and says which and why', async () => {
    expect(await run([{ ...advertisement, title: '' }], '--door', 'nav')).toEqual({
      code: 1,
      said:
        'row 1 (5e80d029-bd08-43ab-a6ce-b57a0e47f52b): title: It must NOT have fewer than 1 characters.\n' +
        '0 imported, 0 changed, 0 unchanged, 0 removed, 1 refused',
    });
  });

  it.each([
    [['--door', 'jobtech'], 1, /vacancy\.document/],
    [['--door', 'nav', '--as', '0190a0a0-0000-7000-8000-00000000dead'], 1, /vacancy\.shared-by/],
    [['--door', 'nav', '--as', 'NAV'], 2, /lower-case UUID/],
    [['--door', 'fax'], 2, /Allowed choices are nav, jobtech/],
    [[], 2, /--door/],
  ])('answers %j with exit code %i', async (args, code, message) => {
    const answer = await run({ content: [advertisement] }, ...args);
    expect(answer.code).toBe(code);
    expect(answer.said).toMatch(message);
  });
});
