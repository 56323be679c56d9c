import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The double-entry ledger: append-only, zero-sum and chained, whatever the code above it does. */
export class Books2026112300800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create schema books`);
    await runner.query(`grant usage on schema books to liaison_api, liaison_reactions`);
    await runner.query(TABLES);
    await runner.query(GUARDS);
    await runner.query(ACCESS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop schema books cascade`);
  }
}

const TABLES = `
create table books.book (
  id bigint generated always as identity primary key,
  authority_id uuid not null,
  currency text not null,
  -- Days up to this one are sealed: nothing is posted into them any more.
  sealed_until date,
  unique (authority_id, currency)
);
-- One row a book, locked by whoever posts: the order of journals is the order of commits.
create table books.chain_head (book_id bigint primary key references books.book, seq bigint not null, hash bytea not null);
create table books.account (
  id bigint generated always as identity primary key,
  book_id bigint not null references books.book,
  code text not null,
  class text not null check (class in ('ASSET', 'LIABILITY', 'EXPENSE', 'INCOME', 'EQUITY')),
  unique (book_id, code)
);
create table books.batch (
  book_id bigint not null references books.book,
  seq bigint not null,
  root bytea not null,
  hash bytea not null,
  n int not null check (n > 0),
  recorded_at timestamptz not null,
  primary key (book_id, seq)
);
create table books.journal (
  id bigint generated always as identity primary key,
  book_id bigint not null,
  seq bigint not null,
  leaf_no int not null,
  key text not null unique,
  body_hash bytea not null,
  body text not null,
  kind text not null,
  effective_on date not null,
  recorded_at timestamptz not null,
  reverses bigint unique references books.journal,
  cause_type text not null,
  cause_id text not null,
  unique (book_id, seq, leaf_no),
  foreign key (book_id, seq) references books.batch deferrable initially deferred
);
create index journal_cause on books.journal (cause_type, cause_id);
create table books.posting (
  journal_id bigint not null references books.journal,
  line smallint not null,
  account_id bigint not null references books.account,
  -- Minor units; debits are positive.
  amount bigint not null check (amount <> 0),
  effective_on date not null,
  primary key (journal_id, line)
);
create index posting_account on books.posting (account_id, effective_on) include (amount);
-- Derived, and kept in the posting statement: whoever reads a balance reads one row.
create table books.balance (account_id bigint primary key references books.account, debit bigint not null, credit bigint not null)
  with (fillfactor = 50);
create table books.balance_day (
  account_id bigint not null references books.account,
  effective_on date not null,
  debit bigint not null,
  credit bigint not null,
  primary key (account_id, effective_on)
) with (fillfactor = 50);
`;

const GUARDS = `
create function books.check_zero_sum() returns trigger language plpgsql as $$
begin
  if exists (
    select from books.posting p join (select distinct journal_id from new_postings) n on n.journal_id = p.journal_id
    group by p.journal_id having sum(p.amount) <> 0 or count(*) < 2
  ) then
    raise exception 'A journal does not sum to zero.' using errcode = 'check_violation', constraint = 'zero_sum';
  end if;
  return null;
end $$;
create trigger zero_sum after insert on books.posting referencing new table as new_postings
  for each statement execute function books.check_zero_sum();

create function books.check_sealed() returns trigger language plpgsql as $$
begin
  if exists (select from new_journals j join books.book b on b.id = j.book_id where j.effective_on <= b.sealed_until) then
    raise exception 'The period is sealed.' using errcode = 'check_violation', constraint = 'sealed_period';
  end if;
  return null;
end $$;
create trigger sealed_period after insert on books.journal referencing new table as new_journals
  for each statement execute function books.check_sealed();

create function books.refuse_change() returns trigger language plpgsql as
$$ begin raise exception 'The books are append-only.' using errcode = 'restrict_violation'; end $$;
create trigger append_only before update or delete or truncate on books.batch for each statement execute function books.refuse_change();
create trigger append_only before update or delete or truncate on books.journal for each statement execute function books.refuse_change();
create trigger append_only before update or delete or truncate on books.posting for each statement execute function books.refuse_change();
`;

/** An authority reads and posts its own books, the hub all; to everybody else they do not exist. */
const ACCESS = `
do $$
declare name text;
begin
  foreach name in array array['book', 'chain_head', 'account', 'batch', 'journal', 'posting', 'balance', 'balance_day'] loop
    execute format('alter table books.%I enable row level security, force row level security', name);
    execute format('create policy hub on books.%I to liaison_reactions using (true)', name);
  end loop;
  foreach name in array array['chain_head', 'account', 'batch', 'journal'] loop
    execute format('create policy own on books.%I to liaison_api using (book_id in (select id from books.book))', name);
  end loop;
  foreach name in array array['balance', 'balance_day'] loop
    execute format('create policy own on books.%I to liaison_api using (account_id in (select id from books.account))', name);
  end loop;
end $$;
create policy own on books.book to liaison_api
  using (authority_id = current_setting('liaison.organisation_id')::uuid and current_setting('liaison.organisation_kind') = 'PES');
create policy own on books.posting to liaison_api using (account_id in (select id from books.account));
grant select, insert on books.book, books.account, books.batch, books.journal, books.posting to liaison_api, liaison_reactions;
grant update (sealed_until) on books.book to liaison_reactions;
grant select, insert, update on books.chain_head, books.balance, books.balance_day to liaison_api, liaison_reactions;
`;
