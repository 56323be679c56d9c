import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is owed: engagements with their locked price, facts, claims, commitments, recoveries, provider statements. */
export class Settlement2026112300700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create schema settlement`);
    await runner.query(`grant usage on schema settlement to liaison_api, liaison_reactions`);
    await runner.query(ENGAGEMENTS);
    await runner.query(CLAIMS);
    await runner.query(STATEMENTS);
    await runner.query(HISTORY);
    await runner.query(WHO_MAY_SEE_WHAT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop schema settlement cascade`);
  }
}

const ENGAGEMENTS = `
create table settlement.engagement (
  referral_id uuid primary key,
  person_id uuid not null,
  contract_id uuid not null,
  authority_id uuid not null,
  provider_id uuid not null,
  tariff_id text not null,
  tariff_version text not null,
  currency text not null,
  locked jsonb not null,
  accepted_at timestamptz not null
);
create index engagement_person on settlement.engagement (person_id);

-- Two times: effective_on in the world, known_since to superseded_at in the hub. A fact may come before its engagement does.
create table settlement.fact (
  id uuid primary key,
  key text not null,
  referral_id uuid,
  person_id uuid not null,
  authority_id uuid not null,
  kind text not null,
  effective_on date not null,
  known_since timestamptz not null,
  superseded_at timestamptz,
  body jsonb not null,
  event_id uuid not null
);
create unique index fact_current on settlement.fact (key) where superseded_at is null;
create index fact_person on settlement.fact (person_id) where superseded_at is null;
create index fact_referral on settlement.fact (referral_id);

-- Days that pricing itself has named: on each of them the engagement is priced again.
create table settlement.named_date (
  on_date date not null,
  referral_id uuid not null,
  primary key (on_date, referral_id)
);
create index named_date_referral on settlement.named_date (referral_id);

create table settlement.question (
  verification_id uuid primary key,
  referral_id uuid not null,
  question text not null,
  from_on date not null,
  to_on date not null,
  asked_at timestamptz not null,
  unique (referral_id, question, from_on, to_on)
);

create table settlement.commitment (
  referral_id uuid primary key,
  authority_id uuid not null,
  provider_id uuid not null,
  contract_id uuid not null,
  state text not null check (state in ('PROPOSED', 'APPROVED', 'SETTLED', 'CANCELLED')),
  amount_minor bigint not null check (amount_minor >= 0),
  drawn_minor bigint not null default 0,
  currency text not null
);
create index commitment_authority on settlement.commitment (authority_id, state);
create index commitment_provider on settlement.commitment (provider_id);
`;

const CLAIMS = `
create sequence settlement.claim_number;
create table settlement.claim (
  id uuid primary key,
  number text not null unique,
  kind text not null check (kind in ('FEE', 'ADJUSTMENT', 'REVERSAL')),
  state text not null,
  referral_id uuid not null,
  person_id uuid not null,
  contract_id uuid not null,
  authority_id uuid not null,
  provider_id uuid not null,
  tariff_id text not null,
  tariff_version text not null,
  fee_id text not null,
  occurrence text not null,
  due_on date not null,
  currency text not null,
  asked_minor bigint not null check (asked_minor <> 0),
  approved_minor bigint,
  certified_minor bigint,
  fee_minor bigint not null,
  why text not null,
  -- Employments the fee rests on, to find the same job claimed twice.
  jobs text[] not null default '{}',
  findings jsonb not null default '[]',
  corrects_id uuid,
  approved_by text,
  certified_by text,
  certified_on date,
  batch_id uuid,
  statement_id uuid,
  disputed_from text,
  returns integer not null default 0,
  version integer not null,
  check (state <> 'CERTIFIED' or (certified_minor is not null and certified_by <> approved_by))
);
-- Whatever the code does, one fee is claimed once.
create unique index claim_once on settlement.claim (referral_id, fee_id, occurrence)
  where kind = 'FEE' and state not in ('CANCELLED', 'REJECTED');
create index claim_authority on settlement.claim (authority_id, state, id);
create index claim_provider on settlement.claim (provider_id, state, id);
create index claim_person on settlement.claim (person_id);
create index claim_batch_id on settlement.claim (batch_id) where batch_id is not null;
create index claim_unstated on settlement.claim (authority_id, provider_id) where state = 'CERTIFIED' and statement_id is null;

create table settlement.claim_batch (
  id uuid primary key,
  authority_id uuid not null,
  state text not null check (state in ('APPROVED', 'CERTIFIED')),
  count integer not null,
  sum_minor bigint not null,
  currency text not null,
  hash text not null,
  approved_by text not null,
  certified_by text,
  check (certified_by is null or certified_by <> approved_by)
);
create index claim_batch_authority on settlement.claim_batch (authority_id, id);
-- As frozen: a claim that fell out since stands here and no longer names the batch itself.
create table settlement.claim_batch_item (
  batch_id uuid not null,
  claim_id uuid not null,
  authority_id uuid not null,
  amount_minor bigint not null,
  primary key (batch_id, claim_id)
);

create table settlement.recovery (
  id uuid primary key,
  state text not null,
  claim_id uuid not null,
  referral_id uuid not null,
  authority_id uuid not null,
  provider_id uuid not null,
  currency text not null,
  amount_minor bigint not null check (amount_minor > 0),
  recovered_minor bigint not null default 0 check (recovered_minor between 0 and amount_minor),
  fee_minor bigint not null,
  reason text not null,
  proposed_on date not null,
  provider_accepts boolean,
  provider_answer text,
  decision text,
  decided_by text,
  confirmed_by text,
  withdrawn boolean not null default false,
  version integer not null,
  check (confirmed_by is null or confirmed_by <> decided_by)
);
create index recovery_authority on settlement.recovery (authority_id, state);
create index recovery_provider on settlement.recovery (provider_id, state);
create index recovery_referral on settlement.recovery (referral_id);
`;

const STATEMENTS = `
create table settlement.provider_statement (
  id uuid primary key,
  number text not null unique,
  authority_id uuid not null,
  provider_id uuid not null,
  month text not null,
  currency text not null,
  brought_forward_minor bigint not null check (brought_forward_minor <= 0),
  net_minor bigint not null check (net_minor >= 0),
  carried_forward_minor bigint not null check (carried_forward_minor <= 0),
  issued_at timestamptz not null,
  unique (authority_id, provider_id, month, currency)
);
create index provider_statement_provider on settlement.provider_statement (provider_id, id);
create table settlement.provider_statement_line (
  statement_id uuid not null,
  line integer not null,
  authority_id uuid not null,
  provider_id uuid not null,
  kind text not null,
  -- A claim stands on one statement, once.
  claim_id uuid unique,
  recovery_id uuid,
  claim_number text,
  fee_id text,
  text text not null,
  amount_minor bigint not null check (amount_minor <> 0),
  primary key (statement_id, line)
);
create sequence settlement.statement_number;
`;

const HISTORY = `
create table settlement.history (
  id bigint generated always as identity primary key,
  subject_kind text not null,
  subject_id uuid not null,
  authority_id uuid not null,
  provider_id uuid,
  type text not null,
  effective_on date not null,
  recorded_at timestamptz not null,
  actor_id text not null,
  body jsonb not null
);
create index history_subject on settlement.history (subject_id, id);
create index history_authority on settlement.history (authority_id);
`;

/** An authority sees the rows of its contracts, a provider its own; facts, questions and named dates are the hub's alone. */
const WHO_MAY_SEE_WHAT = `
do $$
declare name text;
begin
  foreach name in array array['engagement','fact','named_date','question','commitment','claim','claim_batch','claim_batch_item',
                              'recovery','provider_statement','provider_statement_line','history'] loop
    execute format('alter table settlement.%I enable row level security, force row level security', name);
    execute format('create policy hub on settlement.%I to liaison_reactions using (true)', name);
    execute format('grant select, insert, update on settlement.%I to liaison_reactions', name);
  end loop;
  foreach name in array array['engagement','commitment','claim','recovery','provider_statement','provider_statement_line','history'] loop
    execute format($policy$create policy parties on settlement.%I to liaison_api
      using (authority_id = current_setting('liaison.organisation_id')::uuid
          or provider_id = current_setting('liaison.organisation_id')::uuid)$policy$, name);
  end loop;
  foreach name in array array['claim_batch','claim_batch_item'] loop
    execute format($policy$create policy authority on settlement.%I to liaison_api
      using (authority_id = current_setting('liaison.organisation_id')::uuid)$policy$, name);
  end loop;
end $$;
grant delete on settlement.named_date to liaison_reactions;
grant select on settlement.engagement, settlement.provider_statement, settlement.provider_statement_line to liaison_api;
grant select, update on settlement.claim, settlement.commitment, settlement.recovery to liaison_api;
grant select, insert, update on settlement.claim_batch, settlement.claim_batch_item to liaison_api;
grant select, insert on settlement.history to liaison_api;
grant usage on sequence settlement.claim_number, settlement.statement_number to liaison_reactions;
revoke update on settlement.history, settlement.provider_statement_line from liaison_reactions;
`;
