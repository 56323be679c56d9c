import { decimal, type Decimal, type EpochDay } from '#libs/kernel/index.js';
import { Missing } from '../language/value.js';
import type { Run } from './frame.js';

/** What was decided about one payment, as far as other fees ask. */
export interface Decided {
  readonly kind: 'due' | 'not-yet' | 'never' | 'needs' | 'unknown';
  readonly on: EpochDay;
  /** Exact, already rounded to what is paid, after caps. Zero unless due. */
  readonly amount: Decimal;
  readonly job: Run | null;
  readonly why: string;
  /** The day before which it cannot fall, where nobody knows its day: then `on` is the last on which it may. */
  readonly notBefore?: number | undefined;
  /** It waits, and what it waits for may yet make it due on a day that is over. */
  readonly awaited?: true | undefined;
  /** The day before which it cannot be decided, where one is known. */
  readonly earliest?: EpochDay | null;
}

type Due = Decided & { readonly kind: 'due' };

const isDue = (each: Decided): each is Due => each.kind === 'due';

/** Why a fee was not due so many times: for good, for now, or as far as anybody knows. */
export interface NotDue {
  readonly kind: 'unknown' | 'pending' | 'never';
  readonly because: Decided | undefined;
  /** The first day on which it may turn out to be due, where something is not decided. */
  readonly notBefore?: number;
}

/** The day before which what waits for a payment need not be looked at again; undefined where none is known. */
export const waitsUntil = ({ because }: Pick<NotDue, 'because'>): EpochDay | undefined =>
  because?.kind === 'not-yet' ? (because.earliest ?? undefined) : undefined;

/**
 * What a payment that is not decided leaves open.
 * @param open all that are not: each may be the next that is decided
 */
export function notDecided(feeId: string, because: Decided, open: readonly Decided[]): Missing {
  const kind = undecided(because) ?? 'pending';
  const days = kind === 'unknown' ? [] : open.flatMap((each) => waitsUntil({ because: each }) ?? []);
  const reason = `${feeId} is not decided yet (${because.why})`;
  return new Missing(kind, reason, days.length === 0 ? undefined : Math.min(...days));
}

/** What is missing for a payment to be decided; undefined where it is. */
export const undecided = ({ kind, awaited }: Decided): 'unknown' | 'pending' | undefined =>
  kind === 'unknown' ? 'unknown' : kind === 'needs' || awaited === true ? 'pending' : undefined;

/** The first day on which a payment falls or, as long as it is not decided, may fall. */
export const firstDayOf = ({ on, notBefore = on }: Decided): number => notBefore;

/** The fees decided so far, and the earlier payments of the one under way, for formulas like `value - paid(instalment-1)`. */
export class FeeLedger {
  private readonly byFee = new Map<string, readonly Decided[]>();

  /** Counts what changed. */
  revision = 0;

  set(feeId: string, decided: readonly Decided[]): void {
    this.revision += 1;
    this.byFee.set(feeId, decided);
  }

  of(feeId: string): readonly Decided[] {
    return this.byFee.get(feeId) ?? [];
  }

  due(feeId: string): readonly Due[] {
    return this.of(feeId).filter(isDue);
  }

  /** The n-th payment that is due, unless one that is not decided may come before it. */
  nthDue(feeId: string, n = 1): Due | NotDue {
    const all = this.of(feeId);
    const [only] = all;
    // Most fees are paid once: nothing can come before.
    if (n === 1 && all.length === 1 && only !== undefined && isDue(only)) return only;
    const found = all.filter(isDue)[n - 1];
    const open = all.filter((each) => undecided(each) !== undefined && (found === undefined || isBefore(each, found)));
    const doubt = open.find(({ kind }) => kind === 'unknown') ?? open[0];
    if (doubt !== undefined)
      return {
        ...{ kind: undecided(doubt) ?? 'pending', because: doubt },
        notBefore: Math.min(...open.map(firstDayOf)),
      };
    if (found !== undefined) return found;
    const waiting = all.findLast(({ kind }) => kind === 'not-yet');
    if (waiting !== undefined) return { kind: 'pending', because: waiting };
    return { kind: 'never', because: all.findLast((each) => !isDue(each)) };
  }

  /** What fell due of a fee on some days, for one job or for all. */
  paid(feeId: string, from: EpochDay, until: EpochDay, job?: Run | null): Decimal | Missing {
    const due = this.dueWithin(feeId, from, until, job);
    return due instanceof Missing ? due : due.reduce((sum, { amount }) => sum.add(amount), decimal(0n));
  }

  /** How often something was paid of a fee on some days. */
  count(feeId: string, from: EpochDay, until: EpochDay): number | Missing {
    const due = this.dueWithin(feeId, from, until);
    return due instanceof Missing ? due : due.filter(({ amount }) => amount.compare(0) > 0).length;
  }

  /** Missing while a payment that may fall on one of the days is not decided. */
  private dueWithin(feeId: string, from: EpochDay, until: EpochDay, job?: Run | null): readonly Decided[] | Missing {
    const within = this.of(feeId).filter(
      (each) => each.on >= from && firstDayOf(each) <= until && (job === undefined || mayBeOf(each, job)),
    );
    const open = within.filter((each) => undecided(each) !== undefined);
    const doubt = open.find(({ kind }) => kind === 'unknown') ?? open[0];
    if (doubt !== undefined) return notDecided(feeId, doubt, open);
    const due = within.filter(isDue);
    if (job !== undefined && due.some((each) => !isSameJob(each.job, job)))
      return new Missing('unknown', `whether ${feeId} was paid for this job`);
    return due;
  }
}

/** Whether one may come before the other: in the list, where both fall on one day. */
const isBefore = (one: Decided, other: Decided): boolean => firstDayOf(one) < other.on;

/** Nobody knows the job of what has no day yet. */
const mayBeOf = (each: Decided, job: Run | null): boolean =>
  (each.job === null && each.notBefore !== undefined) || mayBeSameJob(each.job, job);

const mayBeSameJob = (one: Run | null, other: Run | null): boolean =>
  one !== null &&
  other !== null &&
  (one.spells.length === 0 || other.spells.length === 0 || isSameJob(withAll(one), withAll(other)));

const withAll = (job: Run): Run => ({ ...job, spells: [...job.spells, ...(job.mayHave ?? [])] });

/** The same run of spells, or one that has grown out of it. */
const isSameJob = (one: Run | null, other: Run | null): boolean =>
  one !== null && other !== null && one.spells.some((spell) => other.spells.includes(spell));
