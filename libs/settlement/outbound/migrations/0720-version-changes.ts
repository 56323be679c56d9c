import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Two people move running referrals to another version of their tariff. */
export class Settlement2026112300720 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table settlement.version_change (
        id uuid primary key,
        state text not null check (state in ('PROPOSED', 'CONFIRMED', 'WITHDRAWN')),
        authority_id uuid not null,
        tariff_id text not null,
        from_version text not null,
        to_version text not null,
        contract_id uuid,
        reason text not null,
        proposed_by text not null,
        confirmed_by text,
        referrals integer,
        version integer not null,
        check (confirmed_by is null or confirmed_by <> proposed_by)
      );
      create unique index version_change_open on settlement.version_change
        (authority_id, tariff_id, from_version, coalesce(contract_id, authority_id)) where state = 'PROPOSED';
      alter table settlement.version_change enable row level security, force row level security;
      create policy hub on settlement.version_change to liaison_reactions using (true);
      create policy authority on settlement.version_change to liaison_api
        using (authority_id = current_setting('liaison.organisation_id')::uuid);
      grant select, update on settlement.version_change to liaison_reactions;
      grant select, insert, update on settlement.version_change to liaison_api;
      create index engagement_version on settlement.engagement (tariff_id, tariff_version);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index settlement.engagement_version; drop table settlement.version_change`);
  }
}
