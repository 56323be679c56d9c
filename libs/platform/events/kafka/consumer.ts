import type {
  Consumer,
  ConsumerEndBatchProcessEvent,
  EachBatchPayload,
  Kafka,
  KafkaMessage,
  OffsetsByTopicPartition,
} from 'kafkajs';
import type { Envelope } from '#libs/kernel/index.js';
import { PARTITION_LOCK_SEED } from '../../postgres/locks.js';
import { sql, type Tx } from '../../postgres/transaction.js';
import type { UnitOfWork } from '../../postgres/unit-of-work.js';
import type { Subscription } from '../event-log.js';
import { SliceHandling } from '../slice-handling.js';
import { consumerConfig, heartbeatMs, topicOf, type KafkaSettings } from './client.js';
import { toEnvelope } from './message.js';

/** Events of one partition in one transaction. */
const SLICE_MAX = 200;
/** Partitions at once, each with a connection of the pool. */
const CONCURRENT_MAX = 4;
/** After a failure of the database the slice waits before it is tried again. */
const BACK_OFF_MS = 1_000;
const COMMIT_ATTEMPTS_MAX = 20;
const COMMIT_AGAIN_MS = 200;

type BatchEnd = ConsumerEndBatchProcessEvent['payload'];

/** A message, and the event that it is. */
interface Read {
  readonly event: Envelope;
  readonly message: KafkaMessage;
}

export interface ConsumerWatch {
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
  private consumer: Consumer | undefined;
  private end: () => void = () => undefined;
  readonly topics: readonly string[];

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly kafka: Kafka,
    private readonly settings: KafkaSettings,
    readonly subscription: Subscription,
    private readonly watch: ConsumerWatch,
  ) {
    this.handling = new SliceHandling(unitOfWork, subscription);
    const types = subscription.reactions.flatMap((reaction) => reaction.types);
    this.topics = [...new Set(types.map((type) => topicOf(settings, type)))];
  }

  /**
   * Joins the group and consumes until `stop`. Rejects when the consumer crashed: kafkajs' `run()` resolves even where joining failed,
   * and only its event CRASH says that nothing will ever be fetched again. Called again it begins anew.
   */
  async consume(): Promise<void> {
    const consumer = this.kafka.consumer(consumerConfig(this.settings, this.subscription.group));
    this.consumer = consumer;
    const ended = new Promise<void>((resolve) => (this.end = resolve));
    const crashed = new Promise<never>((_, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    });
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => void this.passEmpty(consumer, payload));
    try {
      await Promise.race([this.begin(consumer), crashed]);
      await Promise.race([ended, crashed]);
    } finally {
      await consumer.disconnect();
    }
  }

  private async begin(consumer: Consumer): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topics: [...this.topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: CONCURRENT_MAX,
      eachBatch: (payload) => this.batch(payload),
    });
  }

  /**
   * A batch of which nothing is for us (the control record of a transaction, what was aborted) never comes to `eachBatch`: kafkajs moves
   * on without a commit, and the group would be behind until the next event.
   */
  private async passEmpty(consumer: Consumer, { topic, partition, batchSize, lastOffset }: BatchEnd): Promise<void> {
    if (batchSize > 0) return;
    const offset = String(BigInt(lastOffset) + 1n);
    // What the commit meets is met by the heartbeat, too, and answered there.
    await consumer.commitOffsets([{ topic, partition, offset }]).catch(() => undefined);
  }

  /** Ends after the slices that are under way. */
  async stop(): Promise<void> {
    this.end();
    await this.consumer?.disconnect();
  }

  /** Slices until the batch ends, the process stops or the partition is somebody else's; the member lives meanwhile. */
  private async batch(payload: EachBatchPayload): Promise<void> {
    // A slice may take longer than a session. What a heartbeat meets is met again by the commit, which may throw it.
    const beating = setInterval(() => void payload.heartbeat().catch(() => undefined), heartbeatMs(this.settings));
    try {
      await this.slices(payload);
    } finally {
      clearInterval(beating);
    }
  }

  private async slices(payload: EachBatchPayload): Promise<void> {
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
    const known: Read[] = [];
    for (const message of messages) {
      const event = toEnvelope(message);
      if (event === undefined) await this.keepUnreadable(payload, message);
      else known.push({ event, message });
    }
    if (known.some(({ event }) => this.handling.concerns(event.type))) await this.handle(payload, known);
    this.watch.onPoint?.('after-effect');
    const last = messages.at(-1);
    if (last === undefined) return;
    payload.resolveOffset(last.offset);
    // Behind the last message of a batch may stand what kafkajs keeps from us: a control record is passed with it.
    const passed = last === payload.batch.messages.at(-1) ? payload.batch.lastOffset() : last.offset;
    const offset = String(BigInt(passed) + 1n);
    await commit(payload, { topics: [{ topic, partitions: [{ partition, offset }] }] });
    this.watch.onPoint?.('after-offset');
    await payload.heartbeat();
  }

  private async handle(payload: EachBatchPayload, read: readonly Read[]): Promise<void> {
    try {
      await this.together(payload, read);
    } catch (cause) {
      const [only] = read;
      if (read.length === 1 && only !== undefined) await this.apart(payload, only, cause);
      else await this.oneByOne(payload, read);
    }
  }

  /** The failed slice again, one event a transaction: all but the culprit commit. */
  private async oneByOne(payload: EachBatchPayload, read: readonly Read[]): Promise<void> {
    for (const one of read) {
      try {
        await this.together(payload, [one]);
      } catch (cause) {
        await this.apart(payload, one, cause);
      }
      await payload.heartbeat();
    }
  }

  private together(payload: EachBatchPayload, read: readonly Read[]): Promise<void> {
    return this.unitOfWork.transaction(this.handling.principal, async (tx, now) => {
      await this.fence(tx, payload);
      await this.handling.together(
        tx,
        now,
        read.map(({ event }) => event),
      );
    });
  }

  /** A member that does not know yet that the partition went to another one takes turns with it, and the inbox decides. */
  private async fence(tx: Tx, { batch }: EachBatchPayload): Promise<void> {
    const place = `${this.subscription.group}/${batch.topic}/${batch.partition}`;
    await sql(tx, 'select pg_advisory_xact_lock(hashtextextended($1, $2))', [place, PARTITION_LOCK_SEED]);
  }

  /** What cannot even be put aside as an event, and never will be, is put aside by its place: nothing holds a partition up for good. */
  private async apart(payload: EachBatchPayload, { event, message }: Read, cause: unknown): Promise<void> {
    if (!this.handling.concerns(event.type)) return;
    try {
      await this.handling.apart(event, cause, (tx) => this.fence(tx, payload));
    } catch (error) {
      if (!isOfData(error)) throw error;
      await this.keepUnreadable(payload, message);
    }
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

/**
 * Commits through the payload, not by `consumer.commitOffsets`: that one repeats and wraps what it meets, and of a rebalance wrapped so
 * kafkajs knows nothing any more: it lets the member die instead of joining again.
 */
async function commit(payload: EachBatchPayload, offsets: OffsetsByTopicPartition): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await payload.commitOffsetsIfNecessary(offsets);
      return;
    } catch (error) {
      // The coordinator moves or loads; a rebalance is not retriable here, but kafkajs' to answer.
      if (attempt >= COMMIT_ATTEMPTS_MAX || (error as { retriable?: unknown }).retriable !== true) throw error;
      await new Promise((resolve) => setTimeout(resolve, COMMIT_AGAIN_MS));
    }
  }
}

const isOfKafka = (error: unknown): boolean => error instanceof Error && error.name.startsWith('KafkaJS');

/** The database refuses the value itself (class 22), whenever it is tried. */
const isOfData = (error: unknown): boolean =>
  /^22/.test(String((error as { driverError?: { code?: unknown } } | null)?.driverError?.code));
