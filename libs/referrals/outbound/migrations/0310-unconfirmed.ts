import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Cancellations that wait for the provider to confirm: the clock looks for them each day. */
export class Referrals2026112300310 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create index referral_confirm_by on referrals.referral (answer_by) where state = 'CANCEL_REQUESTED'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index referrals.referral_confirm_by`);
  }
}
