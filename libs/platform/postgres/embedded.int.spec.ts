import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { freePort } from '#libs/testing/free-port.js';
import { discardEmbedded, findEmbedded, startEmbedded, type EmbeddedDatabase } from './embedded.js';

const module = new URL('./embedded.ts', import.meta.url).href;
/** A hub of which only the database is left: it starts PostgreSQL, says so, and stays until it is ended. */
const HUB = `
const { startEmbedded } = await import(${JSON.stringify(module)});
const [folder, port] = process.argv.slice(1);
const onProgress = (line) => process.stdout.write(line + '\\n');
const database = await startEmbedded({ folder, port: Number(port), durable: true, onProgress });
process.on('SIGTERM', () => void database.stop().then(() => process.exit(0)));
process.stdout.write('READY ' + database.adopted + '\\n');
`;

describe('the embedded PostgreSQL', () => {
  let folder: string;
  let port: number;
  const children: ChildProcess[] = [];
  const databases: EmbeddedDatabase[] = [];
  const said: string[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'liaison-embedded-'));
    port = await freePort();
    said.length = 0;
  });
  afterEach(async () => {
    for (const database of databases.splice(0)) await database.stop();
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await discardEmbedded(folder);
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (at = port) => {
    const onProgress = (line: string) => void said.push(line);
    const database = await startEmbedded({ folder, port: at, durable: false, onProgress });
    databases.push(database);
    return database;
  };
  const stopAll = async () => {
    for (const database of databases.splice(0)) await database.stop();
  };

  /** Starts the hub above and waits until it has said `line`. */
  const hub = (line = 'READY'): Promise<ChildProcess> => {
    const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', HUB, folder, String(port)]);
    children.push(child);
    return new Promise((done, refuse) => {
      let text = '';
      child.stderr.on('data', (data: Buffer) => (text += data.toString()));
      child.stdout.on('data', (data: Buffer) => {
        text += data.toString();
        if (text.includes(line)) done(child);
      });
      child.on('exit', () => refuse(new Error(text)));
    });
  };
  const query = async (url: string, text: string): Promise<object[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<object>(text)).rows;
    } finally {
      await client.end();
    }
  };
  const postmaster = () => Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  const supervisor = () => (JSON.parse(readFileSync(join(folder, 'supervisor.json'), 'utf8')) as { pid: number }).pid;
  /** A process that has ended and that nobody has reaped has no command line any more. */
  const lives = (pid: number) =>
    spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
      .stdout.trim()
      .replace(/^Z.*/, '') !== '';
  const eventually = async (condition: () => boolean) => {
    while (!condition()) await new Promise((done) => setTimeout(done, 20));
  };

  it('keeps its data from one start to the next, and its password to itself', async () => {
    const first = await start();
    await query(first.ownerUrl, `create table kept as select lower('Ærlig Ø') as word`);
    await stopAll();
    const second = await start();
    expect(await query(second.ownerUrl, 'select word from kept')).toEqual([{ word: 'ærlig ø' }]);
    expect(second.adopted).toBe(false);
    expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600);
    expect(said.filter((line) => line.startsWith('Making a database'))).toHaveLength(1);
    const wrong = second.ownerUrl.replace(/:[0-9a-f]+@/, ':wrong@');
    await expect(query(wrong, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('leaves no process behind when its hub is killed, and keeps what was committed', async () => {
    const killed = await hub();
    const pids = [postmaster(), supervisor()];
    killed.kill('SIGKILL');
    await eventually(() => !pids.some(lives));
    expect(existsSync(join(folder, 'data', 'postmaster.pid'))).toBe(false);
    expect((await start()).adopted).toBe(false);
  });

  it('waits for the PostgreSQL of a hub that was killed a moment ago', async () => {
    const killed = await hub();
    killed.kill('SIGKILL');
    const database = await start();
    expect(await query(database.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('adopts a PostgreSQL whose supervisor is gone, and stops it in the end', async () => {
    const killed = await hub();
    const pid = postmaster();
    process.kill(supervisor(), 'SIGKILL');
    killed.kill('SIGKILL');
    const database = await start();
    expect(database.adopted).toBe(true);
    expect(postmaster()).toBe(pid);
    expect(said).toEqual([expect.stringMatching(/^Adopting the PostgreSQL that still runs on /)]);
    await stopAll();
    expect(existsSync(join(folder, 'data', 'postmaster.pid'))).toBe(false);
  });

  it('comes back after PostgreSQL itself was killed, and tells the hub that it was', async () => {
    let lost: Error | undefined;
    const database = await startEmbedded({ folder, port, durable: true, onLost: (error) => (lost = error) });
    databases.push(database);
    await query(database.ownerUrl, 'create table kept as select 1 as one');
    process.kill(postmaster(), 'SIGKILL');
    await eventually(() => lost !== undefined);
    await stopAll();
    expect(await query((await start()).ownerUrl, 'select one from kept')).toEqual([{ one: 1 }]);
  });

  it('refuses to be a second hub on one folder, and lets a command beside it in', async () => {
    expect(findEmbedded(folder)).toBeUndefined();
    await hub();
    expect(await query(findEmbedded(folder) ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
    await expect(start()).rejects.toMatchObject({ code: 'in-use', message: expect.stringMatching(/already runs on/) });
  });

  it('lets one of two that start at the same time have the folder', async () => {
    const both = await Promise.allSettled([start(), start(await freePort())]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'in-use' } });
    expect(await query(databases[0]?.ownerUrl ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('makes the database again when the first start was killed while making it', async () => {
    const killed = await hub('Making a database');
    await eventually(() => readdirSync(folder).some((name) => name.startsWith('data')));
    killed.kill('SIGKILL');
    const database = await start();
    expect(await query(database.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(readdirSync(folder).filter((name) => /new|initdb/.test(name))).toEqual([]);
  });

  it('says so when it finds a database that was never finished', async () => {
    mkdirSync(join(folder, 'data.new'));
    writeFileSync(join(folder, 'data.new', 'PG_VERSION'), '18\n');
    await start();
    expect(said[0]).toMatch(/was interrupted while it was being made: it is made again$/);
  });

  it('moves a folder aside that is no complete database, and deletes nothing of it', async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', 'letter.txt'), 'kept');
    writeFileSync(join(folder, 'password'), 'given\n', { mode: 0o600 });
    await start();
    const aside = readdirSync(folder).find((name) => name.startsWith('data.incomplete-')) ?? '';
    expect(readFileSync(join(folder, aside, 'letter.txt'), 'utf8')).toBe('kept');
    expect(said[0]).toMatch(/is no complete database: it was moved to/);
  });

  it('is not misled by the pid file of a process that is no PostgreSQL', async () => {
    await start();
    const text = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8');
    await stopAll();
    writeFileSync(join(folder, 'data', 'postmaster.pid'), text.replace(/^\d+/, String(process.pid)));
    expect((await start()).adopted).toBe(false);
  });

  it('names a busy port', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(port, '127.0.0.1', done));
    await expect(start()).rejects.toMatchObject({
      code: 'busy-port',
      message: `Port ${String(port)}, on which PostgreSQL is to listen, is taken by another program: end that, or name a free port in LIAISON_DATABASE_PORT.`,
    });
    await new Promise((done) => other.close(done));
  });

  it('names the version of data that another PostgreSQL made, and leaves them alone', async () => {
    await start();
    await stopAll();
    writeFileSync(join(folder, 'data', 'PG_VERSION'), '17\n');
    await expect(start()).rejects.toMatchObject({ code: 'version', message: expect.stringContaining('PostgreSQL 17') });
    writeFileSync(join(folder, 'data', 'PG_VERSION'), '18\n');
    await start();
  });

  it('asks for the password file back when it is gone', async () => {
    await start();
    await stopAll();
    rmSync(join(folder, 'password'));
    await expect(start()).rejects.toMatchObject({ code: 'password', message: expect.stringContaining('--fresh') });
  });

  it('begins anew when it is told to', async () => {
    await query((await start()).ownerUrl, 'create table kept as select 1 as one');
    await stopAll();
    await discardEmbedded(folder);
    await expect(query((await start()).ownerUrl, 'select one from kept')).rejects.toMatchObject({ code: '42P01' });
  });

  it('names a folder that cannot be written', async () => {
    const file = join(folder, 'letter.txt');
    writeFileSync(file, '');
    await expect(startEmbedded({ folder: join(file, 'postgres'), port, durable: true })).rejects.toMatchObject({
      code: 'permission',
      message: expect.stringContaining(file),
    });
  });
});
