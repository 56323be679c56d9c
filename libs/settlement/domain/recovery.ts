import { addDays, HubError, type Currency, type Id, type LocalDate } from '#libs/kernel/index.js';
import type { ClaimId, RecoveryId } from '../contract/ids.js';
import { requirePerson, requireSecondPerson, type Actor } from './actor.js';

export type RecoveryState = 'PROPOSED' | 'ANSWERED' | 'DUE' | 'OFFSET' | 'REPAID' | 'WRITTEN_OFF' | 'DROPPED';
export type RecoveryDecision = 'RECOVER' | 'DROP' | 'WRITE_OFF';

/** Money that was stated and is no longer owed. The provider answers, two people decide, later statements offset it. */
export interface Recovery {
  readonly id: RecoveryId;
  readonly state: RecoveryState;
  readonly claimId: ClaimId;
  readonly referralId: Id<'Referral'>;
  readonly authorityId: Id<'Organisation'>;
  readonly providerId: Id<'Organisation'>;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly recoveredMinor: bigint;
  /** What the fee came to when this was proposed, and by which version of the tariff. */
  readonly feeMinor: bigint;
  readonly tariffVersion: string;
  readonly reason: string;
  readonly proposedOn: LocalDate;
  readonly providerAccepts: boolean | null;
  readonly providerAnswer: string | null;
  readonly decision: RecoveryDecision | null;
  readonly decidedBy: string | null;
  readonly confirmedBy: string | null;
  /** Withdrawn by the hub because the facts changed again: no person's decision. */
  readonly withdrawn: boolean;
  readonly version: number;
}

/** A provider that does not answer cannot hold a decision up for longer. */
export const RECOVERY_ANSWER_DAYS = 14;

export type RecoveryCommand =
  | { readonly do: 'answer'; readonly accepted: boolean; readonly answer: string }
  | { readonly do: 'decide'; readonly decision: RecoveryDecision; readonly on: LocalDate }
  | { readonly do: 'offset'; readonly amountMinor: bigint }
  | { readonly do: 'repay'; readonly amountMinor: bigint }
  | { readonly do: 'undo-repay'; readonly amountMinor: bigint }
  | { readonly do: 'reprice'; readonly tariffVersion: string; readonly reason: string }
  | { readonly do: 'withdraw' };

const RECOVERY_MOVES: Readonly<Record<RecoveryCommand['do'], readonly RecoveryState[]>> = {
  answer: ['PROPOSED'],
  decide: ['PROPOSED', 'ANSWERED', 'DUE'],
  offset: ['DUE'],
  repay: ['DUE', 'OFFSET'],
  'undo-repay': ['REPAID', 'DUE', 'OFFSET'],
  reprice: ['PROPOSED', 'ANSWERED'],
  withdraw: ['PROPOSED', 'ANSWERED'],
};

/** Proposals may change with the facts; from DUE on the books know of it. */
export const isProposal = (state: RecoveryState): boolean => RECOVERY_MOVES.withdraw.includes(state);

/** Negative: more came back than was due, and the next statement gives it back. */
export const leftMinor = (recovery: Recovery): bigint => recovery.amountMinor - recovery.recoveredMinor;

/**
 * The recovery after a command. The first `decide` proposes the decision, the second, by another person, confirms it; until then the
 * first person may decide otherwise, and on one that is due anybody may let it stay so (`RECOVER`).
 *
 * Errors: `recovery.illegal-move`, `recovery.not-the-provider`, `recovery.answer-awaited`, `recovery.decision-differs`,
 * `settlement.person-required`, `settlement.same-person`, `recovery.offset-too-large`, `recovery.repaid-otherwise`.
 */
export function applyToRecovery(command: RecoveryCommand, recovery: Recovery, actor: Actor): Recovery {
  requireMove(command.do, recovery);
  const next = { ...recovery, version: recovery.version + 1 };
  switch (command.do) {
    case 'answer':
      requireProvider(recovery, actor);
      return { ...next, state: 'ANSWERED', providerAccepts: command.accepted, providerAnswer: command.answer };
    case 'decide':
      if (recovery.state === 'DUE' && recovery.decision !== null && command.decision === 'RECOVER') {
        requirePerson(actor, 'Deciding on a recovery');
        return { ...next, decision: null, decidedBy: null };
      }
      return recovery.decision === null || isSecondThought(command.decision, recovery, actor)
        ? propose(next, command, actor)
        : confirm(next, command.decision, actor);
    case 'offset':
      return offset(next, command.amountMinor);
    case 'repay':
      return repay(next, command.amountMinor);
    case 'undo-repay':
      return { ...next, state: 'DUE', recoveredMinor: recovery.recoveredMinor - command.amountMinor };
    case 'reprice':
      return { ...next, tariffVersion: command.tariffVersion, reason: command.reason };
    case 'withdraw':
      return { ...next, state: 'DROPPED', withdrawn: true };
  }
}

const isSecondThought = (decision: RecoveryDecision, recovery: Recovery, actor: Actor): boolean =>
  recovery.decidedBy === actor.actorId && decision !== recovery.decision;

function propose(recovery: Recovery, command: RecoveryCommand & { do: 'decide' }, actor: Actor): Recovery {
  requirePerson(actor, 'Deciding on a recovery');
  if (recovery.state === 'PROPOSED' && command.on < addDays(recovery.proposedOn, RECOVERY_ANSWER_DAYS)) {
    throw new HubError(
      'recovery.answer-awaited',
      `The provider may answer until ${addDays(recovery.proposedOn, RECOVERY_ANSWER_DAYS)}: the decision waits for it.`,
      { facts: { recoveryId: recovery.id } },
    );
  }
  requireDecision(recovery, command.decision);
  return { ...recovery, decision: command.decision, decidedBy: actor.actorId };
}

/** A proposal is recovered or dropped; what is already due can only be written off. */
function requireDecision(recovery: Recovery, decision: RecoveryDecision): void {
  if (recovery.state === 'DUE' ? decision === 'WRITE_OFF' && leftMinor(recovery) > 0n : decision !== 'WRITE_OFF')
    return;
  throw new HubError(
    'recovery.illegal-move',
    `A recovery that is ${recovery.state} cannot be decided as ${decision}: a proposal is RECOVER or DROP, what is due is WRITE_OFF.`,
    { field: 'input.decision', facts: { recoveryId: recovery.id, state: recovery.state } },
  );
}

const CONFIRMED: Readonly<Record<RecoveryDecision, RecoveryState>> = {
  RECOVER: 'DUE',
  DROP: 'DROPPED',
  WRITE_OFF: 'WRITTEN_OFF',
};

function confirm(recovery: Recovery, decision: RecoveryDecision, actor: Actor): Recovery {
  requireSecondPerson(actor, recovery.decidedBy ?? '', 'Confirming a decision on a recovery');
  if (decision !== recovery.decision) {
    throw new HubError(
      'recovery.decision-differs',
      'The second person confirms the decision that the first one took.',
      {
        field: 'input.decision',
        facts: { recoveryId: recovery.id, decision: recovery.decision ?? '' },
      },
    );
  }
  return { ...recovery, state: CONFIRMED[decision], decision: null, confirmedBy: actor.actorId };
}

function offset(recovery: Recovery, amountMinor: bigint): Recovery {
  const left = leftMinor(recovery);
  const fits = left > 0n ? amountMinor > 0n && amountMinor <= left : amountMinor < 0n && amountMinor >= left;
  if (!fits) {
    throw new HubError('recovery.offset-too-large', 'An offset is at most what is left to recover, or to give back.', {
      facts: { recoveryId: recovery.id },
    });
  }
  const recoveredMinor = recovery.recoveredMinor + amountMinor;
  return { ...recovery, recoveredMinor, state: recoveredMinor === recovery.amountMinor ? 'OFFSET' : 'DUE' };
}

/**
 * The provider transferred some of it, all, or, where a statement had kept something back meanwhile, more than was left; never more than the
 * whole.
 */
function repay(recovery: Recovery, amountMinor: bigint): Recovery {
  const isTooMuch = recovery.recoveredMinor + amountMinor > 2n * recovery.amountMinor;
  if (amountMinor <= 0n || amountMinor > recovery.amountMinor || isTooMuch) {
    throw new HubError('recovery.repaid-otherwise', 'What came in is more than the whole recovery.', {
      facts: { recoveryId: recovery.id, amountMinor: recovery.amountMinor.toString() },
    });
  }
  const recoveredMinor = recovery.recoveredMinor + amountMinor;
  return { ...recovery, recoveredMinor, state: recoveredMinor === recovery.amountMinor ? 'REPAID' : 'DUE' };
}

function requireMove(move: RecoveryCommand['do'], recovery: Recovery): void {
  const from = RECOVERY_MOVES[move];
  if (from.includes(recovery.state)) return;
  throw new HubError(
    'recovery.illegal-move',
    `A recovery that is ${recovery.state} cannot take "${move}": that is possible from ${from.join(', ')}.`,
    { facts: { recoveryId: recovery.id, state: recovery.state, allowed: from } },
  );
}

function requireProvider(recovery: Recovery, actor: Actor): void {
  if (actor.organisationId === recovery.providerId) return;
  throw new HubError('recovery.not-the-provider', 'Only the provider concerned may answer a proposed recovery.', {
    facts: { recoveryId: recovery.id },
  });
}
