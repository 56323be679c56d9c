import { join } from 'node:path';
import { choice, day, port, text, type Configured } from '#libs/platform/config/config.js';
import { LOG_LEVELS } from '#libs/platform/telemetry/logger.js';
import { LAST_DAY } from './demonstration/player.js';

/** What every way of running on this machine is told. */
export const localSettings = (root: string) => ({
  /** Folder of the database, the secrets and the result. */
  LIAISON_VAR: text({ fallback: join(root, 'var') }),
  LIAISON_PORT: port({ fallback: 4010 }),
  LIAISON_IDENTITY_PORT: port({ fallback: 4011 }),
  LIAISON_REGISTER_PORT: port({ fallback: 4012 }),
  LIAISON_DATABASE_PORT: port({ fallback: 54_318 }),
  LIAISON_LOG_LEVEL: choice(LOG_LEVELS, { fallback: 'warn' }),
  /** The demonstration is the same for the same seed. */
  LIAISON_SEED: text({ fallback: '2018' }),
  LIAISON_PLAY_UNTIL: day({ fallback: LAST_DAY }),
});

export type LocalSettings = Configured<ReturnType<typeof localSettings>>;
