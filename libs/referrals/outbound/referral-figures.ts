import { sql, type Tx } from '#libs/platform/postgres/index.js';
import { ReferralFigures } from '../contract/referral-figures.js';

export class StoredReferralFigures extends ReferralFigures {
  override async people(tx: Tx): Promise<number> {
    const [row] = await sql<{ count: number }>(
      tx,
      `select count(distinct person_id)::int as count from referrals.referral`,
    );
    return row?.count ?? 0;
  }

  override async accepted(tx: Tx): Promise<number> {
    const [row] = await sql<{ count: number }>(
      tx,
      `select count(*)::int as count from referrals.referral where accepted_on is not null`,
    );
    return row?.count ?? 0;
  }

  override byState(tx: Tx): ReturnType<ReferralFigures['byState']> {
    return sql(
      tx,
      `select state as code, count(*)::int as count from referrals.referral group by state order by state`,
    );
  }
}
