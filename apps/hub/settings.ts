import { join } from 'node:path';
import {
  choice,
  ConfigurationProblem,
  day,
  port,
  readConfig,
  text,
  type Configured,
} from '#libs/platform/config/config.js';
import { LAST_DAY } from './demonstration/player.js';

const settings = (root: string) => ({
  /** Folder of the database, the secrets and the result. */
  LIAISON_VAR: text({ fallback: join(root, 'var') }),
  LIAISON_PORT: port({ fallback: 4010 }),
  LIAISON_IDENTITY_PORT: port({ fallback: 4011 }),
  LIAISON_REGISTER_PORT: port({ fallback: 4012 }),
  LIAISON_DATABASE_PORT: port({ fallback: 54_318 }),
  LIAISON_LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { fallback: 'warn' }),
  /** The demonstration is the same for the same seed. */
  LIAISON_SEED: text({ fallback: '2018' }),
  LIAISON_PLAY_UNTIL: day({ fallback: LAST_DAY }),
});

/** The hub's settings, from the environment; a wrong one ends the process with its sentence. */
export function settingsOrExit(root: string): Configured<ReturnType<typeof settings>> {
  try {
    return readConfig(settings(root), process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationProblem)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
