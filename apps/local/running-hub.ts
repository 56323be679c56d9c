import type { Clock } from '#libs/platform/clock/clock.js';
import type { UnitOfWork } from '#libs/platform/postgres/index.js';

/** A hub that runs on this machine, in one process or in many: what its demonstration and its tests need of it. */
export interface RunningHub {
  readonly url: string;
  readonly issuer: string;
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  /** Resolves when nothing is left to process: no event, no job, and none that either of them made. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}
