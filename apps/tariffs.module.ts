import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { HubError, type LocalDate, type Term } from '#libs/kernel/index.js';
import { PublishedTariffs } from '#libs/partners/index.js';
import { choice } from '#libs/platform/config/config.js';
import { TariffVersions, type PriceBasis } from '#libs/referrals/index.js';
import { paysProviders } from '#libs/settlement/index.js';
import { checkGivenTerms, checkTerms, TariffCatalogue } from '#libs/tariffs/index.js';
import { TariffFolder } from './tariff-folder.js';

/** What a process that prices is told. */
export const TARIFF_SETTINGS = {
  /** Whether tariffs that nobody published are priced, too. */
  LIAISON_DRAFT_TARIFFS: choice(['on', 'off'], { fallback: 'off' }),
};

/**
 * Every tariff of a folder (`schemas/tariffs`), drafts among them: for a demonstration, for tests, and for whoever looks into a hub and
 * prices nothing. Errors: as of `loadPublishedTariffs`.
 */
export function loadTariffs(path: string): TariffCatalogue {
  const folder = open(path);
  folder.published();
  folder.checkTwins();
  return new TariffCatalogue(folder.documents().map((file) => folder.load(file)));
}

/**
 * What was published of a folder, compiled once when the process starts; each draft is left out, and said. Errors name file, line and rule;
 * `tariff.published` where a version is no more what was published, `tariff.nothing-published`.
 */
export function loadPublishedTariffs(path: string, say: (line: string) => void): TariffCatalogue {
  const folder = open(path);
  const published = folder.published();
  if (published.length === 0)
    throw new HubError(
      'tariff.nothing-published',
      `Nothing is published in ${path}, so there is nothing to price by: publish a tariff (npx liaison tariff publish), or set LIAISON_DRAFT_TARIFFS to on where drafts may be priced.`,
    );
  for (const file of folder.documents())
    if (!published.includes(file)) say(`${file.path} is not published: nothing is priced by it`);
  return new TariffCatalogue(published.map((file) => folder.load(file)));
}

const open = (path: string): TariffFolder =>
  new TariffFolder(path, JSON.parse(readFileSync(join(path, 'tariff.schema.json'), 'utf8')) as object);

class CatalogueVersions extends TariffVersions {
  constructor(private readonly catalogue: TariffCatalogue) {
    super();
  }

  override versionAt(tariffId: string, day: LocalDate): string {
    return this.catalogue.versionAt(tariffId, day).version;
  }

  override checkBasis({ tariffId, tariffVersion, terms, assessment, area, unemployedSince }: PriceBasis): void {
    const decided = { ...assessment, area, unemployedSince };
    checkTerms(this.catalogue.version(tariffId, tariffVersion), {
      values: valuesOf(terms),
      attributes: Object.fromEntries(
        Object.entries(decided).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
      ),
    });
  }
}

class CataloguePublished extends PublishedTariffs {
  constructor(private readonly catalogue: TariffCatalogue) {
    super();
  }

  override checkTerms(tariffId: string, on: LocalDate, terms: readonly Term[]): void {
    const tariff = this.catalogue.versionAt(tariffId, on);
    if (!paysProviders(tariff))
      throw new HubError(
        'tariff.no-fee',
        `${tariffId} ${tariff.version} has no fee that this hub pays: it pays each fee to the provider alone.`,
      );
    checkGivenTerms(tariff, valuesOf(terms));
  }
}

const valuesOf = (terms: readonly Term[]): Readonly<Record<string, string>> =>
  Object.fromEntries(terms.map(({ name, value }) => [name, value]));

/** The tariffs that are priced by, as each capability asks for them. */
@Global()
@Module({})
export class TariffsModule {
  static forRoot(folder: string, drafts: 'on' | 'off', logger: Logger): DynamicModule {
    const catalogue = drafts === 'on' ? loadTariffs(folder) : loadPublishedTariffs(folder, (line) => logger.warn(line));
    return {
      module: TariffsModule,
      providers: [
        { provide: TariffCatalogue, useValue: catalogue },
        { provide: PublishedTariffs, useValue: new CataloguePublished(catalogue) },
        { provide: TariffVersions, useValue: new CatalogueVersions(catalogue) },
      ],
      exports: [TariffCatalogue, PublishedTariffs, TariffVersions],
    };
  }
}
