import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an item of the queue was that stands for no transfer of ours; proposed by one person, confirmed by another. */
export class Settlement2026112300730 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table settlement.unmatched_item add column settlement jsonb,
        add check (settlement ->> 'as' in ('REPAYMENT', 'BANK_CHARGE', 'OTHER_BUSINESS', 'NOTED')),
        add check (settlement ->> 'as' = 'REPAYMENT' or settlement ->> 'confirmedBy' is null
          or settlement ->> 'confirmedBy' <> settlement ->> 'proposedBy'),
        add check (not open or settlement ->> 'confirmedBy' is null)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table settlement.unmatched_item drop column settlement`);
  }
}
