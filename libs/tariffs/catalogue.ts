import { addDays, HubError, type LocalDate } from '#libs/kernel/index.js';
import { dateOf, dayInWords, epochDay } from './calendar.js';
import type { Tariff } from './compile/tariff.js';
import type { Payment } from './engine/payment.js';
import type { AsOf, Fact, LockedTerms } from './facts.js';
import { decide, feeOf, type Fee } from './price.js';

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

  all(): readonly Tariff[] {
    return [...this.byId.values()].flat();
  }

  /** The version in force on a day. Error: `tariff.no-version`. */
  versionAt(id: string, day: LocalDate): Tariff {
    const found = this.byId.get(id)?.find((tariff) => holdsOn(tariff, day));
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

  /**
   * Prices by every version: each payment by the version in force on the day that the tariff (or the fee) names in `versionDate`,
   * which may be the day of acceptance, of the job's start or of the payment itself. What has no such day yet is answered by the
   * version in force on the day that is asked for; on a day on which none is in force, by none: it is unknown. Error:
   * `tariff.no-version`, where there is no such tariff.
   */
  price(id: string, locked: LockedTerms, facts: readonly Fact[], asOf: AsOf): readonly Fee[] {
    const versions = this.byId.get(id);
    if (versions === undefined)
      throw new HubError('tariff.no-version', `There is no tariff ${id}.`, { facts: { tariff: id } });
    return versions.flatMap((tariff) =>
      decide(tariff, locked, facts, asOf).flatMap(({ fee, payment }) => {
        const day = dayOfVersion(payment, asOf);
        if (answersFor(versions, day) !== tariff) return [];
        return [feeOf(tariff, fee, holdsOn(tariff, day) ? payment : unpriced(payment, id, day))];
      }),
    );
  }

  /** The versions that answer a payment of a case. */
  answering({ locked, facts, asOf }: Priced): readonly Tariff[] {
    return [...this.byId.values()].flatMap((versions) =>
      versions.filter((tariff) =>
        decide(tariff, locked, facts, asOf).some(
          ({ payment }) => answersFor(versions, dayOfVersion(payment, asOf)) === tariff,
        ),
      ),
    );
  }
}

interface Priced {
  readonly locked: LockedTerms;
  readonly facts: readonly Fact[];
  readonly asOf: AsOf;
}

const dayOfVersion = ({ versionDay }: Payment, asOf: AsOf): LocalDate =>
  versionDay === undefined ? asOf.day : dateOf(versionDay);

/** The version in force on a day; where there is none, the one that says so: the last before it, else the first. */
const answersFor = (versions: readonly Tariff[], day: LocalDate): Tariff | undefined =>
  versions.find((tariff) => holdsOn(tariff, day)) ??
  versions.findLast(({ validFrom }) => validFrom <= day) ??
  versions[0];

const unpriced = (payment: Payment, id: string, day: LocalDate): Payment => {
  const missing = `no version of ${id} is in force on ${dayInWords(epochDay(day))}`;
  return { ...payment, kind: 'unknown', missing, why: `${payment.why}; ${missing}` };
};

const holdsOn = (tariff: Tariff, day: LocalDate): boolean =>
  tariff.validFrom <= day && (tariff.validTo === null || day <= tariff.validTo);
