import { HubError } from '#libs/kernel/index.js';

export type CommitmentState = 'PROPOSED' | 'APPROVED' | 'SETTLED' | 'CANCELLED';

/** Budget that an accepted referral holds: the most its locked price can come to, drawn down by certified claims. */
export interface Commitment {
  readonly state: CommitmentState;
  readonly amountMinor: bigint;
  readonly drawnMinor: bigint;
}

export const remainingMinor = (commitment: Commitment): bigint => commitment.amountMinor - commitment.drawnMinor;

/** Draws a certified claim (negative for one that takes back). Errors: `commitment.not-approved`, `commitment.exceeded`. */
export function drawDown(commitment: Commitment, amountMinor: bigint): Commitment {
  if (commitment.state !== 'APPROVED' && amountMinor > 0n) {
    throw new HubError('commitment.not-approved', `A commitment that is ${commitment.state} pays nothing more.`);
  }
  if (amountMinor > remainingMinor(commitment)) {
    throw new HubError('commitment.exceeded', 'The claim is more than what is left of the commitment.');
  }
  return { ...commitment, drawnMinor: commitment.drawnMinor + amountMinor };
}

/** Nothing more can become due (settled) or the referral was never real (cancelled); reopened when facts make a fee possible again. */
export const closeAs = (commitment: Commitment, state: CommitmentState): Commitment => ({ ...commitment, state });
