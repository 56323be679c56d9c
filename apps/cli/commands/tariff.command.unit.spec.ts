import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trialText } from '#libs/testing/trial-tariff.js';
import { runCli } from '../program.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'liaison-tariff-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function tariff(...args: string[]) {
  const [out, error]: [string[], string[]] = [[], []];
  const io = { out: (line: string) => out.push(line), error: (line: string) => error.push(line) };
  const code = await runCli(['tariff', ...args], io);
  return { code, out: out.join('\n'), error: error.join('\n').replaceAll(`${folder}/`, '') };
}

function file(name: string, body: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, body);
  return path;
}

const FEE = 'fees: { start: { title: S, when: { event: started }, amount: 100 } }';
const version = (name: string, body: string): string => file(`${name}.yaml`, trialText(`version: '${name}'\n${body}`));
const started = { type: 'event', name: 'started', on: '2020-03-02' };
const bidder = (bid: number): string => JSON.stringify({ asOf: '2020-12-31', terms: { bid }, facts: [started] });

describe('liaison tariff simulate', () => {
  const before = (): string => version('1', `terms: { bid: { kind: money } }\n${FEE}`);
  const after = (): string => version('2', `terms: { bid: { kind: money, max: 50 } }\n${FEE.replace('100', '120')}`);
  const simulate = (facts: string | Buffer, ...more: string[]) =>
    tariff('simulate', before(), after(), '--facts', file('facts', facts), ...more);

  it('prints the table for the others where a version refuses somebody, names who it is, and answers 1', async () => {
    const { code, out, error } = await simulate(`${bidder(60)}\n\n${bidder(20)}\n`);
    expect(code).toBe(1);
    expect(out).toMatch(/all +start +1 +1 +0 +0 +100\.00 +120\.00 +20\.00/);
    expect(out).toContain('1 persons, 1 with a difference');
    expect(out).toContain('Refused by a version, and in no line: 1.');
    expect(error).toMatch(/^facts:1: refused by 2: terms\.bid: 60 is above the ceiling of 50\.$/m);
  });

  it('says how many more it refuses than it names', async () => {
    const { error } = await simulate(`${bidder(60)}\n`.repeat(25));
    expect(error.split('\n')).toHaveLength(21);
    expect(error).toContain('and 5 more.');
  });

  it('ends with line and reason where the facts are no JSON', async () => {
    expect(await simulate(`${bidder(20)}\n{`)).toMatchObject({
      code: 1,
      out: '',
      error: expect.stringMatching(/^facts:2 is not JSON: /),
    });
  });

  it.each([
    ['one a line', `${bidder(20)}\n${bidder(30)}\n`],
    ['one a line, after a byte order mark', `\uFEFF${bidder(20)}\n${bidder(30)}\n`],
    [
      'as one list',
      JSON.stringify(
        [bidder(20), bidder(30)].map((each) => JSON.parse(each) as unknown),
        undefined,
        2,
      ),
    ],
  ])('reads cases %s', async (_how, facts) => {
    expect(await simulate(facts)).toMatchObject({ code: 0, out: expect.stringContaining('2 persons, 2 with') });
  });

  it('names the case of a list that is refused', async () => {
    expect((await simulate(`[${bidder(20)},${bidder(60)}]`)).error).toContain('facts: case 2: refused by 2');
  });

  it.each(['', '\n\n', '[]'])('says that there is nobody in %j', async (facts) => {
    expect(await simulate(facts)).toMatchObject({ code: 1, error: expect.stringContaining('There is nobody in') });
  });

  it('says that a folder cannot be read', async () => {
    expect(await tariff('simulate', before(), after(), '--facts', folder)).toMatchObject({
      code: 2,
      error: expect.stringContaining('cannot be read: EISDIR. [cli.file]'),
    });
  });

  it('says each name that changes nothing once', async () => {
    const strange = bidder(20).replace('started', 'strated');
    const { error } = await simulate(`${strange}\n${strange}\n`);
    expect(error).toBe('note: trial asks for no event "strated"; was "started" meant? (persons: 2)');
  });

  it('says that both are one version', async () => {
    const facts = file('facts', bidder(20));
    const { error } = await tariff('simulate', before(), before(), '--facts', facts);
    expect(error).toBe('note: Both are version 1 of trial.');
  });
});

describe('liaison tariff diff', () => {
  it('says that nothing differs', async () => {
    const path = version('1', FEE);
    expect(await tariff('diff', path, path)).toEqual({
      code: 0,
      out: 'They say the same: no rule differs, and no example comes to anything else.',
      error: 'note: Both are version 1 of trial.',
    });
  });

  it.each([
    ['payee: agency', '100.00 to provider on 2020-03-02 → 100.00 to agency on 2020-03-02 (0.00)'],
    ['vat: exempt', '100.00 (VAT inclusive) on 2020-03-02 → 100.00 (VAT exempt) on 2020-03-02 (0.00)'],
    ['claim: { by: automatic, until: on + 1 day }', 'start: claimable nothing → until 2020-03-03'],
    ['verify: { question: Q }', 'start: asks nothing → Q'],
  ])('says for whom another %s changes something', async (rule, line) => {
    const example = `examples: { e: { asOf: 2020-12-31, verified: true, facts: [${JSON.stringify(started)}] } }`;
    const after = version('2', FEE.replace('amount', `${rule}, amount`));
    const { out } = await tariff('diff', version('1', `${FEE}\n${example}`), after);
    expect(out).toContain(`example e (of 1)`);
    expect(out).toContain(line);
  });
});

describe('liaison tariff price', () => {
  it('adds up each currency by itself', async () => {
    const body = (more: string): string =>
      `versionDate: on\n${more}\n${FEE.replace('event: started', 'every: 1 year, from: started, times: 2')}`;
    const old = version('1', body('currency: EUR\nvalidFrom: 2020-01-01\nvalidTo: 2021-12-31'));
    const fresh = version('2', body('currency: USD\nvalidFrom: 2022-01-01'));
    const given = file('case.json', JSON.stringify({ asOf: '2022-12-31', facts: [started] }));
    const { out } = await tariff('price', old, fresh, '--case', given);
    expect(out.split('\n').slice(-2)).toEqual(['due in all: 100.00 EUR', 'due in all: 100.00 USD']);
    expect((await tariff('price', old, '--case', file('none.json', '{"asOf":"2020-01-01"}'))).out).toContain(
      'due in all: 0.00 EUR',
    );
  });
});

describe('liaison tariff check', () => {
  const example = (due: string): string => `${FEE}
examples:
  right: { asOf: 2020-12-31 }
  wrong:
    asOf: 2020-12-31
    facts: [${JSON.stringify(started)}]
    ${due}
`;
  it.each([
    ['due: { start: 99 }', 'start: expected 99, came 100 on 2020-03-02'],
    ['due: { start: abc }', 'due.start: "abc" is no number'],
    ['due: { start: { amount: 100, shares: { x: abc } } }', 'due.start.shares.x: "abc" is no number'],
    ['total: 3,718', 'total: "3,718" is no number'],
  ])('says where an example is wrong: %s', async (due, difference) => {
    const path = file('t.yaml', trialText(example(due)));
    const { code, out } = await tariff('check', path);
    expect(code).toBe(1);
    expect(out).toContain(`       ${path}:13: example wrong: ${difference}`);
  });

  it('says where a finding between versions is', async () => {
    const first = file('first.yaml', trialText(`version: '1'\nversionDate: on\nvalidTo: 2020-12-31\n${FEE}`));
    const late = file('late.yaml', trialText(`version: '2'\nversionDate: on\nvalidFrom: 2021-02-01\n${FEE}`));
    const { out } = await tariff('check', first, late);
    expect(out.replaceAll(`${folder}/`, '')).toMatch(/late\.yaml:\d+: warning: validFrom: trial: 1 and 2 leave a gap/);
  });

  it('says where a finding is', async () => {
    const path = file('t.yaml', trialText(`parameters:\n  used: 1\n  spare: 2\n${FEE.replace('100', 'used')}`));
    const { out } = await tariff('check', path);
    expect(out).toContain(`       ${path}:13: warning: parameters.spare: is declared and never used.`);
    expect(JSON.parse((await tariff('check', path, '--json')).out)).toMatchObject({
      files: [{ findings: expect.arrayContaining([expect.objectContaining({ place: 'parameters.spare', line: 13 })]) }],
    });
  });
});

describe('what a file is made of', () => {
  const check = (bytes: string | Buffer) => tariff('check', file('t.yaml', bytes));
  const text = trialText(FEE);
  it.each([
    ['Latin-1', Buffer.from(text.replace('title: T', 'title: Té'), 'latin1')],
    ['UTF-16', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['no text', Buffer.from([1, 0, 2, 0])],
  ])('%s is refused: a file is in UTF-8', async (_what, bytes) => {
    expect(await check(bytes)).toEqual({
      code: 2,
      out: '',
      error: 't.yaml is no text in UTF-8: save it with that encoding. [cli.encoding]',
    });
  });

  it('nothing is refused as nothing', async () => {
    expect((await check(' \n')).out).toContain('t.yaml:1: the file is empty. [tariff.syntax]');
    const empty = file('case.json', '');
    expect((await tariff('price', file('t.yaml', text), '--case', empty)).error).toBe('case.json is empty. [cli.json]');
  });

  it('a byte order mark is passed over, in YAML and in JSON', async () => {
    const path = file('t.yaml', `\uFEFF${text}`);
    const given = file('case.json', `\uFEFF${JSON.stringify({ asOf: '2020-12-31', facts: [started] })}`);
    expect(await tariff('price', path, '--case', given)).toMatchObject({ code: 0, error: '' });
  });

  it('no title writes more than its line, and none of its escapes', async () => {
    const path = file('t.yaml', trialText(`title: "Two\\nlines \\e[31m"\n${FEE}`));
    expect((await tariff('explain', path)).out).toMatch(/^Two lines \[31m \(trial, version 1\)\n/);
  });

  it('a series takes one file, and leaves the others to the command', async () => {
    const series = file('s.yaml', 'series: s\nversion: 1\nvalues: { 2020-01-01: 1 }\n');
    const path = file(
      't.yaml',
      trialText(`parameters: { p: { published: s@1, at: started } }\n${FEE.replace('100', 'p')}`),
    );
    expect((await tariff('check', '--series', series, path)).out).toContain('trial@1, 1 examples');
  });
});
