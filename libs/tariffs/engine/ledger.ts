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
}

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

  due(feeId: string): readonly Decided[] {
    return this.of(feeId).filter((each) => each.kind === 'due');
  }

  firstDue(feeId: string): Decided | undefined {
    return this.of(feeId).find((each) => each.kind === 'due');
  }

  /** What fell due of a fee on some days, for one job or for all. Missing while a payment of it that was reached by then waits for an answer. */
  paid(feeId: string, from: EpochDay, until: EpochDay, job?: Run | null): Decimal | Missing {
    let sum = decimal(0n);
    for (const each of this.of(feeId)) {
      if (each.on < from || each.on > until || (job !== undefined && !isSameJob(each.job, job))) continue;
      if (each.kind === 'needs' || each.kind === 'unknown')
        return new Missing('pending', `${feeId} is not decided yet (${each.why})`);
      if (each.kind === 'due') sum = sum.add(each.amount);
    }
    return sum;
  }

  count(feeId: string, from: EpochDay, until: EpochDay): number {
    return this.due(feeId).filter(({ on, amount }) => from <= on && on <= until && amount.compare(0) > 0).length;
  }

  /** Why there is no (further) payment of a fee. */
  why(feeId: string): Decided | undefined {
    return this.of(feeId).findLast((each) => each.kind !== 'due');
  }
}

/** The same run of spells, or one that has grown out of it. */
const isSameJob = (one: Run | null, other: Run | null): boolean =>
  one !== null && other !== null && one.spells.some((spell) => other.spells.includes(spell));
