import { isUuid, type LocalDate } from '#libs/kernel/index.js';
import { isPartner, type Principal } from '#libs/platform/auth/principal.js';
import { sql, type Tx } from '#libs/platform/postgres/index.js';
import type { PublishedEvent } from '../contract/events.generated.js';
import type { VacancyId } from '../contract/vacancy.js';
import type { Placements, Standing } from '../domain/placement.js';
import { municipalityCodes, regionCodes, type Vacancy, type VacancyContent } from '../domain/vacancy.js';
import { VacancyStore, type VacancyFilter } from '../handlers/ports.js';

interface VacancyRow {
  readonly id: VacancyId;
  readonly sharedBy: string;
  readonly door: string;
  readonly externalId: string;
  readonly revision: string;
  readonly version: number;
  readonly removedOn: LocalDate | null;
  readonly content: VacancyContent;
}

const SELECT = `select id, shared_by as "sharedBy", door, external_id as "externalId", revision, version, removed_on as "removedOn",
  content from vacancies.vacancy`;

/** Vacancies in PostgreSQL: written as sets, because they come as files. */
export class PostgresVacancyStore extends VacancyStore {
  async lockDoor(tx: Tx, sharedBy: string, door: string): Promise<void> {
    await sql(tx, `select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`vacancies:${sharedBy}:${door}`]);
  }

  known(tx: Tx, sharedBy: string, door: string, externalIds: readonly string[]): Promise<Vacancy[]> {
    return sql<VacancyRow>(tx, `${SELECT} where shared_by = $1 and door = $2 and external_id = any($3::text[])`, [
      sharedBy,
      door,
      externalIds,
    ]);
  }

  async save(tx: Tx, vacancies: readonly Vacancy[]): Promise<void> {
    await sql(
      tx,
      `insert into vacancies.vacancy (id, shared_by, door, external_id, revision, version, removed_on, content, published_on,
         closes_on, employer_number, employer_name, occupation_codes, municipality_codes, region_codes)
       select * from jsonb_to_recordset($1::jsonb) as r(id uuid, shared_by uuid, door text, external_id text, revision text,
         version int, removed_on date, content jsonb, published_on date, closes_on date, employer_number text, employer_name text,
         occupation_codes text[], municipality_codes text[], region_codes text[])
       on conflict (id) do update set revision = excluded.revision, version = excluded.version, removed_on = excluded.removed_on,
         content = excluded.content, published_on = excluded.published_on, closes_on = excluded.closes_on,
         employer_number = excluded.employer_number, employer_name = excluded.employer_name,
         occupation_codes = excluded.occupation_codes, municipality_codes = excluded.municipality_codes,
         region_codes = excluded.region_codes`,
      [JSON.stringify(vacancies.map(toRow))],
    );
  }

  async appendHistory(
    tx: Tx,
    entries: readonly { readonly vacancy: Vacancy; readonly event: PublishedEvent }[],
    principal: Principal,
    now: Date,
  ): Promise<void> {
    const rows = entries.map(({ vacancy, event }) => ({
      vacancy_id: vacancy.id,
      version: vacancy.version,
      type: event.type,
      data: event.data,
    }));
    await sql(
      tx,
      `insert into vacancies.history (vacancy_id, version, type, data, recorded_at, organisation_id, actor_id)
       select r.vacancy_id, r.version, r.type, r.data, $2, $3, $4
       from jsonb_to_recordset($1::jsonb) as r(vacancy_id uuid, version int, type text, data jsonb)`,
      [JSON.stringify(rows), now, isPartner(principal) ? principal.organisationId : null, principal.actorId],
    );
  }

  async find(tx: Tx, id: string): Promise<Vacancy | undefined> {
    if (!isUuid(id)) return undefined;
    return (await sql<VacancyRow>(tx, `${SELECT} where id = $1`, [id]))[0];
  }

  async exists(tx: Tx, vacancyId: string): Promise<boolean> {
    return (await this.find(tx, vacancyId)) !== undefined;
  }

  async keepPlacement(tx: Tx, outcomeId: string, vacancyId: string, standing: Standing): Promise<void> {
    await sql(
      tx,
      `insert into vacancies.placement (outcome_id, vacancy_id, standing) values ($1, $2, $3)
       on conflict (outcome_id) do update set vacancy_id = excluded.vacancy_id, standing = excluded.standing`,
      [outcomeId, vacancyId, standing],
    );
  }

  async movePlacement(tx: Tx, outcomeId: string, standing: Standing): Promise<void> {
    await sql(tx, `update vacancies.placement set standing = $2 where outcome_id = $1`, [outcomeId, standing]);
  }

  async placements(tx: Tx, vacancyIds: readonly string[]): Promise<ReadonlyMap<string, Placements>> {
    const rows = await sql<Placements & { readonly vacancyId: string }>(
      tx,
      `select vacancy_id as "vacancyId", count(*)::int as reported, count(*) filter (where standing = 'VERIFIED')::int as verified
       from vacancies.placement where vacancy_id = any($1::uuid[]) and standing <> 'GONE' group by vacancy_id`,
      [vacancyIds],
    );
    return new Map(rows.map(({ vacancyId, reported, verified }) => [vacancyId, { reported, verified }]));
  }

  async list(tx: Tx, filter: VacancyFilter, after: string | null, limit: number): Promise<Vacancy[]> {
    const parameters: unknown[] = [];
    const conditions: string[] = [];
    const where = (value: unknown, condition: (parameter: string) => string): void => {
      if (value == null) return;
      parameters.push(value);
      conditions.push(condition(`$${String(parameters.length)}`));
    };
    const words = filter.words?.length ? filter.words.map((word) => `${word}:*`).join(' & ') : null;
    where(words, (p) => `search @@ to_tsquery('simple', ${p})`);
    where(filter.occupationCode, (p) => `occupation_codes @> array[${p}::text]`);
    where(filter.municipalityCode, (p) => `municipality_codes @> array[${p}::text]`);
    where(filter.regionCode, (p) => `region_codes @> array[${p}::text]`);
    where(filter.employer, (p) => `(employer_number = ${p} or starts_with(lower(employer_name), lower(${p})))`);
    where(filter.publishedFrom, (p) => `published_on >= ${p}::date`);
    where(filter.publishedTo, (p) => `published_on <= ${p}::date`);
    where(
      filter.openOn,
      (p) =>
        `published_on <= ${p}::date and coalesce(closes_on, 'infinity') >= ${p}::date and coalesce(removed_on, 'infinity') > ${p}::date`,
    );
    if (filter.openOn == null) conditions.push('removed_on is null');
    const [day, id] = after?.split('~') ?? [];
    if (day !== undefined && id !== undefined) {
      parameters.push(day, id);
      conditions.push(
        `(published_on, id) < ($${String(parameters.length - 1)}::date, $${String(parameters.length)}::uuid)`,
      );
    }
    parameters.push(limit);
    return sql<VacancyRow>(
      tx,
      `${SELECT} where ${conditions.join(' and ') || 'true'} order by published_on desc, id desc limit $${String(parameters.length)}`,
      parameters,
    );
  }
}

function toRow(vacancy: Vacancy): Record<string, unknown> {
  const { content } = vacancy;
  return {
    id: vacancy.id,
    shared_by: vacancy.sharedBy,
    door: vacancy.door,
    external_id: vacancy.externalId,
    revision: vacancy.revision,
    version: vacancy.version,
    removed_on: vacancy.removedOn,
    content,
    published_on: content.publishedOn,
    closes_on: content.closesOn,
    employer_number: content.employerNumber,
    employer_name: content.employerName,
    occupation_codes: content.occupations.map(({ code }) => code),
    municipality_codes: municipalityCodes(content),
    region_codes: regionCodes(content),
  };
}
