import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is new for each organisation, in an order of its own. */
export class Deliveries2026112300900 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema deliveries;
      grant usage on schema deliveries to liaison_api, liaison_reactions;
      -- The counter's row lock gives positions in the order of commits: a reader that has seen one has seen all before it.
      create table deliveries.feed (organisation_id uuid primary key, last_position bigint not null);
      create table deliveries.change (
        organisation_id uuid not null,
        position bigint not null,
        event_id uuid not null,
        type text not null,
        subject_kind text not null,
        subject_id text not null,
        at timestamptz not null,
        primary key (organisation_id, position),
        unique (organisation_id, event_id)
      );
      alter table deliveries.change enable row level security, force row level security;
      create policy own on deliveries.change for select to liaison_api
        using (organisation_id = current_setting('liaison.organisation_id')::uuid);
      create policy hub on deliveries.change to liaison_reactions using (true);
      grant select on deliveries.change to liaison_api;
      grant select, insert on deliveries.change to liaison_reactions;
      grant select, insert, update on deliveries.feed to liaison_reactions;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop schema deliveries cascade`);
  }
}
