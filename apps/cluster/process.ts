import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

const READY_TIMEOUT_MS = 90_000;
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
    this.spawn();
    const until = Date.now() + READY_TIMEOUT_MS;
    while ((await this.get('/health/ready'))?.ok !== true) {
      const why = this.child === undefined ? 'ended' : Date.now() > until ? 'did not come up in time' : undefined;
      if (why !== undefined) throw new Error(`${this.plan.name} ${why}: see ${this.plan.logFile}.`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    this.wasReady = true;
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
