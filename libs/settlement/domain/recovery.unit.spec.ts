import { describe, expect, it } from '@jest/globals';
import { asCurrency, localDate, type Id } from '#libs/kernel/index.js';
import type { ClaimId, RecoveryId } from '../contract/ids.js';
import type { Actor } from './actor.js';
import { applyToRecovery, type Recovery, type RecoveryCommand } from './recovery.js';

const authorityId = 'authority' as Id<'Organisation'>;
const providerId = 'provider' as Id<'Organisation'>;
const manager: Actor = { kind: 'person', actorId: 'manager-1', organisationId: authorityId };
const second: Actor = { ...manager, actorId: 'manager-2' };
const finance: Actor = { kind: 'person', actorId: 'finance-1', organisationId: providerId };
const hub: Actor = { kind: 'hub', actorId: 'hub', organisationId: null };

const proposed: Recovery = {
  id: 'recovery' as RecoveryId,
  state: 'PROPOSED',
  claimId: 'claim' as ClaimId,
  referralId: 'referral' as Id<'Referral'>,
  authorityId,
  providerId,
  currency: asCurrency('EUR'),
  amountMinor: 73700n,
  recoveredMinor: 0n,
  feeMinor: 0n,
  tariffVersion: '2015',
  reason: 'The register corrected the job.',
  proposedOn: localDate('2018-09-10'),
  providerAccepts: null,
  providerAnswer: null,
  decision: null,
  decidedBy: null,
  confirmedBy: null,
  withdrawn: false,
  version: 1,
};

const after = (...steps: readonly (readonly [RecoveryCommand, Actor])[]): Recovery =>
  steps.reduce((now, [command, actor]) => applyToRecovery(command, now, actor), proposed);

const answer: RecoveryCommand = { do: 'answer', accepted: true, answer: 'We agree.' };
const recover: RecoveryCommand = { do: 'decide', decision: 'RECOVER', on: localDate('2018-09-12') };

describe('a recovery', () => {
  it('given the provider answered, when two people decide, then it is due and offset in parts', () => {
    const due = after([answer, finance], [recover, manager], [recover, second]);
    expect(due.state).toBe('DUE');
    const part = applyToRecovery({ do: 'offset', amountMinor: 70000n }, due, hub);
    expect(part).toMatchObject({ state: 'DUE', recoveredMinor: 70000n });
    expect(applyToRecovery({ do: 'offset', amountMinor: 3700n }, part, hub).state).toBe('OFFSET');
    expect(() => applyToRecovery({ do: 'offset', amountMinor: 3701n }, part, hub)).toThrow(
      expect.objectContaining({ code: 'recovery.offset-too-large' }),
    );
  });

  it('given one person decided, when the same one confirms or another one decides otherwise, then that is refused', () => {
    const decided = [
      [answer, finance],
      [recover, manager],
    ] as const;
    expect(() => after(...decided, [recover, manager])).toThrow(
      expect.objectContaining({ code: 'settlement.same-person' }),
    );
    expect(() => after(...decided, [{ ...recover, decision: 'DROP' }, second])).toThrow(
      expect.objectContaining({ code: 'recovery.decision-differs' }),
    );
  });

  it('given one person decided, when the same one decides otherwise, then that is what the second one confirms', () => {
    const drop = { ...recover, decision: 'DROP' } as RecoveryCommand;
    const decided = [
      [answer, finance],
      [drop, manager],
      [recover, manager],
    ] as const;
    expect(after(...decided)).toMatchObject({ state: 'ANSWERED', decision: 'RECOVER' });
    expect(after(...decided, [recover, second]).state).toBe('DUE');
  });

  it('given the provider has not answered, when its time is not over, then nobody decides', () => {
    expect(() => after([recover, manager])).toThrow(expect.objectContaining({ code: 'recovery.answer-awaited' }));
    const later = { ...recover, on: localDate('2018-09-24') } as RecoveryCommand;
    expect(after([later, manager], [later, second]).state).toBe('DUE');
  });

  it('given it is due, then it can be written off by two people, and no longer dropped', () => {
    const due = [
      [answer, finance],
      [recover, manager],
      [recover, second],
    ] as const;
    const writeOff = { ...recover, decision: 'WRITE_OFF' } as RecoveryCommand;
    expect(after(...due, [writeOff, second], [writeOff, manager]).state).toBe('WRITTEN_OFF');
    expect(() => after(...due, [{ ...recover, decision: 'DROP' }, manager])).toThrow(
      expect.objectContaining({ code: 'recovery.illegal-move' }),
    );
  });

  it('given it is due and a write-off was proposed, then anybody may let it stay due', () => {
    const due = [
      [answer, finance],
      [recover, manager],
      [recover, second],
    ] as const;
    const writeOff = { ...recover, decision: 'WRITE_OFF' } as RecoveryCommand;
    expect(after(...due, [writeOff, manager], [recover, second])).toMatchObject({ state: 'DUE', decision: null });
    expect(after(...due, [writeOff, manager], [recover, manager])).toMatchObject({ state: 'DUE', decision: null });
  });

  it('given it is due, when the provider transfers what is left, then it is repaid; more than the whole is refused', () => {
    const due = after([answer, finance], [recover, manager], [recover, second]);
    const part = applyToRecovery({ do: 'offset', amountMinor: 70000n }, due, hub);
    expect(applyToRecovery({ do: 'repay', amountMinor: 3700n }, part, manager)).toMatchObject({
      state: 'REPAID',
      recoveredMinor: 73700n,
    });
    expect(() => applyToRecovery({ do: 'repay', amountMinor: 73701n }, part, manager)).toThrow(
      expect.objectContaining({ code: 'recovery.repaid-otherwise' }),
    );
  });

  it('given a part was repaid, then the rest stays due; given all was, though a statement had kept some back, then that is given back', () => {
    const due = after([answer, finance], [recover, manager], [recover, second]);
    const part = applyToRecovery({ do: 'repay', amountMinor: 3700n }, due, manager);
    expect(part).toMatchObject({ state: 'DUE', recoveredMinor: 3700n });
    expect(applyToRecovery({ do: 'undo-repay', amountMinor: 3700n }, part, manager)).toMatchObject({
      state: 'DUE',
      recoveredMinor: 0n,
    });
    const whole = applyToRecovery({ do: 'offset', amountMinor: 73700n }, due, hub);
    expect(applyToRecovery({ do: 'repay', amountMinor: 73700n }, whole, manager)).toMatchObject({
      state: 'DUE',
      recoveredMinor: 147400n,
    });
    const crossed = applyToRecovery({ do: 'repay', amountMinor: 73700n }, part, manager);
    expect(crossed).toMatchObject({ state: 'DUE', recoveredMinor: 77400n });
    expect(() => applyToRecovery({ do: 'offset', amountMinor: 1n }, crossed, hub)).toThrow(
      expect.objectContaining({ code: 'recovery.offset-too-large' }),
    );
    expect(applyToRecovery({ do: 'offset', amountMinor: -3700n }, crossed, hub)).toMatchObject({
      state: 'OFFSET',
      recoveredMinor: 73700n,
    });
  });

  it('is answered by the provider alone', () => {
    expect(() => after([answer, manager])).toThrow(expect.objectContaining({ code: 'recovery.not-the-provider' }));
  });
});
