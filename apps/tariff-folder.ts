import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dayIn, HubError, type LocalDate } from '#libs/kernel/index.js';
import {
  checkPublished,
  loadSeries,
  loadTariff,
  readDocument,
  readPublications,
  sealOf,
  seriesNamedIn,
  type Publication,
  type PublishedSeries,
  type Seal,
  type Tariff,
} from '#libs/tariffs/index.js';

/** Where publications are written down, beside the documents. */
export const PUBLICATIONS = 'published.json';

/** A YAML file with what it says; nothing where it cannot be read: others may lie in the folder. */
export interface TariffFile {
  readonly path: string;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A file with a text that was read already. */
export function tariffFile(path: string, text: string): TariffFile {
  return { path, text, body: (bodyOf(path, text) ?? {}) as TariffFile['body'] };
}

function bodyOf(path: string, text: string): unknown {
  try {
    return readDocument(text, path).body;
  } catch {
    return undefined;
  }
}

/** A folder of tariffs: documents, the published series that they name, and what was published of them. The one way to read it. */
export class TariffFolder {
  /** Errors: `tariff.publications`, `tariff.second-person`. */
  readonly publications: readonly Publication[];
  private read: readonly TariffFile[] | undefined;

  /**
   * @param schema `schemas/tariffs/tariff.schema.json`, parsed
   * @param given published series of files elsewhere
   */
  constructor(
    readonly path: string,
    private readonly schema: object,
    private readonly given: PublishedSeries = new Map(),
  ) {
    this.publications = publicationsOf(join(path, PUBLICATIONS));
  }

  /** In the order of their names. */
  documents(): readonly TariffFile[] {
    return this.files().filter(({ body }) => !isSeries(body));
  }

  /** The documents of versions that were published. Errors: `tariff.published`, where one of them is gone, and `tariff.twins`. */
  published(): readonly TariffFile[] {
    const documents = this.documents();
    const gone = this.publications.find((each) => !documents.some(({ body }) => isOf(each, body)));
    if (gone !== undefined)
      throw new HubError(
        'tariff.published',
        `${this.path} does not hold ${gone.tariff} ${gone.version} any more, which was published on ${gone.publishedOn}: put its document back.`,
      );
    const found = documents.filter(({ body }) => this.publications.some((each) => isOf(each, body)));
    this.checkTwins(found);
    return found;
  }

  /** A tariff. Errors as of `loadTariff` and `published`, and `tariff.published` where it is no more what was published. */
  load(file: TariffFile): Tariff {
    const tariff = this.loadUnsealed(file);
    located(file.path, () => checkPublished(tariff, this.sealOf(tariff), this.publications));
    this.published();
    return tariff;
  }

  /** Refuses two files that are the same version. Error: `tariff.twins`, which names both. */
  checkTwins(documents = this.documents()): void {
    for (const [index, { path, body }] of documents.entries()) {
      const { tariff, version } = body;
      const twin = documents.slice(0, index).find((each) => isOf({ tariff, version }, each.body));
      if (typeof tariff !== 'string' || twin === undefined) continue;
      throw new HubError(
        'tariff.twins',
        `${twin.path} and ${path} are both ${tariff} ${String(version)}: leave one of them in the folder.`,
      );
    }
  }

  /** A tariff that is about to be published: its last day may be new. */
  loadUnsealed({ path, text, body }: TariffFile): Tariff {
    return loadTariff(text, path, this.schema, this.seriesOf(body));
  }

  /** What a publication of it seals. */
  sealOf(tariff: Tariff): Seal {
    return sealOf(tariff, this.seriesOf(tariff.document));
  }

  /** The series that a document names: of those that were given, else of this folder. Error: `tariff.series`. */
  private seriesOf(document: { readonly parameters?: unknown }): PublishedSeries {
    const missing = seriesNamedIn(document).filter((name) => !this.given.has(name));
    if (missing.length === 0) return this.given;
    const beside = this.files()
      .filter(({ body }) => isSeries(body) && missing.includes(seriesName(body)))
      .map(({ path, text, body }) => ({ path, name: seriesName(body), values: loadSeries(text, path)[1] }));
    const twin = beside.find(({ name }, index) => beside.findIndex((each) => each.name === name) < index);
    if (twin !== undefined) throw new HubError('tariff.series', `${twin.path}: another file has ${twin.name}, too.`);
    return new Map([...this.given, ...beside.map(({ name, values }) => [name, values] as const)]);
  }

  private files(): readonly TariffFile[] {
    this.read ??= readdirSync(this.path)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(this.path, name))
      .map((path) => tariffFile(path, readFileSync(path, 'utf8')));
    return this.read;
  }
}

export const isSeries = (body: TariffFile['body']): boolean => Object.hasOwn(body, 'series');

const seriesName = ({ series, version }: TariffFile['body']): string => `${String(series)}@${String(version)}`;

const isOf = (
  { tariff, version }: { readonly tariff: unknown; readonly version: unknown },
  body: TariffFile['body'],
): boolean => body['tariff'] === tariff && String(body['version']) === String(version);

function publicationsOf(file: string): readonly Publication[] {
  if (!existsSync(file)) return [];
  return located(file, () => readPublications(jsonOf(readFileSync(file, 'utf8')), latestToday()));
}

/** The day where it begins first: who published may be ahead of the clock here. */
const latestToday = (): LocalDate => dayIn('Pacific/Kiritimati', new Date());

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HubError('tariff.publications', `it is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** What is wrong with a file names it. */
function located<Answer>(path: string, work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    throw new HubError(error.code, `${path}: ${error.message}`, {
      ...(error.field === undefined ? {} : { field: error.field }),
      cause: error,
    });
  }
}
