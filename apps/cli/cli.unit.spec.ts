import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectFolder } from './files.js';
import type { Command } from 'commander';
import { makeProgram, runCli } from './program.js';

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

describe('liaison --help', () => {
  const program = makeProgram({ io: { out: () => undefined, error: () => undefined }, exit: () => undefined }, () =>
    Promise.reject(new Error('Help needs no database.')),
  );
  const leaves = (command: Command, path: readonly string[] = []): [string, Command][] =>
    command.commands.length === 0
      ? [[path.join(' '), command]]
      : command.commands.flatMap((inner) => leaves(inner, [...path, inner.name()]));

  it.each(leaves(program))('%s says what it does, what it is given, and answers JSON', async (path, command) => {
    expect(command.description()).toMatch(/^[A-Z].*\.$/s);
    expect(command.options.map(({ long }) => long)).toContain('--json');
    for (const { description } of [...command.options, ...command.registeredArguments])
      expect(description).not.toBe('');
    const { code, out } = await run(...path.split(' '), '--help');
    expect(code).toBe(0);
    for (const { long } of command.options) expect(out).toContain(long);
    for (const argument of command.registeredArguments) expect(out).toContain(argument.name());
  });

  it('says at the top where the database is looked for, and what the exit codes mean', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    for (const word of ['LIAISON_VAR', 'LIAISON_DATABASE_URL', 'Exit codes']) expect(out).toContain(word);
    for (const { name, description } of program.commands.map((group) => ({
      name: group.name(),
      description: group.description(),
    })))
      expect(out).toMatch(new RegExp(`${name} .*${description.slice(0, 20)}`));
  });
});

describe('liaison without a database', () => {
  it('says so in a sentence, and answers 3', async () => {
    const before = process.env['LIAISON_DATABASE_URL'];
    process.env['LIAISON_DATABASE_URL'] = 'postgres://liaison_app:x@127.0.0.1:1/none';
    try {
      expect(await run('books', 'verify')).toEqual({
        code: 3,
        out: '',
        error: 'The database of the hub cannot be reached: ECONNREFUSED. [hub.database]',
      });
    } finally {
      if (before === undefined) delete process.env['LIAISON_DATABASE_URL'];
      else process.env['LIAISON_DATABASE_URL'] = before;
    }
  });
});

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
    expect(out).toMatch(/registration #1 +due +2016-12-01 +311\.00 +jobpath-ie@2015 fees\.registration /);
    expect(out).toMatch(/due in all: \d+\.00 EUR/);
  });

  it('refuses a key that stands twice', async () => {
    const path = file('twice.json', '{\n"asOf": "2017-01-01",\n"asOf": "2018-01-01"\n}');
    const { code, error } = await run('tariff', 'price', jobpath, '--case', path);
    expect(code).toBe(2);
    expect(error).toContain('line 3: the key "asOf" stands twice');
  });

  it('of several versions, checks the case against the one that answers', async () => {
    const versionOf = (version: string, validity: string, terms: string): string =>
      file(
        `several.${version}.yaml`,
        `tariff: several
version: '${version}'
title: T
currency: EUR
${validity}
versionDate: accepted
vat: inclusive
rounding: { to: 0.01, mode: half-up }
calendar: { months: calendar }
sources: [invented]
terms: { ${terms} }
fees: { f: { title: F, when: { event: accepted }, amount: bid } }
examples: { e: { asOf: 2020-12-31, refused: terms.missing } }
`,
      );
    const old = versionOf(
      '1',
      'validFrom: 2019-01-01\nvalidTo: 2019-12-31',
      'bid: { kind: money, required: true, max: 50 }',
    );
    const fresh = versionOf(
      '2',
      'validFrom: 2020-01-01',
      'bid: { kind: money, required: true }, area: { kind: code, required: true }',
    );
    const priced = (accepted: string, bid: number) =>
      run(
        ...['tariff', 'price', old, fresh, '--case'],
        file('case.json', {
          asOf: '2020-12-31',
          terms: { bid },
          facts: [{ type: 'event', name: 'accepted', on: accepted }],
        }),
      );
    expect(await priced('2019-05-05', 40)).toMatchObject({ code: 0, out: expect.stringContaining('40.00') });
    expect(await priced('2019-05-05', 60)).toMatchObject({
      code: 1,
      error: expect.stringContaining('above the ceiling'),
    });
    expect(await priced('2020-05-05', 40)).toMatchObject({
      code: 1,
      error: expect.stringContaining('needs the term "area"'),
    });
  });

  it('says which names change nothing, and which were meant', async () => {
    const misspelt = { type: 'event', name: 'acepted', on: '2016-12-01' };
    const { code, error } = await run(
      ...['tariff', 'price', jobpath, '--case'],
      file('case.json', { asOf: '2017-01-01', attributes: { fullTimeExeption: false }, facts: [misspelt] }),
    );
    expect(code).toBe(0);
    expect(error).toContain('facts[0]: jobpath-ie asks for no event "acepted"; was "accepted" meant?');
    expect(error).toContain('asks for no attribute "fullTimeExeption"; was "fullTimeException" meant?');
  });

  it('reads numbers as they are written', async () => {
    const path = file('case.json', {});
    writeFileSync(path, '{"asOf":"2018-12-31","terms":{"voucherValue":2500.10},"facts":[]}');
    expect((await run('tariff', 'price', germany('V2016'), '--case', path)).error).toContain(
      'terms.voucherValue: 2500.10 is above the ceiling of 2500.',
    );
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

const germany = (version: string): string => join(tariffs, `avgs-de.${version}.yaml`);
const person = {
  asOf: '2017-12-31',
  attributes: { group: 'standard' },
  facts: [
    { type: 'event', name: 'accepted', on: '2016-07-31' },
    { type: 'spell', spellId: 'j', start: '2016-09-01', weeklyHours: '30', contractType: 'OPEN_ENDED', insured: true },
  ],
};

describe('liaison tariff with several versions', () => {
  it('prices by the version that the day selects', async () => {
    const found = file('case.json', person);
    const { out } = await run('tariff', 'price', germany('V2012'), germany('V2016'), '--case', found, '--json');
    expect((JSON.parse(out) as { rule: string }[])[0]?.rule).toBe('avgs-de@V2012 fees.instalment-1');
  });

  it('answers 1 when versions overlap', async () => {
    const text = readFileSync(germany('V2012'), 'utf8').replace('validTo: 2016-07-31', 'validTo: 2016-08-31');
    const { code, out } = await run('tariff', 'check', file('overlapping.yaml', text), germany('V2016'));
    expect(code).toBe(1);
    expect(out).toContain('V2012 and V2016 overlap');
  });

  it('says what changed and for whom', async () => {
    const { code, out } = await run('tariff', 'diff', germany('V2012'), germany('V2016'));
    expect(code).toBe(0);
    expect(out).toMatch(/parameters\.standardValue +2000 +2500/);
    expect(out).toContain('instalment-1: 1000.00 on 2022-04-11 → 1250.00 on 2022-04-11 (+250.00)');
  });

  it('prices a programme by both and adds up', async () => {
    const facts = file('programme.ndjson', `${JSON.stringify(person)}\n\n${JSON.stringify(person)}\n`);
    const { out } = await run(
      'tariff',
      'simulate',
      germany('V2012'),
      germany('V2016'),
      '--facts',
      facts,
      '--by',
      'group',
    );
    expect(out).toMatch(/standard +instalment-1 +2 +2 +0 +0 +2000\.00 +2500\.00 +500\.00/);
    expect(out).toContain('2 persons, 2 with a difference');
  });

  it.each([
    ['{', /programme\.ndjson:2 is not JSON/],
    ['{"asOf":"2017-12-31","facts":[{"type":"spel"}]}', /programme\.ndjson:2: refused by V2012: facts\[0\]\.type/],
  ])('names the line of a programme that is wrong: %s', async (line, message) => {
    const facts = file('programme.ndjson', `${JSON.stringify(person)}\n${line}\n`);
    const { code, error } = await run('tariff', 'simulate', germany('V2012'), germany('V2016'), '--facts', facts);
    expect(code).toBe(1);
    expect(error).toMatch(message);
  });
});

describe('liaison tariff explain', () => {
  it('speaks plain words', async () => {
    expect((await run('tariff', 'explain', jobpath)).out).toContain(
      'when 13 weeks of fullTimeWork add up from accepted',
    );
  });
});

it('liaison tariff check takes a published series among the documents for what it is', async () => {
  const right = file('wage.yaml', "series: wage\nversion: '1'\nvalues: { 2020-01-01: 10 }\n");
  const wrong = file('wrong.yaml', "series: wage\nversion: '2'\nvaules: { 2020-01-01: 10 }\n");
  expect(await run('tariff', 'check', right, jobpath)).toMatchObject({
    code: 0,
    out: expect.stringContaining(`ok     ${right}: series wage@1`),
  });
  expect(await run('tariff', 'check', wrong, jobpath)).toMatchObject({
    code: 1,
    out: expect.stringContaining(`FAILED ${wrong}`),
  });
});

describe('liaison tariff publish', () => {
  const publish = (path: string, ...more: string[]) =>
    run('tariff', 'publish', path, '--by', 'Ana', '--on', '2024-01-01', ...more);

  it('needs a second person, and then nobody edits the version any more', async () => {
    const path = file('to-publish.yaml', readFileSync(jobpath, 'utf8'));
    expect(await publish(path, '--approved-by', 'Ana')).toMatchObject({
      code: 1,
      error: expect.stringContaining('second person'),
    });
    expect(await publish(path, '--approved-by', 'Ben')).toMatchObject({
      code: 0,
      out: 'jobpath-ie 2015 is published.',
    });
    expect(await run('tariff', 'check', path)).toMatchObject({ code: 0 });
    const edited = readFileSync(path, 'utf8')
      .replaceAll('311', '312')
      .replaceAll('3718', '3719')
      .replaceAll('1661', '1662');
    const { code, out } = await run('tariff', 'check', file('to-publish.yaml', edited));
    expect(code).toBe(1);
    expect(out).toContain('is not edited any more: make a new version');
  });

  it('refuses a version that overlaps a published one, until that one is given its last day', async () => {
    const first = readFileSync(jobpath, 'utf8').replace('tariff: jobpath-ie', 'tariff: follows');
    const next = first.replace("version: '2015'", "version: '2020'").replace('2015-07-01', '2020-01-01');
    expect(await publish(file('follows.2015.yaml', first), '--approved-by', 'Ben')).toMatchObject({ code: 0 });
    const path = file('follows.2020.yaml', next);
    expect(await publish(path, '--approved-by', 'Ben')).toMatchObject({
      code: 1,
      error: expect.stringContaining('2015 and 2020 overlap: 2015 has to end before 2020-01-01'),
    });
    const ended = first.replace('validFrom: 2015-07-01', 'validFrom: 2015-07-01\nvalidTo: 2019-12-31');
    const old = file('follows.2015.yaml', ended);
    expect(await run('tariff', 'check', old)).toMatchObject({
      code: 1,
      out: expect.stringContaining('a second person approves its last day'),
    });
    expect(await publish(old, '--approved-by', 'Ben')).toMatchObject({ code: 0 });
    expect(await run('tariff', 'check', old)).toMatchObject({ code: 0 });
    expect(await publish(path, '--approved-by', 'Ben')).toMatchObject({ code: 0 });
  });

  it('publishes a version that leaves a gap only where that is said', async () => {
    const first = readFileSync(jobpath, 'utf8')
      .replace('tariff: jobpath-ie', 'tariff: parted')
      .replace('validFrom: 2015-07-01', 'validFrom: 2015-07-01\nvalidTo: 2019-06-30');
    const next = first
      .replace("version: '2015'", "version: '2020'")
      .replace('validFrom: 2015-07-01\nvalidTo: 2019-06-30', 'validFrom: 2020-01-01');
    expect(await publish(file('parted.2015.yaml', first), '--approved-by', 'Ben')).toMatchObject({ code: 0 });
    const path = file('parted.2020.yaml', next);
    expect(await publish(path, '--approved-by', 'Ben')).toMatchObject({
      code: 1,
      error: expect.stringContaining('say --with-gap'),
    });
    expect(await publish(path, '--approved-by', 'Ben', '--with-gap')).toMatchObject({ code: 0 });
  });

  it.each(['explain', 'price', 'diff', 'simulate'])('%s refuses a version that was edited since', async (command) => {
    const text = readFileSync(jobpath, 'utf8').replace('tariff: jobpath-ie', 'tariff: sealed');
    const path = file('sealed.yaml', text);
    await publish(path, '--approved-by', 'Ben');
    file('sealed.yaml', text.replace('title: ', 'title: Another '));
    const more: Readonly<Record<string, readonly string[]>> = {
      price: ['--case', file('case.json', { asOf: '2017-01-01', facts })],
      diff: [jobpath],
      simulate: [jobpath, '--facts', file('facts.ndjson', '')],
    };
    expect(await run('tariff', command, path, ...(more[command] ?? []))).toMatchObject({
      code: 1,
      error: expect.stringContaining('is not edited any more'),
    });
    file('sealed.yaml', text);
  });

  it('does not publish what fails', async () => {
    const wrong = file('failing.yaml', readFileSync(jobpath, 'utf8').replace('total: 3718', 'total: 3719'));
    expect(await publish(wrong, '--approved-by', 'Ben')).toMatchObject({ code: 1 });
  });
});
