import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readTopics } from '#libs/platform/events/kafka/topics.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'schemas', 'events');
const files = readdirSync(folder).filter((name) => name.endsWith('.v1.json'));
/** Headers of a message, and the key. */
const BESIDE_BYTES = 2_048;
const FORMAT_BYTES = 60;
const PATTERN_BYTES = 120;
const NUMBER_BYTES = 25;
/** The longest way to write one character in JSON. */
const CHARACTER_BYTES = 6;

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** The longest JSON that a schema lets through. Throws where it has no end. */
function bytesMax(schema: Schema): number {
  if (schema.enum !== undefined) return Math.max(...schema.enum.map((each) => JSON.stringify(each).length));
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  return Math.max('false'.length, ...types.map((type) => bytesOf(type, schema)));
}

function bytesOf(type: string, schema: Schema): number {
  const { maxLength, format, pattern, maxItems, items, properties } = schema;
  if (type === 'object' && properties !== undefined)
    return Object.entries(properties).reduce((sum, [name, each]) => sum + name.length + 4 + bytesMax(each), 2);
  if (type === 'array' && items !== undefined && maxItems !== undefined) return 2 + maxItems * (1 + bytesMax(items));
  if (type === 'integer' || type === 'number') return NUMBER_BYTES;
  if (type === 'null' || type === 'boolean') return 'false'.length;
  if (type === 'string' && maxLength !== undefined) return 2 + CHARACTER_BYTES * maxLength;
  if (type === 'string' && format !== undefined) return FORMAT_BYTES;
  if (type === 'string' && pattern !== undefined && !/[^\\][*+]/.test(pattern)) return PATTERN_BYTES;
  throw new Error(`Nothing bounds ${JSON.stringify(schema)}.`);
}

/** What is published is checked by its schema: so no event can be committed that the relay could then never send. */
describe('an event', () => {
  const { config } = readTopics(join(root, 'deploy', 'topics.yaml'));
  const most = Number(config['max.message.bytes']) / 4;

  it.each(files)('%s is bounded by its schema, far below what a topic takes', (name) => {
    const schema = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Schema;
    expect(bytesMax(schema) + BESIDE_BYTES).toBeLessThan(most);
  });
});
