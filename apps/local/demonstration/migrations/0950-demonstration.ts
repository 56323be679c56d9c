import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the demonstration was played, and the ids that the hub gave it. */
export class Demonstration2026112300950 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema demonstration;
      grant usage on schema demonstration to liaison_reactions;
      create table demonstration.played (only_row boolean primary key default true check (only_row), seed text not null, until date not null);
      create table demonstration.memory (key text primary key, value text not null);
      grant select, insert, update on demonstration.played, demonstration.memory to liaison_reactions;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop schema demonstration cascade`);
  }
}
