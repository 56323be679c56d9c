import { sql, type Tx } from '#libs/platform/postgres/index.js';
import { EMPTY_CASE, type Received, type SharedCase } from '../domain/shared-case.js';
import type { Person, PersonStore, Plan, PlanStore, ReceivedStore } from '../handlers/ports.js';

const PERSON = `id, authority_id as "authorityId", national_id as "nationalId", given_name as "givenName", family_name as "familyName",
  birth_date as "birthDate", phone, email, municipality_id as "municipalityId", version`;

export class PostgresPersonStore implements PersonStore {
  async insert(tx: Tx, person: Person): Promise<void> {
    await sql(
      tx,
      `insert into cases.person (id, authority_id, national_id, given_name, family_name, birth_date, phone, email, municipality_id,
                                 version, shared_case)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb)`,
      [
        person.id,
        person.authorityId,
        person.nationalId,
        person.givenName,
        person.familyName,
        person.birthDate,
        person.phone,
        person.email,
        person.municipalityId,
        person.version,
        JSON.stringify(EMPTY_CASE),
      ],
    );
  }

  async find(tx: Tx, id: string): Promise<Person | undefined> {
    return (await this.findAll(tx, [id])).get(id);
  }

  async findAll(tx: Tx, ids: readonly string[]): Promise<Map<string, Person>> {
    const rows = await sql<Person>(tx, `select ${PERSON} from cases.person where id = any($1::uuid[])`, [
      [...new Set(ids)],
    ]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  async list(tx: Tx, page: { readonly after: string | null; readonly limit: number }): Promise<Person[]> {
    return sql<Person>(
      tx,
      `select ${PERSON} from cases.person where ($1::uuid is null or id > $1) order by id limit $2`,
      [page.after, page.limit],
    );
  }

  async subjectOf(tx: Tx, nationalId: string): Promise<string | undefined> {
    const rows = await sql<{ id: string }>(tx, `select id from cases.subject_of($1) as id`, [nationalId]);
    return rows[0]?.id;
  }

  async move(tx: Tx, person: Person, municipalityId: string): Promise<void> {
    await sql(tx, `update cases.person set municipality_id = $2, version = version + 1 where id = $1`, [
      person.id,
      municipalityId,
    ]);
  }

  async page(tx: Tx, id: string): Promise<{ person: Person; page: SharedCase; plan: Plan | null } | undefined> {
    const rows = await sql<Person & { page: SharedCase; goals: string[] | null }>(
      tx,
      `select ${PERSON}, shared_case as page,
              (select p.goals from cases.plan p where p.person_id = person.id order by p.recorded_at desc limit 1) as goals
       from cases.person where id = $1`,
      [id],
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    const { page, goals, ...person } = row;
    return { person, page, plan: page.plan === null ? null : { ...page.plan, goals: goals ?? [] } };
  }

  async savePage(tx: Tx, personId: string, page: SharedCase): Promise<void> {
    await sql(tx, `update cases.person set shared_case = $2::jsonb where id = $1`, [personId, JSON.stringify(page)]);
  }
}

const lockPerson = (tx: Tx, id: string): Promise<object[]> =>
  sql(tx, `select id from cases.person where id = $1 for update`, [id]);

export class PostgresReceivedStore implements ReceivedStore {
  async append(tx: Tx, personId: string, event: Received): Promise<void> {
    // Two events of one person, handled at the same time, must not fold past each other.
    await lockPerson(tx, personId);
    await sql(
      tx,
      `insert into cases.received (event_id, person_id, type, subject, time, data) values ($1, $2, $3, $4, $5, $6::jsonb)
       on conflict (event_id) do nothing`,
      [event.id, personId, event.type, event.subject, event.time, JSON.stringify(event.data)],
    );
  }

  async of(tx: Tx, personId: string): Promise<Received[]> {
    return sql<Received>(
      tx,
      `select event_id as id, type, subject, to_char(time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as time, data
       from cases.received where person_id = $1`,
      [personId],
    );
  }

  async personIds(tx: Tx, after: string | null, limit: number): Promise<string[]> {
    const rows = await sql<{ id: string }>(
      tx,
      `select id from cases.person where ($1::uuid is null or id > $1) order by id limit $2`,
      [after, limit],
    );
    return rows.map((row) => row.id);
  }
}

export class PostgresPlanStore implements PlanStore {
  async insert(
    tx: Tx,
    plan: Plan & { readonly personId: string; readonly authorityId: string; readonly providerId: string },
    now: Date,
  ): Promise<void> {
    await sql(
      tx,
      `insert into cases.plan (referral_id, version, person_id, authority_id, provider_id, agreed_on, goals, recorded_at)
       values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8)`,
      [
        plan.referralId,
        plan.version,
        plan.personId,
        plan.authorityId,
        plan.providerId,
        plan.agreedOn,
        JSON.stringify(plan.goals),
        now,
      ],
    );
  }

  async nextVersion(
    tx: Tx,
    { referralId, personId }: { readonly referralId: string; readonly personId: string },
  ): Promise<number> {
    await lockPerson(tx, personId);
    const rows = await sql<{ version: number }>(
      tx,
      `select coalesce(max(version), 0) + 1 as version from cases.plan where referral_id = $1`,
      [referralId],
    );
    return rows[0]?.version ?? 1;
  }
}
