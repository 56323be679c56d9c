import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions of people, and the proofs that systems used already. */
export class PlatformAuth2026112300030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The cookie's value is not here, only its hash: who reads the table cannot use it.
      create table platform.session (
        id_hash bytea primary key,
        issuer text not null,
        subject text not null,
        created_at timestamptz not null default now(),
        last_used_at timestamptz not null default now()
      );
      create table platform.sign_in (
        state text primary key,
        nonce text not null,
        code_verifier text not null,
        return_to text not null,
        created_at timestamptz not null default now()
      );
      create table platform.used_proof (
        jti_hash bytea primary key,
        expires_at timestamptz not null
      );
      create index used_proof_expires_at on platform.used_proof (expires_at);
      grant select, insert, update, delete on platform.session, platform.sign_in, platform.used_proof to liaison_reactions;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table platform.session, platform.sign_in, platform.used_proof`);
  }
}
