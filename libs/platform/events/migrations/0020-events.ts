import type { MigrationInterface, QueryRunner } from 'typeorm';
import { PARTITIONS } from '../partition.js';

/** Outbox, log, checkpoints, inbox, and what could not be handled. */
export class PlatformEvents2026112300020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(OUTBOX);
    await runner.query(LOG);
    await runner.query(CONSUMERS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table platform.outbox, platform.event_log, platform.log_head, platform.checkpoint, platform.inbox,
      platform.unhandled`);
  }
}

/** Names and meanings of Debezium's outbox router, so that change data capture could replace the relay. */
const OUTBOX = `
create table platform.outbox (
  position bigint generated always as identity primary key,
  id uuid not null unique default uuidv7(),
  aggregatetype text not null,
  aggregateid text not null,
  type text not null,
  payload jsonb not null,
  partition smallint not null,
  time timestamptz not null,
  traceparent text
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
-- Everybody may add, only the hub reads: no partner's transaction can touch what others published.
grant insert on platform.outbox to liaison_api;
grant select, insert, delete on platform.outbox to liaison_reactions;
`;

const LOG = `
create table platform.log_head (partition smallint primary key, next_offset bigint not null);
insert into platform.log_head select generate_series(0, ${PARTITIONS - 1}), 0;
create table platform.event_log (
  partition smallint not null,
  "offset" bigint not null,
  id uuid not null unique,
  type text not null,
  source text not null,
  subject text not null,
  time timestamptz not null,
  traceparent text,
  data jsonb not null,
  logged_at timestamptz not null default now(),
  primary key (partition, "offset")
);
create index event_log_subject on platform.event_log (subject);
grant select, update on platform.log_head to liaison_reactions;
grant select, insert on platform.event_log to liaison_reactions;
`;

const CONSUMERS = `
create table platform.checkpoint (
  consumer_group text not null,
  partition smallint not null,
  next_offset bigint not null,
  moved_at timestamptz not null default now(),
  primary key (consumer_group, partition)
);
create table platform.inbox (
  reaction text not null,
  event_id uuid not null,
  handled_at timestamptz not null default now(),
  primary key (reaction, event_id)
);
-- An event that its reaction could not handle: PARKED (its key waits, later events of the key queue behind it), DEAD (invalid),
-- or DROPPED by a person with a reason.
create table platform.unhandled (
  id bigint generated always as identity primary key,
  consumer_group text not null,
  reaction text not null,
  event_id uuid not null,
  key text not null,
  state text not null check (state in ('PARKED', 'QUEUED', 'DEAD', 'DROPPED')),
  attempts int not null,
  cause text not null,
  envelope jsonb not null,
  next_try_at timestamptz not null default now(),
  recorded_at timestamptz not null default now(),
  unique (reaction, event_id)
);
create index unhandled_key on platform.unhandled (consumer_group, key) where state in ('PARKED', 'QUEUED');
grant select, insert, update on platform.checkpoint to liaison_reactions;
grant select, insert, delete on platform.inbox to liaison_reactions;
grant select, insert, update, delete on platform.unhandled to liaison_reactions;
`;
