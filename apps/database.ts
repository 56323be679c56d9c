import type { MigrationInterface } from 'typeorm';
import { Platform2026112300010 } from '#libs/platform/postgres/migrations/0010-platform.js';
import { Settlement2026112300700 } from '#libs/settlement/outbound/migrations/0700-settlement.js';
import { Settlement2026112300701 } from '#libs/settlement/outbound/migrations/0701-payments.js';

/** Every migration of the house, in the order they run: the platform first. TypeORM sorts by the number at the end of the name. */
export const migrations: readonly (new () => MigrationInterface)[] = [
  Platform2026112300010,
  Settlement2026112300700,
  Settlement2026112300701,
];

/** Every entity of the house. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type
export const entities: readonly Function[] = [];
