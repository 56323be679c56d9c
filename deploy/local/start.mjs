// npm start, npm run cluster: installs and compiles what is missing, then runs the hub on the pinned Node until it is stopped, in one
// process or (`cluster` as first argument) in many. Flags go to the hub: --fresh begins anew, --once ends after the result has been printed.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { pinnedNode, root } from './node24.mjs';
import { buildMissing, giveUp, installMissing } from './prepare.mjs';

const WATCH_MS = 1_000;
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

// npm that is killed tells nobody, so we look whether the processes that started us are still there.
const parents = parentsOf(process.pid, process.env.npm_lifecycle_event === undefined ? 0 : 2);
const watch = setInterval(() => {
  if (parents.every(isAlive)) return;
  clearInterval(watch);
  hub.kill('SIGTERM');
}, WATCH_MS);
watch.unref();

/** Process ids of up to `count` generations above (Linux only: elsewhere the list is empty and nothing is watched). */
function parentsOf(pid, count) {
  const found = [];
  for (let current = pid; found.length < count;) {
    try {
      const parent = Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${current}/status`, 'utf8'))?.[1]);
      if (!(parent > 1)) break;
      found.push((current = parent));
    } catch {
      break;
    }
  }
  return found;
}

function isAlive(pid) {
  try {
    return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
