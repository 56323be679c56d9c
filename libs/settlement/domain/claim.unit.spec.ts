import { describe, expect, it } from '@jest/globals';
import { asCurrency, localDate, type Id } from '#libs/kernel/index.js';
import type { ClaimBatchId, ClaimId } from '../contract/ids.js';
import type { Actor } from './actor.js';
import { CLAIM_MOVES, CLAIM_STATES, decideClaim, evolveClaim, type Claim, type ClaimCommand } from './claim.js';

const authorityId = '0190a0a0-0000-7000-8000-00000000000a' as Id<'Organisation'>;
const providerId = '0190a0a0-0000-7000-8000-00000000000b' as Id<'Organisation'>;
const batchId = '0190a0a0-0000-7000-8000-00000000000c' as ClaimBatchId;

const manager: Actor = { kind: 'person', actorId: 'manager-1', organisationId: authorityId };
const second: Actor = { ...manager, actorId: 'manager-2' };
const finance: Actor = { kind: 'person', actorId: 'finance-1', organisationId: providerId };
const system: Actor = { kind: 'client', actorId: 'client-1', organisationId: authorityId };

const claim: Claim = {
  id: '0190a0a0-0000-7000-8000-000000000001' as ClaimId,
  number: 'C-000001',
  kind: 'FEE',
  state: 'IN_VALIDATION',
  referralId: '0190a0a0-0000-7000-8000-000000000002' as Id<'Referral'>,
  personId: '0190a0a0-0000-7000-8000-000000000003' as Id<'Person'>,
  contractId: '0190a0a0-0000-7000-8000-000000000004' as Id<'Contract'>,
  authorityId,
  providerId,
  tariffId: 'ie-jobpath',
  tariffVersion: '2018',
  feeId: 'sustainment-13',
  occurrence: '',
  dueOn: localDate('2018-04-09'),
  currency: asCurrency('EUR'),
  askedMinor: 61300n,
  approvedMinor: null,
  certifiedMinor: null,
  feeMinor: 61300n,
  why: '13 of 13 weeks reached',
  jobs: [],
  findings: [],
  correctsId: null,
  approvedBy: null,
  certifiedBy: null,
  certifiedOn: null,
  batchId: null,
  statementId: null,
  disputedFrom: null,
  returns: 0,
  version: 1,
};

const after = (state: Claim, ...steps: readonly (readonly [ClaimCommand, Actor])[]): Claim =>
  steps.reduce((now, [command, actor]) => evolveClaim(now, decideClaim(command, now, actor)), state);

const approve: ClaimCommand = { do: 'approve', batchId, asException: false };
const certify: ClaimCommand = { do: 'certify', on: localDate('2018-04-20') };

describe('a claim', () => {
  it('given it passed its checks, when two people approve and certify, then it is owed in full', () => {
    expect(after(claim, [approve, manager], [certify, second])).toMatchObject({
      state: 'CERTIFIED',
      approvedBy: 'manager-1',
      certifiedBy: 'manager-2',
      approvedMinor: 61300n,
      certifiedMinor: 61300n,
      certifiedOn: '2018-04-20',
    });
  });

  it('given one person approved it, when the same one certifies, then that is refused', () => {
    expect(() => after(claim, [approve, manager], [certify, manager])).toThrow(
      expect.objectContaining({ code: 'settlement.same-person' }),
    );
  });

  it('when a system approves, then that is refused', () => {
    expect(() => after(claim, [approve, system])).toThrow(
      expect.objectContaining({ code: 'settlement.person-required' }),
    );
  });

  it('given findings, when it is approved among all others, then it has to be named', () => {
    const exception: Claim = {
      ...claim,
      state: 'BLOCKED',
      findings: [{ code: 'SAME_JOB', message: 'Claimed twice.' }],
    };
    expect(() => after(exception, [approve, manager])).toThrow(
      expect.objectContaining({ code: 'claim.exception-not-named' }),
    );
    expect(after(exception, [{ ...approve, asException: true }, manager]).state).toBe('APPROVED');
  });

  it('given it was approved, when the provider disputes, then the approval is gone and comes back only by a new one', () => {
    const disputed = after(claim, [approve, manager], [{ do: 'dispute' }, finance]);
    expect(disputed).toMatchObject({ state: 'DISPUTED', approvedBy: null, approvedMinor: null, batchId: null });
    expect(after(disputed, [{ do: 'answer-dispute', upheld: false }, manager]).state).toBe('IN_VALIDATION');
    expect(after(disputed, [{ do: 'answer-dispute', upheld: true }, manager])).toMatchObject({
      state: 'BLOCKED',
      findings: [expect.objectContaining({ code: 'DISPUTE_UPHELD' })],
    });
  });

  it('given it was rejected, when the provider disputes in vain, then it stays rejected', () => {
    const steps = [
      [{ do: 'reject', code: 'DUPLICATE' }, manager],
      [{ do: 'dispute' }, finance],
      [{ do: 'answer-dispute', upheld: false }, second],
    ] as const;
    expect(after(claim, ...steps).state).toBe('REJECTED');
  });

  it('when another organisation disputes it, then that is refused', () => {
    expect(() => after(claim, [{ do: 'dispute' }, manager])).toThrow(
      expect.objectContaining({ code: 'claim.not-the-provider' }),
    );
  });

  it('is returned a limited number of times', () => {
    const returned = (times: number): Claim => ({ ...claim, returns: times });
    expect(after(returned(2), [{ do: 'return', code: 'EVIDENCE' }, manager])).toMatchObject({
      state: 'RETURNED',
      returns: 3,
    });
    expect(() => after(returned(3), [{ do: 'return', code: 'EVIDENCE' }, manager])).toThrow(
      expect.objectContaining({ code: 'claim.returns-exhausted' }),
    );
  });

  it('refuses every move that the state table does not name, with the state and the states it is possible from', () => {
    const commands: readonly ClaimCommand[] = [
      { do: 'hold', findings: [] },
      { do: 'submit' },
      { do: 'begin-validation' },
      approve,
      certify,
      { do: 'reject', code: 'NO' },
      { do: 'return', code: 'NO' },
      { do: 'dispute' },
      { do: 'answer-dispute', upheld: true },
      { do: 'reprice', tariffVersion: '2019', why: 'because' },
      { do: 'cancel', code: 'FACTS_CHANGED', why: 'because' },
    ];
    for (const command of commands) {
      for (const state of CLAIM_STATES.filter((each) => !CLAIM_MOVES[command.do].includes(each))) {
        expect(() => decideClaim(command, { ...claim, state }, manager)).toThrow(
          expect.objectContaining({ code: 'claim.illegal-move', facts: expect.objectContaining({ state }) }),
        );
      }
    }
  });
});
