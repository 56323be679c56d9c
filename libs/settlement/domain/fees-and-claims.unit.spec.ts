import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDate } from '#libs/kernel/index.js';
import type { ClaimId, ProviderStatementId, RecoveryId } from '../contract/ids.js';
import { isOpen } from './claim.js';
import {
  compareFeesWithClaims,
  type ClaimMove,
  type ClaimView,
  type FeeAnswer,
  type RecoveryView,
} from './fees-and-claims.js';
import { isProposal } from './recovery.js';

const today = localDate('2018-06-01');
const statementId = 'statement' as ProviderStatementId;

const due = (amountMinor: bigint, dueOn = '2018-04-09'): FeeAnswer => ({
  feeId: 'fee',
  occurrence: '',
  answer: 'due',
  amountMinor,
  dueOn: localDate(dueOn),
  why: 'because',
  jobs: [],
});
const notDue: FeeAnswer = { ...due(0n), answer: 'not-due', dueOn: null };
const undecided: FeeAnswer = { ...notDue, answer: 'undecided' };

const claimed = (state: ClaimView['state'], amountMinor: bigint, more: Partial<ClaimView> = {}): ClaimView => ({
  id: `claim-${state}-${amountMinor}` as ClaimId,
  state,
  feeId: 'fee',
  occurrence: '',
  askedMinor: amountMinor,
  certifiedMinor: state === 'CERTIFIED' ? amountMinor : null,
  feeMinor: amountMinor,
  dueOn: localDate('2018-04-09'),
  correctsId: null,
  statementId: null,
  disputedFrom: null,
  tariffVersion: '2015',
  ...more,
});

const compare = (fee: FeeAnswer, claims: readonly ClaimView[], recoveries: readonly RecoveryView[] = []) =>
  compareFeesWithClaims({ fees: [fee], tariffVersion: '2015' }, claims, recoveries, today);
const doing = (moves: readonly ClaimMove[]) =>
  moves.map((move) => ('amountMinor' in move ? [move.do, move.amountMinor] : [move.do]));

describe('fees and claims', () => {
  it('given no claim, when a fee is due, then one is made on its day', () => {
    expect(compare(due(73700n), [])).toEqual([
      expect.objectContaining({
        do: 'generate',
        kind: 'FEE',
        amountMinor: 73700n,
        dueOn: '2018-04-09',
        correctsId: null,
      }),
    ]);
  });

  it('given the claim exists, then nothing happens again', () => {
    for (const state of ['IN_VALIDATION', 'BLOCKED', 'DISPUTED', 'APPROVED', 'CERTIFIED'] as const) {
      expect(compare(due(73700n), [claimed(state, 73700n)])).toEqual([]);
    }
  });

  it('given it is not certified, when the amount or the day changes, then it is cancelled and made anew', () => {
    expect(doing(compare(due(61300n), [claimed('APPROVED', 73700n)]))).toEqual([['cancel'], ['generate', 61300n]]);
    expect(doing(compare(due(73700n, '2018-04-10'), [claimed('IN_VALIDATION', 73700n)]))).toEqual([
      ['cancel'],
      ['generate', 73700n],
    ]);
    expect(doing(compare(notDue, [claimed('BLOCKED', 73700n)]))).toEqual([['cancel']]);
  });

  it('given it is certified and not stated, when nothing is due, then a reversal stops it', () => {
    const certified = claimed('CERTIFIED', 73700n);
    expect(compare(notDue, [certified])).toEqual([
      expect.objectContaining({ do: 'generate', kind: 'REVERSAL', amountMinor: -73700n, correctsId: certified.id }),
    ]);
  });

  it('given it is stated, when nothing is due, then a recovery is proposed instead of a claim', () => {
    expect(doing(compare(notDue, [claimed('CERTIFIED', 73700n, { statementId })]))).toEqual([
      ['propose-recovery', 73700n],
    ]);
  });

  it('given part is stated and part is not, then what is not is stopped first', () => {
    const claims = [
      claimed('CERTIFIED', 73700n, { statementId }),
      claimed('CERTIFIED', 5000n, { id: 'more' as ClaimId, correctsId: 'first' as ClaimId }),
    ];
    expect(doing(compare(notDue, claims))).toEqual([
      ['generate', -5000n],
      ['propose-recovery', 73700n],
    ]);
  });

  it('given it is certified, when more is due, then an adjustment adds the rest', () => {
    expect(compare(due(80000n), [claimed('CERTIFIED', 73700n, { statementId })])).toEqual([
      expect.objectContaining({ do: 'generate', kind: 'ADJUSTMENT', amountMinor: 6300n }),
    ]);
  });

  it('given a register has been asked, then what is not certified waits and what is certified stays', () => {
    expect(doing(compare(undecided, [claimed('IN_VALIDATION', 73700n)]))).toEqual([['cancel']]);
    expect(compare(undecided, [claimed('CERTIFIED', 73700n)])).toEqual([]);
  });

  it('given a person rejected it, when the fee comes to the same, then it is not claimed again; to another amount, it is', () => {
    expect(compare(due(73700n), [claimed('REJECTED', 73700n)])).toEqual([]);
    expect(doing(compare(due(61300n), [claimed('REJECTED', 73700n)]))).toEqual([['generate', 61300n]]);
  });

  it('given a rejection that is disputed, when its day changes, then it is not claimed anew; when the fee is another one, it is', () => {
    const disputed = claimed('DISPUTED', 73700n, { disputedFrom: 'REJECTED' });
    expect(compare(due(73700n, '2018-04-10'), [disputed])).toEqual([]);
    expect(doing(compare(due(61300n), [disputed]))).toEqual([['cancel'], ['generate', 61300n]]);
  });

  it('given a person said no to one amount, when another one is to be moved, then that is asked', () => {
    const paid = claimed('CERTIFIED', 61300n, { statementId });
    const more = claimed('REJECTED', 10000n, { feeMinor: 71300n, correctsId: paid.id });
    expect(compare(due(71300n), [paid, more])).toEqual([]);
    const recovered: RecoveryView = {
      ...{ id: 'recovery' as RecoveryId, claimId: paid.id, state: 'OFFSET', withdrawn: false, tariffVersion: '2015' },
      ...{ amountMinor: 61300n, recoveredMinor: 61300n, feeMinor: 0n },
    };
    expect(doing(compare(due(71300n), [paid, more], [recovered]))).toEqual([['generate', 71300n]]);
  });

  it('given a reversal was rejected, when what it was about is stated, then a recovery is proposed: two people decide', () => {
    const paid = claimed('CERTIFIED', 61300n);
    const kept = claimed('REJECTED', -61300n, { feeMinor: 0n, correctsId: paid.id });
    expect(compare(notDue, [paid, kept])).toEqual([]);
    expect(doing(compare(notDue, [claimed('CERTIFIED', 61300n, { statementId }), kept]))).toEqual([
      ['propose-recovery', 61300n],
    ]);
  });

  it('given two moves take back and one was rejected, then the other one is not asked again and again', () => {
    const stated = claimed('CERTIFIED', 61300n, { statementId });
    const more = claimed('CERTIFIED', 10000n, { correctsId: stated.id });
    const kept = claimed('REJECTED', -10000n, { feeMinor: 0n, correctsId: more.id });
    const asked: RecoveryView = {
      ...{
        id: 'recovery' as RecoveryId,
        claimId: stated.id,
        state: 'ANSWERED',
        withdrawn: false,
        tariffVersion: '2015',
      },
      ...{ amountMinor: 61300n, recoveredMinor: 0n, feeMinor: 0n },
    };
    expect(compare(notDue, [stated, more, kept], [asked])).toEqual([]);
  });

  it('given a disputed rejection, when evidence is asked for, then the rejection stands until that is answered', () => {
    expect(compare(undecided, [claimed('DISPUTED', 73700n, { disputedFrom: 'REJECTED' })])).toEqual([]);
  });

  it('given a recovery was dropped, when the fee is due again after it was taken back, then it is claimed', () => {
    const paid = claimed('CERTIFIED', 71300n, { statementId });
    const recovery = {
      id: 'recovery' as RecoveryId,
      claimId: paid.id,
      withdrawn: false,
      tariffVersion: '2015',
    } as const;
    const dropped: RecoveryView = {
      ...{ ...recovery, state: 'DROPPED', amountMinor: 10000n, recoveredMinor: 0n, feeMinor: 61300n },
    };
    const taken: RecoveryView = {
      ...{ ...recovery, state: 'OFFSET', amountMinor: 71300n, recoveredMinor: 71300n, feeMinor: 0n },
    };
    expect(compare(due(61300n), [paid], [dropped])).toEqual([]);
    expect(doing(compare(due(61300n), [paid], [dropped, taken]))).toEqual([['generate', 61300n]]);
  });

  it('given a recovery was written off, then the provider has it: it pays for the fee when that is due again, and is not asked for twice', () => {
    const certified = claimed('CERTIFIED', 73700n, { statementId });
    const writtenOff: RecoveryView = {
      ...{
        id: 'recovery' as RecoveryId,
        claimId: certified.id,
        state: 'WRITTEN_OFF',
        withdrawn: false,
        tariffVersion: '2015',
      },
      ...{ amountMinor: 73700n, recoveredMinor: 10000n, feeMinor: 0n },
    };
    const moves = (fee: FeeAnswer) => doing(compare(fee, [certified], [writtenOff]));
    expect(moves(notDue)).toEqual([]);
    expect(moves(due(50000n))).toEqual([]);
    expect(moves(due(63700n))).toEqual([]);
    expect(moves(due(73700n))).toEqual([['generate', 10000n]]);
    const twice = [certified, claimed('CERTIFIED', 73700n, { correctsId: certified.id, statementId })];
    expect(doing(compare(due(73700n), twice, [{ ...writtenOff, recoveredMinor: 0n }]))).toEqual([
      ['propose-recovery', 73700n],
    ]);
  });

  it('given a proposed recovery, when the facts come back, then it is withdrawn', () => {
    const certified = claimed('CERTIFIED', 73700n, { statementId });
    const recovery: RecoveryView = {
      id: 'recovery' as RecoveryId,
      state: 'PROPOSED',
      claimId: certified.id,
      amountMinor: 73700n,
      recoveredMinor: 0n,
      feeMinor: 0n,
      withdrawn: false,
      tariffVersion: '2015',
    };
    expect(compare(notDue, [certified], [recovery])).toEqual([]);
    expect(doing(compare(due(73700n), [certified], [recovery]))).toEqual([['withdraw-recovery']]);
    expect(compare(notDue, [certified], [{ ...recovery, state: 'DROPPED' }])).toEqual([]);
    expect(doing(compare(due(73700n), [certified], [{ ...recovery, state: 'OFFSET' }]))).toEqual([
      ['generate', 73700n],
    ]);
  });

  it('given what stands was priced by another version last, then a correction names that one and its own', () => {
    const whys = (tariffVersion: string, amountMinor: bigint, recoveries: readonly RecoveryView[] = []) =>
      compareFeesWithClaims({ fees: [due(amountMinor)], tariffVersion }, [more, first], recoveries, today).map(
        (move) => ('why' in move ? move.why : move.do),
      );
    const first = claimed('CERTIFIED', 61300n, { id: 'id-1' as ClaimId, statementId });
    const more = claimed('CERTIFIED', 10000n, {
      ...{ id: 'id-2' as ClaimId, correctsId: first.id, statementId, tariffVersion: '2019' },
    });
    expect(whys('2015', 61300n)).toEqual(['By version 2015 instead of 2019: because']);
    expect(whys('2021', 81300n)).toEqual(['By version 2021 instead of 2019: because']);
    expect(whys('2019', 81300n)).toEqual(['because']);
    const back: RecoveryView = {
      ...{ id: 'id-3' as RecoveryId, claimId: first.id, state: 'DUE', withdrawn: false, tariffVersion: '2015' },
      ...{ amountMinor: 10000n, recoveredMinor: 0n, feeMinor: 61300n },
    };
    expect(whys('2021', 81300n, [back])).toEqual(['By version 2021 instead of 2015: because']);
    // What is proposed only does not stand yet.
    expect(whys('2021', 81300n, [{ ...back, state: 'PROPOSED' }])).toEqual([
      'withdraw-recovery',
      'By version 2021 instead of 2019: because',
    ]);
  });

  it('takes a claim back whose fee the tariff does not even name any more', () => {
    expect(
      doing(compareFeesWithClaims({ fees: [], tariffVersion: '2015' }, [claimed('IN_VALIDATION', 100n)], [], today)),
    ).toEqual([['cancel']]);
  });

  describe('given another version of the tariff', () => {
    const by2019 = (
      fees: readonly FeeAnswer[],
      claims: readonly ClaimView[],
      recoveries: readonly RecoveryView[] = [],
    ) => compareFeesWithClaims({ fees, tariffVersion: '2019' }, claims, recoveries, today);
    const stated = claimed('CERTIFIED', 73700n, { statementId });

    it.each([
      ['', '1'],
      ['1', ''],
    ])('when it repeats a fee or no longer does (%j becomes %j), then the first payment stays as it was', (was, is) => {
      const [claim, fee] = [
        { ...stated, occurrence: was },
        { ...due(73700n), occurrence: is },
      ];
      expect(by2019([fee], [claim])).toEqual([]);
      expect(by2019([{ ...fee, amountMinor: 80000n }], [claim])).toMatchObject([
        { do: 'generate', kind: 'ADJUSTMENT', amountMinor: 6300n, correctsId: claim.id },
      ]);
      const second = { ...due(73700n), occurrence: '2' };
      expect(doing(by2019([fee, second], [claim]))).toEqual([['generate', 73700n]]);
    });

    it('when it calls a fee by another name, then what is taken back and what is claimed name both versions', () => {
      const why = expect.stringMatching(/^By version 2019 instead of 2015: /) as unknown;
      const renamed = { ...due(73700n), feeId: 'renamed' };
      expect(by2019([renamed], [stated])).toMatchObject([
        { do: 'propose-recovery', amountMinor: 73700n, why },
        { do: 'generate', kind: 'FEE', feeId: 'renamed', amountMinor: 73700n, why },
      ]);
    });

    it('when a fee comes due for the first time and nothing is taken back, then it names its own version only', () => {
      expect(by2019([due(73700n), { ...due(100n), feeId: 'later' }], [stated])).toMatchObject([
        { do: 'generate', feeId: 'later', why: 'because' },
      ]);
    });

    it('when the money is the same, then open claims and proposals keep what people said and are priced by it', () => {
      expect(by2019([due(73700n)], [claimed('APPROVED', 73700n)])).toEqual([
        { do: 'reprice-claim', claimId: 'claim-APPROVED-73700', tariffVersion: '2019', why: 'because' },
      ]);
      const proposal: RecoveryView = {
        id: 'recovery' as RecoveryId,
        state: 'ANSWERED',
        claimId: stated.id,
        ...{ amountMinor: 12400n, recoveredMinor: 0n, feeMinor: 61300n, withdrawn: false, tariffVersion: '2017' },
      };
      expect(by2019([due(61300n)], [stated], [proposal])).toEqual([
        {
          do: 'reprice-recovery',
          recoveryId: 'recovery',
          tariffVersion: '2019',
          why: 'By version 2019 instead of 2015: because',
        },
      ]);
    });

    it('when the money is another, then what is cancelled says that the version changed, and names both', () => {
      expect(by2019([due(61300n)], [claimed('APPROVED', 73700n)])[0]).toMatchObject({
        ...{ do: 'cancel', code: 'VERSION_CHANGED', why: 'By version 2019 instead of 2015: because' },
      });
      expect(compare(due(61300n), [claimed('APPROVED', 73700n)])[0]).toMatchObject({
        ...{ do: 'cancel', code: 'FACTS_CHANGED', why: 'because' },
      });
    });
  });

  it('property: whatever was decided before, open and certified claims come to what is due, and comparing twice changes nothing', () => {
    const step = fc.record({
      amount: fc.constantFrom(0n, 61300n, 73700n, 80000n),
      certify: fc.boolean(),
      state: fc.boolean(),
      decide: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const world = new World();
        for (const each of steps) {
          world.apply(each.amount);
          expect(world.balance()).toBe(each.amount);
          expect(world.moves(each.amount)).toEqual([]);
          if (each.certify) world.certify();
          if (each.state) world.issueStatement();
          if (each.decide) world.decideRecoveries();
          expect(world.moves(each.amount)).toEqual([]);
        }
      }),
    );
  });

  it('property: the order in which a fee takes its values does not matter for what is owed at the end', () => {
    const amounts = fc.shuffledSubarray([0n, 61300n, 73700n, 80000n], { minLength: 4 });
    fc.assert(
      fc.property(amounts, fc.constantFrom(0n, 50000n), (order, last) => {
        const world = new World();
        for (const amount of [...order, last]) {
          world.apply(amount);
          world.certify();
        }
        expect(world.balance()).toBe(last);
      }),
    );
  });
});

/** One fee with its claims and recoveries, moved by the comparison and by people. */
class World {
  private claims: ClaimView[] = [];
  private recoveries: RecoveryView[] = [];
  private count = 0;

  moves(amountMinor: bigint): readonly ClaimMove[] {
    return compare(amountMinor === 0n ? notDue : due(amountMinor), this.claims, this.recoveries);
  }

  apply(amountMinor: bigint): void {
    for (const move of this.moves(amountMinor)) this.applyMove(move);
  }

  private applyMove(move: ClaimMove): void {
    this.count += 1;
    const id = `id-${this.count}`;
    switch (move.do) {
      case 'generate':
        this.claims.push(
          claimed('IN_VALIDATION', move.amountMinor, {
            id: id as ClaimId,
            feeMinor: move.feeMinor,
            dueOn: move.dueOn,
            correctsId: move.correctsId,
          }),
        );
        return;
      case 'cancel':
        this.claims = this.claims.map((each) => (each.id === move.claimId ? { ...each, state: 'CANCELLED' } : each));
        return;
      case 'propose-recovery':
        this.recoveries.push({
          ...move,
          id: id as RecoveryId,
          state: 'PROPOSED',
          recoveredMinor: 0n,
          withdrawn: false,
          tariffVersion: '2015',
        });
        return;
      case 'withdraw-recovery':
        this.recoveries = this.recoveries.map((each) =>
          each.id === move.recoveryId ? { ...each, state: 'DROPPED', withdrawn: true } : each,
        );
        return;
      case 'reprice-claim':
      case 'reprice-recovery':
        throw new Error('There is one version only.');
    }
  }

  certify(): void {
    this.claims = this.claims.map((each) =>
      isOpen(each.state) ? { ...each, state: 'CERTIFIED', certifiedMinor: each.askedMinor } : each,
    );
  }

  issueStatement(): void {
    this.claims = this.claims.map((each) => (each.state === 'CERTIFIED' ? { ...each, statementId } : each));
  }

  decideRecoveries(): void {
    this.recoveries = this.recoveries.map((each) => (isProposal(each.state) ? { ...each, state: 'DUE' } : each));
  }

  balance(): bigint {
    const owed = this.claims
      .filter((each) => isOpen(each.state) || each.state === 'CERTIFIED')
      .reduce((sum, each) => sum + each.askedMinor, 0n);
    return this.recoveries
      .filter((each) => each.state !== 'DROPPED')
      .reduce((sum, each) => sum - each.amountMinor, owed);
  }
}
