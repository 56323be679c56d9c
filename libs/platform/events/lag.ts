import { sql, type Tx } from '../postgres/transaction.js';

/** How far a consumer group is behind the log. */
export interface Lag {
  readonly group: string;
  readonly behind: number;
  readonly oldestAgeMs: number;
}

/** What waits in the outbox. */
export interface Outbox {
  readonly rows: number;
  readonly oldestAgeMs: number;
}

/** Rows of the outbox, and the age of the oldest by the wall clock, which its id holds (`time` is business time). */
export async function outboxOf(tx: Tx): Promise<Outbox> {
  const [row] = await sql<{ rows: bigint; oldestAgeMs: number }>(
    tx,
    `select count(*) as rows,
            coalesce(max(extract(epoch from clock_timestamp() - uuid_extract_timestamp(id)) * 1000), 0)::float8 as "oldestAgeMs"
     from platform.outbox`,
  );
  return { rows: Number(row?.rows ?? 0n), oldestAgeMs: row?.oldestAgeMs ?? 0 };
}

/** Events behind and the age of the oldest unprocessed one, for these groups or for all that have a checkpoint. */
export async function lagOfGroups(tx: Tx, groups: readonly string[] | null = null): Promise<Lag[]> {
  const rows = await sql<{ group: string; behind: bigint; oldestAgeMs: number }>(
    tx,
    `select g.name as "group", coalesce(sum(h.next_offset - coalesce(c.next_offset, 0)), 0)::bigint as behind,
            coalesce(max(extract(epoch from clock_timestamp() - l.logged_at) * 1000), 0)::int as "oldestAgeMs"
     from (select distinct consumer_group as name from platform.checkpoint where $1::text[] is null
           union select unnest($1::text[])) g cross join platform.log_head h
     left join platform.checkpoint c on c.consumer_group = g.name and c.partition = h.partition
     left join platform.event_log l on l.partition = h.partition and l."offset" = coalesce(c.next_offset, 0)
     group by g.name order by g.name`,
    [groups],
  );
  return rows.map((row) => ({ ...row, behind: Number(row.behind) }));
}
