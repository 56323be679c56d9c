import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Outcomes2026112300600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create schema outcomes`);
    await runner.query(`grant usage on schema outcomes to liaison_api, liaison_reactions`);
    await runner.query(OUTCOME);
    await runner.query(HISTORY);
    await runner.query(REFERRAL);
    await runner.query(REGISTER);
    await runner.query(VERIFICATION);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop schema outcomes cascade`);
  }
}

const OUTCOME = `
create table outcomes.outcome (
  id uuid primary key,
  state text not null,
  origin text not null check (origin in ('REPORTED', 'DETECTED')),
  version int not null,
  person_id uuid not null,
  authority_id uuid not null,
  referral_id uuid,
  provider_id uuid,
  reporter_id uuid,
  started_on date not null,
  ended_on date,
  contract_type text not null,
  contract_months int,
  weekly_hours numeric not null check (weekly_hours > 0 and weekly_hours <= 168),
  normal_hours_share numeric check (normal_hours_share > 0 and normal_hours_share <= 1),
  insured boolean not null,
  employer_ref text not null,
  employer_name text,
  vacancy_id uuid,
  reported_end date,
  register_ref text,
  rung int not null,
  evidence_reason text,
  evidence_since date,
  -- The day on which the register is asked next; null: it has been asked, or needs not be.
  ask_on date,
  verification jsonb,
  check (ended_on is null or ended_on >= started_on)
);
create index outcome_person on outcomes.outcome (person_id, id);
create index outcome_referral on outcomes.outcome (referral_id, id);
create index outcome_authority on outcomes.outcome (authority_id, id);
create index outcome_ask_on on outcomes.outcome (ask_on) where ask_on is not null;
create index outcome_evidence_since on outcomes.outcome (evidence_since) where state = 'EVIDENCE_PENDING';
-- A register's job is one outcome at a time.
create unique index outcome_register_ref on outcomes.outcome (authority_id, register_ref) where state <> 'REVERSED';
-- First proof wins: the net below the handler, which looks before it proves.
create unique index outcome_proven_once on outcomes.outcome (person_id, employer_ref, started_on) where state = 'VERIFIED';
alter table outcomes.outcome enable row level security, force row level security;
-- The authority sees its persons' outcomes, a provider those of a referral while it has an open relation that rests on it.
create policy related on outcomes.outcome to liaison_api
  using (authority_id = current_setting('liaison.organisation_id')::uuid
      or exists (select from disclosure.access a
                 where a.organisation_id = current_setting('liaison.organisation_id')::uuid
                   and a.relationship = 'REFERRAL' and a.relationship_id = outcome.referral_id and a.valid_to is null))
  with check (reporter_id = current_setting('liaison.organisation_id')::uuid);
create policy hub on outcomes.outcome to liaison_reactions using (true);
grant select, insert, update on outcomes.outcome to liaison_api, liaison_reactions;
`;

/** What was said, from when it holds, when it was known, by whom and why: an earlier version stays readable for ever. */
const HISTORY = `
create table outcomes.history (
  outcome_id uuid not null,
  version int not null,
  type text not null,
  data jsonb not null,
  reason text,
  effective_on date not null,
  recorded_at timestamptz not null,
  organisation_id uuid,
  actor_id text not null,
  primary key (outcome_id, version)
);
alter table outcomes.history enable row level security, force row level security;
create policy related on outcomes.history to liaison_api
  using (exists (select from outcomes.outcome o where o.id = outcome_id))
  with check (organisation_id = current_setting('liaison.organisation_id')::uuid);
create policy hub on outcomes.history to liaison_reactions using (true);
grant select, insert on outcomes.history to liaison_api, liaison_reactions;
`;

/** What referrals published, as far as it decides whose work a detected job was. */
const REFERRAL = `
create table outcomes.referral (
  referral_id uuid primary key,
  person_id uuid not null,
  authority_id uuid not null,
  provider_id uuid not null,
  state text not null,
  accepted_on date not null,
  ended_on date
);
create index referral_person on outcomes.referral (person_id);
alter table outcomes.referral enable row level security, force row level security;
create policy hub on outcomes.referral to liaison_reactions using (true);
grant select, insert, update on outcomes.referral to liaison_reactions;
`;

/** How far each register's feed was read, and which outcome each of its jobs became. */
const REGISTER = `
create table outcomes.register_cursor (
  authority_id uuid primary key,
  cursor text not null,
  read_at timestamptz not null
);
create table outcomes.register_spell (
  authority_id uuid not null,
  register_ref text not null,
  revision int not null,
  outcome_id uuid,
  primary key (authority_id, register_ref)
);
-- Changes that cannot be (a job that ends before it starts): passed over, and kept for whoever talks to the register.
create table outcomes.register_refused (
  authority_id uuid not null,
  register_ref text not null,
  revision int not null,
  code text not null,
  field text not null,
  recorded_at timestamptz not null,
  primary key (authority_id, register_ref, revision)
);
alter table outcomes.register_cursor enable row level security, force row level security;
alter table outcomes.register_spell enable row level security, force row level security;
alter table outcomes.register_refused enable row level security, force row level security;
create policy hub on outcomes.register_refused to liaison_reactions using (true);
create policy hub on outcomes.register_cursor to liaison_reactions using (true);
create policy hub on outcomes.register_spell to liaison_reactions using (true);
grant select, insert, update on outcomes.register_cursor, outcomes.register_spell to liaison_reactions;
grant select, insert on outcomes.register_refused to liaison_reactions;
`;

/** Questions that pricing waits for. */
const VERIFICATION = `
create table outcomes.verification (
  id uuid primary key,
  referral_id uuid not null,
  person_id uuid not null,
  authority_id uuid not null,
  question text not null,
  from_day date not null,
  to_day date not null,
  answer text check (answer in ('YES', 'NO', 'UNKNOWN')),
  reason text,
  as_of date,
  -- The day on which the register is asked (again); null: a job is asking, or it has answered.
  ask_on date
);
create index verification_ask_on on outcomes.verification (ask_on) where ask_on is not null;
alter table outcomes.verification enable row level security, force row level security;
create policy hub on outcomes.verification to liaison_reactions using (true);
grant select, insert, update on outcomes.verification to liaison_reactions;
`;
