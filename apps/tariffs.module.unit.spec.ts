import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { runCli } from './cli/program.js';
import { projectFolder } from './cli/files.js';
import { loadPublishedTariffs, loadTariffs, TariffsModule } from './tariffs.module.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'liaison-tariffs-'));
  copyFileSync(join(projectFolder('schemas/tariffs'), 'tariff.schema.json'), at('tariff.schema.json'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const write = (name: string, text: string): void => writeFileSync(at(name), text);
const edit = (name: string, from: string, to: string): void => {
  const text = readFileSync(at(name), 'utf8');
  expect(text).toContain(from);
  write(name, text.replace(from, to));
};

/** Ten hours of the minimum wage when the service starts, until a last day or without one. */
const document = (version: string, validity: string): string => `tariff: wages
version: '${version}'
title: Wages
currency: EUR
${validity}
vat: inclusive
rounding: { to: 0.01, mode: half-up }
calendar: { months: calendar }
versionDate: accepted
sources: [invented]
parameters: { wage: { published: minwage@1, at: started } }
fees:
  hours: { title: Ten hours of the minimum wage, when: { event: started }, amount: 10 * wage }
  more: { title: As much again, when: { event: started }, amount: 10 * wage }
caps: { both: { title: Both, fees: all, amount: 100 } }
examples:
  one: { asOf: 2021-12-31, facts: [{ type: event, name: started, on: 2020-05-01 }], due: { hours: 82.10, more: 17.90 } }
`;
const FIRST = document('2020', 'validFrom: 2020-01-01\nvalidTo: 2020-12-31');
const SECOND = document('2021', 'validFrom: 2021-01-01');
const SERIES = "series: minwage\nversion: '1'\nvalues: { 2020-01-01: 8.21 }\n";

const publish = (name: string, ...more: string[]) =>
  tariff('publish', at(name), '--by', 'Ana', '--approved-by', 'Ben', '--on', '2024-01-01', ...more);

async function tariff(...args: string[]) {
  const [out, error]: [string[], string[]] = [[], []];
  const code = await runCli(['tariff', ...args], { out: (line) => out.push(line), error: (line) => error.push(line) });
  return { code, out: out.join('\n'), error: error.join('\n') };
}
const loaded = () => {
  const said: string[] = [];
  const versions = loadPublishedTariffs(folder, (line) => said.push(line)).all();
  return { versions: versions.map(({ version }) => version), said };
};

describe('given a published version and the series that it names', () => {
  beforeEach(async () => {
    write('wages.2020.yaml', FIRST);
    write('minwage.yaml', SERIES);
    expect(await publish('wages.2020.yaml')).toEqual({ code: 0, out: 'wages 2020 is published.', error: '' });
  });

  it('a hub prices by it', () => {
    expect(loaded()).toEqual({ versions: ['2020'], said: [] });
  });

  it('a second version is published beside it, and both are priced by', async () => {
    write('wages.2021.yml', SECOND);
    expect(await publish('wages.2021.yml')).toMatchObject({ code: 0, out: 'wages 2021 is published.' });
    expect(loaded().versions).toEqual(['2020', '2021']);
  });

  it.each([
    ['a price', '10 * wage', '11 * wage'],
    ['the order of two fees', /( {2}hours.*\n)( {2}more.*\n)/],
  ])('when %s is edited, no hub starts', (_what, from, to = '') => {
    if (typeof from === 'string') edit('wages.2020.yaml', from, to);
    else write('wages.2020.yaml', FIRST.replace(from, '$2$1'));
    const sentence = `${at('wages.2020.yaml')}: wages 2020 was published on 2024-01-01 and is not edited any more: make a new version.`;
    expect(loaded).toThrow(sentence);
    expect(() => loadTariffs(folder)).toThrow(sentence);
  });

  it('when its last day is another one, no hub starts', () => {
    edit('wages.2020.yaml', 'validTo: 2020-12-31', 'validTo: 2020-11-30');
    expect(loaded).toThrow('a second person approves its last day');
  });

  it('when the series is edited, no hub starts, and nothing is published by it', async () => {
    edit('minwage.yaml', '8.21', '9.21');
    expect(loaded).toThrow(
      'the series minwage@1 of wages 2020 was published with wages 2020 on 2024-01-01 and is not edited any more',
    );
    write(
      'other.yaml',
      SECOND.replace('tariff: wages', 'tariff: other').replace('hours: 82.10, more: 17.90', 'hours: 92.10, more: 7.90'),
    );
    expect(await publish('other.yaml')).toMatchObject({
      code: 1,
      error: expect.stringContaining('the series minwage@1 of other 2021 was published with wages 2020'),
    });
  });

  it('when its document is gone, no hub starts', () => {
    renameSync(at('wages.2020.yaml'), at('wages.2020.txt'));
    const sentence = `${folder} does not hold wages 2020 any more, which was published on 2024-01-01: put its document back.`;
    expect(loaded).toThrow(sentence);
    expect(() => loadTariffs(folder)).toThrow(sentence);
  });

  it('when it lies in a second file, no hub starts, it is neither checked nor published, and both files are named', async () => {
    write('wages.copy.yaml', FIRST);
    const sentence = `${at('wages.2020.yaml')} and ${at('wages.copy.yaml')} are both wages 2020: leave one of them in the folder.`;
    expect(loaded).toThrow(sentence);
    expect(() => loadTariffs(folder)).toThrow(sentence);
    for (const name of ['wages.2020.yaml', 'wages.copy.yaml']) {
      expect(await publish(name)).toMatchObject({ code: 1, error: expect.stringContaining(sentence) });
      expect(await tariff('check', at(name))).toMatchObject({ code: 1, out: expect.stringContaining(sentence) });
    }
  });

  it.each([
    ["version: '2020'", "version: '2020b'"],
    ['tariff: wages', 'tariff: pay'],
  ])('when it is renamed in place (%s becomes %s), every command says that it is gone', async (from, to) => {
    edit('wages.2020.yaml', from, to);
    write('case.json', '{ "asOf": "2020-12-31" }');
    write('facts.ndjson', '');
    const path = at('wages.2020.yaml');
    const sentence = `${folder} does not hold wages 2020 any more, which was published on 2024-01-01`;
    for (const args of [
      ['check', path],
      ['price', path, '--case', at('case.json')],
      ['explain', path],
      ['diff', path, path],
      ['simulate', path, path, '--facts', at('facts.ndjson')],
    ]) {
      const { code, out, error } = await tariff(...args);
      expect([code, out + error]).toEqual([1, expect.stringContaining(sentence)]);
    }
  });

  it('when it is edited, a link to it in another folder is refused, too', async () => {
    edit('wages.2020.yaml', '10 * wage', '11 * wage');
    const elsewhere = mkdtempSync(join(tmpdir(), 'liaison-links-'));
    symlinkSync(at('wages.2020.yaml'), join(elsewhere, 'link.yaml'));
    const { code, error } = await tariff('explain', join(elsewhere, 'link.yaml'));
    rmSync(elsewhere, { recursive: true });
    expect([code, error]).toEqual([1, expect.stringContaining('is not edited any more')]);
  });

  it.each([
    ['another content in a second entry', { sha256: 'f'.repeat(64) }, 'entry 2 seals something else of wages 2020'],
    ['a day that lies ahead', { publishedOn: '9999-12-31' }, 'entry 2 is of 9999-12-31, a day that lies ahead'],
  ])('when what was published has %s, no hub starts', (_what, more, message) => {
    const [entry] = JSON.parse(readFileSync(at('published.json'), 'utf8')) as object[];
    write('published.json', JSON.stringify([entry, { ...entry, ...more }]));
    expect(loaded).toThrow(`${at('published.json')}: ${message}`);
  });

  it('a version by a series of another folder is not published', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'liaison-series-'));
    const series = join(elsewhere, 'minwage.yaml');
    writeFileSync(series, SERIES);
    write('wages.2021.yaml', SECOND);
    expect(await publish('wages.2021.yaml', '--series', series)).toMatchObject({
      code: 1,
      error: expect.stringContaining(`${series} lies in another folder than the document`),
    });
    expect(loaded().versions).toEqual(['2020']);
    rmSync(elsewhere, { recursive: true });
    expect(await publish('wages.2021.yaml', '--series', at('minwage.yaml'))).toMatchObject({ code: 0 });
  });

  it('its last day is not cut short to one that is over, unless that is said or another version follows', async () => {
    edit('wages.2020.yaml', 'validTo: 2020-12-31', 'validTo: 2020-11-30');
    expect(await publish('wages.2020.yaml')).toMatchObject({
      code: 1,
      error: expect.stringContaining('wages: 2020 would end on 2020-11-30 already, and no version follows'),
    });
    expect(await publish('wages.2020.yaml', '--with-gap')).toMatchObject({ code: 0 });
    write('wages.2021.yaml', SECOND.replace('validFrom: 2021-01-01', 'validFrom: 2020-12-01'));
    expect(await publish('wages.2021.yaml')).toMatchObject({ code: 0 });
    edit('wages.2020.yaml', 'validTo: 2020-11-30', 'validTo: 2020-10-31');
    expect((await publish('wages.2020.yaml')).error).not.toContain('no version follows');
  });

  it('when two files are the same series, no hub starts', () => {
    write('minwage.copy.yaml', SERIES);
    expect(loaded).toThrow(`${at('minwage.yaml')}: another file has minwage@1, too.`);
  });

  it('a draft beside it is left out and named; where drafts are allowed, it is priced by', () => {
    write('wages.2021.yaml', SECOND);
    write('broken.yaml', 'tariff: [');
    expect(loaded()).toEqual({
      versions: ['2020'],
      said: [
        `${at('broken.yaml')} is not published: nothing is priced by it`,
        `${at('wages.2021.yaml')} is not published: nothing is priced by it`,
      ],
    });
    rmSync(at('broken.yaml'));
    expect(loadTariffs(folder).all()).toHaveLength(2);
  });

  it.each([
    ['[null]', 'entry 1 is no publication'],
    ['[{}]', 'entry 1 lacks "tariff"'],
    ['[', 'it is not JSON'],
  ])('when %s lies there as what was published, that is said', async (text, message) => {
    write('published.json', text);
    expect(loaded).toThrow(`${at('published.json')}: ${message}`);
    expect((await publish('wages.2020.yaml')).error).toContain(message);
  });
});

describe('given nothing is published', () => {
  beforeEach(() => write('wages.2020.yaml', FIRST.replace('published: minwage@1, at: started', 'value: 8.21')));
  const start = (drafts: 'on' | 'off') => () => TariffsModule.forRoot(folder, drafts, pino({ level: 'silent' }));

  it('no hub starts, and it is said what helps', () => {
    expect(start('off')).toThrow(
      `Nothing is published in ${folder}, so there is nothing to price by: publish a tariff (npx liaison tariff publish), or set LIAISON_DRAFT_TARIFFS to on`,
    );
  });

  it('drafts are priced by where a setting allows it', () => {
    expect(start('on')).not.toThrow();
  });

  it('nothing is published on a day that lies ahead', async () => {
    expect(await publish('wages.2020.yaml', '--on', '9999-12-31')).toMatchObject({
      code: 1,
      error: expect.stringContaining('9999-12-31 lies ahead'),
    });
  });
});
