import type { Kafka, Producer } from 'kafkajs';
import type { DataSource, QueryRunner } from 'typeorm';
import { LOCKS } from '../../postgres/locks.js';
import { traced } from '../../telemetry/tracing.js';
import { createProducer, topicOf, type KafkaSettings } from './client.js';
import { toMessage, type OutboxRow } from './message.js';

/** Rows of the outbox in one pass. */
const BATCH_MAX = 2_000;
/** Of one request to one partition. */
const REQUEST_EVENTS_MAX = 500;
const REQUEST_BYTES_MAX = 262_144;

/** Causes that one pass names in its trace. */
const LINKS_MAX = 100;

/** Where a test ends the process on purpose. */
export type CrashPoint = 'after-read' | 'after-send' | 'after-delete';

/**
 * Takes committed events from the outbox to Kafka. Its lock, its reads and its deletes are on one database session: whoever lost the
 * session has lost the lock and can delete nothing more. Rows go out in the order of their position from the oldest on, so what is
 * sent twice repeats a prefix: the first occurrences keep the order of each key, and the inbox drops the others.
 */
export class Relay {
  private session: QueryRunner | undefined;
  private producer: Promise<Producer> | undefined;
  /** The oldest row when we last looked, and since when it has been. */
  private oldest: { readonly position: bigint; readonly since: number } | undefined;
  /** Since when the database owes an answer. */
  private asking: number | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly kafka: Kafka,
    private readonly settings: KafkaSettings,
    private readonly onPoint: (point: CrashPoint) => void = () => undefined,
    /** Makes sure of the topics before anything is sent. */
    private readonly prepare: () => Promise<void> = () => Promise.resolve(),
  ) {}

  /** Since when the row that is the oldest has been so, as the active relay saw it; undefined where none waits or another relay is active. */
  get standingSince(): number | undefined {
    return this.oldest?.since;
  }

  /** Since when its session gives no answer. */
  get silentSince(): number | undefined {
    return this.asking;
  }

  /**
   * Moves one batch; answers how many rows. Nothing while another relay is the active one. It stays the active one while Kafka is away:
   * so there is always one whose standstill shows, and a second one that could do no better does not take turns with it.
   */
  async pass(): Promise<number> {
    const rows = await this.look();
    if (rows.length === 0) return 0;
    this.onPoint('after-read');
    const links = rows.slice(0, LINKS_MAX).map((row) => row.traceparent);
    const { sent, failure } = await traced({ name: 'relay', kind: 'producer', links }, () => this.send(rows));
    this.onPoint('after-send');
    await this.forget(sent);
    this.onPoint('after-delete');
    if (failure === undefined) return sent.length;
    await this.dropProducer();
    throw failure;
  }

  /** The oldest rows of the outbox, if this relay is the active one or can become it. */
  private async look(): Promise<OutboxRow[]> {
    this.asking = Date.now();
    try {
      const session = await this.enter();
      const rows = session === undefined ? [] : await read(session);
      const first = rows[0]?.position;
      if (first !== this.oldest?.position)
        this.oldest = first === undefined ? undefined : { position: first, since: Date.now() };
      return rows;
    } catch (error) {
      await this.leave();
      throw error;
    } finally {
      this.asking = undefined;
    }
  }

  private async forget(sent: readonly OutboxRow[]): Promise<void> {
    if (sent.length === 0) return;
    const positions = sent.map((row) => String(row.position));
    try {
      await this.session?.query('delete from platform.outbox where position = any($1::bigint[])', [positions]);
    } catch (error) {
      await this.leave();
      throw error;
    }
  }

  private async dropProducer(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    await producer?.then((opened) => opened.disconnect()).catch(() => undefined);
  }

  /** Gives up lock, session and producer; the next pass begins anew. */
  async leave(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    this.oldest = undefined;
    await this.dropProducer();
    if (session === undefined) return;
    await session.query('reset role').catch(() => undefined);
    await session.query('select pg_advisory_unlock($1)', [LOCKS.relay]).catch(() => undefined);
    await session.release().catch(() => undefined);
  }

  private async enter(): Promise<QueryRunner | undefined> {
    if (this.session !== undefined) return this.session;
    const session = this.dataSource.createQueryRunner();
    await session.connect();
    // From here on `leave` gives it back, and the lock with it.
    this.session = session;
    const [turn] = (await session.query('select pg_try_advisory_lock($1) as mine', [LOCKS.relay])) as {
      mine: boolean;
    }[];
    if (turn?.mine === true) await session.query('set role liaison_reactions');
    else {
      this.session = undefined;
      await session.release();
    }
    return this.session;
  }

  /**
   * kafkajs can resolve one send to several partitions though messages were lost when leaders moved (upstream #1303, #1798): so each
   * partition has its own request, one at a time, and a row counts as sent only when the answer names its partition without error.
   */
  private async send(rows: readonly OutboxRow[]): Promise<{ sent: OutboxRow[]; failure: Error | undefined }> {
    const places = Map.groupBy(rows, (row) => `${topicOf(this.settings, row.type)}/${row.partition}`);
    const sent: OutboxRow[] = [];
    const ends = await Promise.allSettled(
      [...places.values()].map(async (place) => {
        for (const request of requestsOf(place)) {
          await this.prepare();
          await this.sendOne(await this.openProducer(), request);
          sent.push(...request);
        }
      }),
    );
    const failed = ends.find((end) => end.status === 'rejected');
    const failure =
      failed === undefined ? undefined : new Error('Not every event could be sent.', { cause: failed.reason });
    return { sent, failure };
  }

  private async sendOne(producer: Producer, rows: readonly OutboxRow[]): Promise<void> {
    const [first] = rows;
    if (first === undefined) return;
    const topic = topicOf(this.settings, first.type);
    const answers = await producer.send({ topic, acks: -1, messages: rows.map(toMessage) });
    const named = answers.some(
      (answer) => answer.topicName === topic && answer.partition === first.partition && answer.errorCode === 0,
    );
    if (!named || answers.length !== 1)
      throw new Error(`The broker did not confirm partition ${first.partition} of ${topic}.`);
  }

  /** After a failure a new producer, with an id of its own: what the old one's sequence numbers stand for is unknown then. */
  private openProducer(): Promise<Producer> {
    this.producer ??= (async () => {
      const producer = createProducer(this.kafka);
      await producer.connect();
      return producer;
    })();
    return this.producer;
  }
}

const read = (session: QueryRunner): Promise<OutboxRow[]> =>
  session.query(
    `select position, id, aggregatetype, aggregateid, type, payload::text as payload, partition, time, traceparent
     from platform.outbox order by position limit ${BATCH_MAX}`,
  ) as Promise<OutboxRow[]>;

function requestsOf(rows: readonly OutboxRow[]): OutboxRow[][] {
  const requests: OutboxRow[][] = [];
  let bytes = 0;
  for (const row of rows) {
    const last = requests.at(-1);
    const size = Buffer.byteLength(row.payload);
    if (last !== undefined && last.length < REQUEST_EVENTS_MAX && bytes + size <= REQUEST_BYTES_MAX) {
      last.push(row);
      bytes += size;
    } else {
      requests.push([row]);
      bytes = size;
    }
  }
  return requests;
}
