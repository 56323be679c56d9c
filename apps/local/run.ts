import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HubError } from '#libs/kernel/index.js';
import { beginBusinessTimeAt } from '#libs/platform/clock/clock.js';
import { readConfigOrExit, type Configured, type Setting } from '#libs/platform/config/config.js';
import { isTransient } from '#libs/platform/events/failure.js';
import { EmbeddedError, discardEmbedded, startEmbedded } from '#libs/platform/postgres/embedded.js';
import type { UnitOfWork } from '#libs/platform/postgres/index.js';
import { startStandInRegister, type StandInRegister } from '#tests/support/stand-in-register/stand-in-register.js';
import { registerAuthority } from '../authorities.js';
import type { IdentityAccount } from '../identity/identity.js';
import { Partners } from './demonstration/partners.js';
import { FIRST_DAY, play } from './demonstration/player.js';
import { Progress } from './demonstration/progress.js';
import { printResult } from './demonstration/print.js';
import { REGISTER } from './demonstration/register.js';
import { problemsOf, resultOf } from './demonstration/result.js';
import { AUTHORITY, SUBJECTS } from './demonstration/world.js';
import type { RunningHub } from './running-hub.js';
import { openSecrets, type Secrets } from './secrets.js';
import { localSettings, type LocalSettings } from './settings.js';

/** What this machine gives a hub to run on. */
export interface Ground {
  readonly settings: LocalSettings;
  /** Compiled or not, the folder that holds `schemas`, `deploy` and `dist`. */
  readonly root: string;
  /** Everything that the hub keeps stands in it. */
  readonly folder: string;
  readonly schemaFolder: string;
  /** The owner's URL of the embedded database. */
  readonly ownerUrl: string;
  readonly secrets: Secrets;
  /** Who can sign in. */
  readonly accounts: readonly IdentityAccount[];
  /** IANA name: days of business time begin in it. */
  readonly timeZone: string;
  /** Registers the authority of the demonstration, and answers where its register is, by its id. */
  readonly prepare: (unitOfWork: UnitOfWork, issuer: string) => Promise<Readonly<Record<string, string>>>;
  readonly say: (line: string) => void;
}

type Settings = Readonly<Record<string, Setting<unknown>>>;

export interface LocalPlan<Own extends Settings> {
  /** Folder of this way of running, under LIAISON_VAR. */
  readonly folder: string;
  /** What --fresh removes there beside what every way of running has. */
  readonly forgets: readonly string[];
  /** What this way of running is told beside what every way is. */
  readonly settings: Own;
  readonly start: (ground: Ground, own: Configured<Own>) => Promise<RunningHub>;
}

const root = fileURLToPath(new URL(import.meta.url.includes('/dist/') ? '../../..' : '../..', import.meta.url));
const say = (line: string): void => console.log(line);
const FORGETS = ['secrets', 'bank', 'register.jsonl'];

/** What ends the process: each part is stopped in the opposite order of its start, once. */
const started: { readonly what: string; stop(): Promise<void> }[] = [];
let stopping: Promise<void> | undefined;

async function stopAll(): Promise<void> {
  for (const part of started.toReversed()) await part.stop().catch(() => undefined);
}

async function stopAndExit(code: number): Promise<void> {
  stopping ??= stopAll();
  await stopping;
  process.exit(code);
}

/** What a signal ends a program with, as shells count it. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
/** The exit code that the result deserves, once it is there. */
let outcome: 0 | 1 | undefined;

/** Asked to stop: a hub that stays up is done, one without a result was interrupted. */
async function stopAsAsked(signal: keyof typeof EXIT_CODES): Promise<void> {
  if (outcome === undefined && stopping === undefined)
    console.error('Stopped before the result was there; the next start goes on where this one was.');
  await stopAndExit(outcome ?? EXIT_CODES[signal]);
}

/** Runs a hub on embedded defaults, plays the demonstration programme, prints its result, and stays up until it is asked to stop. */
export function runLocally<Own extends Settings>(plan: LocalPlan<Own>): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stopAsAsked(signal));
  // The starter's end, in whatever way, closes this channel.
  process.on('disconnect', () => void stopAsAsked('SIGHUP'));
  const settings = readConfigOrExit(localSettings(root), process.env);
  const own = readConfigOrExit(plan.settings, process.env);
  const local: Local = {
    folder: join(settings.LIAISON_VAR, plan.folder),
    forgets: plan.forgets,
    settings,
    start: (ground) => plan.start(ground, own),
  };
  run(local).catch((error: unknown) => {
    // What is cut off by stopping is no failure.
    if (stopping !== undefined) return stopping;
    console.error(sentenceOf(error, settings));
    return stopAndExit(1);
  });
}

/** What the person who started it can change, in a sentence. */
class Hindrance extends Error {}

/** A plan with everything it was told. */
interface Local {
  readonly folder: string;
  readonly forgets: readonly string[];
  readonly settings: LocalSettings;
  readonly start: (ground: Ground) => Promise<RunningHub>;
}

async function run(local: Local): Promise<void> {
  const flags = new Set(process.argv.slice(2));
  const unknown = [...flags].find((flag) => flag !== '--fresh' && flag !== '--once');
  if (unknown !== undefined)
    throw new Hindrance(`"${unknown}" is not known: --fresh begins anew, --once ends after the result.`);
  const { folder, forgets, settings } = local;
  if (flags.has('--fresh')) await begin(folder, forgets);
  rmSync(resultFile(settings), { force: true });
  mkdirSync(folder, { recursive: true });
  outcome = (await demonstrate(settings, await start(local))) ? 0 : 1;
  if (flags.has('--once')) return stopAndExit(outcome);
  say('\nThe hub stays up. Ctrl-C stops all of it; the next start goes on where it was.');
}

const resultFile = (settings: LocalSettings): string => join(settings.LIAISON_VAR, 'result.json');

/** Forgets everything: the database, the secrets, the bank's and the register's files. */
async function begin(folder: string, forgets: readonly string[]): Promise<void> {
  await discardEmbedded(join(folder, 'postgres'), say);
  for (const name of [...FORGETS, ...forgets]) rmSync(join(folder, name), { recursive: true, force: true });
}

/** Made before the database, so that a database without its keys is one whose keys were lost. */
async function secretsOf(folder: string): Promise<Secrets> {
  const secrets = join(folder, 'secrets');
  if (existsSync(join(folder, 'postgres', 'data')) && !existsSync(join(secrets, 'pairwise-key')))
    throw new Hindrance(
      `${join(secrets, 'pairwise-key')} is gone, and everybody's ids in the database were made with it: put it back, or begin anew with --fresh.`,
    );
  try {
    return await openSecrets(secrets);
  } catch (error) {
    if ((error as { code?: unknown }).code !== undefined) throw error;
    throw new Hindrance(`A key in ${secrets} is damaged: put it back, or begin anew with --fresh.`, { cause: error });
  }
}

/** What the demonstration is played with. */
interface Stage {
  readonly hub: RunningHub;
  readonly folder: string;
  readonly register: StandInRegister;
  readonly passwordOf: (subject: string) => string;
}

async function start({ folder, settings, start: startParts }: Local): Promise<Stage> {
  const secrets = await secretsOf(folder);
  const database = await startEmbedded({
    folder: join(folder, 'postgres'),
    port: settings.LIAISON_DATABASE_PORT,
    durable: true,
    onProgress: say,
    onLost: (error) => {
      console.error(error.message);
      void stopAndExit(1);
    },
  });
  started.push({ what: 'PostgreSQL', stop: () => database.stop() });
  const register = await startStandInRegister(join(folder, 'register.jsonl'), settings.LIAISON_REGISTER_PORT);
  started.push({ what: 'the register', stop: () => register.stop() });
  const passwordOf = (subject: string): string => secrets.text(`password-${subject}`);
  const hub = await startParts({
    settings,
    root,
    folder,
    schemaFolder: join(root, 'schemas'),
    ownerUrl: database.ownerUrl,
    secrets,
    accounts: SUBJECTS.map((subject) => ({ subject, login: subject, password: passwordOf(subject) })),
    timeZone: AUTHORITY.timeZone,
    prepare: (unitOfWork, issuer) => prepare(unitOfWork, issuer, register),
    say,
  });
  started.push({ what: 'the hub', stop: () => hub.stop() });
  return { hub, folder, register, passwordOf };
}

async function prepare(
  unitOfWork: UnitOfWork,
  issuer: string,
  register: StandInRegister,
): Promise<Readonly<Record<string, string>>> {
  await beginBusinessTimeAt(unitOfWork, new Date(`${FIRST_DAY}T00:00:00Z`));
  return { [await registerAuthority(unitOfWork, issuer, AUTHORITY)]: register.url(REGISTER) };
}

/** Plays what is left of the programme, prints the result and writes it; answers whether it adds up. */
async function demonstrate(settings: LocalSettings, { hub, folder, register, passwordOf }: Stage): Promise<boolean> {
  const seed = settings.LIAISON_SEED;
  const partners = new Partners(hub.url, passwordOf, say);
  const progress = await Progress.open(hub.unitOfWork, seed);
  const until = settings.LIAISON_PLAY_UNTIL;
  if (progress.playedUntil === null || progress.playedUntil < until) {
    say(
      `Playing the demonstration programme from ${progress.playedUntil ?? FIRST_DAY} to ${until} (seed ${seed}); two years take some minutes`,
    );
    await play({
      hub,
      progress,
      register,
      seed,
      bankFolder: join(folder, 'bank'),
      partners,
      until,
      onDay: tellMonths(),
    });
  }
  const result = await resultOf(partners, progress, seed);
  const text = `${JSON.stringify(result, null, 2)}\n`;
  const file = resultFile(settings);
  writeFileSync(file, text);
  const problems = problemsOf(result);
  printResult(
    result,
    problems,
    { url: hub.url, signIns: SUBJECTS.map((subject) => [subject, passwordOf(subject)]) },
    say,
  );
  return problems.length === 0 && readFileSync(file, 'utf8') === text;
}

/** One line a month, with the time it took. */
function tellMonths(): (day: string) => void {
  let since = Date.now();
  return (day) => {
    if (!/-(28)$/.test(day)) return;
    say(`  ${day.slice(0, 7)} played in ${((Date.now() - since) / 1_000).toFixed(1)} s`);
    since = Date.now();
  };
}

function sentenceOf(error: unknown, settings: LocalSettings): string {
  if (error instanceof EmbeddedError || error instanceof Hindrance || error instanceof HubError) return error.message;
  const { code, port: busy } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE')
    return `Port ${String(busy)} of this machine is taken by another program: stop it, or set another port (LIAISON_PORT, LIAISON_IDENTITY_PORT, LIAISON_REGISTER_PORT).`;
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return `${settings.LIAISON_VAR} cannot be a folder, because a file is in its way: set LIAISON_VAR to another folder.`;
  if (code === 'EACCES')
    return `This user may not write to ${settings.LIAISON_VAR}: make it writable, or set LIAISON_VAR to another folder.`;
  // What `fetch` met is the cause of its error.
  if (isTransient(error) || isTransient((error as { cause?: unknown }).cause))
    return `The database, or another part of the hub, cannot be reached any more (${error instanceof Error ? error.message : String(error)}): start again, it goes on where it was.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
