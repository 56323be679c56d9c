import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { projectFolder } from '../files.js';
import { runCli } from '../program.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'liaison-publish-'));
  path = join(folder, 'jobpath.yaml');
  writeFileSync(path, readFileSync(join(projectFolder('schemas/tariffs'), 'jobpath-ie.2015.yaml')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function publish(on: string, ...more: string[]) {
  const [out, error]: [string[], string[]] = [[], []];
  const args = ['tariff', 'publish', path, '--by', 'Cem', '--approved-by', 'Dora', '--on', on, ...more];
  const code = await runCli(args, { out: (line) => out.push(line), error: (line) => error.push(line) });
  return { code, out: out.join('\n'), error: error.join('\n') };
}
const record = (): string => readFileSync(join(folder, 'published.json'), 'utf8');

describe('given a version that is published', () => {
  let before: string;
  beforeEach(async () => {
    await publish('2024-01-01');
    before = record();
  });

  it('publishing it again on another day says when and by whom it was, and writes nothing down', async () => {
    expect(await publish('2024-02-01')).toEqual({
      code: 0,
      out: '',
      error: 'jobpath-ie 2015 was already published on 2024-01-01 by Cem, approved by Dora: nothing is written down.',
    });
    expect(record()).toBe(before);
  });

  it('as JSON, the same, beside what is written down', async () => {
    const { code, out, error } = await publish('2024-02-01', '--json');
    expect([code, JSON.parse(out)]).toEqual([0, JSON.parse(before)]);
    expect(error).toContain('already published on 2024-01-01');
  });

  it('its last day is not set on a day before', async () => {
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('validFrom: 2015-07-01', 'validFrom: 2015-07-01\nvalidTo: 2021-12-31'));
    expect(await publish('2023-12-31')).toMatchObject({
      code: 1,
      error: expect.stringContaining('2023-12-31 lies before 2024-01-01, when jobpath-ie 2015 was published'),
    });
    expect(record()).toBe(before);
    expect(await publish('2024-01-01')).toMatchObject({ code: 0, out: 'jobpath-ie 2015 is published.' });
    expect(JSON.parse(record())).toHaveLength(2);
  });
});
