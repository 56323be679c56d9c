import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectFolder } from './files.js';
import { runCli } from './program.js';

const tariffs = projectFolder('schemas/tariffs');
const files = readdirSync(tariffs).flatMap((name) => (name.endsWith('.yaml') ? [join(tariffs, name)] : []));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'liaison-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: string[]) {
  const [out, error]: [string[], string[]] = [[], []];
  const code = await runCli(args, { out: (line) => out.push(line), error: (line) => error.push(line) });
  return { code, out: out.join('\n'), error: error.join('\n') };
}

function file(name: string, body: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof body === 'string' ? body : JSON.stringify(body));
  return path;
}

const jobpath = join(tariffs, 'jobpath-ie.2015.yaml');
const facts = [
  { type: 'event', name: 'accepted', on: '2016-11-01' },
  { type: 'event', name: 'plan-agreed', on: '2016-12-01' },
];

describe('liaison tariff check', () => {
  it('accepts every published tariff', async () => {
    expect(await run('tariff', 'check', ...files)).toMatchObject({ code: 0, error: '' });
  });

  it('answers 1 and names file, line and construct of a wrong document', async () => {
    const wrong = file('wrong.yaml', 'tariff: x\ncolour: red\n');
    const { code, out } = await run('tariff', 'check', wrong);
    expect(code).toBe(1);
    expect(out).toMatch(/FAILED .*wrong\.yaml\n\s+.*wrong\.yaml:\d+: /);
  });

  it('answers 2 for a file that is not there, an unknown option and a missing argument', async () => {
    expect(await run('tariff', 'check', join(folder, 'none.yaml'))).toMatchObject({ code: 2 });
    expect(await run('tariff', 'check', '--colour', jobpath)).toMatchObject({ code: 2 });
    expect(await run('tariff', 'check')).toMatchObject({ code: 2 });
  });

  it('shows its help', async () => {
    expect((await run('--help')).out).toContain('Exit codes');
    expect(await run('tariff', 'check', '--help')).toMatchObject({ code: 0 });
  });
});

describe('liaison tariff price', () => {
  it('shows fee, day, amount and reason', async () => {
    const { code, out } = await run(
      'tariff',
      'price',
      jobpath,
      '--case',
      file('case.json', { asOf: '2017-01-01', facts }),
    );
    expect(code).toBe(0);
    expect(out).toMatch(/registration #1 +due +2016-12-01 +311\.00 /);
  });

  it('answers JSON with amounts as text', async () => {
    const { out } = await run(
      'tariff',
      'price',
      jobpath,
      '--json',
      '--case',
      file('case.json', { asOf: '2017-01-01', facts }),
    );
    expect((JSON.parse(out) as unknown[])[0]).toMatchObject({
      kind: 'due',
      amount: { amountMinor: '31100', currency: 'EUR' },
    });
  });

  it.each([
    ['an unknown key', { asOf: '2017-01-01', facts, colour: 'red' }, /unknown key "colour"/],
    ['an impossible day', { asOf: '2017-02-29', facts }, /is not a day/],
    ['a fact of no kind', { asOf: '2017-01-01', facts: [{ type: 'spel' }] }, /facts\[0\]/],
    ['text that is not JSON', '{', /is not JSON/],
  ])('refuses %s', async (_what, body, message) => {
    const { code, error } = await run('tariff', 'price', jobpath, '--case', file('case.json', body));
    expect(code).not.toBe(0);
    expect(error).toMatch(message);
  });
});
