import type { Envelope } from '#libs/kernel/index.js';
import { sql, type Tx } from '../postgres/transaction.js';

/** An event that a reaction could not handle, with everything needed to try it again. */
export interface Unhandled {
  readonly group: string;
  readonly reaction: string;
  readonly eventId: string;
  readonly key: string;
  /** PARKED holds its key; QUEUED waits behind it; DEAD can never pass as it is; DROPPED by a person, with the reason as cause. */
  readonly state: 'PARKED' | 'QUEUED' | 'DEAD' | 'DROPPED';
  readonly attempts: number;
  readonly cause: string;
  /** Null where what came could not be read as an event. */
  readonly envelope: Envelope | null;
}

/** True the first time: the effect is made once, however often the event comes. */
export const claimInbox = async (tx: Tx, reaction: string, eventId: string): Promise<boolean> =>
  (await claimInboxOf(tx, reaction, [eventId])).has(eventId);

/**
 * Which of these events come for the first time: neither handled nor put aside, since what is dead or dropped stays so when the log
 * repeats it. One statement for all, since a round trip an event is what a slice would cost most.
 */
export async function claimInboxOf(tx: Tx, reaction: string, eventIds: readonly string[]): Promise<Set<string>> {
  if (eventIds.length === 0) return new Set();
  const rows = await sql<{ id: string }>(
    tx,
    `insert into platform.inbox (reaction, event_id) select $1, e.id from unnest($2::uuid[]) as e(id)
     where not exists (select from platform.unhandled u where u.reaction = $1 and u.event_id = e.id)
     on conflict do nothing returning event_id as id`,
    [reaction, eventIds],
  );
  return new Set(rows.map((row) => row.id));
}

export async function keepUnhandled(tx: Tx, unhandled: Unhandled): Promise<void> {
  await sql(
    tx,
    `insert into platform.unhandled (consumer_group, reaction, event_id, key, state, attempts, cause, envelope)
     select $1, $2, $3, $4, $5, $6, $7, $8::jsonb
     where not exists (select from platform.inbox i where i.reaction = $2 and i.event_id = $3)
     on conflict (reaction, event_id) do nothing`,
    [
      unhandled.group,
      unhandled.reaction,
      unhandled.eventId,
      unhandled.key,
      unhandled.state,
      unhandled.attempts,
      unhandled.cause,
      JSON.stringify(unhandled.envelope),
    ],
  );
}

/** Is the key held by a parked event of the group, another one than this? */
export async function isHeld(tx: Tx, group: string, { subject, id }: Envelope): Promise<boolean> {
  const rows = await sql(
    tx,
    `select from platform.unhandled
     where consumer_group = $1 and key = $2 and state in ('PARKED', 'QUEUED') and event_id <> $3 limit 1`,
    [group, subject, id],
  );
  return rows.length > 0;
}

/** Which of these keys are held by a parked event of the group. */
export async function queuedKeys(tx: Tx, group: string, keys: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ key: string }>(
    tx,
    `select distinct key from platform.unhandled where consumer_group = $1 and key = any($2::text[]) and state in ('PARKED', 'QUEUED')`,
    [group, keys],
  );
  return new Set(rows.map((row) => row.key));
}

export async function listUnhandled(
  tx: Tx,
  filter: { readonly states: readonly Unhandled['state'][]; readonly limit: number },
): Promise<(Unhandled & { readonly id: bigint; readonly recordedAt: Date })[]> {
  return sql(
    tx,
    `select id, consumer_group as "group", reaction, event_id as "eventId", key, state, attempts, cause, envelope,
            recorded_at as "recordedAt"
     from platform.unhandled where state = any($1::text[]) order by id limit $2`,
    [filter.states, filter.limit],
  );
}

/**
 * An event that is due to be tried again and the oldest of its key, locked: of two members that look, one has it, and the other one
 * cannot take what comes behind it. `tried` are passed over.
 */
export async function takeDue(
  tx: Tx,
  group: string,
  tried: readonly bigint[],
): Promise<(Unhandled & { readonly id: bigint }) | undefined> {
  const rows = await sql<Unhandled & { readonly id: bigint }>(
    tx,
    `select id, consumer_group as "group", reaction, event_id as "eventId", key, state, attempts, cause, envelope
     from platform.unhandled u
     where consumer_group = $1 and state in ('PARKED', 'QUEUED') and next_try_at <= now() and id <> all($2::bigint[])
       and not exists (select from platform.unhandled e where e.consumer_group = u.consumer_group and e.key = u.key
                       and e.state in ('PARKED', 'QUEUED') and e.id < u.id)
     order by id limit 1 for update skip locked`,
    [group, tried.map(String)],
  );
  return rows[0];
}

export async function removeUnhandled(tx: Tx, id: bigint): Promise<void> {
  await sql(tx, `delete from platform.unhandled where id = $1`, [id]);
}

/** Tried again in vain, but it may pass later: waits twice as long each time, from one second to ten minutes. */
export async function postponeUnhandled(tx: Tx, id: bigint, cause: string): Promise<void> {
  await sql(
    tx,
    `update platform.unhandled set attempts = attempts + 1, cause = $2, state = 'PARKED',
            next_try_at = now() + least(interval '10 minutes', interval '1 second' * power(2, least(attempts, 10)))
     where id = $1 and state in ('PARKED', 'QUEUED')`,
    [id, cause],
  );
}

/** Tried again, and it can never pass as it is: it holds its key no longer. */
export async function buryUnhandled(tx: Tx, id: bigint, cause: string): Promise<void> {
  await sql(
    tx,
    `update platform.unhandled set attempts = attempts + 1, cause = $2, state = 'DEAD'
     where id = $1 and state in ('PARKED', 'QUEUED')`,
    [id, cause],
  );
}

/** Replay: parked and dead events are due at once, but for what could not be read. Answers how many. */
export async function replayUnhandled(tx: Tx, ids: readonly bigint[] | null): Promise<number> {
  const rows = await sql(
    tx,
    `update platform.unhandled set state = 'PARKED', next_try_at = now()
     where state in ('PARKED', 'DEAD') and envelope <> 'null' and ($1::bigint[] is null or id = any($1)) returning 1`,
    [ids === null ? null : ids.map(String)],
  );
  return rows.length;
}

/** A person decides that an event shall have no effect here; it stays on record with the reason. */
export async function dropUnhandled(tx: Tx, id: bigint, reason: string): Promise<boolean> {
  const rows = await sql(
    tx,
    `update platform.unhandled set state = 'DROPPED', cause = $2 where id = $1 and state <> 'DROPPED' returning 1`,
    [id, reason],
  );
  return rows.length === 1;
}
