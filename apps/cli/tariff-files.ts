import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HubError } from '#libs/kernel/index.js';
import {
  checkPublished,
  contentOf,
  loadSeries,
  loadTariff,
  readDocument,
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

/** A tariff of a file. Errors as of `loadTariff`, and `tariff.published` where it is no more what was published. */
export function loadTariffFile(path: string, series?: PublishedSeries): Tariff {
  const tariff = loadUnsealed(path, series);
  checkPublished(tariff, sealOf(path), publicationsBeside(path));
  return tariff;
}

/** A tariff that is about to be published: its last day may be new. */
export const loadUnsealed = (path: string, series?: PublishedSeries): Tariff =>
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

/** The other versions of a tariff that were published in its folder. */
export function publishedBeside(path: string, { id, version }: Tariff): readonly Tariff[] {
  const folder = dirname(path);
  const published = publicationsBeside(path).filter((each) => each.tariff === id && each.version !== version);
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(folder, name))
    .filter((file) => {
      const { tariff, version: other } = (headOf(file) ?? {}) as {
        readonly tariff?: unknown;
        readonly version?: unknown;
      };
      return tariff === id && published.some((each) => each.version === String(other));
    })
    .map((file) => loadTariffFile(file));
}

/** What a file says, where it can be read at all: others may lie in the folder. */
function headOf(file: string): unknown {
  try {
    return readDocument(readText(file), file).body;
  } catch {
    return undefined;
  }
}

/** A case of a file; its error names the file. */
export function caseFrom(tariff: Tariff | readonly Tariff[], body: unknown, place: string): Case {
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
