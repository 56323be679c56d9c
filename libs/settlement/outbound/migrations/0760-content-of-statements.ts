import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A bank may send another content under the id of an earlier statement: both are kept. And of a recovery more may come back than was due,
 * where a repayment crosses an offset. Two people may say that a payment which no line shows was not made.
 */
export class Settlement2026112300760 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table settlement.bank_statement add column content_hash bytea not null default '';
      alter table settlement.bank_statement alter column content_hash drop default;
      alter table settlement.bank_statement drop constraint bank_statement_authority_id_account_statement_id_key;
      alter table settlement.unmatched_item drop constraint unmatched_item_settlement_check, add constraint unmatched_item_settled_as
        check (settlement ->> 'as' in ('REPAYMENT', 'BANK_CHARGE', 'OTHER_BUSINESS', 'NOTED', 'NOT_PAID'));
      alter table settlement.recovery drop constraint recovery_check, add constraint recovery_recovered
        check (recovered_minor between 0 and 2 * amount_minor);
      create unique index bank_statement_content on settlement.bank_statement (authority_id, account, statement_id, content_hash);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table settlement.unmatched_item drop constraint unmatched_item_settled_as, add constraint unmatched_item_settlement_check
        check (settlement ->> 'as' in ('REPAYMENT', 'BANK_CHARGE', 'OTHER_BUSINESS', 'NOTED'));
      alter table settlement.recovery drop constraint recovery_recovered, add constraint recovery_check
        check (recovered_minor between 0 and amount_minor);
      drop index settlement.bank_statement_content;
      alter table settlement.bank_statement add constraint bank_statement_authority_id_account_statement_id_key
        unique (authority_id, account, statement_id);
      alter table settlement.bank_statement drop column content_hash;
    `);
  }
}
