// Runs a task of the project under the pinned Node (npm package `node`), whatever Node the machine has.
// Plain JavaScript with built-ins only: it must run before anything is compiled.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const pinnedNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const bin = (name) => join(root, 'node_modules', ...name.split('/'));
const cache = 'node_modules/.cache';
const folders = (...names) => names.filter((name) => existsSync(join(root, name)));

/** Jest in ESM mode needs the flag until Node's module API for virtual machines is stable. */
const jest = ['--experimental-vm-modules', '--no-warnings', bin('jest/bin/jest.js')];
const swc = [
  ...[bin('@swc/cli/bin/swc.js'), ...folders('apps', 'libs', 'tests/support', 'tests/bench', 'deploy'), '-d', 'dist'],
  ...['--config-file', 'deploy/local/swc.json', '--quiet', '--extensions', '.ts'],
];

/** Arguments for Node, by task. */
const tasks = {
  build: swc,
  generate: [join(root, 'deploy/local/generate.mjs')],
  jest,
  faults: [...jest, 'tests/faults'],
};

/** What `check` runs, the longest first, two at a time. */
const checks = {
  // No cache: what a typed rule says of a file depends on the files it imports.
  lint: [bin('eslint/bin/eslint.js'), '--max-warnings', '0', '.'],
  types: [bin('typescript/bin/tsc'), '--noEmit', '--incremental', '--tsBuildInfoFile', `${cache}/tsc.tsbuildinfo`],
  unit: [...jest, '--json', '--outputFile=var/test/unit.json', '\\.unit\\.spec\\.ts$'],
  boundaries: [
    ...[bin('dependency-cruiser/bin/dependency-cruiser.mjs'), '--config', 'tests/house/dependency-cruiser.cjs'],
    ...['--output-type', 'err', ...folders('apps', 'libs', 'tests')],
  ],
  format: [
    ...[bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '--cache'],
    ...['--cache-location', `${cache}/prettier.json`, '.'],
  ],
};
const CHECKS_AT_ONCE = 2;

const children = new Set();
const stopChildren = (signal) => {
  for (const child of children) child.kill(signal);
};

/** Runs one process with the pinned Node and answers its exit code; signals are passed on. */
export function runNode(args, options = {}) {
  const command = existsSync(pinnedNode) ? pinnedNode : process.execPath;
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (output += data));
    children.add(child);
    if (children.size === 1) for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stopChildren);
    child.on('close', (code, signal) => {
      children.delete(child);
      if (children.size === 0) for (const name of ['SIGINT', 'SIGTERM']) process.off(name, stopChildren);
      if (output !== '') options.onOutput?.(output);
      resolve(code ?? (signal ? 130 : 1));
    });
  });
}

/** Runs every check, shows the output of those that fail, and answers their names. */
export async function runChecks() {
  const waiting = Object.entries(checks);
  const failed = [];
  mkdirSync(join(root, 'var', 'test'), { recursive: true });
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, args] = next;
      const began = Date.now();
      let said = '';
      const code = await runNode(args, { stdio: ['ignore', 'pipe', 'pipe'], onOutput: (text) => (said = text) });
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${Math.round((Date.now() - began) / 1000)} s)`);
      if (code === 0) continue;
      console.log(said);
      failed.push(name);
    }
  };
  await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, worker));
  return failed;
}

/** The fault tests at length, where nobody says otherwise: hours of kills in minutes. */
const environments = { faults: { LIAISON_KILLS: '50', LIAISON_FAULT_UNTIL: '2018-05-31' } };

/** Runs a task with further arguments and answers its exit code. */
export const runTask = (name, rest = []) =>
  runNode([...tasks[name], ...rest], { env: { ...environments[name], ...process.env } });

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, ...rest] = process.argv.slice(2);
  if (name !== 'check' && tasks[name] === undefined) {
    console.error(`Unknown task "${name}". Known: check, ${Object.keys(tasks).join(', ')}.`);
    process.exit(2);
  }
  process.exit(name === 'check' ? Math.min((await runChecks()).length, 1) : await runTask(name, rest));
}
