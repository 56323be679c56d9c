import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Organisations, their sites and contracts, and the people and systems that act for them. */
export class Partners2026112300100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create schema partners`);
    await runner.query(`grant usage on schema partners to liaison_api, liaison_reactions`);
    await runner.query(ORGANISATIONS);
    await runner.query(CONTRACTS);
    await runner.query(ACCOUNTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop schema partners cascade`);
  }
}

/** Who takes part is public among those who take part; nothing here is about a person. */
const ORGANISATIONS = `
create table partners.organisation (
  id uuid primary key,
  kind text not null,
  name text not null,
  country text not null,
  time_zone text not null,
  -- The authority that brought it in; an authority itself: none.
  registered_by uuid,
  created_at timestamptz not null
);
create table partners.site (
  id uuid primary key,
  organisation_id uuid not null references partners.organisation,
  position int not null,
  name text not null,
  street text not null,
  building_number text,
  post_code text not null,
  town text not null
);
create index site_organisation on partners.site (organisation_id, position);
create table partners.holiday (
  country text not null,
  day date not null,
  primary key (country, day)
);
alter table partners.organisation enable row level security, force row level security;
alter table partners.site enable row level security, force row level security;
create policy read_all on partners.organisation for select to liaison_api using (true);
create policy authority_registers on partners.organisation for insert to liaison_api
  with check (registered_by = current_setting('liaison.organisation_id')::uuid and current_setting('liaison.organisation_kind') = 'PES');
create policy hub on partners.organisation to liaison_reactions using (true);
create policy read_all on partners.site for select to liaison_api using (true);
create policy authority_registers on partners.site for insert to liaison_api
  with check (exists (select from partners.organisation o
                      where o.id = organisation_id and o.registered_by = current_setting('liaison.organisation_id')::uuid));
create policy hub on partners.site to liaison_reactions using (true);
grant select, insert on partners.organisation, partners.site to liaison_api, liaison_reactions;
grant select on partners.holiday to liaison_api, liaison_reactions;
`;

const CONTRACTS = `
create table partners.contract (
  id uuid primary key,
  number text not null,
  authority_id uuid not null references partners.organisation,
  provider_id uuid not null references partners.organisation,
  tariff_id text not null,
  terms jsonb not null,
  valid_from date not null,
  valid_to date,
  created_at timestamptz not null,
  unique (authority_id, number),
  check (valid_to is null or valid_to >= valid_from)
);
create table partners.lot (
  contract_id uuid not null references partners.contract,
  code text not null,
  area text not null,
  capacity int check (capacity > 0),
  primary key (contract_id, code)
);
create table partners.subcontract (
  contract_id uuid not null references partners.contract,
  provider_id uuid not null references partners.organisation,
  lot_code text not null,
  valid_from date not null,
  primary key (contract_id, provider_id, lot_code)
);
alter table partners.contract enable row level security, force row level security;
alter table partners.lot enable row level security, force row level security;
alter table partners.subcontract enable row level security, force row level security;
create policy party on partners.contract for select to liaison_api
  using (authority_id = current_setting('liaison.organisation_id')::uuid
      or provider_id = current_setting('liaison.organisation_id')::uuid
      or id in (select s.contract_id from partners.subcontract s where s.provider_id = current_setting('liaison.organisation_id')::uuid));
create policy authority_concludes on partners.contract for insert to liaison_api
  with check (authority_id = current_setting('liaison.organisation_id')::uuid and current_setting('liaison.organisation_kind') = 'PES');
create policy hub on partners.contract to liaison_reactions using (true);
create policy of_contract on partners.lot to liaison_api using (exists (select from partners.contract c where c.id = contract_id));
create policy hub on partners.lot to liaison_reactions using (true);
-- A sub-contractor sees its own part; the two parties of the contract see all of it (through the handler, in their contract).
create policy own_part on partners.subcontract for select to liaison_api using (true);
create policy prime_subcontracts on partners.subcontract for insert to liaison_api
  with check (exists (select from partners.contract c
                      where c.id = contract_id and c.provider_id = current_setting('liaison.organisation_id')::uuid));
create policy hub on partners.subcontract to liaison_reactions using (true);
grant select, insert on partners.contract, partners.lot, partners.subcontract to liaison_api, liaison_reactions;
`;

const ACCOUNTS = `
create table partners.client (
  id uuid primary key,
  organisation_id uuid not null references partners.organisation,
  name text not null,
  roles text[] not null,
  public_jwk jsonb not null,
  registered_by uuid not null,
  revoked_at timestamptz
);
create table partners.staff (
  id uuid primary key,
  organisation_id uuid not null references partners.organisation,
  issuer text not null,
  subject text not null,
  roles text[] not null,
  registered_by uuid not null,
  disabled_at timestamptz,
  unique (issuer, subject)
);
alter table partners.client enable row level security, force row level security;
alter table partners.staff enable row level security, force row level security;
create policy own on partners.client to liaison_api
  using (organisation_id = current_setting('liaison.organisation_id')::uuid or registered_by = current_setting('liaison.organisation_id')::uuid)
  with check (registered_by = current_setting('liaison.organisation_id')::uuid);
create policy own on partners.staff to liaison_api
  using (organisation_id = current_setting('liaison.organisation_id')::uuid or registered_by = current_setting('liaison.organisation_id')::uuid)
  with check (registered_by = current_setting('liaison.organisation_id')::uuid);
create policy hub on partners.client to liaison_reactions using (true);
create policy hub on partners.staff to liaison_reactions using (true);
grant select, insert, update on partners.client, partners.staff to liaison_api, liaison_reactions;
`;
