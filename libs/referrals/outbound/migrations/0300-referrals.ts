import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Referrals2026112300300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create schema referrals`);
    await runner.query(`grant usage on schema referrals to liaison_api, liaison_reactions`);
    await runner.query(REFERRAL);
    await runner.query(HISTORY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop schema referrals cascade`);
  }
}

const REFERRAL = `
create table referrals.referral (
  id uuid primary key,
  state text not null,
  version int not null,
  person_id uuid not null,
  authority_id uuid not null,
  service text not null,
  assessment jsonb not null,
  unemployed_since date,
  terms jsonb not null,
  offers jsonb not null,
  asked_provider_ids uuid[] not null,
  attempt int not null,
  choose_by date,
  contract_id uuid,
  provider_id uuid,
  chosen_by text,
  answer_by date,
  remind_on date,
  accepted_on date,
  started_on date,
  ended_on date,
  reason_code text,
  price jsonb
);
create index referral_answer_by on referrals.referral (answer_by) where state = 'REQUESTED';
create index referral_choose_by on referrals.referral (choose_by) where state = 'CHOICE_OPEN';
alter table referrals.referral enable row level security, force row level security;
-- The net below the handlers: an organisation sees a referral while it has an open relation that rests on it.
create policy related on referrals.referral to liaison_api
  using (exists (select from disclosure.access a
                 where a.organisation_id = current_setting('liaison.organisation_id')::uuid
                   and a.relationship = 'REFERRAL' and a.relationship_id = referral.id and a.valid_to is null))
  with check (authority_id = current_setting('liaison.organisation_id')::uuid
           or provider_id = current_setting('liaison.organisation_id')::uuid);
create policy hub on referrals.referral to liaison_reactions using (true);
grant select, insert, update on referrals.referral to liaison_api, liaison_reactions;
`;

/** What happened, when it took effect, when it was known, by whom: the timeline, and what read models are rebuilt from. */
const HISTORY = `
create table referrals.history (
  referral_id uuid not null,
  version int not null,
  type text not null,
  data jsonb not null,
  effective_on date not null,
  recorded_at timestamptz not null,
  organisation_id uuid,
  actor_id text not null,
  primary key (referral_id, version)
);
alter table referrals.history enable row level security, force row level security;
create policy related on referrals.history to liaison_api
  using (exists (select from disclosure.access a
                 where a.organisation_id = current_setting('liaison.organisation_id')::uuid
                   and a.relationship = 'REFERRAL' and a.relationship_id = referral_id and a.valid_to is null))
  with check (organisation_id = current_setting('liaison.organisation_id')::uuid);
create policy hub on referrals.history to liaison_reactions using (true);
grant select, insert on referrals.history to liaison_api, liaison_reactions;
`;
