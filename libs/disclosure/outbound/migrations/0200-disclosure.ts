import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may see whom, and who looked. */
export class Disclosure2026112300200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create schema disclosure`);
    await runner.query(`grant usage on schema disclosure to liaison_api, liaison_reactions`);
    await runner.query(ACCESS);
    await runner.query(PAIRWISE);
    await runner.query(PERMISSION);
    await runner.query(ACCESS_LOG);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop schema disclosure cascade`);
  }
}

/** Lists start from here: one row an organisation, relation and purpose, with the simple equality policy. */
const ACCESS = `
create table disclosure.access (
  id uuid primary key default uuidv7(),
  organisation_id uuid not null,
  subject_id uuid not null,
  purpose text not null,
  relationship text not null,
  relationship_id uuid not null,
  -- The authority that gave the right, and may take it.
  granted_by uuid not null,
  valid_from timestamptz not null,
  valid_to timestamptz,
  check (valid_to is null or valid_to >= valid_from)
);
create unique index access_open on disclosure.access (organisation_id, relationship_id, relationship, purpose) where valid_to is null;
create index access_subject on disclosure.access (subject_id, organisation_id);
alter table disclosure.access enable row level security, force row level security;
create policy own_relations on disclosure.access for select to liaison_api
  using (organisation_id = current_setting('liaison.organisation_id')::uuid);
-- Only an authority gives a right, and takes what it gave; everybody may give up its own.
create policy granted_by_me on disclosure.access for select to liaison_api
  using (granted_by = current_setting('liaison.organisation_id')::uuid);
create policy authority_grants on disclosure.access for insert to liaison_api
  with check (current_setting('liaison.organisation_kind') = 'PES' and granted_by = current_setting('liaison.organisation_id')::uuid);
create policy ends on disclosure.access for update to liaison_api
  using (granted_by = current_setting('liaison.organisation_id')::uuid
      or organisation_id = current_setting('liaison.organisation_id')::uuid);
create policy hub on disclosure.access to liaison_reactions using (true);
grant select, insert, update on disclosure.access to liaison_api, liaison_reactions;
`;

const PAIRWISE = `
create table disclosure.pairwise (
  organisation_id uuid not null,
  pairwise_id text not null,
  subject_id uuid not null,
  own_reference text,
  primary key (organisation_id, pairwise_id),
  unique (organisation_id, subject_id),
  unique (organisation_id, own_reference)
);
alter table disclosure.pairwise enable row level security, force row level security;
create policy own_ids on disclosure.pairwise to liaison_api using (organisation_id = current_setting('liaison.organisation_id')::uuid);
create policy authority_issues on disclosure.pairwise for insert to liaison_api
  with check (current_setting('liaison.organisation_kind') = 'PES');
create policy hub on disclosure.pairwise to liaison_reactions using (true);
grant select, insert, update on disclosure.pairwise to liaison_api, liaison_reactions;
`;

const PERMISSION = `
create table disclosure.permission (
  id uuid primary key default uuidv7(),
  subject_id uuid not null,
  organisation_id uuid not null,
  purpose text not null,
  effect text not null,
  channel text not null,
  recorded_at timestamptz not null,
  recorded_by text not null,
  recorded_by_organisation uuid not null,
  valid_to timestamptz
);
create index permission_subject on disclosure.permission (subject_id, organisation_id, purpose, recorded_at);
alter table disclosure.permission enable row level security, force row level security;
create policy concerns_me on disclosure.permission for select to liaison_api
  using (organisation_id = current_setting('liaison.organisation_id')::uuid
      or recorded_by_organisation = current_setting('liaison.organisation_id')::uuid);
create policy records on disclosure.permission for insert to liaison_api
  with check (recorded_by_organisation = current_setting('liaison.organisation_id')::uuid);
create policy hub on disclosure.permission to liaison_reactions using (true);
grant select, insert on disclosure.permission to liaison_api;
grant select on disclosure.permission to liaison_reactions;
`;

const ACCESS_LOG = `
create table disclosure.access_log (
  id uuid primary key,
  at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  organisation_id uuid not null,
  actor_id text not null,
  purpose text not null,
  operation text not null,
  -- Null when nobody was found: the look is logged all the same.
  subject_id uuid,
  categories text[] not null,
  outcome text not null check (outcome in ('SHOWN', 'PARTLY_SHOWN', 'REFUSED')),
  reason text
);
create index access_log_organisation on disclosure.access_log (organisation_id, id);
create index access_log_subject on disclosure.access_log (subject_id, id);
alter table disclosure.access_log enable row level security, force row level security;
create policy writes on disclosure.access_log for insert to liaison_api
  with check (organisation_id = current_setting('liaison.organisation_id')::uuid);
create policy reads_own on disclosure.access_log for select to liaison_api
  using (organisation_id = current_setting('liaison.organisation_id')::uuid
      or current_setting('liaison.organisation_kind') = 'AUDITOR'
      or subject_id in (select a.subject_id from disclosure.access a
                        where a.organisation_id = current_setting('liaison.organisation_id')::uuid and a.relationship = 'AUTHORITY'));
create policy hub on disclosure.access_log for select to liaison_reactions using (true);
create function disclosure.refuse_change() returns trigger language plpgsql as
$$ begin raise exception 'The access log is append-only.' using errcode = 'restrict_violation'; end $$;
create trigger append_only before update or delete or truncate on disclosure.access_log
  for each statement execute function disclosure.refuse_change();
grant select, insert on disclosure.access_log to liaison_api;
grant select on disclosure.access_log to liaison_reactions;
`;
