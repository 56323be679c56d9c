import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '#libs/testing/free-port.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Compiles the house, as whoever starts it would. */
export function build(): void {
  const built = spawnSync(process.execPath, ['deploy/local/node24.mjs', 'build'], { cwd: root, encoding: 'utf8' });
  if (built.status !== 0 || built.stderr !== '') throw new Error(`The house cannot be compiled: ${built.stderr}`);
}

/** A hub's own folder and its own ports: people are known by their provider's address, so that one stays. */
export interface Place {
  readonly folder: string;
  readonly ports: Readonly<Record<string, string>>;
}

export async function newPlace(): Promise<Place> {
  const ports: Record<string, string> = {};
  for (const name of ['', 'IDENTITY_', 'REGISTER_', 'DATABASE_'])
    ports[`LIAISON_${name}PORT`] = String(await freePort());
  return { folder: mkdtempSync(join(tmpdir(), 'liaison-run-')), ports };
}

export const leave = ({ folder }: Place): void => rmSync(folder, { recursive: true, force: true });

/** A hub, or a cluster, that was started on a place and ends by itself when it has played and printed its result. */
export interface LocalRun {
  readonly child: ChildProcess;
  /** Its exit code, or null when it was killed. */
  readonly ended: Promise<number | null>;
  readonly isOver: () => boolean;
  readonly output: () => string;
  /** Waits until it has said this, or is over. */
  hasSaid(words: string): Promise<void>;
  /** `result.json` of a run that ended well. Error: it did not, with what it said. */
  result(): Promise<string>;
  /** Process ids by name, as a cluster writes them. */
  processes(): readonly (readonly [name: string, pid: number])[];
}

export function startLocal(
  app: 'hub' | 'cluster',
  { folder, ports }: Place,
  settings: Readonly<Record<string, string>>,
): LocalRun {
  const child = spawn(process.execPath, [`dist/apps/${app}/main.js`, '--once'], {
    cwd: root,
    env: { ...process.env, ...ports, ...settings, LIAISON_VAR: folder, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  let over = false;
  const ended = new Promise<number | null>((resolve) =>
    child.on('exit', (code) => {
      over = true;
      resolve(code);
    }),
  );
  return {
    child,
    ended,
    isOver: () => over,
    output: () => text,
    hasSaid: (words) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (text.includes(words)) resolve();
        };
        for (const stream of [child.stdout, child.stderr]) stream.on('data', look);
        child.on('exit', () => resolve());
        look();
      }),
    result: async () => {
      const code = await ended;
      if (code !== 0) throw new Error(`It ended with ${String(code)}:\n${text}`);
      return readFileSync(join(folder, 'result.json'), 'utf8');
    },
    processes: () => {
      const file = join(folder, app, 'processes.json');
      return existsSync(file) ? Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>) : [];
    },
  };
}
