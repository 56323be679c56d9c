import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Business time and idempotency: what every transaction begins with. */
export class Platform2026112300010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create schema platform`);
    await runner.query(`grant usage on schema platform to liaison_app, liaison_api, liaison_reactions`);
    await runner.query(BUSINESS_CLOCK);
    await runner.query(IDEMPOTENCY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop schema platform cascade`);
  }
}

/** In production the table is empty and business time is the database's own; the demonstration sets it, forward only. */
const BUSINESS_CLOCK = `
create table platform.business_clock (only_row boolean primary key default true check (only_row), now timestamptz not null);

-- Read in the statement that takes the role, so the login may ask before it has one.
create function platform.business_now() returns timestamptz language sql stable security definer set search_path = platform as
$$ select coalesce((select now from platform.business_clock), pg_catalog.now()) $$;
revoke execute on function platform.business_now() from public;
grant execute on function platform.business_now() to liaison_app, liaison_api, liaison_reactions;
`;

const IDEMPOTENCY = `
create table platform.idempotency (
  owner text not null,
  key text not null,
  command text not null,
  fingerprint bytea not null,
  answer jsonb,
  recorded_at timestamptz not null default now(),
  primary key (owner, key)
);
create index idempotency_recorded_at on platform.idempotency (recorded_at);
alter table platform.idempotency enable row level security, force row level security;
create policy own_keys on platform.idempotency to liaison_api using (owner = current_setting('liaison.organisation_id'));
create policy hub_keys on platform.idempotency to liaison_reactions using (owner like 'hub:%');
grant select, insert, update on platform.idempotency to liaison_api, liaison_reactions;
`;
