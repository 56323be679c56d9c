/**
 * Budget that an accepted referral holds: the most its locked price can come to, drawn down by certified claims. Proposed and approved
 * in one step by the acceptance; settled when nothing more can become due, cancelled when the referral was never real.
 */
export type CommitmentState = 'PROPOSED' | 'APPROVED' | 'SETTLED' | 'CANCELLED';
