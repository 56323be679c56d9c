// schemas/events/<type>.json → libs/<capability>/contract/events.generated.ts: one interface an event, and the map from type to data.
import { readdir, readFile, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compile } from 'json-schema-to-typescript';
import { root } from './node24.mjs';

/** Which capability publishes a subject's events. */
const CAPABILITIES = {
  referral: 'referrals',
  person: 'cases',
  'case-team': 'cases',
  plan: 'cases',
  outcome: 'outcomes',
  evidence: 'outcomes',
  verification: 'outcomes',
  vacancy: 'vacancies',
  claim: 'settlement',
  'provider-statement': 'settlement',
  payable: 'settlement',
  recovery: 'settlement',
  tariff: 'settlement',
};

/** Answers [path, text] of every file that is generated from the event schemas. */
export async function generateEvents() {
  const folder = join(root, 'schemas/events');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const byFile = new Map();
  for (const name of files) {
    const type = name.slice(0, -'.json'.length);
    const subject = type.split('.')[1];
    const capability = CAPABILITIES[subject];
    const path =
      subject === 'platform'
        ? 'libs/platform/events/events.generated.ts'
        : `libs/${capability}/contract/events.generated.ts`;
    if (capability === undefined && subject !== 'platform')
      throw new Error(`${name}: no capability publishes "${subject}" events.`);
    const schema = JSON.parse(await readFile(join(folder, name), 'utf8'));
    const { $id: _id, examples: _examples, ...shape } = schema;
    const text = await compile(withDates(shape), schema.title, {
      bannerComment: '',
      additionalProperties: false,
      ignoreMinAndMaxItems: true,
      style: { singleQuote: true, printWidth: 120 },
    });
    byFile.set(path, [...(byFile.get(path) ?? []), { type, title: schema.title, text }]);
  }
  return [...byFile].map(([path, events]) => {
    const map = events.map(({ type, title }) => `  '${type}': ${title};\n`).join('');
    const body = events.map(({ text }) => text).join('\n');
    return [
      path,
      `// Generated from schemas/events by \`npm run generate\`. Do not edit.\n\n${imports(body)}${body}\n/** Data of each event type that this capability publishes. */\nexport interface EventTypes {\n${map}}\n\n/** One of its events: the type literal decides the shape of the data. */\nexport type PublishedEvent = { [Type in keyof EventTypes]: { readonly type: Type; readonly data: EventTypes[Type] } }[keyof EventTypes];\n`,
    ];
  });
}

const imports = (body) =>
  body.includes('LocalDate') ? `import type { LocalDate } from '#libs/kernel/index.js';\n\n` : '';

/** A `date` is a LocalDate of the kernel, not any text. */
function withDates(schema) {
  if (Array.isArray(schema)) return schema.map(withDates);
  if (typeof schema !== 'object' || schema === null) return schema;
  if (schema.format === 'date')
    return { tsType: [].concat(schema.type).includes('null') ? 'LocalDate | null' : 'LocalDate' };
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withDates(value)]));
}

export async function writeEvents() {
  for (const [path, text] of await generateEvents()) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  }
}
