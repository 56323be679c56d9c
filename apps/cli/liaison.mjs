#!/usr/bin/env node
// `npx liaison`: runs the compiled command line on the pinned Node, whatever Node the machine has.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const main = join(root, 'dist', 'apps', 'cli', 'main.js');
const missing = [node, main].find((path) => !existsSync(path));
if (missing !== undefined) {
  const [what, remedy] = missing === main ? ['compiled', 'npm run build'] : ['installed', 'npm install'];
  console.error(`Liaison is not ${what} yet: run \`${remedy}\` in ${root} first.`);
  process.exit(2);
}
const child = spawn(node, ['--enable-source-maps', main, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('close', (code) => process.exit(code ?? 130));
