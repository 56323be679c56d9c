import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who registered an account, and whether a partner has begun to register its own. */
export class Partners2026112300110 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table partners.client add column registrar text;
      alter table partners.staff add column registrar text;
      -- An authority does not see the accounts that a partner made for itself; that there are some is all it has to know.
      create function partners.manages_itself(organisation uuid) returns boolean language sql stable security definer
        set search_path = partners as $$
        select exists (select from partners.client where organisation_id = organisation and registered_by = organisation)
            or exists (select from partners.staff where organisation_id = organisation and registered_by = organisation) $$;
      revoke execute on function partners.manages_itself(uuid) from public;
      grant execute on function partners.manages_itself(uuid) to liaison_api, liaison_reactions;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function partners.manages_itself(uuid);
      alter table partners.client drop column registrar;
      alter table partners.staff drop column registrar;
    `);
  }
}
