import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HubError } from '#libs/kernel/index.js';
import { loadSeries, readCase, type Case, type PublishedSeries, type Tariff } from '#libs/tariffs/index.js';
import { isSeries, tariffFile, TariffFolder } from '../tariff-folder.js';
import { projectFolder, readJson, readText } from './files.js';

const schemaOf = (): object => readJson(join(projectFolder('schemas/tariffs'), 'tariff.schema.json')) as object;

/** Published series that documents name, each a file of its own, where they do not lie beside them. */
export const loadSeriesFiles = (paths: readonly string[] = []): PublishedSeries =>
  new Map(paths.map((path) => loadSeries(readText(path), path)));

/** The name of the published series that a file holds; undefined where it holds none. Its values are checked where a tariff names it. */
export function seriesIn(path: string): string | undefined {
  const text = readText(path);
  return isSeries(tariffFile(path, text).body) ? loadSeries(text, path)[0] : undefined;
}

/** What lies beside a document; for a link, beside the one that it leads to. */
export function folderOf(path: string, series?: PublishedSeries): TariffFolder {
  const real = dirname(realpathSync(path));
  const folder = realpathSync(dirname(path)) === real ? dirname(path) : real;
  return new TariffFolder(folder, schemaOf(), series);
}

/** A tariff of a file. Errors as of `loadTariff`, and `tariff.published` where it is no more what was published. */
export function loadTariffFile(path: string, series?: PublishedSeries): Tariff {
  const file = tariffFile(path, readText(path));
  return folderOf(path, series).load(file);
}

/** A tariff that is about to be published: its last day may be new. */
export function loadUnsealed(path: string, series?: PublishedSeries): Tariff {
  const file = tariffFile(path, readText(path));
  return folderOf(path, series).loadUnsealed(file);
}

/** The other versions of a tariff that were published in its folder. */
export const publishedBeside = (folder: TariffFolder, { id, version }: Tariff): readonly Tariff[] =>
  folder
    .published()
    .filter(({ body }) => body['tariff'] === id && String(body['version']) !== version)
    .map((file) => folder.load(file));

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
