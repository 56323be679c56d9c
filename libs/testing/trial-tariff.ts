import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { localDate } from '#libs/kernel/index.js';
import { loadTariff, type Fact, type Tariff } from '#libs/tariffs/index.js';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

const schema = JSON.parse(read('schemas/tariffs/tariff.schema.json')) as object;

/** A tariff document as the hub loads it. Errors: those of `loadTariff`. */
export const loadTrial = (text: string, file = 't.yaml'): Tariff => loadTariff(text, file, schema);

/** One of the tariffs of the house, by its file. */
export const publishedTariff = (file: string): Tariff => loadTrial(read(`schemas/tariffs/${file}`), file);

/** What every document says, and few tests are about. */
const HEAD = [
  'tariff: trial',
  "version: '1'",
  'title: T',
  'currency: EUR',
  'validFrom: 2020-01-01',
  'vat: inclusive',
  'rounding: { to: 0.01, mode: half-up }',
  'calendar: { months: calendar }',
  'sources: [invented]',
  'examples: { none: { asOf: 2020-12-31 } }',
];

/** The text of a document that is whole with what `body` says; a key of `body` stands in the place of the usual one. */
export function trialText(body: string): string {
  const own = new Set([...body.matchAll(/^(\w+):/gm)].map(([, key]) => key));
  return `${[...HEAD.filter((line) => !own.has(line.slice(0, line.indexOf(':')))), body.trim()].join('\n')}\n`;
}

/** A tariff that says no more than a test is about. */
export const trialTariff = (body: string): Tariff => loadTrial(trialText(body));

export const happened = (name: string, on: string): Fact => ({ type: 'event', name, on: localDate(on) });

export const job = (spellId: string, start: string, end: string | null = null, more: object = {}): Fact => ({
  type: 'spell',
  spellId,
  start: localDate(start),
  end: end === null ? null : localDate(end),
  ...more,
});
