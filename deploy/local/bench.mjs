// npm run bench NAME: compiles what is missing and runs tests/bench/NAME.bench.ts on the pinned Node, with further arguments.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runNode } from './node24.mjs';
import { buildMissing, giveUp, Hindrance } from './prepare.mjs';

try {
  await buildMissing();
  const [name = '', ...rest] = process.argv.slice(2);
  const script = join(root, 'dist/tests/bench', `${name}.bench.js`);
  if (!existsSync(script)) throw new Hindrance('Say which: npm run bench log | kafka | tariffs.');
  process.exit(await runNode(['--expose-gc', '--no-warnings', script, ...rest]));
} catch (error) {
  giveUp(error);
}
