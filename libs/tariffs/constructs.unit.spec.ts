import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parseDocument } from 'yaml';
import { HubError } from '#libs/kernel/index.js';
import { runExamples } from './examples.js';
import { loadSeries, loadTariff, TariffCatalogue, type PublishedSeries, type Tariff } from './index.js';
import { FUNCTIONS } from './language/functions.js';
import { SPELL_FIELDS } from './language/fields.js';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const schema = JSON.parse(read('schemas/tariffs/tariff.schema.json')) as object;
const page = read('docs/tariffs.md');

/** Constructs met in real tariffs. A number that is missing was never given. */
const NUMBERS = [
  ...[1, 2, 3, 4, 5, 6, 7, 8],
  ...[10, 11, 12, 13, 14, 15, 16, 17, 18],
  ...[20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35],
  ...[40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59],
  ...[60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74],
  ...[80, 81, 82, 83, 84, 85],
];

const blocksOf = (text: string): readonly string[] =>
  [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '');

const head = blocksOf(page.slice(page.indexOf('<!-- head -->')))[0] ?? '';
const [constructs = '', recipes = ''] = page.split(/^## Recipes$/m);
const sections = constructs.split(/^### (?=C\d)/m).slice(1);

/** A line of the head stands unless the example says otherwise. */
function withHead(body: string): string {
  const keys = new Set([...body.matchAll(/^(\w+):/gm)].map((match) => match[1]));
  const kept = head.split('\n').filter((line) => !keys.has(/^(\w+):/.exec(line)?.[1] ?? ''));
  return `${kept.join('\n')}\n${body}`;
}

interface Loaded {
  readonly tariffs: readonly Tariff[];
  readonly last: Tariff;
}

function load(block: string, title: string): Loaded {
  const parts = block.split(/^---\n/m);
  const series: PublishedSeries = new Map(
    parts.filter((part) => part.startsWith('series:')).map((part) => loadSeries(part, title)),
  );
  const tariffs = parts
    .filter((part) => !part.startsWith('series:'))
    .map((part) => loadTariff(withHead(part), title, schema, series));
  return { tariffs, last: tariffs.at(-1)! };
}

function differences({ tariffs, last }: Loaded): readonly string[] {
  const catalogue = new TariffCatalogue(tariffs);
  const pricing = tariffs.length === 1 ? undefined : catalogue.price.bind(catalogue, last.id);
  const results = runExamples(last, pricing);
  expect(results.length).toBeGreaterThan(0);
  return results.flatMap(({ id, difference }) => (difference === null ? [] : [`${id}: ${difference}`]));
}

function prove(block: string, title: string): void {
  expect(differences(load(block, title))).toEqual([]);
}

/** Sections whose every rule an example has to prove, and keys of them that only people read. */
const PROVED = ['fees', 'recoveries', 'days', 'caps', 'oneOf', 'terms', 'attributes'];
const READ = new Set(['title', 'note', 'else', 'codes']);
/** Rules that say what would hold without them, because the construct is that it is said; and one that the schedule says, too. */
const SAID = ['C5 terms.contractStart.required', 'C11 attributes.age.min', 'C11 attributes.months.min'].concat([
  'C4 attributes.unemployedSince',
  'C30 fees.service.when.times',
  'C60 fees.outcome.claim',
  'C60 fees.outcome.verify',
]);

function* rulesOf(node: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
  for (const [key, value] of Object.entries(node)) {
    if (READ.has(key) || (path.length === 0 && !PROVED.includes(key))) continue;
    if (path.length > 0) yield [...path, key];
    yield* rulesOf(value, [...path, key]);
  }
}

/** The block without one rule of its last document. */
function without(block: string, path: readonly string[]): string {
  const parts = block.split(/^---\n/m);
  const document = parseDocument(parts.pop() ?? '', { version: '1.2' });
  document.deleteIn(path);
  return [...parts, String(document)].join('---\n');
}

/** The rules without which every example of a block comes out the same. */
function unproved(block: string, title: string): readonly string[] {
  const body = parseDocument(block.split(/^---\n/m).at(-1)!, { version: '1.2' }).toJS() as object;
  return [...rulesOf(body)].flatMap((path) => {
    try {
      return differences(load(without(block, path), title)).length === 0 ? [path.join('.')] : [];
    } catch (error) {
      if (error instanceof HubError) return [];
      throw error;
    }
  });
}

describe('docs/tariffs.md', () => {
  it.each(NUMBERS.map((number) => [`C${number}`]))('%s is expressed and proved by its example', (number) => {
    const section = sections.find((each) => new RegExp(`^(C\\d+, )*${number}\\b`).test(each));
    expect(section).toBeDefined();
    const blocks = blocksOf(section!);
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks) prove(block, number);
  });

  it.each(sections.map((section) => [/^C\d+/.exec(section)?.[0] ?? '', section] as const))(
    '%s has no rule whose loss its examples would not tell',
    (number, section) => {
      const found = blocksOf(section).flatMap((block) => unproved(block, number));
      expect(found.filter((rule) => !SAID.includes(`${number} ${rule}`))).toEqual([]);
    },
  );

  it.each(blocksOf(recipes).map((block, index) => [index + 1, block] as const))('recipe %i works', (index, block) => {
    prove(block, `recipe ${index}`);
  });

  it('explains every function of the formula language, every field of a spell, and every key of a document', () => {
    for (const name of Object.keys(FUNCTIONS)) expect(page).toMatch(new RegExp(`\`${name}\\(`));
    for (const name of Object.keys(SPELL_FIELDS)) expect(page).toContain(`\`${name}\``);
    const { properties } = schema as { readonly properties: object };
    for (const key of Object.keys(properties)) expect(page).toContain(`\`${key}\``);
  });

  it('shows a first tariff that stands by itself', () => {
    const whole = blocksOf(page.slice(page.indexOf('<!-- whole -->')))[0]!;
    const tariff = loadTariff(whole, 'docs/tariffs.md', schema);
    expect(runExamples(tariff).every(({ ok }) => ok)).toBe(true);
  });
});
