import type { HubPrincipal } from '../../auth/principal.js';
import { sql } from '../../postgres/transaction.js';
import type { UnitOfWork } from '../../postgres/unit-of-work.js';
import type { Subscription } from '../event-log.js';
import type { EventPump } from '../event-pump.js';
import { lagOfGroups, outboxOf, type Lag, type Outbox } from '../lag.js';
import { retryUnhandled } from '../retry-unhandled.js';
import { LogConsumer } from './consumer.js';
import { Sequencer } from './sequencer.js';

/** Where nothing woke the pump, it looks by itself. */
const POLL_MS = 250;
/** After a failure of the database the pump waits before it looks again. */
const BACK_OFF_MS = 1_000;
const LOOKER: HubPrincipal = { kind: 'job', actorId: 'event-log' };

/** Turns the log: sequences what was committed, then lets each group work through what is new. One a process, one process a log. */
export class LogPump implements EventPump {
  private readonly sequencer: Sequencer;
  private readonly consumers: readonly LogConsumer[];
  private stopping = false;
  private running: Promise<void> | undefined;
  private wake: (() => void) | undefined;
  private nudges = 0;
  private failing = false;
  private movedAt = Date.now();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly subscriptions: readonly Subscription[],
    private readonly onError: (error: unknown) => void,
  ) {
    this.sequencer = new Sequencer(unitOfWork);
    this.consumers = subscriptions.map((subscription) => new LogConsumer(unitOfWork, subscription));
  }

  start(): void {
    this.stopping = false;
    this.running = this.turn();
  }

  /** Ends after the slice that is under way. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake?.();
    await this.running;
  }

  /** One round over everything; answers how many events moved. */
  async pass(): Promise<number> {
    let moved = await this.sequencer.pass();
    for (const consumer of this.consumers) moved += await consumer.pass();
    for (const subscription of this.subscriptions) moved += await retryUnhandled(this.unitOfWork, subscription);
    if (moved > 0) this.movedAt = Date.now();
    return moved;
  }

  /** Runs rounds until nothing is left to move. What is parked waits for its time and does not count. */
  async drain(): Promise<void> {
    while ((await this.pass()) > 0);
  }

  /** Is there nothing to move in outbox and log? */
  async idle(): Promise<boolean> {
    return this.unitOfWork.transaction(LOOKER, async (tx) => {
      const [row] = await sql<{ busy: boolean }>(
        tx,
        `select exists (select from platform.outbox) or exists (
           select from platform.log_head h cross join unnest($1::text[]) as g(name)
           left join platform.checkpoint c on c.consumer_group = g.name and c.partition = h.partition
           where h.next_offset > coalesce(c.next_offset, 0)) as busy`,
        [this.subscriptions.map((subscription) => subscription.group)],
      );
      return row?.busy === false;
    });
  }

  /** Events behind and the age of the oldest unprocessed one, for each group. */
  async lag(): Promise<Lag[]> {
    const groups = this.subscriptions.map((subscription) => subscription.group);
    return this.unitOfWork.transaction(LOOKER, (tx) => lagOfGroups(tx, groups));
  }

  async outbox(): Promise<Outbox> {
    return this.unitOfWork.transaction(LOOKER, outboxOf);
  }

  /** The log is in the database, which has a check of its own. */
  reach(): Promise<void> {
    return Promise.resolve();
  }

  /** Live means progress: something moved lately, or there is nothing to move. A process that merely runs is not enough. */
  async live(withinMs: number): Promise<boolean> {
    return Date.now() - this.movedAt < withinMs || (await this.idle());
  }

  private async turn(): Promise<void> {
    while (!this.stopping) {
      try {
        const { nudges } = this;
        const moved = await this.pass();
        this.failing = false;
        // What was committed during the pass may have come too late for it.
        if (moved === 0 && this.nudges === nudges) await this.pause(POLL_MS);
      } catch (error) {
        this.failing = true;
        this.onError(error);
        await this.pause(BACK_OFF_MS);
      }
    }
  }

  /** Looks again at once, when somebody in this process knows that there is something new. */
  nudge(): void {
    this.nudges += 1;
    if (!this.failing) this.wake?.();
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
