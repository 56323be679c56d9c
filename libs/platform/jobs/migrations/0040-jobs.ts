import { getConstructionPlans } from 'pg-boss';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of the job library, made by its own plans; only the hub itself may touch them. */
export class PlatformJobs2026112300040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The plans bring their own transaction; a migration runs in one already.
    await runner.query(getConstructionPlans('jobs').replaceAll(/^\s*(BEGIN|COMMIT);\s*$/gm, ''));
    await runner.query(`
      grant usage on schema jobs to liaison_reactions;
      grant select, insert, update, delete on all tables in schema jobs to liaison_reactions;
      alter default privileges in schema jobs grant select, insert, update, delete on tables to liaison_reactions;
      grant execute on all functions in schema jobs to liaison_reactions;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop schema jobs cascade`);
  }
}
