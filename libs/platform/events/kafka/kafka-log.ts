import type { Admin, Kafka } from 'kafkajs';
import type { DataSource } from 'typeorm';
import type { HubPrincipal } from '../../auth/principal.js';
import { sql } from '../../postgres/transaction.js';
import type { UnitOfWork } from '../../postgres/unit-of-work.js';
import type { Subscription } from '../event-log.js';
import type { EventPump } from '../event-pump.js';
import type { Lag } from '../lag.js';
import { retryUnhandled } from '../retry-unhandled.js';
import { createKafka, groupOf, type KafkaSettings } from './client.js';
import { GroupConsumer, type ConsumerWatch } from './consumer.js';
import { Relay, type CrashPoint } from './relay.js';
import { ensureTopics, type Topics } from './topics.js';

const POLL_MS = 50;
const RETRY_POLL_MS = 500;
const BACK_OFF_MS = 1_000;
const DRAIN_POLL_MS = 20;
/** A question to the cluster that it may answer later. */
const ASK_ATTEMPTS_MAX = 50;
const ASK_AGAIN_MS = 200;
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
  readonly onPoint?: (point: CrashPoint | 'after-effect' | 'after-offset') => void;
}

/** The event log on Kafka, as one process takes part in it: with a relay, with consumer groups, or both. */
export class KafkaLog implements EventPump {
  private readonly kafka: Kafka;
  private readonly admin: Admin;
  private readonly relay: Relay | undefined;
  private readonly consumers: readonly GroupConsumer[];
  private readonly behindSince = new Map<string, number>();
  private running: Promise<unknown> = Promise.resolve();
  private stopping = false;
  private opened: Promise<void> | undefined;
  private readonly wakes = new Set<() => void>();
  private movedAt = Date.now();

  constructor(private readonly options: KafkaLogOptions) {
    const { dataSource, unitOfWork, settings, onPoint } = options;
    this.kafka = createKafka(settings, options.onError);
    this.admin = this.kafka.admin();
    this.relay = options.relays ? new Relay(dataSource, this.kafka, settings, onPoint) : undefined;
    const watch: ConsumerWatch = {
      onMoved: () => (this.movedAt = Date.now()),
      onError: options.onError,
      ...(onPoint === undefined ? {} : { onPoint }),
    };
    this.consumers = options.subscriptions.map(
      (subscription) => new GroupConsumer(unitOfWork, this.kafka, settings, subscription, watch),
    );
  }

  /** Makes missing topics, joins the groups, begins to relay. Goes on trying while the cluster is away. */
  start(): void {
    this.stopping = false;
    this.running = Promise.all([
      ...this.consumers.map((consumer) => this.untilStarted(() => consumer.start())),
      this.turn(() => this.relay?.pass() ?? Promise.resolve(0), POLL_MS),
      this.turn(() => this.retry(), RETRY_POLL_MS),
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
    const [row] = await this.options.unitOfWork.transaction(LOOKER, (tx) =>
      sql<{ waiting: boolean }>(tx, 'select exists (select from platform.outbox) as waiting'),
    );
    return row?.waiting === false && (await this.lag()).every(({ behind }) => behind === 0);
  }

  /** Events behind, and for how long each group has been seen behind without a break, for the groups of this process. */
  async lag(): Promise<Lag[]> {
    await this.open();
    const topics = [...new Set(this.consumers.flatMap((consumer) => consumer.topics))];
    const committed = await Promise.all(this.consumers.map((consumer) => this.committed(consumer)));
    const ends = new Map(
      await Promise.all(
        topics.map(async (topic) => [topic, await patiently(() => this.admin.fetchTopicOffsets(topic))] as const),
      ),
    );
    return this.consumers.map(({ subscription: { group }, topics: own }, index) => {
      const behind = own.reduce((sum, topic) => sum + behindBy(ends.get(topic) ?? [], committed[index]?.get(topic)), 0);
      if (behind === 0) this.behindSince.delete(group);
      else if (!this.behindSince.has(group)) this.behindSince.set(group, Date.now());
      return { group, behind, oldestAgeMs: Date.now() - (this.behindSince.get(group) ?? Date.now()) };
    });
  }

  /** Live means progress: something moved lately, or there is nothing to move. A process that merely runs is not enough. */
  async live(withinMs: number): Promise<boolean> {
    return Date.now() - this.movedAt < withinMs || (await this.idle());
  }

  /** The next offset of each partition, by topic. */
  private async committed({ subscription: { group }, topics }: GroupConsumer): Promise<Map<string, NextOffsets>> {
    const groupId = groupOf(this.options.settings, group);
    const answers = await patiently(() => this.admin.fetchOffsets({ groupId, topics: [...topics] }));
    return new Map(
      answers.map(({ topic, partitions }) => [
        topic,
        new Map(partitions.map(({ partition, offset }) => [partition, BigInt(offset)])),
      ]),
    );
  }

  private open(): Promise<void> {
    this.opened ??= (async () => {
      await ensureTopics(this.kafka, this.options.settings, this.options.topics);
      await this.admin.connect();
    })().catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }

  private async untilStarted(start: () => Promise<void>): Promise<void> {
    while (!this.stopping) {
      try {
        await this.open();
        await start();
        return;
      } catch (error) {
        this.options.onError(error);
        await this.pause(BACK_OFF_MS);
      }
    }
  }

  private async turn(pass: () => Promise<number>, pauseMs: number): Promise<void> {
    while (!this.stopping) {
      try {
        await this.open();
        if ((await pass()) > 0) this.movedAt = Date.now();
        else await this.pause(pauseMs);
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

type NextOffsets = ReadonlyMap<number, bigint>;

/** Messages of one topic that a group has not handled; of a partition it never committed, all that are kept. */
function behindBy(
  ends: readonly { readonly partition: number; readonly high: string; readonly low: string }[],
  committed: NextOffsets | undefined,
): number {
  return ends.reduce((sum, { partition, high, low }) => {
    const next = committed?.get(partition) ?? -1n;
    return sum + Number(BigInt(high) - (next < 0n ? BigInt(low) : next));
  }, 0);
}

/** kafkajs' admin does not repeat what a coordinator that is loading or has moved could not answer, though it says that it may. */
async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt >= ASK_ATTEMPTS_MAX || (error as { retriable?: unknown } | null)?.retriable !== true) throw error;
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }
}
