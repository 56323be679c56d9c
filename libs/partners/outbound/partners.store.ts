import { HubError, type LocalDate, type WorkingCalendar } from '#libs/kernel/index.js';
import { isPartner } from '#libs/platform/auth/principal.js';
import { principalOf, sql, type Tx } from '#libs/platform/postgres/index.js';
import type { Contract, ContractId, Lot, Organisation, OrganisationId, Subcontract } from '../domain/partner.js';

const ORGANISATION = `
  o.id, o.kind, o.name, o.country, o.time_zone as "timeZone",
  coalesce((select json_agg(json_build_object('id', s.id, 'name', s.name, 'street', s.street, 'buildingNumber', s.building_number,
                                              'postCode', s.post_code, 'town', s.town) order by s.position)
            from partners.site s where s.organisation_id = o.id), '[]') as sites`;

const CONTRACT = `
  c.id, c.number, c.authority_id as "authorityId", c.provider_id as "providerId", c.tariff_id as "tariffId", c.terms,
  c.valid_from as "validFrom", c.valid_to as "validTo",
  coalesce((select json_agg(json_build_object('code', l.code, 'area', l.area, 'capacity', l.capacity) order by l.code)
            from partners.lot l where l.contract_id = c.id), '[]') as lots,
  coalesce((select json_agg(json_build_object('providerId', s.provider_id, 'lotCode', s.lot_code, 'validFrom', s.valid_from)
                            order by s.provider_id, s.lot_code)
            from partners.subcontract s where s.contract_id = c.id), '[]') as subcontracts`;

export async function insertOrganisation(
  tx: Tx,
  organisation: Organisation & { readonly registeredBy: string | null },
  now: Date,
): Promise<void> {
  await sql(
    tx,
    `insert into partners.organisation (id, kind, name, country, time_zone, registered_by, created_at) values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      organisation.id,
      organisation.kind,
      organisation.name,
      organisation.country,
      organisation.timeZone,
      organisation.registeredBy,
      now,
    ],
  );
  await sql(
    tx,
    `insert into partners.site (id, organisation_id, position, name, street, building_number, post_code, town)
     select s.id, $1, s.position, s.name, s.street, s."buildingNumber", s."postCode", s.town
     from rows from (jsonb_to_recordset($2::jsonb) as (id uuid, name text, street text, "buildingNumber" text, "postCode" text, town text))
          with ordinality as s(id, name, street, "buildingNumber", "postCode", town, position)`,
    [organisation.id, JSON.stringify(organisation.sites)],
  );
}

export async function findOrganisation(tx: Tx, id: string): Promise<Organisation | undefined> {
  return (await findOrganisations(tx, [id])).get(id);
}

/** Organisations by id: one statement for a page of anything that names them. */
export async function findOrganisations(tx: Tx, ids: readonly string[]): Promise<Map<string, Organisation>> {
  const rows = await sql<Organisation>(
    tx,
    `select ${ORGANISATION} from partners.organisation o where o.id = any($1::uuid[])`,
    [[...new Set(ids)]],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Organisations that the caller has to do with: itself, those it registered, the authority that registered it, and whoever is a party to a
 * contract it may see. The hub's own work sees all.
 */
export async function listOrganisations(
  tx: Tx,
  filter: { readonly kind: string | null; readonly after: string | null; readonly limit: number },
): Promise<Organisation[]> {
  const asking = principalOf(tx);
  return sql<Organisation>(
    tx,
    `select ${ORGANISATION} from partners.organisation o
     where ($1::text is null or o.kind = $1) and ($2::uuid is null or o.id > $2)
       and ($4::uuid is null or $4 in (o.id, o.registered_by)
            or o.id = (select me.registered_by from partners.organisation me where me.id = $4)
            or o.id in (select authority_id from partners.contract union select provider_id from partners.contract
                        union select s.provider_id from partners.subcontract s join partners.contract c on c.id = s.contract_id))
     order by o.id limit $3`,
    [filter.kind, filter.after, filter.limit, isPartner(asking) ? asking.organisationId : null],
  );
}

/** Error: `contract.number` where the authority has one of this number. */
export async function insertContract(tx: Tx, contract: Contract, now: Date): Promise<void> {
  const added = await sql(
    tx,
    `insert into partners.contract (id, number, authority_id, provider_id, tariff_id, terms, valid_from, valid_to, created_at)
     values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9) on conflict (authority_id, number) do nothing returning id`,
    [
      contract.id,
      contract.number,
      contract.authorityId,
      contract.providerId,
      contract.tariffId,
      JSON.stringify(contract.terms),
      contract.validFrom,
      contract.validTo,
      now,
    ],
  );
  if (added.length === 0)
    throw new HubError('contract.number', 'You have a contract of this number already.', { field: 'number' });
  for (const lot of contract.lots) await insertLot(tx, contract.id, lot);
}

async function insertLot(tx: Tx, contractId: ContractId, lot: Lot): Promise<void> {
  await sql(tx, `insert into partners.lot (contract_id, code, area, capacity) values ($1, $2, $3, $4)`, [
    contractId,
    lot.code,
    lot.area,
    lot.capacity,
  ]);
}

export async function insertSubcontract(tx: Tx, contractId: ContractId, subcontract: Subcontract): Promise<void> {
  await sql(
    tx,
    `insert into partners.subcontract (contract_id, provider_id, lot_code, valid_from) values ($1, $2, $3, $4) on conflict do nothing`,
    [contractId, subcontract.providerId, subcontract.lotCode, subcontract.validFrom],
  );
}

/** The contract, where the caller is a party to it (or is the hub). */
export async function findContract(tx: Tx, id: string): Promise<Contract | undefined> {
  return (await findContracts(tx, [id])).get(id);
}

export async function findContracts(tx: Tx, ids: readonly string[]): Promise<Map<string, Contract>> {
  const rows = await sql<Contract>(tx, `select ${CONTRACT} from partners.contract c where c.id = any($1::uuid[])`, [
    [...new Set(ids)],
  ]);
  return new Map(rows.map((row) => [row.id, row]));
}

export async function listContracts(
  tx: Tx,
  page: { readonly after: string | null; readonly limit: number },
): Promise<Contract[]> {
  return sql<Contract>(
    tx,
    `select ${CONTRACT} from partners.contract c where ($1::uuid is null or c.id > $1) order by c.id limit $2`,
    [page.after, page.limit],
  );
}

/** Working days of a country: Monday to Friday without the holidays on record. */
export async function workingCalendarOf(tx: Tx, country: string): Promise<WorkingCalendar> {
  const rows = await sql<{ day: LocalDate }>(tx, `select day from partners.holiday where country = $1`, [country]);
  return { holidays: new Set(rows.map((row) => row.day)) };
}

/** The authority that brought an organisation in; none for authorities and for what does not exist. */
export async function registeredBy(tx: Tx, organisationId: OrganisationId): Promise<string | undefined> {
  const rows = await sql<{ by: string | null }>(
    tx,
    `select registered_by as by from partners.organisation where id = $1`,
    [organisationId],
  );
  return rows[0]?.by ?? undefined;
}
