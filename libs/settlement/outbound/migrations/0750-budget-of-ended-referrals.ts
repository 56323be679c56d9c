import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Referrals that ended before the hub freed budget by itself are priced again on the next day, which frees theirs. */
export class Settlement2026112300750 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table settlement.fact no force row level security;
      alter table settlement.named_date no force row level security;
      insert into settlement.named_date (on_date, referral_id)
        select effective_on, referral_id from settlement.fact where kind = 'REFERRAL_ENDED' and superseded_at is null
        on conflict do nothing;
      alter table settlement.fact force row level security;
      alter table settlement.named_date force row level security;
    `);
  }

  async down(): Promise<void> {
    // Pricing once more changes nothing that would have to be taken back.
  }
}
