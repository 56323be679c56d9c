import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDate } from '#libs/kernel/index.js';
import type { ClaimId, RecoveryId } from '../contract/ids.js';
import { stateMonth, type DueRecovery, type StatedClaim } from './provider-statement.js';

const claim = (certifiedMinor: bigint): StatedClaim => ({
  claimId: 'claim' as ClaimId,
  number: 'C-000001',
  kind: certifiedMinor < 0n ? 'REVERSAL' : 'FEE',
  feeId: 'sustainment-13',
  dueOn: localDate('2018-04-09'),
  certifiedMinor,
});
const recovery = (leftMinor: bigint): DueRecovery => ({
  recoveryId: 'recovery' as RecoveryId,
  claimNumber: 'C-000001',
  feeId: 'sustainment-13',
  leftMinor,
});

describe('a provider statement', () => {
  it('given nothing happened, then there is none', () => {
    expect(stateMonth(0n, [], [])).toBeUndefined();
    expect(stateMonth(-500n, [], [recovery(100n)])).toBeUndefined();
  });

  it('given more was taken back than earned, then nothing is paid and the rest is carried forward', () => {
    expect(stateMonth(0n, [claim(10000n), claim(-25000n)], [])).toMatchObject({
      netMinor: 0n,
      carriedForwardMinor: -15000n,
    });
    expect(stateMonth(-15000n, [claim(20000n)], [])).toMatchObject({ netMinor: 5000n, carriedForwardMinor: 0n });
  });

  it('given recoveries are due, then at most half of what was earned is kept back, oldest first', () => {
    const sums = stateMonth(0n, [claim(10000n)], [recovery(4000n), recovery(9000n)]);
    expect(sums?.lines.map((line) => line.amountMinor)).toEqual([10000n, -4000n, -1000n]);
    expect(sums?.netMinor).toBe(5000n);
  });

  it('property: lines add up, net is never negative, and no offset takes more than is left or more than the cap', () => {
    const amount = fc.bigInt({ min: -1_000_000n, max: 1_000_000n });
    const left = fc.bigInt({ min: 1n, max: 1_000_000n });
    fc.assert(
      fc.property(
        fc.bigInt({ min: -1_000_000n, max: 0n }),
        fc.array(amount),
        fc.array(left),
        (broughtForward, claims, recoveries) => {
          const sums = stateMonth(broughtForward, claims.map(claim), recoveries.map(recovery));
          if (sums === undefined) return;
          const lines = sums.lines.reduce((sum, line) => sum + line.amountMinor, 0n);
          expect(sums.broughtForwardMinor + lines).toBe(sums.netMinor + sums.carriedForwardMinor);
          expect(sums.netMinor >= 0n && sums.carriedForwardMinor <= 0n).toBe(true);
          expect(sums.netMinor === 0n || sums.carriedForwardMinor === 0n).toBe(true);
          const offsets = sums.lines.filter((line) => line.kind === 'OFFSET');
          offsets.forEach((line, index) => expect(-line.amountMinor <= (recoveries[index] ?? 0n)).toBe(true));
          const earned = broughtForward + claims.reduce((sum, each) => sum + each, 0n);
          const taken = offsets.reduce((sum, line) => sum - line.amountMinor, 0n);
          expect(taken === 0n || taken * 2n <= earned).toBe(true);
        },
      ),
    );
  });
});
