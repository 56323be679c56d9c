import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Numbers without gaps: taken under a row lock, so that what is rolled back gives its number back. */
export class Settlement2026112300719 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table settlement.series (name text primary key, last bigint not null);
      insert into settlement.series values ('statement', 0);
      alter table settlement.series enable row level security, force row level security;
      create policy hub on settlement.series to liaison_reactions using (true);
      grant select, update on settlement.series to liaison_reactions;
      drop sequence settlement.statement_number;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table settlement.series; create sequence settlement.statement_number`);
  }
}
