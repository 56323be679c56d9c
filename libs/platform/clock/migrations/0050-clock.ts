import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which days of business time have been opened. */
export class PlatformClock2026112300050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table platform.opened_day (day date primary key, opened_at timestamptz not null default now());
      grant select, insert on platform.opened_day to liaison_reactions;
      grant select, insert, update on platform.business_clock to liaison_reactions;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table platform.opened_day`);
  }
}
