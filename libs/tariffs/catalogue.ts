import { addDays, HubError, type LocalDate } from '#libs/kernel/index.js';
import { dateOf, dayInWords, epochDay } from './calendar.js';
import type { Tariff } from './compile/tariff.js';
import type { Payment } from './engine/payment.js';
import type { AsOf, Fact, LockedTerms } from './facts.js';
import { decide, feeOf, type DecidedPayment, type Fee } from './price.js';

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
   * version in force on the day that is asked for; on a day on which none is in force, by none: it is unknown, and so is what is due by one
   * of several versions that names no day. Errors:
   * `tariff.no-version`, where there is no such tariff; `tariff.versions`, where what two versions pay depends on each other.
   */
  price(id: string, locked: LockedTerms, facts: readonly Fact[], asOf: AsOf): readonly Fee[] {
    const versions = this.byId.get(id);
    if (versions === undefined)
      throw new HubError('tariff.no-version', `There is no tariff ${id}.`, { facts: { tariff: id } });
    return decideTogether(versions, { locked, facts, asOf }).map(({ tariff, fee, payment }) => {
      const day = dayOfVersion(payment, asOf);
      if (!holdsOn(tariff, day))
        return feeOf(tariff, fee, unpriced(payment, `no version of ${id} is in force on ${dayInWords(epochDay(day))}`));
      const isSaid = versions.length === 1 || (fee.versionDate ?? tariff.versionDate) !== undefined;
      return feeOf(tariff, fee, isSaid || payment.kind !== 'due' ? payment : unpriced(payment, NO_VERSION_DATE));
    });
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

interface VersionPayment extends DecidedPayment {
  readonly tariff: Tariff;
}

/**
 * What falls to each version. Where several pay, each is decided again with what the others pay, until that makes no difference: what a
 * version would have paid on days that are not its own was never paid.
 */
function decideTogether(versions: readonly Tariff[], { locked, facts, asOf }: Priced): readonly VersionPayment[] {
  const versionOf = (payment: Payment): Tariff | undefined => answersFor(versions, dayOfVersion(payment, asOf));
  const alone = versions.flatMap((tariff) => decide(tariff, locked, facts, asOf).map((each) => ({ ...each, tariff })));
  let together: readonly VersionPayment[] = alone.filter(({ tariff, payment }) => versionOf(payment) === tariff);
  const paying = versions.filter((each) => together.some(({ tariff }) => tariff === each));
  for (let round = 0; paying.length > 1; round += 1) {
    if (round > ROUNDS_MAX)
      throw new HubError('tariff.versions', `What the versions of ${paying[0]?.id ?? ''} pay depends on each other.`);
    const before = together;
    together = paying.flatMap((tariff) => {
      const beside = { others: paidByOthers(tariff, before), pays: (each: Payment) => versionOf(each) === tariff };
      return decide(tariff, locked, facts, asOf, beside).map((each) => ({ ...each, tariff }));
    });
    if (isSame(before, together)) break;
  }
  return [...together, ...unanswered(alone, together, versionOf)];
}

const ROUNDS_MAX = 100;

function paidByOthers(tariff: Tariff, payments: readonly VersionPayment[]): ReadonlyMap<string, readonly Payment[]> {
  const others = payments.filter((each) => each.tariff !== tariff);
  return new Map(
    [...Map.groupBy(others, ({ fee }) => fee.id)].map(([id, of]) => [
      id,
      of.map(({ tariff: { version, validFrom }, payment }) => ({
        ...payment,
        elsewhere: { version, isEarlier: validFrom < tariff.validFrom },
      })),
    ]),
  );
}

const isSame = (one: readonly VersionPayment[], other: readonly VersionPayment[]): boolean =>
  one.length === other.length &&
  one.every(({ tariff, fee, payment: a }, index) => {
    const { payment: b, ...also } = other[index] as VersionPayment;
    return (
      also.tariff === tariff && also.fee === fee && a.kind === b.kind && a.on === b.on && a.amount.equals(b.amount)
    );
  });

/** Fees that each version leaves to another: that is said, by the version on whose day the first of them would fall. */
function unanswered(
  alone: readonly VersionPayment[],
  together: readonly VersionPayment[],
  versionOf: (payment: Payment) => Tariff | undefined,
): readonly VersionPayment[] {
  const answered = new Set(together.map(({ fee }) => fee.id));
  const left = Map.groupBy(
    alone.filter(({ fee }) => !answered.has(fee.id)),
    ({ fee }) => fee.id,
  );
  return [...left.values()].flatMap((payments) => {
    const first = payments.find(({ payment }) => payments.some(({ tariff }) => tariff === versionOf(payment)));
    const other = first && payments.find(({ tariff }) => tariff === versionOf(first.payment));
    if (first === undefined || other === undefined) return [];
    const missing = `version ${first.tariff.version} leaves it to version ${other.tariff.version}, and that one to another`;
    const { payment } = first;
    const why = `${payment.why}; it cannot be decided: ${missing}`;
    return [{ ...other, payment: { ...payment, kind: 'unknown', amount: payment.amount.mul(0), missing, why } }];
  });
}

const dayOfVersion = ({ versionDay }: Payment, asOf: AsOf): LocalDate =>
  versionDay === undefined ? asOf.day : dateOf(versionDay);

/** The version in force on a day; where there is none, the one that says so: the last before it, else the first. */
const answersFor = (versions: readonly Tariff[], day: LocalDate): Tariff | undefined =>
  versions.find((tariff) => holdsOn(tariff, day)) ??
  versions.findLast(({ validFrom }) => validFrom <= day) ??
  versions[0];

const NO_VERSION_DATE = 'there are several versions, and this one does not say by which day it is chosen (versionDate)';

const unpriced = (payment: Payment, missing: string): Payment => ({
  ...payment,
  kind: 'unknown',
  missing,
  why: `${payment.why}; ${missing}`,
});

const holdsOn = (tariff: Tariff, day: LocalDate): boolean =>
  tariff.validFrom <= day && (tariff.validTo === null || day <= tariff.validTo);
