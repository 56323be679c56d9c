import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Outcomes2026112300610 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(EVIDENCE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table outcomes.evidence`);
  }
}

/** What people of the authority were told or shown, in their words; it is never changed, and events do not carry it. */
const EVIDENCE = `
create table outcomes.evidence (
  id uuid primary key,
  outcome_id uuid not null references outcomes.outcome,
  authority_id uuid not null,
  rung int not null check (rung between 2 and 4),
  answer text not null check (answer in ('YES', 'NO', 'UNKNOWN')),
  note text not null,
  actor_id text not null,
  recorded_at timestamptz not null
);
create index evidence_of_outcome on outcomes.evidence (outcome_id, recorded_at);
alter table outcomes.evidence enable row level security, force row level security;
create policy of_authority on outcomes.evidence to liaison_api
  using (authority_id = current_setting('liaison.organisation_id')::uuid)
  with check (authority_id = current_setting('liaison.organisation_id')::uuid);
create policy hub on outcomes.evidence to liaison_reactions using (true);
grant select, insert on outcomes.evidence to liaison_api;
grant select on outcomes.evidence to liaison_reactions;
`;
