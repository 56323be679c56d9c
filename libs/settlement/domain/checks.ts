import type { LocalDate } from '#libs/kernel/index.js';
import type { Claim, Finding } from './claim.js';

/** What the automatic checks look at beside the claim itself. */
export interface CheckContext {
  /** Numbers of claims of other referrals that rest on the same job of the same person. */
  readonly sameJobClaims: readonly string[];
  /** Numbers of claims for the same fee of another referral of the person that runs at the same time under the same contract. */
  readonly sameFeeClaims: readonly string[];
  /** What is left of the commitment, without this claim; null where there is none. */
  readonly commitmentLeftMinor: bigint | null;
  /** The contract's last day; null where it is open or unknown. */
  readonly contractEndsOn: LocalDate | null;
}

export const sameJobFinding = (numbers: readonly string[]): Finding => ({
  code: 'SAME_JOB_CLAIMED_TWICE',
  message: `The same job stands behind ${numbers.join(', ')} of another referral.`,
});

/** The automatic checks: what they find makes the claim an exception that a person decides by its name. */
export function checkClaim(claim: Claim, context: CheckContext): readonly Finding[] {
  const findings: Finding[] = [];
  if (context.sameJobClaims.length > 0) findings.push(sameJobFinding(context.sameJobClaims));
  if (context.sameFeeClaims.length > 0) {
    findings.push({
      code: 'REFERRED_TWICE',
      message: `The person has another referral at the same time, for which ${context.sameFeeClaims.join(', ')} asks for the same fee.`,
    });
  }
  if (context.commitmentLeftMinor === null || claim.askedMinor > context.commitmentLeftMinor) {
    findings.push({ code: 'COMMITMENT_EXCEEDED', message: 'The claim is more than what is left of the commitment.' });
  }
  if (claim.kind === 'FEE' && context.contractEndsOn !== null && claim.dueOn > context.contractEndsOn) {
    findings.push({
      code: 'DUE_AFTER_CONTRACT',
      message: `The fee became due on ${claim.dueOn}, after the contract ended on ${context.contractEndsOn}.`,
    });
  }
  return findings;
}
