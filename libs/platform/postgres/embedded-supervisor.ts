// The process between a hub and its PostgreSQL. The hub holds the other end of its standard input: when that pipe closes, because
// the hub stopped or was killed, PostgreSQL is stopped too (fast shutdown). Built-ins and erasable types only: Node runs this file
// as it stands. It lives in a session of its own, so that Ctrl-C in a terminal reaches the hub alone, which then stops in order.
import { spawn, type ChildProcess } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** What the hub asks for, as JSON in the first argument. */
export interface SupervisorJob {
  readonly folder: string;
  /** Whose the data are, where we are root. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Whether PostgreSQL's programs are started as `owner`; otherwise their command lines become it themselves. */
  readonly startAsOwner: boolean;
  /** Makes the database in `data.new`, which is renamed to `data` once it is complete; absent when the data are there already. */
  readonly initdb?: readonly string[];
  readonly postgres: readonly string[];
  /** A postmaster that runs already: it is watched instead of started. */
  readonly adoptPid?: number;
}

const FAST_STOP_MS = 30_000;
const POLL_MS = 50;

const job = JSON.parse(process.argv[2] ?? '{}') as SupervisorJob;
const stateFile = join(job.folder, 'supervisor.json');
const dataDir = join(job.folder, 'data');
const unfinished = join(job.folder, 'data.new');
const initdbPassword = join(job.folder, 'initdb-password');
let stopping = false;
let child: ChildProcess | undefined;

const writeState = (flag: 'wx' | 'w') => {
  writeFileSync(stateFile, JSON.stringify({ pid: process.pid, stopping }), { flag });
};

function end(code: number): never {
  rmSync(initdbPassword, { force: true });
  rmSync(stateFile, { force: true });
  process.exit(code);
}

/** Runs one program of PostgreSQL's under its account and answers its exit code; its output goes to the log, as ours does. */
function run([command = '', ...args]: readonly string[]): Promise<number> {
  const started = spawn(command, args, {
    cwd: '/',
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    ...(job.startAsOwner ? job.owner : {}),
  });
  child = started;
  return new Promise((resolve) => {
    started.on('error', (error) => {
      process.stderr.write(`FATAL: ${error.message}\n`);
      resolve(1);
    });
    started.on('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

function makeDurable(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** PostgreSQL removes its pid file as the last step of a shutdown; a process that nobody reaps stays visible for longer. */
async function watchAdopted(pid: number): Promise<number> {
  while (alive(pid) && existsSync(join(dataDir, 'postmaster.pid'))) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return 0;
}

function signal(name: 'SIGINT' | 'SIGQUIT'): void {
  if (job.adoptPid === undefined) child?.kill(name);
  else if (alive(job.adoptPid)) process.kill(job.adoptPid, name);
}

/** SIGINT is PostgreSQL's fast shutdown: open transactions are undone, everything committed is written. */
function stop(): void {
  if (stopping) return;
  stopping = true;
  writeState('w');
  signal('SIGINT');
  setTimeout(() => {
    signal('SIGQUIT');
  }, FAST_STOP_MS);
}

/** What an interrupted start left is nobody's once the folder is ours: only its complete end makes it `data`. */
async function makeDatabase(initdb: readonly string[]): Promise<number> {
  rmSync(unfinished, { recursive: true, force: true });
  rmSync(initdbPassword, { force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(initdbPassword, readFileSync(join(job.folder, 'password')), { mode: 0o600 });
  for (const path of [unfinished, initdbPassword]) {
    if (job.owner !== undefined) chownSync(path, job.owner.uid, job.owner.gid);
  }
  const code = await run([...initdb, `--pgdata=${unfinished}`, `--pwfile=${initdbPassword}`]);
  if (code !== 0 || stopping) return code;
  renameSync(unfinished, dataDir);
  makeDurable(job.folder);
  rmSync(initdbPassword, { force: true });
  return 0;
}

async function supervise(): Promise<number> {
  if (job.adoptPid !== undefined) return watchAdopted(job.adoptPid);
  if (job.initdb !== undefined) {
    const code = await makeDatabase(job.initdb);
    if (code !== 0 || stopping) return code;
  }
  return run(job.postgres);
}

try {
  writeState('wx');
} catch {
  process.stderr.write('FATAL: another supervisor runs on this folder\n');
  process.exit(3);
}
process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
end(await supervise());
