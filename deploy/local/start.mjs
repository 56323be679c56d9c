// npm start, npm run cluster: installs and compiles what is missing, then runs the hub on the pinned Node until it is stopped, in one
// process or (`cluster` as first argument) in many. Flags go to the hub: --fresh begins anew, --once ends after the result has been printed.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pinnedNode, root } from './node24.mjs';
import { BY_NPM, parentsOf, whenGone } from './parents.mjs';
import { buildMissing, giveUp, installMissing } from './prepare.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

try {
  installMissing();
  await buildMissing();
} catch (error) {
  giveUp(error);
}

const [way, ...flags] = process.argv.slice(2);
const [app, args] = way === 'cluster' ? ['cluster', flags] : ['hub', process.argv.slice(2)];

// The fourth channel is the hub's lifeline: it closes when this process ends in whatever way, and the hub then stops.
const hub = spawn(pinnedNode, ['--enable-source-maps', join(root, 'dist/apps', app, 'main.js'), ...args], {
  cwd: root,
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});
// Ctrl-C in a terminal reaches the hub as well: it takes a second request to stop for the first one.
for (const signal of SIGNALS) process.on(signal, () => hub.kill(signal));
hub.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
hub.on('error', (error) => giveUp(error));

// npm that is killed tells nobody.
whenGone(parentsOf(BY_NPM), () => hub.kill('SIGTERM'));
