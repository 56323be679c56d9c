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
  private running: Promise<unknown> = Promise.resolve();
  private stopping = false;
  private opened: Promise<void> | undefined;
  private readonly wakes = new Set<() => void>();
  /** When the relay, as the active one, last moved rows or found none. */
  private relayedAt = Date.now();
  /** Partitions in which something waits for a group: what is first there, and since when that has been so. */
  private standing = new Map<string, { readonly next: bigint; readonly since: number }>();

  constructor(private readonly options: KafkaLogOptions) {
    const { dataSource, unitOfWork, settings, onPoint } = options;
    this.kafka = createKafka(settings, options.onError);
    this.admin = this.kafka.admin();
    this.relay = options.relays ? new Relay(dataSource, this.kafka, settings, onPoint) : undefined;
    const watch: ConsumerWatch = {
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
      ...this.consumers.map((consumer) => this.keepConsuming(consumer)),
      ...(this.relay === undefined ? [] : [this.turn(() => this.carry(), POLL_MS)]),
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
    const [row] = await this.options.unitOfWork.transaction(LOOKER, (tx) =>
      sql<{ waiting: boolean }>(tx, 'select exists (select from platform.outbox) as waiting'),
    );
    return row?.waiting === false && (await this.waiting()).every(({ behind }) => behind === 0);
  }

  /** Events behind, and the age of the oldest that waits, for the groups of this process. */
  async lag(): Promise<Lag[]> {
    const waiting = await this.waiting();
    return Promise.all(
      waiting.map(async ({ group, behind, next }) => ({
        group,
        behind,
        oldestAgeMs: behind === 0 ? 0 : await oldestAge((ageMs) => this.isOlder(next, ageMs)),
      })),
    );
  }

  /** Does an event wait, at one of these offsets or behind it, that came to Kafka longer ago? */
  private async isOlder(next: ReadonlyMap<string, NextOffsets>, ageMs: number): Promise<boolean> {
    const at = Date.now() - ageMs;
    const answers = await Promise.all(
      [...next].map(async ([topic, waiting]) => {
        const firstSince = await patiently(() => this.admin.fetchTopicOffsetsByTimestamp(topic, at));
        return firstSince.some(({ partition, offset }) => BigInt(offset) > (waiting.get(partition) ?? BigInt(offset)));
      }),
    );
    return answers.includes(true);
  }

  private async waiting(): Promise<Waiting[]> {
    if (this.consumers.length === 0) return [];
    await this.open();
    const topics = [...new Set(this.consumers.flatMap((consumer) => consumer.topics))];
    const committed = await Promise.all(this.consumers.map((consumer) => this.committed(consumer)));
    const ends = new Map(
      await Promise.all(
        topics.map(async (topic) => [topic, await patiently(() => this.admin.fetchTopicOffsets(topic))] as const),
      ),
    );
    return this.consumers.map(({ subscription: { group }, topics: own }, index) => {
      const places = own.flatMap((topic) => placesOf(topic, ends.get(topic) ?? [], committed[index]?.get(topic)));
      const behind = places.reduce((sum, { waiting }) => sum + waiting, 0);
      const late = Map.groupBy(
        places.filter(({ waiting }) => waiting > 0),
        ({ topic }) => topic,
      );
      const next = new Map(
        [...late].map(([topic, all]) => [topic, new Map(all.map(({ partition, next: first }) => [partition, first]))]),
      );
      return { group, behind, next };
    });
  }

  /**
   * Live means progress in what this process takes part in: the active relay moves the outbox, and in each partition of its groups
   * what waits first is handled in time. Asked now and then, it remembers what it saw. A process that has nothing to move is live.
   */
  async live(withinMs: number): Promise<boolean> {
    const now = Date.now();
    if (this.relay?.active === true && now - this.relayedAt >= withinMs) return false;
    const seen = new Map<string, { readonly next: bigint; readonly since: number }>();
    for (const { group, next } of await this.waiting()) {
      for (const [topic, partitions] of next) {
        for (const [partition, first] of partitions) {
          const place = `${group}/${topic}/${String(partition)}`;
          const before = this.standing.get(place);
          seen.set(place, before?.next === first ? before : { next: first, since: now });
        }
      }
    }
    this.standing = seen;
    return [...seen.values()].every(({ since }) => now - since < withinMs);
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
        await this.open();
        if ((await pass()) === 0) await this.pause(pauseMs);
      } catch (error) {
        this.options.onError(error);
        await this.pause(BACK_OFF_MS);
      }
    }
  }

  private async carry(): Promise<number> {
    const moved = (await this.relay?.pass()) ?? 0;
    this.relayedAt = Date.now();
    return moved;
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

/** How far one group is behind; `next` has the first unhandled offset of each partition in which something waits, by topic. */
interface Waiting {
  readonly group: string;
  readonly behind: number;
  readonly next: ReadonlyMap<string, NextOffsets>;
}

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly next: bigint;
  readonly waiting: number;
}

/** Messages that a group has not handled; of a partition it never committed, all that are kept. */
const placesOf = (
  topic: string,
  ends: readonly { readonly partition: number; readonly high: string; readonly low: string }[],
  committed: NextOffsets | undefined,
): readonly Place[] =>
  ends.map(({ partition, high, low }) => {
    const known = committed?.get(partition) ?? -1n;
    const next = known < 0n ? BigInt(low) : known;
    return { topic, partition, next, waiting: Number(BigInt(high) - next) };
  });

const AGE_FIRST_MS = 1_000;
const AGE_MAX_MS = 90 * 24 * 3_600_000;
const AGE_HALVINGS = 4;

/**
 * At least how old what waits is, to about a sixteenth: Kafka answers from which offset on messages are younger than an age, so the
 * age is looked for. Below a second it takes one question. Told by the broker, it outlives a restart and is the same for everybody.
 */
async function oldestAge(isOlder: (ageMs: number) => Promise<boolean>): Promise<number> {
  let [atLeast, atMost] = [0, AGE_FIRST_MS];
  while (atMost < AGE_MAX_MS && (await isOlder(atMost))) [atLeast, atMost] = [atMost, atMost * 2];
  for (let halving = 0; atLeast > 0 && halving < AGE_HALVINGS; halving += 1) {
    const middle = Math.round((atLeast + atMost) / 2);
    if (await isOlder(middle)) atLeast = middle;
    else atMost = middle;
  }
  return atLeast;
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
