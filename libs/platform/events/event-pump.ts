import type { Lag, Outbox } from './lag.js';

/** How this process takes part in moving committed events on; what carries them is its own matter. */
export interface EventPump {
  start(): void;
  /** Ends after the slices that are under way. */
  stop(): Promise<void>;
  /** Looks again at once, when somebody in this process knows that there is something new. */
  nudge(): void;
  /** Is there nothing to move in outbox and log? */
  idle(): Promise<boolean>;
  lag(): Promise<Lag[]>;
  /** What waits in the outbox, or undefined where this process does not carry it on. */
  outbox(): Promise<Outbox | undefined>;
  /** Rejects while what carries the events cannot be reached. */
  reach(): Promise<void>;
  /** Live means progress: what this process has to move moves, or there is nothing to move, or what carries events is away. */
  live(withinMs: number): Promise<boolean>;
}
