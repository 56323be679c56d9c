import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { LocalDate, Term } from '#libs/kernel/index.js';
import { PublishedTariffs } from '#libs/partners/index.js';
import { TariffVersions, type PriceBasis } from '#libs/referrals/index.js';
import { checkGivenTerms, checkTerms, loadTariff, TariffCatalogue } from '#libs/tariffs/index.js';

/** Every published tariff of a folder (`schemas/tariffs`), compiled once when the process starts. Errors name file, line and rule. */
export function loadTariffs(folder: string): TariffCatalogue {
  const schema = JSON.parse(readFileSync(join(folder, 'tariff.schema.json'), 'utf8')) as object;
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  return new TariffCatalogue(files.map((name) => loadTariff(readFileSync(join(folder, name), 'utf8'), name, schema)));
}

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
    checkGivenTerms(this.catalogue.versionAt(tariffId, on), valuesOf(terms));
  }
}

const valuesOf = (terms: readonly Term[]): Readonly<Record<string, string>> =>
  Object.fromEntries(terms.map(({ name, value }) => [name, value]));

/** The published tariffs, as each capability asks for them. */
@Global()
@Module({})
export class TariffsModule {
  static forRoot(folder: string): DynamicModule {
    const catalogue = loadTariffs(folder);
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
