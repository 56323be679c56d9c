import { describe, expect, it } from '@jest/globals';
import { problemsOf, type Result } from './result.js';

/** Two certified fees of 50, one of which was paid and came back as a recovery, the other one is on its way. */
const RESULT: Result = {
  people: 3,
  referralsAccepted: 2,
  referralsByState: { COMPLETED: 1, WITHDRAWN: 2 },
  outcomesByKind: {},
  claimsByState: { CERTIFIED: 2 },
  commitmentsByState: { CANCELLED: 1, SETTLED: 1 },
  moneyByFee: { 'jobpath-ie/registration': { EUR: '10000' } },
  committedMinor: { EUR: '20000' },
  drawnMinor: { EUR: '5000' },
  reservedMinor: {},
  certifiedMinor: { EUR: '10000' },
  sentMinor: { EUR: '22000' },
  awaitingMinor: { EUR: '2000' },
  rejectedMinor: { EUR: '5000' },
  returnedMinor: { EUR: '7000' },
  paidMinor: { EUR: '8000' },
  reconciledMinor: { EUR: '6000' },
  recoveredMinor: { EUR: '3000' },
  repaidMinor: { EUR: '3000' },
  toRecoverMinor: { EUR: '1500' },
  writtenOffMinor: { EUR: '500' },
  owedMinor: { EUR: '2000' },
  inTransitMinor: { EUR: '2000' },
  breaksByReason: {},
  trialBalanceMinor: { EUR: '0' },
  mistakes: [],
};

describe('what does not add up', () => {
  it('is nothing where referrals were taken back, money came back in every way and some is still under way', () => {
    expect(problemsOf(RESULT)).toEqual([]);
  });

  it('is named where a commitment is missing', () => {
    expect(problemsOf({ ...RESULT, referralsAccepted: 3 })).toEqual([
      '3 referrals were accepted, and there are 2 commitments.',
    ]);
  });

  it.each([
    ['trialBalanceMinor', 'The books'],
    ['moneyByFee', 'the fees it is for'],
    ['owedMinor', 'taken from later months'],
    ['repaidMinor', 'taken from later months'],
    ['drawnMinor', 'drawn from the commitments'],
    ['toRecoverMinor', 'drawn from the commitments'],
    ['writtenOffMinor', 'drawn from the commitments'],
    ['sentMinor', 'sent to the bank'],
    ['rejectedMinor', 'sent to the bank'],
    ['returnedMinor', 'sent to the bank'],
    ['awaitingMinor', 'sent to the bank'],
    ['reconciledMinor', 'in transit'],
    ['inTransitMinor', 'in transit'],
  ] as const)('is named where %s is off by a cent', (name, said) => {
    const sums = RESULT[name];
    const off =
      name === 'moneyByFee'
        ? { fee: { EUR: '10001' } }
        : { EUR: String(BigInt((sums as Record<string, string>)['EUR'] ?? '0') + 1n) };
    const problems = problemsOf({ ...RESULT, [name]: off });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(said);
  });
});
