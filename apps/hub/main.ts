import { join } from 'node:path';
import { pino } from 'pino';
import { runLocally } from '../local/run.js';
import { startHub } from './hub.js';

/** Everything in one process, on embedded defaults. */
runLocally({
  folder: '.',
  forgets: [],
  settings: {},
  start: ({ settings, folder, say, ...ground }) =>
    startHub({
      ...ground,
      port: settings.LIAISON_PORT,
      identityPort: settings.LIAISON_IDENTITY_PORT,
      keysDir: join(folder, 'secrets'),
      logger: pino({ level: settings.LIAISON_LOG_LEVEL }),
      onProgress: say,
    }),
});
