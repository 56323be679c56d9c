import type { Admin, Kafka } from 'kafkajs';
import type { DataSource } from 'typeorm';
import type { HubPrincipal } from '../../auth/principal.js';
import { sql } from '../../postgres/transaction.js';
import type { UnitOfWork } from '../../postgres/unit-of-work.js';
import type { Subscription } from '../event-log.js';
import type { EventPump } from '../event-pump.js';
import { inTime } from '../in-time.js';
import { outboxOf, type Lag, type Outbox } from '../lag.js';
import { retryUnhandled } from '../retry-unhandled.js';
import { Backlog } from './backlog.js';
import { createKafka, type KafkaSettings } from './client.js';
import { GroupConsumer, type ConsumerWatch } from './consumer.js';
import { Relay, type CrashPoint } from './relay.js';
import { ensureTopics, type Topics } from './topics.js';

const POLL_MS = 50;
const RETRY_POLL_MS = 500;
const BACK_OFF_MS = 1_000;
const DRAIN_POLL_MS = 20;
/** A session of the database that takes longer to answer is none any more. */
const SILENT_MS = 10_000;
const LOOKER: HubPrincipal = { kind: 'job', actorId: 'event-log' };

export interface KafkaLogOptions {
  readonly dataSource: DataSource;
  readonly unitOfWork: UnitOfWork;
  readonly settings: KafkaSettings;
  readonly topics: Topics;
  readonly subscriptions: readonly Subscription[];
  /** Does this process carry the outbox to Kafka? Of several, one is active. */
  readonly relays: boolean;
  readonly onError: (error: unknown) => void;
  /** What somebody should know though nothing fails by it. */
  readonly onWarning?: (warning: string) => void;
  readonly onPoint?: (point: CrashPoint | 'after-effect' | 'after-offset') => void;
}

/** The event log on Kafka, as one process takes part in it: with a relay, with consumer groups, or both. */
export class KafkaLog implements EventPump {
  private readonly kafka: Kafka;
  private readonly admin: Admin;
  private readonly relay: Relay | undefined;
  private readonly consumers: readonly GroupConsumer[];
  private readonly backlog: Backlog;
  private running: Promise<unknown> = Promise.resolve();
  private stopping = false;
  private opened: Promise<void> | undefined;
  private warned: string | undefined;
  private readonly wakes = new Set<() => void>();

  constructor(private readonly options: KafkaLogOptions) {
    const { dataSource, unitOfWork, settings, onPoint } = options;
    this.kafka = createKafka(settings, options.onError);
    this.admin = this.kafka.admin();
    this.relay = options.relays ? new Relay(dataSource, this.kafka, settings, onPoint, () => this.open()) : undefined;
    const watch: ConsumerWatch = {
      onError: options.onError,
      ...(onPoint === undefined ? {} : { onPoint }),
    };
    this.consumers = options.subscriptions.map(
      (subscription) => new GroupConsumer(unitOfWork, this.kafka, settings, subscription, watch),
    );
    this.backlog = new Backlog(this.admin, settings, this.consumers);
  }

  /** Makes missing topics, joins the groups, begins to relay. Goes on trying while the cluster is away. */
  start(): void {
    const { relay } = this;
    this.stopping = false;
    this.running = Promise.all([
      ...this.consumers.map((consumer) => this.keepConsuming(consumer)),
      ...(relay === undefined ? [] : [this.turn(() => relay.pass(), POLL_MS)]),
      ...(this.consumers.length === 0 ? [] : [this.turn(() => this.retry(), RETRY_POLL_MS)]),
    ]);
  }

  /** Ends after the slices that are under way. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.nudge();
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
    await this.running;
    await this.relay?.leave();
    await this.admin.disconnect();
  }

  /** Looks again at once, when somebody in this process knows that there is something new. */
  nudge(): void {
    for (const wake of this.wakes) wake();
  }

  /** Waits until outbox and log are worked through, as `idle` has it. What is parked waits for its time and does not count. */
  async drain(): Promise<void> {
    for (;;) {
      if ((await this.idle()) && (await this.retry()) === 0 && (await this.idle())) return;
      this.nudge();
      await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
    }
  }

  /** Is nothing left to move, in the outbox and in this process' groups? */
  async idle(): Promise<boolean> {
    return (await this.isOutboxEmpty()) && (await this.ask((backlog) => backlog.isEmpty()));
  }

  /** Events behind, and the age of the oldest that waits, for the groups of this process. */
  async lag(): Promise<Lag[]> {
    return this.ask((backlog) => backlog.lag());
  }

  /** What waits to be carried to Kafka, where this process may have to carry it. */
  async outbox(): Promise<Outbox | undefined> {
    return this.relay === undefined ? undefined : this.options.unitOfWork.transaction(LOOKER, outboxOf);
  }

  /** Rejects while the cluster cannot be asked, or its topics are not as they must be. */
  async reach(): Promise<void> {
    await this.openly(() => this.admin.describeCluster());
  }

  /**
   * Live means progress in what this process takes part in: the active relay moves the outbox, its session answers, and in each
   * partition of its groups what waits first is handled in time. A process that has nothing to move is live; so is one that cannot know, or cannot move, because
   * Kafka or the database is away: starting it anew cures neither, and `ready` says it.
   */
  async live(withinMs: number): Promise<boolean> {
    const { standingSince, silentSince } = this.relay ?? {};
    if (isLong(standingSince, withinMs)) return false;
    try {
      const isSilent = isLong(silentSince, Math.max(withinMs, SILENT_MS));
      if (!isSilent && (await inTime(this.ask((backlog) => backlog.moves(withinMs))))) return true;
      // Nothing moves, or the relay's session is silent: because of us, if the database answers somebody else.
      await inTime(this.isOutboxEmpty());
      return false;
    } catch {
      this.backlog.forget();
      return true;
    }
  }

  private async isOutboxEmpty(): Promise<boolean> {
    const [row] = await this.options.unitOfWork.transaction(LOOKER, (tx) =>
      sql<{ waiting: boolean }>(tx, 'select exists (select from platform.outbox) as waiting'),
    );
    return row?.waiting === false;
  }

  /** A process without groups has nothing to ask the cluster for. */
  private ask<Answer>(question: (backlog: Backlog) => Promise<Answer>): Promise<Answer> {
    return this.consumers.length === 0 ? question(this.backlog) : this.openly(() => question(this.backlog));
  }

  /** After a question that failed the cluster is opened anew. */
  private async openly<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    await this.open();
    try {
      return await question();
    } catch (error) {
      this.opened = undefined;
      throw error;
    }
  }

  private open(): Promise<void> {
    this.opened ??= (async () => {
      await ensureTopics(this.kafka, this.options.settings, this.options.topics, (problem) => this.warnOnce(problem));
      await this.admin.connect();
    })().catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }

  /** The cluster is opened anew after each failure; what is thin stays so. */
  private warnOnce(problem: string): void {
    if (this.warned === problem) return;
    this.warned = problem;
    this.options.onWarning?.(problem);
  }

  private isStopping(): boolean {
    return this.stopping;
  }

  /** However a consumer ends, it begins anew after a while, until we stop. */
  private async keepConsuming(consumer: GroupConsumer): Promise<void> {
    while (!this.stopping && consumer.topics.length > 0) {
      try {
        await this.open();
        if (!this.isStopping()) await consumer.consume();
      } catch (error) {
        this.options.onError(error);
        await this.pause(BACK_OFF_MS);
      }
    }
  }

  private async turn(pass: () => Promise<number>, pauseMs: number): Promise<void> {
    while (!this.stopping) {
      try {
        if ((await pass()) === 0) await this.pause(pauseMs);
      } catch (error) {
        this.options.onError(error);
        await this.pause(BACK_OFF_MS);
      }
    }
  }

  private async retry(): Promise<number> {
    let passed = 0;
    for (const subscription of this.options.subscriptions)
      passed += await retryUnhandled(this.options.unitOfWork, subscription);
    return passed;
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.wakes.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.wakes.add(wake);
    });
  }
}

const isLong = (since: number | undefined, ms: number): boolean => since !== undefined && Date.now() - since >= ms;
