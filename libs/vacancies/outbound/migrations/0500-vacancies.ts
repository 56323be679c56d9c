import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Vacancies2026112300500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create schema vacancies`);
    await runner.query(`grant usage on schema vacancies to liaison_api, liaison_reactions`);
    await runner.query(VACANCY);
    await runner.query(HISTORY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop schema vacancies cascade`);
  }
}

/** The columns beside `content` are those that lists are filtered and ordered by. */
const VACANCY = `
create table vacancies.vacancy (
  id uuid primary key,
  shared_by uuid not null,
  door text not null,
  external_id text not null,
  revision text not null,
  version int not null,
  removed_on date,
  content jsonb not null,
  published_on date not null,
  closes_on date,
  employer_number text,
  employer_name text,
  occupation_codes text[] not null,
  municipality_codes text[] not null,
  region_codes text[] not null,
  search tsvector not null generated always as (
    to_tsvector('simple', (content->>'title') || ' ' || coalesce(content->>'employerName', '') || ' ' || (content->>'description'))
  ) stored,
  unique (shared_by, door, external_id)
);
create index vacancy_newest on vacancies.vacancy (published_on desc, id desc);
create index vacancy_search on vacancies.vacancy using gin (search);
create index vacancy_occupation on vacancies.vacancy using gin (occupation_codes);
create index vacancy_municipality on vacancies.vacancy using gin (municipality_codes);
create index vacancy_region on vacancies.vacancy using gin (region_codes);
alter table vacancies.vacancy enable row level security, force row level security;
-- Vacancies are about nobody: every partner reads them, each changes only what it shares itself.
create policy read_all on vacancies.vacancy for select to liaison_api using (true);
create policy share on vacancies.vacancy for insert to liaison_api
  with check (shared_by = current_setting('liaison.organisation_id')::uuid);
create policy change_own on vacancies.vacancy for update to liaison_api
  using (shared_by = current_setting('liaison.organisation_id')::uuid)
  with check (shared_by = current_setting('liaison.organisation_id')::uuid);
create policy hub on vacancies.vacancy to liaison_reactions using (true);
grant select, insert, update on vacancies.vacancy to liaison_api, liaison_reactions;
`;

const HISTORY = `
create table vacancies.history (
  vacancy_id uuid not null,
  version int not null,
  type text not null,
  data jsonb not null,
  recorded_at timestamptz not null,
  organisation_id uuid,
  actor_id text not null,
  primary key (vacancy_id, version)
);
alter table vacancies.history enable row level security, force row level security;
create policy read_all on vacancies.history for select to liaison_api using (true);
create policy append_own on vacancies.history for insert to liaison_api
  with check (organisation_id = current_setting('liaison.organisation_id')::uuid);
create policy hub on vacancies.history to liaison_reactions using (true);
grant select, insert on vacancies.history to liaison_api, liaison_reactions;
`;
