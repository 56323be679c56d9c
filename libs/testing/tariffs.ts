import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadTariff, TariffCatalogue } from '#libs/tariffs/index.js';

const FOLDER = new URL('../../schemas/tariffs/', import.meta.url);

/** Every published tariff, as the hub loads them. */
export function publishedTariffs(): TariffCatalogue {
  const text = (name: string): string => readFileSync(fileURLToPath(new URL(name, FOLDER)), 'utf8');
  const schema = JSON.parse(text('tariff.schema.json')) as object;
  const names = readdirSync(fileURLToPath(FOLDER)).filter((name) => name.endsWith('.yaml'));
  return new TariffCatalogue(names.map((name) => loadTariff(text(name), name, schema)));
}
