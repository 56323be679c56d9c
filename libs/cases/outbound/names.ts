import { sql, type Tx } from '#libs/platform/postgres/index.js';
import { nationalIdOf } from '../domain/national-id.js';
import { NationalIds, PersonNames } from '../contract/person-names.js';

export class PostgresPersonNames extends PersonNames {
  override async of(tx: Tx, personIds: readonly string[]): Promise<Map<string, string>> {
    const rows = await sql<{ id: string; name: string }>(
      tx,
      `select id, given_name || ' ' || family_name as name from cases.person where id = any($1::uuid[])`,
      [personIds],
    );
    return new Map(rows.map((row) => [row.id, row.name]));
  }
}

export class PostgresNationalIds extends NationalIds {
  override async of(tx: Tx, personId: string): Promise<string | undefined> {
    const rows = await sql<{ nationalId: string }>(
      tx,
      `select national_id as "nationalId" from cases.person where id = $1`,
      [personId],
    );
    return rows[0]?.nationalId;
  }

  override async find(tx: Tx, authorityId: string, nationalIds: readonly string[]): Promise<Map<string, string>> {
    const rows = await sql<{ nationalId: string; id: string }>(
      tx,
      `select national_id as "nationalId", id from cases.person where authority_id = $1 and national_id = any($2::text[])`,
      [authorityId, nationalIds.map(nationalIdOf)],
    );
    const ids = new Map(rows.map((row) => [row.nationalId, row.id]));
    return new Map(
      nationalIds.flatMap((given) => {
        const id = ids.get(nationalIdOf(given));
        return id === undefined ? [] : [[given, id]];
      }),
    );
  }
}
