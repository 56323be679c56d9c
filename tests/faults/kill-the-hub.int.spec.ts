import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Random } from '#apps/local/demonstration/random.js';
import { freePort } from '#libs/testing/free-port.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Three months of the programme: people come in, fees fall due, one payment run. */
const UNTIL = '2018-03-10';
const KILLS = Number(process.env['LIAISON_KILLS'] ?? 4);
const SEED = process.env['LIAISON_FAULT_SEED'] ?? String(process.pid);
const RUNS_MAX = KILLS + 20;

describe(`a hub that is killed at random moments (seed ${SEED})`, () => {
  const folders: string[] = [];
  beforeAll(() => {
    const built = spawnSync(process.execPath, ['deploy/local/node24.mjs', 'build'], { cwd: root, encoding: 'utf8' });
    expect(built.stderr).toBe('');
  }, 60_000);
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** A hub's own folder and its own ports: people are known by their provider's address, so that one stays. */
  interface Place {
    readonly folder: string;
    readonly ports: Readonly<Record<string, string>>;
  }
  const newPlace = async (): Promise<Place> => {
    const folder = mkdtempSync(join(tmpdir(), 'liaison-kill-'));
    folders.push(folder);
    const ports: Record<string, string> = {};
    for (const name of ['', 'IDENTITY_', 'REGISTER_', 'DATABASE_'])
      ports[`LIAISON_${name}PORT`] = String(await freePort());
    return { folder, ports };
  };

  /** Starts the hub there; it ends by itself when it has played and printed its result. */
  function start({ folder, ports }: Place): {
    child: ChildProcess;
    ended: Promise<number | null>;
    output: () => string;
  } {
    const child = spawn(process.execPath, ['dist/apps/hub/main.js', '--once'], {
      cwd: root,
      env: {
        ...process.env,
        ...ports,
        LIAISON_VAR: folder,
        LIAISON_PLAY_UNTIL: UNTIL,
        NODE_OPTIONS: '',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return { child, ended: new Promise((resolve) => child.on('exit', resolve)), output: () => text };
  }

  const play = async (place: Place): Promise<string> => {
    const { ended, output } = start(place);
    const code = await ended;
    expect({ code, output: code === 0 ? '' : output() }).toEqual({ code: 0, output: '' });
    return readFileSync(join(place.folder, 'result.json'), 'utf8');
  };

  it('comes back each time, and ends with the same result as one that was left alone', async () => {
    const undisturbed = await play(await newPlace());
    const place = await newPlace();
    const random = new Random(SEED);
    let kills = 0;
    for (let run = 0; run < RUNS_MAX && kills < KILLS; run += 1) {
      const { child, ended } = start(place);
      // The moment is random; nothing is expected to have happened by then.
      const timer = setTimeout(() => child.kill('SIGKILL'), random.between(1_500, 12_000));
      const code = await ended;
      clearTimeout(timer);
      if (code === 0) break;
      kills += 1;
    }
    expect(kills).toBeGreaterThan(0);
    expect(await play(place)).toBe(undisturbed);
  }, 600_000);
});
