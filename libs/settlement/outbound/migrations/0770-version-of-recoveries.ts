import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The version of the tariff that a recovery was priced by: the next correction names it. Until now its reason said so, where it was another. */
export class Settlement2026112300770 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table settlement.recovery no force row level security;
      alter table settlement.claim no force row level security;
      alter table settlement.recovery add column tariff_version text;
      update settlement.recovery r
        set tariff_version = coalesce(substring(r.reason from '^By version (.+?) instead of '), c.tariff_version)
        from settlement.claim c where c.id = r.claim_id;
      alter table settlement.recovery alter column tariff_version set not null;
      alter table settlement.recovery force row level security;
      alter table settlement.claim force row level security;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table settlement.recovery drop column tariff_version`);
  }
}
