import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { TariffDocument } from '../document/document.js';
import { readDocument } from '../document/read-document.js';
import { explainTariff, type Tariff } from '../index.js';

const pathOf = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const read = (path: string): string => readFileSync(pathOf(path), 'utf8');
const blocksOf = (text: string): readonly string[] =>
  [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '');

/** Keys that only people read, and those that say nothing of money. */
const FOR_READERS = new Set(['title', 'note', 'examples', 'sources', 'open']);

/** What no published tariff and no example of the documentation says. */
const REST = `
tariff: rest
version: '1'
title: What no other document says
currency: EUR
validFrom: 2020-01-01
vat: inclusive
rounding: { to: 0.01, mode: half-up }
calendar: { months: calendar }
sources: [invented]
amounts: { wage: money }
terms: { lot: { kind: code, codes: [north, south], default: north } }
parameters: { later: { unknown: nobody knows, note: asked } }
days:
  work: { spells: employment, from: started, to: ended }
  either: { union: [work, some] }
  both: { overlap: [work, some] }
  less: { days: work, without: some }
  some: { periods: { every: 2 weeks, from: started, to: ended, last: cut, where: 'anyDay(work, periodStart, periodEnd)' } }
fees:
  a: { title: A, for: person, when: { begins: work, join: spell, gap: 2 days, each: true, from: started, to: ended }, amount: 1 }
  b: { title: B, when: { ends: work, join: any, gap: 3 days, each: true, from: started, to: ended }, amount: 1 }
  c: { title: C, when: { adds: 5, of: work, dayCap: 2, weight: weeklyHours, times: 3, to: ended }, amount: 1 }
  d: { title: D, when: { every: 1 month, from: started, clock: running, pays: start, times: 4, unbroken: true }, amount: 1 }
  e: { title: E, when: { event: started, where: open, from: accepted, to: ended }, amount: 1 }
  f: { title: F, when: { begins: work, sameJobAs: a }, amount: 1 }
  g: { title: G, when: { lasts: 1 month, of: work, each: true }, amount: 1 }
  h: { title: H, when: { sums: wage, reaches: 10, times: 2 }, verify: { question: Q, from: started, to: ended }, amount: 1 }
caps: { a: { fees: [a], amount: 1, per: calendar-year }, b: { fees: all, payments: 2, per: person } }
examples: {}
`;

/** Every published tariff and every example of the documentation, as plain data. */
function documents(): readonly TariffDocument[] {
  const published = readdirSync(pathOf('schemas/tariffs')).filter((name) => name.endsWith('.yaml'));
  const page = read('docs/tariffs.md');
  const [head = '', ...examples] = blocksOf(page.slice(page.indexOf('<!-- head -->')));
  const plain = (text: string): TariffDocument => readDocument(text, 'test').body as TariffDocument;
  const parts = examples.flatMap((block) => block.split(/^---\n/m)).filter((part) => !part.startsWith('series:'));
  return [
    ...published.map((name) => plain(read(`schemas/tariffs/${name}`))),
    ...parts.map((part) => ({ ...plain(head), ...plain(part) })),
    plain(REST),
  ];
}

const DOCUMENTS = documents();

type Node = Record<string, unknown>;
type Path = readonly (string | number)[];

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** The paths of everything in a document that may decide money. */
function placesIn(node: Node, path: Path = []): readonly Path[] {
  return Object.entries(node).flatMap(([key, value]) => {
    if (FOR_READERS.has(key)) return [];
    const here = [...path, Array.isArray(node) ? Number(key) : key];
    return [here, ...(isNode(value) ? placesIn(value, here) : [])];
  });
}

/** The document with one place of it replaced: by entries of any names and number. */
function replaced(
  node: Node,
  [key, ...rest]: Path,
  by: (value: unknown) => readonly (readonly [string, unknown])[],
): Node {
  const entries = Object.entries(node).flatMap(([name, value]): readonly (readonly [string, unknown])[] => {
    if (name !== String(key)) return [[name, value]];
    return rest.length === 0 ? by(value) : [[name, replaced(value as Node, rest, by)]];
  });
  return Array.isArray(node) ? (entries.map(([, value]) => value) as unknown as Node) : Object.fromEntries(entries);
}

const TOKEN = /[A-Za-z][\w.]*(?:-[A-Za-z0-9]+)*|\d+(?:\.\d+)?|[<>!]?=|[<>+*/]|(?<= )-(?= )/g;
const OTHER: Readonly<Record<string, string>> = {
  ...{ and: 'or', or: 'and', '=': '!=', '!=': '=', '<': '<=', '<=': '<', '>': '>=', '>=': '>' },
  ...{ '+': '-', '-': '+', '*': '/', '/': '*' },
};

/** The same text with one word, number or sign of it changed; each in turn. */
function variants(text: string): readonly string[] {
  return [...text.matchAll(TOKEN)].map((match) => {
    const [token] = match;
    const other =
      OTHER[token] ?? (/^\d/.test(token) ? `${token.slice(0, -1)}${(Number(token.at(-1)) + 1) % 10}` : `${token}x`);
    return `${text.slice(0, match.index)}${other}${text.slice(match.index + token.length)}`;
  });
}

interface Schema {
  readonly $ref?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const schema = JSON.parse(read('schemas/tariffs/tariff.schema.json')) as Schema;

/** The words that a key can choose from, where it does. */
function choicesIn(
  node: unknown,
  found = new Map<string, readonly string[]>(),
): ReadonlyMap<string, readonly string[]> {
  if (!isNode(node)) return found;
  for (const [key, child] of Object.entries((node as Schema).properties ?? {}))
    if (child.enum !== undefined) found.set(key, [...(found.get(key) ?? []), ...child.enum]);
  for (const child of Object.values(node)) choicesIn(child, found);
  return found;
}

const CHOICES = choicesIn(schema);

function others(key: string, value: unknown): readonly unknown[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [value + 1];
  const choices = CHOICES.get(key);
  if (choices?.includes(String(value)) === true) return choices.filter((each) => each !== value);
  return variants(String(value));
}

/** What a key means where it is left out: taking it out then changes nothing. */
const WITHOUT: Readonly<Record<string, string>> = {
  payee: 'provider',
  weekend: 'saturday,sunday',
  for: 'person',
  per: 'person',
  clock: 'running',
  pays: 'end',
  join: 'spell',
};

/** Undefined: what stands there is no tariff any more. */
function explained(document: unknown): string | undefined {
  try {
    return explainTariff({ document } as Tariff).join('\n');
  } catch {
    return undefined;
  }
}

/** Ids that nobody else names. */
const isOwnId = ([section, , ...rest]: Path): boolean =>
  (section === 'caps' || section === 'oneOf') && rest.length === 0;

/** Places that were tried in another document, with the same words. */
const TRIED = new Set<string>();

/** Places of a document that can be changed, called otherwise, or taken out, without the explanation saying so. */
function unsaid(document: TariffDocument): readonly string[] {
  const root = document as unknown as Node;
  const before = explained(document);
  if (before === undefined) throw new Error(`${document.title} is not explained.`);
  return placesIn(root).flatMap((path) => {
    const key = String(path.at(-1));
    const value = path.reduce<unknown>((node, step) => (node as Node)[step], root);
    const tried = `${path.join('.')}: ${JSON.stringify(value)}`;
    if (TRIED.has(tried)) return [];
    TRIED.add(tried);
    const isSame = (by: readonly (readonly [string, unknown])[]): boolean =>
      explained(replaced(root, path, () => by)) === before;
    const place = `${document.tariff} ${document.version}: ${path.join('.')}`;
    const canGo = WITHOUT[key] !== String(value) && isSame([]);
    const isNamed = typeof path.at(-1) === 'number' || isOwnId(path) || WITHOUT[key] === String(value);
    const changed = isNode(value) ? [] : others(key, value).filter((other) => isSame([[key, other]]));
    return [
      ...(canGo ? [`${place} can be taken out`] : []),
      ...(!isNamed && isSame([[`${key}x`, value]]) ? [`${place} can be called otherwise`] : []),
      ...changed.map((other) => `${place}: ${String(value)} can be ${String(other)}`),
    ];
  });
}

/** Every key that the schema knows, after the construct it belongs to: `fee.when`, `trigger event.where`. */
function keysOf(node: Schema, place: string, found: Set<string>, seen: Set<string>): void {
  const name = node.$ref?.replace('#/$defs/', '');
  if (name !== undefined) {
    if (seen.has(name)) return;
    seen.add(name);
    keysOf(schema.$defs?.[name] ?? {}, name, found, seen);
  }
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    if (FOR_READERS.has(key)) continue;
    found.add(`${place}.${key}`);
    keysOf(child, `${place}.${key}`, found, seen);
  }
  const kind = node.if?.required?.[0];
  if (kind !== undefined && node.then !== undefined) keysOf(node.then, `trigger ${kind}`, found, seen);
  for (const child of [node.items, node.else, ...(node.anyOf ?? [])])
    if (child !== undefined) keysOf(child, place, found, seen);
  if (typeof node.additionalProperties === 'object') keysOf(node.additionalProperties, place, found, seen);
}

/** Those of them that a document uses. */
function keysUsed(value: unknown, node: Schema, place: string, found: Set<string>): void {
  if (!isNode(value)) return;
  const name = node.$ref?.replace('#/$defs/', '');
  if (name !== undefined) keysUsed(value, schema.$defs?.[name] ?? {}, name, found);
  for (const child of node.anyOf ?? []) keysUsed(value, child, place, found);
  const kind = node.if?.required?.[0];
  if (kind !== undefined) {
    if (Object.hasOwn(value, kind)) keysUsed(value, node.then ?? {}, `trigger ${kind}`, found);
    else keysUsed(value, node.else ?? {}, place, found);
  }
  for (const [key, child] of Object.entries(value)) {
    const known = node.properties?.[key];
    if (known !== undefined) {
      found.add(`${place}.${key}`);
      keysUsed(child, known, `${place}.${key}`, found);
    } else if (Array.isArray(value)) keysUsed(child, node.items ?? {}, place, found);
    else if (typeof node.additionalProperties === 'object') keysUsed(child, node.additionalProperties, place, found);
  }
}

describe('explain is complete:', () => {
  it('the documents that prove it use every key of the schema', () => {
    const [known, used] = [new Set<string>(), new Set<string>()];
    keysOf(schema, 'document', known, new Set());
    for (const document of DOCUMENTS) keysUsed(document, schema, 'document', used);
    expect(known.size).toBeGreaterThan(120);
    expect([...known].filter((key) => !used.has(key))).toEqual([]);
  });

  it('it says something else whenever anything is changed or taken out that may decide money', () => {
    expect(DOCUMENTS.flatMap(unsaid)).toEqual([]);
  });
});
