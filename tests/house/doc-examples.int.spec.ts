import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { examplesOf, isAsShown } from './doc-examples.js';
import { projectFiles, root, textOf } from './files.js';

const EXAMPLE_TIMEOUT_MS = 60_000;

const examples = projectFiles()
  .filter((path) => path.endsWith('.md'))
  .flatMap((path) =>
    examplesOf(textOf(path)).map((example) => ({ ...example, place: `${path}:${String(example.line)}` })),
  );

describe('the examples of the pages', () => {
  it('are not lost', () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  it.each(examples)('$place does what it says', ({ shell, expected }) => {
    const run = spawnSync('sh', ['-e', '-c', shell], { cwd: root, encoding: 'utf8', timeout: EXAMPLE_TIMEOUT_MS });
    expect(run.status === 0 ? '' : `${String(run.status)}: ${run.stdout}${run.stderr}`).toBe('');
    if (expected !== undefined && !isAsShown(run.stdout, expected)) expect(run.stdout).toBe(expected);
  });
});
