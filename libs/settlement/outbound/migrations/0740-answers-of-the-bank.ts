import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A payment that the bank refused is told from one that came back, and a status report is known again by its own id. */
export class Settlement2026112300740 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table settlement.bank_file add column report_id text;
      create unique index bank_file_report on settlement.bank_file (authority_id, report_id);
      alter table settlement.payment_transfer no force row level security, drop constraint payment_transfer_state_check;
      alter table settlement.payment_file no force row level security, drop constraint payment_file_state_check;
      alter table settlement.bank_match no force row level security;
      -- Nothing is matched as returned that no line has shown as paid.
      update settlement.payment_transfer t set state = case when exists (
          select from settlement.bank_match m where m.end_to_end_id = t.end_to_end_id and m.kind = 'RETURN' and m.undone_at is null)
        then 'RETURNED' else 'REJECTED' end where t.state = 'FAILED';
      update settlement.payment_file f set state = case when t.rejected = f.count then 'REJECTED' when t.rejected > 0 then 'PARTLY_REJECTED'
          when t.waiting > 0 then 'RELEASED' else 'ANSWERED' end
        from (select file_id, count(*) filter (where state = 'REJECTED') as rejected, count(*) filter (where state = 'IN_FILE') as waiting
              from settlement.payment_transfer group by 1) t
        where t.file_id = f.id and f.state = 'PARTLY_REJECTED';
      alter table settlement.payment_transfer force row level security, add constraint payment_transfer_state_check
        check (state in ('IN_FILE', 'EXECUTED', 'RECONCILED', 'REJECTED', 'RETURNED', 'DISCARDED'));
      alter table settlement.payment_file force row level security, add constraint payment_file_state_check
        check (state in ('PREPARED', 'RELEASED', 'PARTLY_REJECTED', 'REJECTED', 'ANSWERED', 'DISCARDED'));
      alter table settlement.bank_match force row level security;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table settlement.payment_transfer no force row level security, drop constraint payment_transfer_state_check;
      alter table settlement.payment_file no force row level security, drop constraint payment_file_state_check;
      update settlement.payment_transfer set state = 'FAILED' where state in ('REJECTED', 'RETURNED');
      update settlement.payment_file set state = 'PARTLY_REJECTED' where state = 'REJECTED';
      alter table settlement.payment_transfer force row level security, add constraint payment_transfer_state_check
        check (state in ('IN_FILE', 'EXECUTED', 'RECONCILED', 'FAILED', 'DISCARDED'));
      alter table settlement.payment_file force row level security, add constraint payment_file_state_check
        check (state in ('PREPARED', 'RELEASED', 'PARTLY_REJECTED', 'ANSWERED', 'DISCARDED'));
      drop index settlement.bank_file_report;
      alter table settlement.bank_file drop column report_id;
    `);
  }
}
