// Runs a task of the project under the pinned Node (npm package `node`), whatever Node the machine has.
// Plain JavaScript with built-ins only: it must run before anything is compiled.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const pinnedNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const bin = (name) => join(root, 'node_modules', ...name.split('/'));

/** Each task is a list of [script, ...args] steps, run one after the other until one fails. */
const tasks = {
  build: [
    [
      bin('@swc/cli/bin/swc.js'),
      'apps',
      'libs',
      'tests/support',
      'deploy',
      '-d',
      'dist',
      '--config-file',
      'deploy/local/swc.json',
      '--quiet',
      '--extensions',
      '.ts',
    ],
  ],
  generate: [[join(root, 'deploy/local/generate.mjs')]],
  jest: [['--experimental-vm-modules', '--no-warnings', bin('jest/bin/jest.js')]],
  check: [
    [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
    [bin('typescript/bin/tsc'), '--noEmit'],
    [
      bin('eslint/bin/eslint.js'),
      '--max-warnings',
      '0',
      '--cache',
      '--cache-location',
      'node_modules/.cache/eslint/',
      '.',
    ],
    [
      bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      'tests/house/dependency-cruiser.cjs',
      '--output-type',
      'err',
      'apps',
      'libs',
      'tests',
    ],
    ['--experimental-vm-modules', '--no-warnings', bin('jest/bin/jest.js'), '\\.unit\\.spec\\.ts$'],
  ],
};

/** Runs one process with the pinned Node and answers its exit code; signals are passed on. */
export function runNode(args, options = {}) {
  const command = existsSync(pinnedNode) ? pinnedNode : process.execPath;
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 130 : 1)));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, ...rest] = process.argv.slice(2);
  const steps = tasks[name];
  if (steps === undefined) {
    console.error(`Unknown task "${name}". Known: ${Object.keys(tasks).join(', ')}.`);
    process.exit(2);
  }
  for (const [index, step] of steps.entries()) {
    const code = await runNode(index === steps.length - 1 ? [...step, ...rest] : step);
    if (code !== 0) process.exit(code);
  }
}
