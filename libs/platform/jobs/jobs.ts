import { PgBoss, type ConstructorOptions } from 'pg-boss';
import type { HubPrincipal } from '../auth/principal.js';
import { sql, sqlScript, type Tx } from '../postgres/transaction.js';
import { traced, traceparent } from '../telemetry/tracing.js';
import type { UnitOfWork } from '../postgres/unit-of-work.js';

/** Work that calls out of the hub: it runs outside of any transaction, and its result comes back as a command. */
export interface Job<Payload = unknown> {
  readonly name: string;
  /** `isLast`: there is no further try; what is not known now stays unknown. Throwing means that it runs again. */
  run(payload: Payload, isLast: boolean): Promise<void>;
}

/** Tries after the first one, with seconds between that double each time. */
const RETRIES_MAX = 3;
const RETRY_DELAY_S = 1;
/** A job that was under way when its process was killed runs again after this. */
const EXPIRE_S = 30;
const BATCH_MAX = 20;
const KEEP_DONE_S = 86_400;
const RUNNER: HubPrincipal = { kind: 'job', actorId: 'job-queue' };

/** What a queue holds. */
interface Data {
  readonly payload: object;
  readonly traceparent: string | null;
}

/** The job library on our own transactions: a job exists if and only if the transaction that added it committed. */
export class Jobs {
  private readonly boss: PgBoss;
  private readonly jobs = new Map<string, Job>();

  /** @param onError Is told what the library meets while nobody waits for it, above all that the database is away. */
  constructor(
    private readonly unitOfWork: UnitOfWork,
    onError: (error: unknown) => void,
  ) {
    const db: NonNullable<ConstructorOptions['db']> = {
      executeSql: (text: string, values?: unknown[]) => unitOfWork.transaction(RUNNER, (tx) => run(tx, text, values)),
    };
    this.boss = new PgBoss({
      db,
      schema: 'jobs',
      migrate: false,
      createSchema: false,
      supervise: false,
      schedule: false,
      // It would trace each look into an empty queue; a job's own span is ours.
      openTelemetry: { enabled: false },
    });
    // An error event that nobody takes ends a process.
    this.boss.on('error', onError);
  }

  /** Makes a job known in this process, and its queue where it is missing. */
  register(job: Job): void {
    if (this.jobs.has(job.name)) throw new Error(`The job ${job.name} is registered twice.`);
    this.jobs.set(job.name, job);
  }

  /** Adds a job in the caller's transaction, which is one of the hub's own (partners' commands publish, reactions add jobs). */
  async add(tx: Tx, name: string, payload: object): Promise<void> {
    const data: Data = { payload, traceparent: traceparent() };
    await this.boss.send(name, data, { db: { executeSql: (text, values) => run(tx, text, values) } });
  }

  async start(): Promise<void> {
    await this.boss.start();
    for (const name of this.jobs.keys()) {
      await this.boss.createQueue(name, {
        retryLimit: RETRIES_MAX,
        retryDelay: RETRY_DELAY_S,
        retryBackoff: true,
        expireInSeconds: EXPIRE_S,
        deleteAfterSeconds: KEEP_DONE_S,
      });
    }
  }

  async stop(): Promise<void> {
    await this.boss.stop({ graceful: false });
  }

  /** Runs what is due, once; answers how many jobs ended. */
  async pass(): Promise<number> {
    let ended = 0;
    for (const job of this.jobs.values()) {
      const due = await this.boss.fetch<Data>(job.name, { batchSize: BATCH_MAX, includeMetadata: true });
      for (const { id, data, retryCount } of due) {
        try {
          const cause = data.traceparent ?? undefined;
          await traced({ name: `job ${job.name}`, cause }, () => job.run(data.payload, retryCount >= RETRIES_MAX));
          await this.boss.complete(job.name, id);
        } catch (error) {
          await this.boss.fail(job.name, id, {
            reason: error instanceof Error ? error.message.slice(0, 300) : 'unknown',
          });
        }
        ended += 1;
      }
    }
    return ended;
  }

  /** Puts jobs whose process died back into their queue, and clears away what is done. */
  async tidy(): Promise<void> {
    for (const name of this.jobs.keys()) await this.boss.supervise(name);
  }

  /** Is nothing waiting, under way or to be tried again? */
  async idle(): Promise<boolean> {
    return this.unitOfWork.transaction(RUNNER, async (tx) => {
      const [row] = await sql<{ busy: boolean }>(
        tx,
        `select exists (select from jobs.job where state in ('created', 'retry', 'active')) as busy`,
      );
      return row?.busy === false;
    });
  }
}

const run = async (tx: Tx, text: string, values: readonly unknown[] = []): Promise<{ rows: object[] }> => ({
  rows: await sqlScript(tx, text, values),
});
