import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { HubError } from '#libs/kernel/index.js';

/** A machine that is busy with other things takes its time; a process that ended is not waited for. */
const READY_TIMEOUT_MS = 600_000;
const TELL_AFTER_MS = 30_000;
const LOOK_AGAIN_MS = 100;
const START_AGAIN_MS = 500;

export interface ProcessPlan {
  readonly name: string;
  /** The compiled `main.js`. */
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
  /** Its log is added to this file. */
  readonly logFile: string;
  readonly say: (line: string) => void;
  /** It runs, under a new process id. */
  readonly onSpawn: () => void;
}

/** One process of a cluster on this machine: started again whenever it dies, until it is stopped. */
export class LocalProcess {
  private child: ChildProcess | undefined;
  private stopping = false;
  private wasReady = false;

  constructor(private readonly plan: ProcessPlan) {}

  get name(): string {
    return this.plan.name;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Resolves when the process says that it can do its work. Error: it ended before, or did not come up in time. */
  async start(): Promise<void> {
    const { name, logFile, say } = this.plan;
    this.spawn();
    const began = Date.now();
    let tellAt = began + TELL_AFTER_MS;
    for (let lacks = await this.lacks(); lacks !== undefined; lacks = await this.lacks()) {
      if (this.child === undefined) throw new HubError('process.ended', `${name} ended: see ${logFile}.`);
      if (Date.now() - began > READY_TIMEOUT_MS)
        throw new HubError('process.late', `${name} did not come up in ten minutes: ${lacks}; see ${logFile}.`);
      if (Date.now() > tellAt) {
        tellAt = Date.now() + TELL_AFTER_MS;
        say(`  Still waiting for ${name}: ${lacks}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    this.wasReady = true;
  }

  /** What keeps it from its work, in words; undefined when nothing does. */
  async lacks(): Promise<string | undefined> {
    const answer = await this.get('/health/ready');
    if (answer === undefined) return 'it does not listen yet';
    if (answer.ok) return undefined;
    const { parts = {} } = (await answer.json()) as { readonly parts?: Readonly<Record<string, string>> };
    const down = Object.keys(parts).filter((part) => parts[part] !== 'up');
    return `it does not reach ${down.join(' and ')}`;
  }

  /** Its answer to a question about its health, or undefined while it is away. */
  async get(path: string): Promise<Response | undefined> {
    try {
      return await fetch(`http://127.0.0.1:${this.plan.port}${path}`);
    } catch {
      return undefined;
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const { child } = this;
    if (child === undefined) return;
    await new Promise<void>((resolve) => {
      child.on('exit', () => resolve());
      child.kill('SIGTERM');
    });
  }

  private spawn(): void {
    const { name, script, environment, port, logFile, say, onSpawn } = this.plan;
    const log = openSync(logFile, 'a');
    // The channel is the process' lifeline: it closes when we end in whatever way, and the process then stops.
    const child = spawn(process.execPath, ['--enable-source-maps', script], {
      env: { ...process.env, ...environment, LIAISON_PORT: String(port) },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.child = child;
    onSpawn();
    child.on('exit', (code, signal) => {
      this.child = undefined;
      if (this.stopping || !this.wasReady) return;
      say(`  ${name} ended (${signal ?? String(code)}): starting it again`);
      setTimeout(() => {
        if (!this.stopping) this.spawn();
      }, START_AGAIN_MS);
    });
  }
}
