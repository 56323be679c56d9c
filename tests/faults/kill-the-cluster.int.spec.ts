import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Random } from '#apps/local/demonstration/random.js';
import { freePort, freePorts } from '#libs/testing/free-port.js';
import { startKafka } from '#libs/testing/kafka.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Three months of the programme: people come in, fees fall due, one payment run. */
const UNTIL = process.env['LIAISON_FAULT_UNTIL'] ?? '2018-03-10';
const KILLS = Number(process.env['LIAISON_KILLS'] ?? 4);
const SEED = process.env['LIAISON_FAULT_SEED'] ?? String(process.pid);
/** Shortest and longest time between two kills. */
const BETWEEN_MS = [500, 4_000] as const;
const INSTANCES = 2;
const kafka = await startKafka();

/**
 * The processes of a cluster are killed at random moments while the demonstration is played on it; whatever was acknowledged, its
 * effects once and in order, shows in the result, which must be that of one process nobody disturbed.
 */
(kafka === undefined ? describe.skip : describe)(
  `a cluster of which ${KILLS} processes are killed (seed ${SEED})`,
  () => {
    const folders: string[] = [];
    const running = new Set<ChildProcess>();
    beforeAll(() => {
      const built = spawnSync(process.execPath, ['deploy/local/node24.mjs', 'build'], { cwd: root, encoding: 'utf8' });
      expect(built.stderr).toBe('');
    }, 60_000);
    afterAll(() => {
      for (const child of running) child.kill('SIGTERM');
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    });

    interface Run {
      readonly folder: string;
      readonly ended: Promise<number | null>;
      readonly isOver: () => boolean;
      readonly output: () => string;
    }
    async function start(app: 'hub' | 'cluster', more: Readonly<Record<string, string>> = {}): Promise<Run> {
      const folder = mkdtempSync(join(tmpdir(), `liaison-${app}-`));
      folders.push(folder);
      const ports: Record<string, string> = {};
      for (const name of ['', 'IDENTITY_', 'REGISTER_', 'DATABASE_'])
        ports[`LIAISON_${name}PORT`] = String(await freePort());
      const child = spawn(process.execPath, [`dist/apps/${app}/main.js`, '--once'], {
        cwd: root,
        env: {
          ...process.env,
          ...ports,
          ...more,
          LIAISON_VAR: folder,
          LIAISON_PLAY_UNTIL: UNTIL,
          NODE_OPTIONS: '',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running.add(child);
      let text = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      let over = false;
      const ended = new Promise<number | null>((resolve) =>
        child.on('exit', (code) => {
          over = true;
          running.delete(child);
          resolve(code);
        }),
      );
      return { folder, ended, isOver: () => over, output: () => text };
    }
    async function resultOf(run: Run): Promise<string> {
      const code = await run.ended;
      expect({ code, output: code === 0 ? '' : run.output() }).toEqual({ code: 0, output: '' });
      return readFileSync(join(run.folder, 'result.json'), 'utf8');
    }
    /** Process ids by name, as the cluster writes them. */
    function processesOf(run: Run): readonly (readonly [name: string, pid: number])[] {
      const file = join(run.folder, 'cluster', 'processes.json');
      if (!existsSync(file)) return [];
      return Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>);
    }

    it('plays to the result of one process that was left alone', async () => {
      const undisturbed = await resultOf(await start('hub'));
      const random = new Random(SEED);
      const run = await start('cluster', {
        KAFKA_BROKERS: kafka!.brokers.join(','),
        LIAISON_INSTANCES: String(INSTANCES),
        LIAISON_PROCESS_PORT: String(await freePorts(2 * INSTANCES + 3)),
      });
      const killed: string[] = [];
      while (killed.length < KILLS && !run.isOver()) {
        // The moment is random; nothing is expected to have happened by then.
        await new Promise((resolve) => setTimeout(resolve, random.between(...BETWEEN_MS)));
        if (!run.output().includes('Playing')) continue;
        const [name, pid] = random.pick(processesOf(run));
        try {
          process.kill(pid, 'SIGKILL');
          killed.push(name);
        } catch {
          // It died a moment ago and is not back yet.
        }
      }
      expect(await resultOf(run)).toBe(undisturbed);
      expect(killed.length).toBeGreaterThan(0);
    }, 1_800_000);
  },
);
