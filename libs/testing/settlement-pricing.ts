import { addDays, type LocalDate } from '#libs/kernel/index.js';
import { Ledger, Pricing, type Priced } from '#libs/settlement/index.js';
import type { Engagement, StoredFact } from '#libs/settlement/domain/fact.js';
import type { FeeAnswer } from '#libs/settlement/domain/fees-and-claims.js';
import type { Journal } from '#libs/settlement/domain/journals.js';

export class WeeksPricing extends Pricing {
  override currencyOf() {
    return 'EUR';
  }
  override ceilingMinor() {
    return 371800n;
  }
  override price(_engagement: Engagement, facts: readonly StoredFact[], asOf: LocalDate): Priced {
    const fees: FeeAnswer[] = [];
    const namedDates: LocalDate[] = [];
    for (const { body } of facts) {
      if (body.kind === 'PLAN_AGREED') fees.push(fee('registration', 31100n, body.agreedOn, []));
      if (body.kind !== 'SPELL' || body.standing !== 'VERIFIED') continue;
      for (const [feeId, weeks, amount] of [
        ['w13', 13, 61300n],
        ['w26', 26, 73700n],
      ] as const) {
        const on = addDays(body.spell.startedOn, weeks * 7 - 1);
        if (body.spell.endedOn !== null && body.spell.endedOn < on) continue;
        if (on <= asOf) fees.push(fee(feeId, amount, on, [body.spell.employerRef]));
        else namedDates.push(on);
      }
    }
    return { fees, namedDates, questions: [] };
  }
}
const fee = (feeId: string, amountMinor: bigint, dueOn: LocalDate, jobs: readonly string[]): FeeAnswer => ({
  feeId,
  occurrence: '',
  answer: 'due',
  amountMinor,
  dueOn,
  why: `due on ${dueOn}`,
  jobs,
});
export class NoteLedger extends Ledger {
  readonly journals: Journal[] = [];
  override post(_tx: unknown, journals: readonly Journal[]) {
    this.journals.push(...journals);
    return Promise.resolve();
  }
  /** Debits less credits of an account. */
  balance(code: string): bigint {
    return this.journals.reduce(
      (sum, { debit, credit, amountMinor }) =>
        sum + (debit === code ? amountMinor : 0n) - (credit === code ? amountMinor : 0n),
      0n,
    );
  }
  override trialBalance() {
    return Promise.resolve([]);
  }
}
