import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HubError } from '#libs/kernel/index.js';
import {
  contentOf,
  loadSeries,
  loadTariff,
  readCase,
  type Case,
  type Publication,
  type PublishedSeries,
  type Tariff,
} from '#libs/tariffs/index.js';
import { projectFolder, readJson, readText } from './files.js';

/** Where publications are written down, beside the documents. */
export const PUBLICATIONS = 'published.json';

const schemaOf = (): object => readJson(join(projectFolder('schemas/tariffs'), 'tariff.schema.json')) as object;

/** Published series that documents name, each a file of its own. */
export const loadSeriesFiles = (paths: readonly string[] = []): PublishedSeries =>
  new Map(paths.map((path) => loadSeries(readText(path), path)));

export const loadTariffFile = (path: string, series?: PublishedSeries): Tariff =>
  loadTariff(readText(path), path, schemaOf(), series);

/** What a publication seals. */
export const sealOf = (path: string): string =>
  createHash('sha256')
    .update(contentOf(readText(path), path))
    .digest('hex');

/** The publications beside a document; none where nobody published yet. */
export function publicationsBeside(path: string): readonly Publication[] {
  const file = join(dirname(path), PUBLICATIONS);
  if (!existsSync(file)) return [];
  const body = readJson(file);
  if (!Array.isArray(body)) throw new HubError('cli.json', `${file} is a list of publications.`, { field: file });
  return body as readonly Publication[];
}

/** A case of a file; its error names the file. */
export function caseFrom(tariff: Tariff, body: unknown, place: string): Case {
  try {
    return readCase(tariff, body);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    throw new HubError(
      error.code,
      `${place}: ${error.message}`,
      error.field === undefined ? {} : { field: error.field },
    );
  }
}
