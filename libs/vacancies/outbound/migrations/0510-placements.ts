import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Vacancies2026112300510 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PLACEMENT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table vacancies.placement`);
  }
}

/** Jobs by the vacancy they came from, as the events of outcomes tell: no person, no provider. */
const PLACEMENT = `
create table vacancies.placement (
  outcome_id uuid primary key,
  vacancy_id uuid not null,
  standing text not null check (standing in ('REPORTED', 'VERIFIED', 'GONE'))
);
create index placement_of_vacancy on vacancies.placement (vacancy_id);
alter table vacancies.placement enable row level security, force row level security;
-- Who shares a vacancy is told how many jobs came from it; others are not.
create policy of_own on vacancies.placement for select to liaison_api using (
  exists (select from vacancies.vacancy v
          where v.id = vacancy_id and v.shared_by = current_setting('liaison.organisation_id')::uuid)
);
create policy hub on vacancies.placement to liaison_reactions using (true);
grant select on vacancies.placement to liaison_api;
grant select, insert, update on vacancies.placement to liaison_reactions;
`;
