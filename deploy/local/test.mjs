// npm test: installs what is missing, runs the checks, then every test that is not a unit test (those are among the checks).
// The last line counts each test once; a check that fails counts as one failed test.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, runChecks, runTask } from './node24.mjs';
import { buildMissing, giveUp, installMissing } from './prepare.mjs';

const results = join(root, 'var', 'test');

/** Counts of one jest run; a run that left no result, and a file that could not be run at all, count as failed. */
function countsOf(name) {
  try {
    const run = JSON.parse(readFileSync(join(results, `${name}.json`), 'utf8'));
    return {
      passed: run.numPassedTests,
      failed: Math.max(run.numFailedTests + run.numRuntimeErrorTestSuites, run.success ? 0 : 1),
      skipped: run.numPendingTests + run.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

try {
  installMissing();
  await buildMissing();
} catch (error) {
  giveUp(error);
}
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

// The unit tests are counted one by one below, like all others.
const failedChecks = (await runChecks()).filter((name) => name !== 'unit').length;
await runTask('jest', [
  '--json',
  `--outputFile=${join(results, 'rest.json')}`,
  '--passWithNoTests',
  '(?<!\\.unit)\\.spec\\.ts$',
]);

const runs = [countsOf('unit'), countsOf('rest')];
const sum = (key) => runs.reduce((total, run) => total + run[key], 0);
const failed = sum('failed') + failedChecks;
const skipped = sum('skipped');
console.log(`${sum('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 ? 0 : 1);
