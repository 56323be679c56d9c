import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers that were kept whole, with what they told of a person, become the ids, codes and days that are kept since. */
export class PlatformKeptAnswers2026112300060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The owner is held to row-level security as well, and no policy is for it.
    await runner.query(`alter table platform.idempotency no force row level security`);
    await runner.query(KEPT_ANSWERS);
    await runner.query(`alter table platform.idempotency force row level security`);
  }

  async down(): Promise<void> {
    // What was forgotten stays forgotten.
  }
}

const KEPT_ANSWERS = `
update platform.idempotency set answer = case answer ->> '__typename'
  when 'Referral' then
    answer - '{__typename,personName,price,reasonCode,timeline,authority,provider}'::text[]
      || jsonb_build_object('authorityId', answer -> 'authority' -> 'id', 'providerId', answer -> 'provider' -> 'id')
  when 'Person' then jsonb_build_object('id', answer -> 'id', 'municipalityId', answer -> 'municipality' -> 'id')
  when 'CaseTeam' then jsonb_build_object('id', answer -> 'personId', 'municipalityId', null)
  when 'Plan' then jsonb_build_object('referralId', answer -> 'referralId', 'version', answer -> 'version')
  when 'Outcome' then jsonb_build_object('id', answer -> 'id', 'state', answer -> 'state', 'referralId', answer -> 'referralId',
    'personId', answer -> 'personId', 'origin', answer -> 'origin', 'startedOn', answer -> 'startedOn')
end
where answer ->> '__typename' in ('Referral', 'Person', 'CaseTeam', 'Plan', 'Outcome')`;
