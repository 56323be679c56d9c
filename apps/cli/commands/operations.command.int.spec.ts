import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { post } from '#libs/books/index.js';
import { localDate } from '#libs/kernel/index.js';
import { registerOrganisation } from '#libs/partners/index.js';
import { startTestEvents } from '#libs/testing/events.js';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import type { ConnectHub } from '../cli-hub.js';
import { EXIT, type ExitCode } from '../io.js';
import { runCli } from '../program.js';

const schemas = fileURLToPath(new URL('../../../schemas', import.meta.url));
const OPERATOR = { kind: 'operator', actorId: 'test' } as const;

describe('the operator at the command line', () => {
  let database: TestDatabase;
  let connect: ConnectHub;
  let authorityId: string;
  const folder = mkdtempSync(join(tmpdir(), 'liaison-cli-'));
  beforeAll(async () => {
    database = await startPostgres();
    const { log } = startTestEvents(database);
    connect = () =>
      Promise.resolve({
        unitOfWork: database.unitOfWork,
        events: log,
        schemaFolder: schemas,
        close: () => Promise.resolve(),
      });
    const authority = { kind: 'PES', name: 'Authority', country: 'IE', timeZone: 'Europe/Dublin', sites: [] } as const;
    authorityId = (
      await database.unitOfWork.transaction(OPERATOR, (tx, now) => registerOrganisation(tx, OPERATOR, authority, now))
    ).id;
  });
  afterAll(async () => {
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs one command line; answers what it printed, what it complained of, and its exit code. */
  async function run(...args: readonly string[]): Promise<{ out: string; error: string; code: ExitCode }> {
    const [out, error]: [string[], string[]] = [[], []];
    const io = { out: (line: string) => out.push(line), error: (line: string) => error.push(line) };
    const code = await runCli(args, io, connect);
    return { out: out.join('\n'), error: error.join('\n'), code };
  }

  it('finds the books right, and says what somebody has changed in them', async () => {
    const lines = [
      { account: 'a', class: 'EXPENSE', amountMinor: 5n },
      { account: 'b', class: 'LIABILITY', amountMinor: -5n },
    ] as const;
    const journal = {
      key: 'k',
      kind: 'K',
      authorityId,
      currency: 'EUR',
      effectiveOn: localDate('2018-03-01'),
      causeType: 't',
      causeId: '1',
      lines,
    };
    await database.unitOfWork.transaction(OPERATOR, (tx) => post(tx, [journal]));
    expect(await run('books', 'verify')).toEqual({
      out: '1 journals in 1 batches, 10 checks, 0 findings.',
      error: '',
      code: EXIT.ok,
    });
    await database.asOwner('update books.balance set debit = debit + 1');
    const { out, code } = await run('books', 'verify', '--json');
    expect(code).toBe(EXIT.failed);
    expect((JSON.parse(out) as { findings: { invariant: string }[] }).findings[0]?.invariant).toBe(
      'a balance is the sum of its postings',
    );
  });

  it('lists what could not be handled, lets it be tried again, or gives it up with a reason', async () => {
    expect((await run('events', 'parked')).code).toBe(EXIT.ok);
    await database.asOwner(
      `insert into platform.unhandled (consumer_group, reaction, event_id, key, state, attempts, cause, envelope)
       values ('g', 'do-when-done', gen_random_uuid(), 'key', 'DEAD', 1, 'probe: no', '{}')`,
    );
    const dead = await run('events', 'dead');
    expect(dead.code).toBe(EXIT.failed);
    expect(dead.out).toContain('probe: no');
    expect((await run('events', 'replay')).out).toBe('1 events will be tried again.');
    const [{ id } = { id: '' }] = JSON.parse((await run('events', 'parked', '--json')).out) as { id: string }[];
    expect(await run('events', 'replay', '--drop', 'sent by mistake')).toMatchObject({
      out: '',
      error: expect.stringMatching(/^Name the events .*\[cli\.ids\]$/) as unknown,
      code: EXIT.usage,
    });
    expect(JSON.parse((await run('events', 'replay', id, '--json')).out)).toEqual({ count: 1 });
    expect((await run('events', 'replay', id, '--drop', 'sent by mistake')).out).toBe('1 events given up.');
    expect(await run('events', 'replay')).toMatchObject({ code: EXIT.failed });
    expect((await run('events', 'lag')).out).toContain('Group');
    expect(JSON.parse((await run('events', 'lag', '--json')).out)).toEqual([]);
  });

  it('rebuilds the shared cases', async () => {
    expect(await run('cases', 'rebuild')).toMatchObject({ out: '0 shared cases rebuilt.', code: EXIT.ok });
    expect(JSON.parse((await run('cases', 'rebuild', '--json')).out)).toEqual({ rebuilt: 0 });
  });

  it('takes over a bank statement once, queues what nobody ordered, and refuses one that is cut off', async () => {
    const example = join(schemas, 'doors/iso20022/statement.camt.053.001.08.xml');
    const refused = (code: string): object => ({
      out: '',
      error: expect.stringMatching(new RegExp(`^[^\n]+ \\[${code}\\]$`)) as unknown,
    });
    expect(await run('import', 'statement', example)).toMatchObject({
      ...refused('bank-file.foreign-account'),
      code: EXIT.failed,
    });
    await database.asOwner(
      `insert into settlement.payee_account (id, state, authority_id, provider_id, iban, holder, proposed_by, confirmed_by, version)
       values (gen_random_uuid(), 'CONFIRMED', $1, $1, 'DE02120300000000202051', 'Authority', 'a', 'b', 1)`,
      [authorityId],
    );
    expect((await run('import', 'statement', example)).out).toMatch(/^camt\.053.*: \d+ lines/);
    expect((await run('import', 'statement', example)).out).toMatch(/imported before, nothing was changed/);
    const cut = join(folder, 'cut.xml');
    const text = readFileSync(example, 'utf8');
    writeFileSync(cut, text.slice(0, text.length / 2));
    expect(await run('import', 'statement', cut)).toMatchObject({
      ...refused('bank-file.truncated'),
      code: EXIT.failed,
    });
    const none = await run('import', 'statement', join(folder, 'none.xml'));
    expect(none).toMatchObject({ ...refused('cli.file'), code: EXIT.usage });
    const large = join(folder, 'large.xml');
    writeFileSync(large, Buffer.alloc(20_000_001, 32));
    expect(await run('import', 'statement', large)).toMatchObject({ ...refused('cli.file-size'), code: EXIT.usage });
    expect(JSON.parse((await run('import', 'statement', example, '--json')).out)).toMatchObject({ duplicate: true });
    const list = JSON.parse((await run('reconcile', 'breaks', '--json')).out) as { kind: string }[];
    expect(list.map(({ kind }) => kind)).toContain('unmatched-bank');
    const breaks = await run('reconcile', 'breaks', '--authority', authorityId);
    expect(breaks).toMatchObject({ code: EXIT.failed, out: expect.stringContaining('unmatched-bank') as unknown });
  });
});
