import type { Envelope } from '#libs/kernel/index.js';
import { sql, type Tx } from '../../postgres/transaction.js';
import type { UnitOfWork } from '../../postgres/unit-of-work.js';
import type { Subscription } from '../event-log.js';
import { PARTITIONS } from '../partition.js';
import { SliceHandling } from '../slice-handling.js';

/** Events of one partition in one transaction. */
const SLICE_MAX = 200;

interface LogRow {
  readonly offset: bigint;
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  readonly time: Date;
  readonly traceparent: string | null;
  readonly data: unknown;
}

/**
 * One consumer group on the PostgreSQL log. A slice is one transaction: effects, inbox rows and the checkpoint commit together,
 * so that a crash anywhere repeats nothing and loses nothing. A slice that fails is run again one event a transaction.
 */
export class LogConsumer {
  private readonly handling: SliceHandling;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly subscription: Subscription,
  ) {
    this.handling = new SliceHandling(unitOfWork, subscription);
  }

  /** Works through what is new in every partition once; answers how many events it moved past. */
  async pass(): Promise<number> {
    let moved = 0;
    for (const partition of await this.partitionsWithNews()) moved += await this.slice(partition, SLICE_MAX);
    return moved;
  }

  private async partitionsWithNews(): Promise<number[]> {
    return this.unitOfWork.transaction(this.handling.principal, async (tx) => {
      const rows = await sql<{ partition: number }>(
        tx,
        `select h.partition from platform.log_head h
         left join platform.checkpoint c on c.partition = h.partition and c.consumer_group = $1
         where h.next_offset > coalesce(c.next_offset, 0) and h.partition < $2 order by 1`,
        [this.subscription.group, PARTITIONS],
      );
      return rows.map((row) => row.partition);
    });
  }

  private async slice(partition: number, size: number): Promise<number> {
    try {
      return await this.attempt(partition, size);
    } catch (error) {
      if (size > 1) return this.oneByOne(partition);
      return this.giveUp(partition, error);
    }
  }

  /** The failed slice again, one event a transaction: all but the culprit commit. */
  private async oneByOne(partition: number): Promise<number> {
    let moved = 0;
    for (let left = SLICE_MAX; left > 0; left -= 1) {
      const one = await this.slice(partition, 1);
      if (one === 0) break;
      moved += one;
    }
    return moved;
  }

  private attempt(partition: number, size: number): Promise<number> {
    return this.unitOfWork.transaction(this.handling.principal, async (tx, now) => {
      const rows = await this.read(tx, partition, size);
      await this.handling.together(tx, now, rows.map(toEnvelope));
      await this.moveCheckpoint(tx, partition, rows);
      return rows.length;
    });
  }

  private async read(tx: Tx, partition: number, size: number): Promise<LogRow[]> {
    const next = await this.lock(tx, partition);
    return sql<LogRow>(
      tx,
      `select "offset", id, type, source, subject, time, traceparent, data from platform.event_log
       where partition = $1 and "offset" >= $2 order by "offset" limit $3`,
      [partition, next, size],
    );
  }

  /** Fences a second consumer of the group, should one ever run. Answers from where on to read. */
  private async lock(tx: Tx, partition: number): Promise<bigint> {
    const group = this.subscription.group;
    await sql(
      tx,
      `insert into platform.checkpoint (consumer_group, partition, next_offset) values ($1, $2, 0) on conflict do nothing`,
      [group, partition],
    );
    const [checkpoint] = await sql<{ next: bigint }>(
      tx,
      `select next_offset as next from platform.checkpoint where consumer_group = $1 and partition = $2 for update`,
      [group, partition],
    );
    return checkpoint?.next ?? 0n;
  }

  private async moveCheckpoint(tx: Tx, partition: number, rows: readonly LogRow[]): Promise<void> {
    const last = rows.at(-1);
    if (last === undefined) return;
    await sql(
      tx,
      `update platform.checkpoint set next_offset = $3, moved_at = clock_timestamp() where consumer_group = $1 and partition = $2`,
      [this.subscription.group, partition, last.offset + 1n],
    );
  }

  /** One event fails where it stands: its reactions run apart, then the checkpoint moves past it. */
  private async giveUp(partition: number, cause: unknown): Promise<number> {
    const { principal } = this.handling;
    const row = await this.unitOfWork.transaction(principal, async (tx) => (await this.read(tx, partition, 1))[0]);
    if (row === undefined) return 0;
    await this.handling.apart(toEnvelope(row), cause, (tx) => this.lock(tx, partition));
    return this.unitOfWork.transaction(principal, async (tx) => {
      const again = await this.read(tx, partition, 1);
      if (again[0]?.id === row.id) await this.moveCheckpoint(tx, partition, again);
      return 1;
    });
  }
}

function toEnvelope(row: LogRow): Envelope {
  return {
    specversion: '1.0',
    id: row.id,
    type: row.type,
    source: row.source,
    subject: row.subject,
    time: row.time.toISOString(),
    datacontenttype: 'application/json',
    ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
    data: row.data,
  };
}
