import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { loadTariff, runExamples, TariffCatalogue } from './index.js';

const folder = fileURLToPath(new URL('../../schemas/tariffs', import.meta.url));
const schema = JSON.parse(readFileSync(join(folder, 'tariff.schema.json'), 'utf8')) as object;
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const load = (name: string) => loadTariff(readFileSync(join(folder, name), 'utf8'), name, schema);

describe.each(files)('%s', (name) => {
  it.each(runExamples(load(name)).map((result) => [result.id, result] as const))(
    'proves its example %s',
    (_id, result) => {
      expect(result.difference).toBeNull();
    },
  );
});

describe('the published tariffs', () => {
  it('do not overlap', () => {
    expect(() => new TariffCatalogue(files.map(load))).not.toThrow();
  });
});
