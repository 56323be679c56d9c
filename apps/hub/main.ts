import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { beginBusinessTimeAt } from '#libs/platform/clock/clock.js';
import { EmbeddedError, discardEmbedded, startEmbedded } from '#libs/platform/postgres/embedded.js';
import { startStandInRegister, type StandInRegister } from '#tests/support/stand-in-register/stand-in-register.js';
import { registerAuthority } from '../authorities.js';
import { Partners } from './demonstration/partners.js';
import { FIRST_DAY, play } from './demonstration/player.js';
import { Progress, rememberAuthorities } from './demonstration/progress.js';
import { printResult } from './demonstration/print.js';
import { problemsOf, resultOf } from './demonstration/result.js';
import { PROGRAMMES, SUBJECTS } from './demonstration/world.js';
import { startHub, type Hub } from './hub.js';
import { openSecrets } from './secrets.js';
import { settingsOrExit } from './settings.js';

const root = fileURLToPath(new URL(import.meta.url.includes('/dist/') ? '../../..' : '../..', import.meta.url));
const settings = settingsOrExit(root);
const folder = settings.LIAISON_VAR;
const SEED = settings.LIAISON_SEED;
const say = (line: string): void => console.log(line);

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

async function main(): Promise<void> {
  const flags = new Set(process.argv.slice(2));
  const unknown = [...flags].find((flag) => flag !== '--fresh' && flag !== '--once');
  if (unknown !== undefined)
    throw new Error(`"${unknown}" is not known: --fresh begins anew, --once ends after the result.`);
  if (flags.has('--fresh')) await begin();
  mkdirSync(folder, { recursive: true });
  const complete = await demonstrate(await start());
  if (flags.has('--once')) return stopAndExit(complete ? 0 : 1);
  say('\nThe hub stays up. Ctrl-C stops all of it; the next start goes on where it was.');
}

/** Forgets everything: the database, the secrets, the bank's and the register's files. */
async function begin(): Promise<void> {
  await discardEmbedded(join(folder, 'postgres'), say);
  for (const name of ['secrets', 'bank', 'register.jsonl', 'result.json', 'sign-ins.txt'])
    rmSync(join(folder, name), { recursive: true, force: true });
}

/** What the demonstration is played with. */
interface Stage {
  readonly hub: Hub;
  readonly register: StandInRegister;
  readonly passwordOf: (subject: string) => string;
}

async function start(): Promise<Stage> {
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
  const secrets = await openSecrets(join(folder, 'secrets'));
  const register = await startStandInRegister(join(folder, 'register.jsonl'), settings.LIAISON_REGISTER_PORT);
  started.push({ what: 'the register', stop: () => register.stop() });
  const passwordOf = (subject: string): string => secrets.text(`password-${subject}`);
  const accounts = SUBJECTS.map((subject) => ({ subject, login: subject, password: passwordOf(subject) }));
  const hub = await startHub({
    ownerUrl: database.ownerUrl,
    port: settings.LIAISON_PORT,
    identityPort: settings.LIAISON_IDENTITY_PORT,
    schemaFolder: join(root, 'schemas'),
    keysDir: join(folder, 'secrets'),
    timeZone: 'Europe/Berlin',
    secrets,
    accounts,
    prepare: async (unitOfWork, issuer) => {
      await beginBusinessTimeAt(unitOfWork, new Date(`${FIRST_DAY}T00:00:00Z`));
      const registers: Record<string, string> = {};
      for (const { code, authority } of PROGRAMMES)
        registers[await registerAuthority(unitOfWork, issuer, authority)] = register.url(code);
      return registers;
    },
    logger: pino({ level: settings.LIAISON_LOG_LEVEL }),
    onProgress: say,
  });
  started.push({ what: 'the hub', stop: () => hub.stop() });
  return { hub, register, passwordOf };
}

/** Plays what is left of the programme, prints the result and writes it; answers whether it adds up. */
async function demonstrate({ hub, register, passwordOf }: Stage): Promise<boolean> {
  const partners = new Partners(hub.url, passwordOf);
  const progress = await Progress.open(hub.unitOfWork, SEED);
  await rememberAuthorities(progress, partners);
  const until = settings.LIAISON_PLAY_UNTIL;
  if (progress.playedUntil === null || progress.playedUntil < until) {
    say(
      `Playing the demonstration programme from ${progress.playedUntil ?? FIRST_DAY} to ${until} (seed ${SEED}); two years take some minutes`,
    );
    await play({
      hub,
      progress,
      register,
      seed: SEED,
      bankFolder: join(folder, 'bank'),
      partners,
      until,
      onDay: tellMonths(),
    });
  }
  const result = await resultOf(partners, progress, SEED);
  const text = `${JSON.stringify(result, null, 2)}\n`;
  writeFileSync(join(folder, 'result.json'), text);
  const problems = problemsOf(result);
  printResult(
    result,
    problems,
    { url: hub.url, signIns: SUBJECTS.map((subject) => [subject, passwordOf(subject)]) },
    say,
  );
  return problems.length === 0 && readFileSync(join(folder, 'result.json'), 'utf8') === text;
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

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stopAndExit(0));
// The starter's end, in whatever way, closes this channel.
process.on('disconnect', () => void stopAndExit(0));

main().catch((error: unknown) => {
  // What is cut off by stopping is no failure.
  if (stopping !== undefined) return stopping;
  console.error(sentenceOf(error));
  return stopAndExit(1);
});

function sentenceOf(error: unknown): string {
  if (error instanceof EmbeddedError) return error.message;
  const { code, port: busy } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE')
    return `Port ${String(busy)} of this machine is taken by another program: stop it, or set another port (LIAISON_PORT, LIAISON_IDENTITY_PORT, LIAISON_REGISTER_PORT).`;
  if (code === 'EACCES')
    return `This user may not write to ${folder}: make it writable, or set LIAISON_VAR to another folder.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
