import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What moves at the bank: accounts, payables, payment files, bank files and statements, matches and what could not be matched. */
export class Settlement2026112300701 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PAYABLES);
    await runner.query(PAYMENT_FILES);
    await runner.query(BANK);
    await runner.query(WHO_MAY_SEE_WHAT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table settlement.unmatched_item, settlement.bank_match, settlement.bank_line, settlement.bank_statement,
         settlement.bank_file, settlement.payment_transfer, settlement.payment_file, settlement.payable, settlement.payee_account`,
    );
    await runner.query(`drop sequence settlement.payment_file_number`);
  }
}

const PAYABLES = `
create table settlement.payee_account (
  id uuid primary key,
  state text not null check (state in ('PROPOSED', 'CONFIRMED', 'REPLACED', 'CLOSED')),
  authority_id uuid not null,
  provider_id uuid not null,
  iban text not null,
  bic text,
  holder text not null,
  proposed_by text not null,
  confirmed_by text,
  version integer not null,
  check (confirmed_by is null or confirmed_by <> proposed_by)
);
create unique index payee_account_confirmed on settlement.payee_account (authority_id, provider_id) where state = 'CONFIRMED';
create index payee_account_provider on settlement.payee_account (provider_id);

create table settlement.payable (
  id uuid primary key,
  state text not null check (state in ('OPEN', 'IN_FILE', 'EXECUTED', 'RECONCILED', 'HELD')),
  authority_id uuid not null,
  provider_id uuid not null,
  statement_id uuid not null unique,
  statement_number text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  reference text not null unique,
  end_to_end_id text unique,
  file_id uuid,
  reason text,
  attempts integer not null default 0,
  version integer not null
);
create index payable_authority on settlement.payable (authority_id, state, id);
create index payable_provider on settlement.payable (provider_id, id);
`;

const PAYMENT_FILES = `
create sequence settlement.payment_file_number;
create table settlement.payment_file (
  id uuid primary key,
  message_id text not null unique,
  payment_info_id text not null unique,
  state text not null check (state in ('PREPARED', 'RELEASED', 'PARTLY_REJECTED', 'ANSWERED', 'DISCARDED')),
  authority_id uuid not null,
  execution_date date not null,
  count integer not null,
  sum_minor bigint not null,
  currency text not null,
  debtor_iban text not null,
  prepared_by text not null,
  released_by text,
  content text not null,
  check (released_by is null or released_by <> prepared_by)
);
create index payment_file_authority on settlement.payment_file (authority_id, id);
create table settlement.payment_transfer (
  -- Used once, ever.
  end_to_end_id text primary key,
  file_id uuid not null,
  payable_id uuid not null,
  authority_id uuid not null,
  provider_id uuid not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  reference text not null,
  iban text not null,
  account_id uuid not null,
  state text not null check (state in ('IN_FILE', 'EXECUTED', 'RECONCILED', 'FAILED', 'DISCARDED')),
  reason text
);
create index payment_transfer_file on settlement.payment_transfer (file_id);
create index payment_transfer_open on settlement.payment_transfer (authority_id, state);
create index payment_transfer_payable on settlement.payment_transfer (payable_id);
`;

const BANK = `
create table settlement.bank_file (
  id uuid primary key,
  authority_id uuid not null,
  name text not null,
  kind text not null,
  content_hash bytea not null,
  imported_at timestamptz not null,
  imported_by text not null,
  result jsonb not null,
  unique (authority_id, content_hash)
);
create table settlement.bank_statement (
  id uuid primary key,
  file_id uuid not null,
  authority_id uuid not null,
  account text not null,
  statement_id text not null,
  date date not null,
  opening_minor bigint,
  closing_minor bigint,
  currency text not null,
  lines integer not null,
  unique (authority_id, account, statement_id)
);
create table settlement.bank_line (
  id uuid primary key,
  -- The statement that told it first: the same booking may be told again.
  statement_id uuid not null,
  authority_id uuid not null,
  key text not null,
  account text not null,
  booked_on date not null,
  amount_minor bigint not null,
  currency text not null,
  body jsonb not null,
  unique (authority_id, key)
);
create index bank_line_statement on settlement.bank_line (statement_id);
create table settlement.bank_match (
  id uuid primary key,
  authority_id uuid not null,
  bank_line_id uuid not null,
  leg integer not null,
  end_to_end_id text not null,
  payable_id uuid not null,
  amount_minor bigint not null,
  kind text not null check (kind in ('PAYMENT', 'RETURN')),
  rule text not null,
  why text not null,
  return_reason text,
  actor_id text not null,
  matched_at timestamptz not null,
  undone_at timestamptz,
  undone_by text,
  undone_why text
);
-- A leg of a bank line is matched once, and so is a transfer as paid and as returned.
create unique index bank_match_line on settlement.bank_match (bank_line_id, leg) where undone_at is null;
create unique index bank_match_transfer on settlement.bank_match (end_to_end_id, kind) where undone_at is null;
create index bank_match_authority on settlement.bank_match (authority_id);

create table settlement.unmatched_item (
  id uuid primary key,
  authority_id uuid not null,
  -- The same for the same leg, transfer or finding whenever it is found again.
  key text not null,
  kind text not null,
  open boolean not null,
  since date not null,
  bank_line_id uuid,
  leg integer,
  payable_id uuid,
  amount_minor bigint not null,
  currency text not null,
  text text not null,
  candidates jsonb not null default '[]',
  resolution text,
  unique (authority_id, key)
);
create index unmatched_item_open on settlement.unmatched_item (authority_id, open, since, id);
`;

const WHO_MAY_SEE_WHAT = `
do $$
declare name text;
begin
  foreach name in array array['payee_account','payable','payment_file','payment_transfer','bank_file','bank_statement','bank_line',
                              'bank_match','unmatched_item'] loop
    execute format('alter table settlement.%I enable row level security, force row level security', name);
    execute format('create policy hub on settlement.%I to liaison_reactions using (true)', name);
    execute format('grant select, insert, update on settlement.%I to liaison_reactions', name);
  end loop;
  foreach name in array array['payee_account','payable'] loop
    execute format($policy$create policy parties on settlement.%I to liaison_api
      using (authority_id = current_setting('liaison.organisation_id')::uuid
          or provider_id = current_setting('liaison.organisation_id')::uuid)$policy$, name);
  end loop;
  foreach name in array array['payment_file','payment_transfer','bank_file','bank_statement','bank_line','bank_match','unmatched_item'] loop
    execute format($policy$create policy authority on settlement.%I to liaison_api
      using (authority_id = current_setting('liaison.organisation_id')::uuid)$policy$, name);
  end loop;
end $$;
grant select, update on settlement.payable to liaison_api;
grant select, insert, update on settlement.payee_account, settlement.payment_file, settlement.payment_transfer, settlement.bank_match,
  settlement.unmatched_item to liaison_api;
grant select, insert on settlement.bank_file, settlement.bank_statement, settlement.bank_line to liaison_api;
grant usage on sequence settlement.payment_file_number to liaison_api;
`;
