import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The assessment that was locked stands with the locked price: a later correction no longer shows in its place. */
export class Referrals2026112300320 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table referrals.referral no force row level security;
      alter table referrals.history no force row level security;
      update referrals.referral r set price = r.price || jsonb_build_object(
          'group', h.data #> '{assessment,group}', 'index', h.data #> '{assessment,index}', 'lotCode', null)
        from referrals.history h
        where h.referral_id = r.id and h.type = 'liaison.referral.accepted.v1' and r.price is not null;
      alter table referrals.referral force row level security;
      alter table referrals.history force row level security;
      create index referral_places on referrals.referral (contract_id)
        where accepted_on is not null and state in ('ACCEPTED', 'STARTED', 'CANCEL_REQUESTED');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index referrals.referral_places;
      alter table referrals.referral no force row level security;
      update referrals.referral set price = price - 'group' - 'index' - 'lotCode' where price is not null;
      alter table referrals.referral force row level security;
    `);
  }
}
