import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { projectFiles, root, textOf } from './files.js';

/** Runs every generator (`generate…` of `deploy/local/generate-*.mjs`, each answers [path, text] pairs) and prints what it would write. */
const GENERATE = `
const files = [];
for (const name of process.argv.slice(1)) {
  const generators = Object.entries(await import(name)).filter(([key]) => key.startsWith('generate'));
  for (const [, generate] of generators) files.push(...(await generate()));
}
process.stdout.write(JSON.stringify(files));
`;
const OUTPUT_BYTES_MAX = 50_000_000;

describe('generated files', () => {
  const generators = projectFiles('deploy/local').filter((path) => /\/generate-[^/]+\.mjs$/.test(path));
  const run = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', GENERATE, ...generators.map((path) => new URL(path, `file://${root}`).href)],
    { cwd: root, encoding: 'utf8', maxBuffer: OUTPUT_BYTES_MAX },
  );
  const expected = JSON.parse(run.stdout === '' ? '[]' : run.stdout) as [string, string][];

  it('say what the schemas say: otherwise run `npm run generate`', () => {
    expect(run).toMatchObject({ status: 0 });
    expect(expected.length).toBeGreaterThan(0);
    const stale = expected.filter(([path, text]) => !projectFiles().includes(path) || textOf(path) !== text);
    expect(stale.map(([path]) => path)).toEqual([]);
  });

  it('all have a generator', () => {
    const known = new Set(expected.map(([path]) => path));
    expect(projectFiles().filter((path) => /\.generated\.[a-z]+$/.test(path) && !known.has(path))).toEqual([]);
  });
});
