import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Cases2026112300400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create schema cases`);
    await runner.query(`grant usage on schema cases to liaison_api, liaison_reactions`);
    await runner.query(PERSON);
    await runner.query(PLAN);
    await runner.query(RECEIVED);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop schema cases cascade`);
  }
}

/** The person with the shared case beside it: one indexed read answers a query. */
const PERSON = `
create table cases.person (
  id uuid primary key,
  authority_id uuid not null,
  national_id text not null,
  given_name text not null,
  family_name text not null,
  birth_date date not null,
  phone text,
  email text,
  municipality_id uuid not null,
  version int not null,
  shared_case jsonb not null,
  unique (authority_id, national_id)
);
create index person_national_id on cases.person (national_id);
alter table cases.person enable row level security, force row level security;
create policy related on cases.person to liaison_api
  using (exists (select from disclosure.access a
                 where a.organisation_id = current_setting('liaison.organisation_id')::uuid
                   and a.subject_id = person.id and a.valid_to is null))
  with check (authority_id = current_setting('liaison.organisation_id')::uuid);
create policy hub on cases.person to liaison_reactions using (true);
grant select, insert, update on cases.person to liaison_api;
grant select, update on cases.person to liaison_reactions;

-- Whom a national identifier means, whether or not the caller may see that person: the look is then decided and logged by its
-- subject, so that a refused look is in the person's log, while a miss and a denial answer alike.
create function cases.subject_of(wanted text) returns setof uuid language sql stable security definer set search_path = cases as
$$ select id from person where national_id = wanted order by id limit 1 $$;
revoke execute on function cases.subject_of(text) from public;
grant execute on function cases.subject_of(text) to liaison_api;
`;

const PLAN = `
create table cases.plan (
  referral_id uuid not null,
  version int not null,
  person_id uuid not null,
  authority_id uuid not null,
  provider_id uuid not null,
  agreed_on date not null,
  goals jsonb not null,
  recorded_at timestamptz not null,
  primary key (referral_id, version)
);
create index plan_person on cases.plan (person_id);
alter table cases.plan enable row level security, force row level security;
create policy related on cases.plan to liaison_api
  using (exists (select from disclosure.access a
                 where a.organisation_id = current_setting('liaison.organisation_id')::uuid
                   and a.subject_id = plan.person_id and a.valid_to is null))
  with check (provider_id = current_setting('liaison.organisation_id')::uuid);
create policy hub on cases.plan to liaison_reactions using (true);
grant select, insert on cases.plan to liaison_api;
grant select on cases.plan to liaison_reactions;
`;

/** What was received about a person, kept: the page is a fold of it, so any order and any rebuild give the same page. */
const RECEIVED = `
create table cases.received (
  event_id uuid primary key,
  person_id uuid not null,
  type text not null,
  subject text not null,
  time timestamptz not null,
  data jsonb not null
);
create index received_person on cases.received (person_id);
alter table cases.received enable row level security, force row level security;
create policy hub on cases.received to liaison_reactions using (true);
grant select, insert on cases.received to liaison_reactions;
`;
