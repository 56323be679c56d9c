import type { LocalDate } from '#libs/kernel/index.js';

/**
 * Budget that an accepted referral holds: the most its locked price can come to, drawn down by certified claims. Proposed and approved
 * in one step by the acceptance; settled when nothing more can become due, cancelled when the referral was never real.
 */
export type CommitmentState = 'PROPOSED' | 'APPROVED' | 'SETTLED' | 'CANCELLED';

/** Whether a fee may still become due: `by-itself`, as time passes or a register answers; or only with facts that nobody has told. */
export type Prospect = 'by-itself' | 'with-new-facts' | 'none';

/**
 * What becomes of a commitment by what is known on a day. While the service goes on, and as long after it as a job may begin that is its
 * result, new facts are awaited; then only what happens by itself keeps budget. A late fact opens it again.
 */
export function commitmentStateOf(of: {
  readonly void: boolean;
  readonly prospect: Prospect;
  /** Null while the service goes on. */
  readonly lastDayForJobs: LocalDate | null;
  readonly today: LocalDate;
}): CommitmentState {
  if (of.void) return 'CANCELLED';
  if (of.prospect === 'none') return 'SETTLED';
  const factsAwaited = of.lastDayForJobs === null || of.today <= of.lastDayForJobs;
  return factsAwaited || of.prospect === 'by-itself' ? 'APPROVED' : 'SETTLED';
}
