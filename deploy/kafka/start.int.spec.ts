import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '#libs/testing/free-port.js';
import { root } from '#tests/house/files.js';

const STARTER = join(root, 'deploy/kafka/start.mjs');
const hasJava = spawnSync('java', ['-version']).status === 0 && spawnSync('mvn', ['-version']).status === 0;
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

describe('deploy/kafka/start.mjs', () => {
  it.each([
    ['--brokers', 'abc'],
    ['--brokers', '0'],
    ['--port', '1.5'],
  ])('refuses %s %s in a sentence', (flag, value) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [STARTER, flag, value], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^${flag} must be a whole number from 1 to \\d+\\.\n$`));
  });
});

(hasJava ? describe : describe.skip)('Kafka on this machine’s Java', () => {
  let temporary: string;
  const started: ChildProcess[] = [];
  beforeAll(() => {
    temporary = mkdtempSync(join(tmpdir(), 'liaison-starter-'));
  });
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGTERM');
  });
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  /** Where the starter put its temporary folder, and the broker in it, once it is up. */
  async function broker(child: ChildProcess): Promise<{ readonly folder: string; readonly pid: number }> {
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (said += data.toString()));
    while (!said.includes('KAFKA_BROKERS=')) {
      if (child.exitCode !== null) throw new Error(said);
      await soon();
    }
    const folder = /in (\S+)$/m.exec(said)?.[1] ?? '';
    const { pids } = JSON.parse(readFileSync(join(folder, 'brokers.json'), 'utf8')) as { pids: readonly [number] };
    return { folder, pid: pids[0] };
  }
  const start = (command: string, args: readonly string[]): ChildProcess => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: temporary },
    });
    started.push(child);
    return child;
  };
  async function whenAllGone({ folder, pid }: { readonly folder: string; readonly pid: number }): Promise<void> {
    const isAlive = (): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    while (isAlive() || existsSync(folder)) await soon();
  }

  it('is not taken for another program that has its port', async () => {
    const port = await freePort();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    const child = start(process.execPath, [STARTER, '--port', String(port)]);
    await expect(broker(child)).rejects.toThrow(`Port ${port} of this machine is taken by another program`);
    await new Promise((resolve) => other.close(resolve));
  }, 120_000);

  it('ends, and leaves nothing behind, when its starter is killed', async () => {
    const child = start(process.execPath, [STARTER]);
    const running = await broker(child);
    child.kill('SIGKILL');
    await whenAllGone(running);
  }, 600_000);

  it('ends, and leaves nothing behind, when npm is killed', async () => {
    const npm = start('npm', ['run', '--silent', 'kafka', '--', '--port', String(await freePort())]);
    const running = await broker(npm);
    npm.kill('SIGKILL');
    await whenAllGone(running);
  }, 600_000);
});
