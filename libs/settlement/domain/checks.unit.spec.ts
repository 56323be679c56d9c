import { describe, expect, it } from '@jest/globals';
import { localDate } from '#libs/kernel/index.js';
import { checkClaim, type CheckContext } from './checks.js';
import type { Claim } from './claim.js';

const claim = { kind: 'FEE', askedMinor: 61300n, dueOn: localDate('2018-04-09') } as Claim;
const fine: CheckContext = { sameJobClaims: [], sameFeeClaims: [], commitmentLeftMinor: 61300n, contractEndsOn: null };
const codes = (context: Partial<CheckContext>) => checkClaim(claim, { ...fine, ...context }).map((each) => each.code);

describe('the automatic checks', () => {
  it('find nothing where the commitment covers the claim to the cent', () => expect(codes({})).toEqual([]));

  it('find the same job behind a claim of another referral', () =>
    expect(codes({ sameJobClaims: ['C-000007'] })).toEqual(['SAME_JOB_CLAIMED_TWICE']));

  it('find the same fee claimed for another referral that runs at the same time', () =>
    expect(codes({ sameFeeClaims: ['C-000007'] })).toEqual(['REFERRED_TWICE']));

  it('find a commitment that is exceeded or missing', () => {
    expect(codes({ commitmentLeftMinor: 61299n })).toEqual(['COMMITMENT_EXCEEDED']);
    expect(codes({ commitmentLeftMinor: null })).toEqual(['COMMITMENT_EXCEEDED']);
  });

  it('find a fee that became due after the contract ended, and not on its last day', () => {
    expect(codes({ contractEndsOn: localDate('2018-04-08') })).toEqual(['DUE_AFTER_CONTRACT']);
    expect(codes({ contractEndsOn: localDate('2018-04-09') })).toEqual([]);
  });
});
