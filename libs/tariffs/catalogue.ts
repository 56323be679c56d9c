import { addDays, HubError, type LocalDate } from '#libs/kernel/index.js';
import type { Tariff } from './compile/tariff.js';

/** Every published version of every tariff. Versions of one tariff may not overlap. */
export class TariffCatalogue {
  private readonly byId: ReadonlyMap<string, readonly Tariff[]>;

  /** Errors: `tariff.overlap`, naming the two versions. */
  constructor(tariffs: readonly Tariff[]) {
    this.byId = Map.groupBy(
      [...tariffs].sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1)),
      (tariff) => tariff.id,
    );
    for (const versions of this.byId.values()) {
      for (const [index, later] of versions.entries()) {
        const earlier = versions[index - 1];
        if (earlier !== undefined && (earlier.validTo === null || earlier.validTo >= later.validFrom)) {
          throw new HubError(
            'tariff.overlap',
            `${later.id}: version ${earlier.version} still holds when ${later.version} begins on ${later.validFrom}.`,
            {
              field: 'validTo',
              facts: { endBy: addDays(later.validFrom, -1) },
            },
          );
        }
      }
    }
  }

  has(id: string): boolean {
    return this.byId.has(id);
  }

  all(): readonly Tariff[] {
    return [...this.byId.values()].flat();
  }

  /** The version in force on a day. Error: `tariff.no-version`. */
  versionAt(id: string, day: LocalDate): Tariff {
    const found = this.byId
      .get(id)
      ?.find((tariff) => tariff.validFrom <= day && (tariff.validTo === null || day <= tariff.validTo));
    if (found === undefined)
      throw new HubError('tariff.no-version', `No version of ${id} is in force on ${day}.`, {
        facts: { tariff: id, day },
      });
    return found;
  }

  /** A version by its name, in force or not: what was locked stays payable. Error: `tariff.no-version`. */
  version(id: string, version: string): Tariff {
    const found = this.byId.get(id)?.find((tariff) => tariff.version === version);
    if (found === undefined)
      throw new HubError('tariff.no-version', `There is no version ${version} of ${id}.`, {
        facts: { tariff: id, version },
      });
    return found;
  }
}
