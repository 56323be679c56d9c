import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { Envelope } from '#libs/kernel/index.js';
import { PARTITION_LOCK_SEED } from '../../postgres/locks.js';
import { sql } from '../../postgres/transaction.js';
import type { UnitOfWork } from '../../postgres/unit-of-work.js';
import type { Subscription } from '../event-log.js';
import { SliceHandling } from '../slice-handling.js';
import { consumerConfig, topicOf, type KafkaSettings } from './client.js';
import { toEnvelope } from './message.js';

/** Events of one partition in one transaction. */
const SLICE_MAX = 200;
/** Partitions at once, each with a connection of the pool. */
const CONCURRENT_MAX = 4;
/** After a failure of the database the slice waits before it is tried again. */
const BACK_OFF_MS = 1_000;

export interface ConsumerWatch {
  /** A slice was committed: how many events, and whether its offset is known to the broker too. */
  readonly onMoved: () => void;
  readonly onError: (error: unknown) => void;
  /** Where a test ends the process on purpose. */
  readonly onPoint?: (point: 'after-effect' | 'after-offset') => void;
}

/**
 * One consumer group on Kafka. A slice is one transaction: effects, inbox rows and outgoing events commit together, its offset is
 * committed afterwards. A crash between the two repeats the slice, and the inbox makes the repetition have no effect.
 */
export class GroupConsumer {
  private readonly handling: SliceHandling;
  private readonly consumer: Consumer;
  readonly topics: readonly string[];

  constructor(
    private readonly unitOfWork: UnitOfWork,
    kafka: Kafka,
    settings: KafkaSettings,
    readonly subscription: Subscription,
    private readonly watch: ConsumerWatch,
  ) {
    this.handling = new SliceHandling(unitOfWork, subscription);
    this.consumer = kafka.consumer(consumerConfig(settings, subscription.group));
    const types = subscription.reactions.flatMap((reaction) => reaction.types);
    this.topics = [...new Set(types.map((type) => topicOf(settings, type)))];
  }

  async start(): Promise<void> {
    if (this.topics.length === 0) return;
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...this.topics], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: CONCURRENT_MAX,
      eachBatch: (payload) => this.batch(payload),
    });
  }

  /** Ends after the slices that are under way. */
  async stop(): Promise<void> {
    await this.consumer.disconnect();
  }

  /** Slices until the batch ends, the process stops or the partition is somebody else's. */
  private async batch(payload: EachBatchPayload): Promise<void> {
    const { messages: all } = payload.batch;
    for (let at = 0; at < all.length; at += SLICE_MAX) {
      if (!payload.isRunning() || payload.isStale()) return;
      const messages = all.slice(at, at + SLICE_MAX);
      try {
        await this.slice(payload, messages);
      } catch (error) {
        // Kafka's own errors (a rebalance, a lost coordinator) are kafkajs' to answer: kept back, the member is expelled (#1527).
        if (isOfKafka(error)) throw error;
        // The database is away. What is unresolved is fetched again; thrown, it would make kafkajs restart for ever (#1721).
        this.watch.onError(error);
        this.rest(payload);
        return;
      }
    }
  }

  private async slice(payload: EachBatchPayload, messages: readonly KafkaMessage[]): Promise<void> {
    const { partition, topic } = payload.batch;
    const known: Envelope[] = [];
    for (const message of messages) {
      const event = toEnvelope(message);
      if (event === undefined) await this.keepUnreadable(payload, message);
      else known.push(event);
    }
    if (known.some((event) => this.handling.concerns(event.type))) await this.handle(payload, known);
    this.watch.onPoint?.('after-effect');
    const last = messages.at(-1);
    if (last === undefined) return;
    payload.resolveOffset(last.offset);
    const offset = String(BigInt(last.offset) + 1n);
    await this.consumer.commitOffsets([{ topic, partition, offset }]);
    this.watch.onMoved();
    this.watch.onPoint?.('after-offset');
    await payload.heartbeat();
  }

  private async handle(payload: EachBatchPayload, events: readonly Envelope[]): Promise<void> {
    try {
      await this.together(payload, events);
    } catch (cause) {
      if (events.length === 1) await this.apart(events, cause);
      else await this.oneByOne(payload, events);
    }
  }

  /** The failed slice again, one event a transaction: all but the culprit commit. */
  private async oneByOne(payload: EachBatchPayload, events: readonly Envelope[]): Promise<void> {
    for (const event of events) {
      try {
        await this.together(payload, [event]);
      } catch (cause) {
        await this.apart([event], cause);
      }
      await payload.heartbeat();
    }
  }

  private together({ batch }: EachBatchPayload, events: readonly Envelope[]): Promise<void> {
    const place = `${this.subscription.group}/${batch.topic}/${batch.partition}`;
    return this.unitOfWork.transaction(this.handling.principal, async (tx, now) => {
      // Fences a member that does not know yet that the partition went to another one: they take turns, and the inbox decides.
      await sql(tx, 'select pg_advisory_xact_lock(hashtextextended($1, $2))', [place, PARTITION_LOCK_SEED]);
      await this.handling.together(tx, now, events);
    });
  }

  private async apart(events: readonly Envelope[], cause: unknown): Promise<void> {
    for (const event of events) if (this.handling.concerns(event.type)) await this.handling.apart(event, cause);
  }

  /** What somebody else put into a topic of ours holds nobody up: it is a dead letter, whose place in the log is all that is kept. */
  private async keepUnreadable({ batch }: EachBatchPayload, { offset }: KafkaMessage): Promise<void> {
    const place = `${batch.topic}/${batch.partition}/${offset}`;
    await this.unitOfWork.transaction(this.handling.principal, (tx) => this.handling.unreadable(tx, place));
    this.watch.onError(new Error(`${place} is no event of ours.`));
  }

  /** The partition is fetched again after a while; the others, and the member's heartbeat, go on meanwhile. */
  private rest(payload: EachBatchPayload): void {
    setTimeout(payload.pause(), BACK_OFF_MS).unref();
  }
}

const isOfKafka = (error: unknown): boolean => error instanceof Error && error.name.startsWith('KafkaJS');
