import type { Envelope } from '#libs/kernel/index.js';
import type { Tx } from '../postgres/transaction.js';

/** What a capability hands over to be published: the platform adds id, time, source and trace. */
export interface NewEvent<Type extends string = string, Data = unknown> {
  /** CloudEvents type with its major version: `liaison.referral.accepted.v1`. Its JSON Schema stands in `schemas/events`. */
  readonly type: Type;
  /** The aggregate's id: record key; order holds within it. */
  readonly subject: string;
  readonly data: Data;
}

/**
 * The way out of a capability: one insert into the outbox, in the caller's transaction, in both modes (PostgreSQL log, Kafka).
 * The save of the state precedes it, so that writers of one key are serialised by the row they changed.
 */
export abstract class EventLog {
  /** Validates each event against its schema (closed) and appends it. Throws `event.schema` before anything is written. */
  abstract publish(tx: Tx, events: readonly NewEvent[]): Promise<void>;
}

/**
 * What a capability does when something happened elsewhere. Named as a sentence; the name is half of the inbox key, so it never
 * changes. It runs in a transaction of the platform together with its inbox row; it may publish; it makes no HTTP call.
 *
 * It ends done (returns), transient (throws an error with `retriable`, or a database conflict) or invalid (throws anything else):
 * transient ones are retried and then park the key, invalid ones go to the dead letters with their cause.
 */
export interface Reaction {
  readonly name: string;
  readonly types: readonly string[];
  handle(tx: Tx, event: Envelope, now: Date): Promise<void>;
}

/** A consumer group is a capability; it lists its reactions in its module. */
export interface Subscription {
  readonly group: string;
  readonly reactions: readonly Reaction[];
}
