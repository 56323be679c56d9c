import { HubError, type Envelope } from '#libs/kernel/index.js';
import type { HubPrincipal } from '../../auth/principal.js';
import { sql, type Tx } from '../../postgres/transaction.js';
import type { UnitOfWork } from '../../postgres/unit-of-work.js';
import type { Reaction, Subscription } from '../event-log.js';
import { isTransient } from '../failure.js';
import { PARTITIONS } from '../partition.js';
import { claimInbox, keepUnhandled, queuedKeys, type Unhandled } from '../unhandled.store.js';

/** Events of one partition in one transaction. */
const SLICE_MAX = 200;
/** Tries of one event before its key is parked. */
const ATTEMPTS_MAX = 3;

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
  private readonly principal: HubPrincipal;
  private readonly types: readonly string[];

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly subscription: Subscription,
  ) {
    this.principal = { kind: 'reaction', actorId: subscription.group };
    this.types = [...new Set(subscription.reactions.flatMap((reaction) => reaction.types))];
  }

  /** Works through what is new in every partition once; answers how many events it moved past. */
  async pass(): Promise<number> {
    let moved = 0;
    for (const partition of await this.partitionsWithNews()) moved += await this.slice(partition, SLICE_MAX);
    return moved;
  }

  private async partitionsWithNews(): Promise<number[]> {
    return this.unitOfWork.transaction(this.principal, async (tx) => {
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
    return this.unitOfWork.transaction(this.principal, async (tx, now) => {
      const rows = await this.read(tx, partition, size);
      if (rows.length === 0) return 0;
      const waiting = await queuedKeys(tx, this.subscription.group, [...new Set(rows.map((row) => row.subject))]);
      for (const row of rows.filter((candidate) => this.types.includes(candidate.type))) {
        await this.handle(tx, toEnvelope(row), waiting.has(row.subject), now);
      }
      await this.moveCheckpoint(tx, partition, rows);
      return rows.length;
    });
  }

  private async handle(tx: Tx, event: Envelope, keyWaits: boolean, now: Date): Promise<void> {
    for (const reaction of this.subscription.reactions.filter((candidate) => candidate.types.includes(event.type))) {
      // Later events of a parked key queue behind it; other keys flow on.
      if (keyWaits)
        await keepUnhandled(
          tx,
          this.unhandled(reaction, event, 'QUEUED', 0, 'waits behind an earlier event of its key'),
        );
      else if (await claimInbox(tx, reaction.name, event.id)) await reaction.handle(tx, event, now);
    }
  }

  private async read(tx: Tx, partition: number, size: number): Promise<LogRow[]> {
    const group = this.subscription.group;
    await sql(
      tx,
      `insert into platform.checkpoint (consumer_group, partition, next_offset) values ($1, $2, 0) on conflict do nothing`,
      [group, partition],
    );
    // The lock fences a second consumer of the group, should one ever run.
    const [checkpoint] = await sql<{ next: bigint }>(
      tx,
      `select next_offset as next from platform.checkpoint where consumer_group = $1 and partition = $2 for update`,
      [group, partition],
    );
    return sql<LogRow>(
      tx,
      `select "offset", id, type, source, subject, time, traceparent, data from platform.event_log
       where partition = $1 and "offset" >= $2 order by "offset" limit $3`,
      [partition, checkpoint?.next ?? 0n, size],
    );
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

  /** One event fails: each of its reactions runs alone, so that only the culprit's effect is kept for later. */
  private async giveUp(partition: number, cause: unknown): Promise<number> {
    const row = await this.unitOfWork.transaction(this.principal, async (tx) => (await this.read(tx, partition, 1))[0]);
    if (row === undefined) return 0;
    const event = toEnvelope(row);
    const reactions = this.subscription.reactions.filter((candidate) => candidate.types.includes(event.type));
    // Nothing here reacts to it, so it was the log itself that could not be read or moved: that is not this event's fault.
    if (reactions.length === 0) throw cause;
    for (const reaction of reactions) await this.alone(reaction, event);
    return this.unitOfWork.transaction(this.principal, async (tx) => {
      const again = await this.read(tx, partition, 1);
      if (again[0]?.id === event.id) await this.moveCheckpoint(tx, partition, again);
      return 1;
    });
  }

  /** Tried a few times if it may pass, then its key is parked; what can never pass is dead at once. */
  private async alone(reaction: Reaction, event: Envelope): Promise<void> {
    for (let attempts = 1; ; attempts += 1) {
      try {
        await this.unitOfWork.transaction(this.principal, async (tx, now) => {
          if (await claimInbox(tx, reaction.name, event.id)) await reaction.handle(tx, event, now);
        });
        return;
      } catch (error) {
        if (isTransient(error) && attempts < ATTEMPTS_MAX) continue;
        const state = isTransient(error) ? 'PARKED' : 'DEAD';
        await this.unitOfWork.transaction(this.principal, (tx) =>
          keepUnhandled(tx, this.unhandled(reaction, event, state, attempts, causeOf(error))),
        );
        return;
      }
    }
  }

  private unhandled(
    reaction: Reaction,
    event: Envelope,
    state: Unhandled['state'],
    attempts: number,
    cause: string,
  ): Unhandled {
    return {
      group: this.subscription.group,
      reaction: reaction.name,
      eventId: event.id,
      key: event.subject,
      state,
      attempts,
      cause,
      envelope: event,
    };
  }
}

/** Codes and messages of our own errors; of others only what kind they are, since their text may carry data. */
export function causeOf(error: unknown): string {
  if (error instanceof HubError) return `${error.code}: ${error.message}`;
  const database = (error as { driverError?: { code?: string } } | null)?.driverError?.code;
  if (database !== undefined) return `database error ${database}`;
  return error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 500) : 'unknown error';
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
