// Whoever started us and is killed tells nobody, so we look whether it is still there. Built-ins only.
import { readFileSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';

const WATCH_MS = 500;

/** Generations between us and the person who typed an npm command: npm and its shell. */
export const BY_NPM = process.env.npm_lifecycle_event === undefined ? 0 : 2;

/** Calls once, when one of these processes is gone. */
export function whenGone(pids, call) {
  const watch = setInterval(() => {
    if (pids.every(isAlive)) return;
    clearInterval(watch);
    call();
  }, WATCH_MS);
  watch.unref();
}

/** Process ids of up to `count` generations above us (beyond the first on Linux only). */
export function parentsOf(count) {
  const found = count > 0 && process.ppid > 1 ? [process.ppid] : [];
  while (found.length > 0 && found.length < count) {
    const parent = Number(/^PPid:\s*(\d+)$/m.exec(statusOf(found.at(-1)))?.[1]);
    if (!(parent > 1)) break;
    found.push(parent);
  }
  return found;
}

/** A process that ended and was not yet taken notice of is gone, too. */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  return !/^State:\s*[ZX]/m.test(statusOf(pid));
}

function statusOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
