import type { LocalDate } from '#libs/kernel/index.js';
import type { ClaimId, RecoveryId } from '../contract/ids.js';

/** A certified claim that stands on no provider statement yet. */
export interface StatedClaim {
  readonly claimId: ClaimId;
  readonly number: string;
  readonly kind: string;
  readonly feeId: string;
  readonly dueOn: LocalDate;
  readonly certifiedMinor: bigint;
}

/** A recovery that is due, with what is left of it; negative where more came back than was due. Oldest first. */
export interface DueRecovery {
  readonly recoveryId: RecoveryId;
  readonly claimNumber: string;
  readonly feeId: string;
  readonly leftMinor: bigint;
}

export interface StatementLine {
  readonly kind: string;
  readonly claimId: ClaimId | null;
  readonly recoveryId: RecoveryId | null;
  readonly claimNumber: string | null;
  readonly feeId: string | null;
  readonly text: string;
  readonly amountMinor: bigint;
}

/** `broughtForwardMinor + Σ lines = netMinor + carriedForwardMinor`; net is never negative, carried forward never positive. */
export interface StatementSums {
  readonly broughtForwardMinor: bigint;
  readonly lines: readonly StatementLine[];
  readonly netMinor: bigint;
  readonly carriedForwardMinor: bigint;
}

/**
 * How much of what a statement would pay may be kept back for recoveries. The rest stays due and is taken from the next ones,
 * so that a provider that delivers is still paid something.
 */
export interface OffsetCap {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Half of it. */
export const OFFSET_CAP: OffsetCap = { numerator: 1n, denominator: 2n };

/** The month's statement of one provider to one authority, or none where there is nothing to say. */
export function stateMonth(
  broughtForwardMinor: bigint,
  claims: readonly StatedClaim[],
  recoveries: readonly DueRecovery[],
  cap: OffsetCap = OFFSET_CAP,
): StatementSums | undefined {
  const claimLines = claims.map(claimLine);
  const earnedMinor = broughtForwardMinor + total(claimLines);
  const offsets = offsetLines(recoveries, earnedMinor > 0n ? (earnedMinor * cap.numerator) / cap.denominator : 0n);
  const lines = [...claimLines, ...offsets];
  if (lines.length === 0) return undefined;
  const closingMinor = broughtForwardMinor + total(lines);
  return {
    broughtForwardMinor,
    lines,
    netMinor: closingMinor > 0n ? closingMinor : 0n,
    carriedForwardMinor: closingMinor < 0n ? closingMinor : 0n,
  };
}

const total = (lines: readonly StatementLine[]): bigint => lines.reduce((sum, line) => sum + line.amountMinor, 0n);

const claimLine = (claim: StatedClaim): StatementLine => ({
  kind: claim.kind,
  claimId: claim.claimId,
  recoveryId: null,
  claimNumber: claim.number,
  feeId: claim.feeId,
  text: `${claim.feeId}, due on ${claim.dueOn}`,
  amountMinor: claim.certifiedMinor,
});

function offsetLines(recoveries: readonly DueRecovery[], roomMinor: bigint): readonly StatementLine[] {
  const lines: StatementLine[] = [];
  let left = roomMinor;
  for (const recovery of recoveries) {
    const isGivenBack = recovery.leftMinor < 0n;
    const taken = isGivenBack || recovery.leftMinor < left ? recovery.leftMinor : left;
    if (taken === 0n) continue;
    if (!isGivenBack) left -= taken;
    lines.push({
      kind: 'OFFSET',
      claimId: null,
      recoveryId: recovery.recoveryId,
      claimNumber: recovery.claimNumber,
      feeId: recovery.feeId,
      text: isGivenBack
        ? `given back: more was recovered of claim ${recovery.claimNumber} than was due`
        : `recovered of claim ${recovery.claimNumber}`,
      amountMinor: -taken,
    });
  }
  return lines;
}
