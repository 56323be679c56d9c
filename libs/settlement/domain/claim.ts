import { HubError, type Currency, type Id, type LocalDate } from '#libs/kernel/index.js';
import type { ClaimBatchId, ClaimId, ProviderStatementId } from '../contract/ids.js';
import { requirePerson, requireSecondPerson, type Actor } from './actor.js';

export const CLAIM_STATES = [
  'GENERATED',
  'BLOCKED',
  'SUBMITTED',
  'IN_VALIDATION',
  'APPROVED',
  'CERTIFIED',
  'REJECTED',
  'RETURNED',
  'DISPUTED',
  'CANCELLED',
] as const;
export type ClaimState = (typeof CLAIM_STATES)[number];

/** A fee; a correction upwards or downwards of one; or the taking back of one that was certified and not yet stated. */
export type ClaimKind = 'FEE' | 'ADJUSTMENT' | 'REVERSAL';

/** Something an automatic check found. A claim with findings is an exception: people decide on it one by one. */
export interface Finding {
  readonly code: string;
  readonly message: string;
}

/** What is owed for one occurrence of one fee of one referral. The amount is never edited: a new claim corrects it. */
export interface Claim {
  readonly id: ClaimId;
  /** For people: short, unique within the authority. */
  readonly number: string;
  readonly kind: ClaimKind;
  readonly state: ClaimState;
  readonly referralId: Id<'Referral'>;
  readonly personId: Id<'Person'>;
  readonly contractId: Id<'Contract'>;
  readonly authorityId: Id<'Organisation'>;
  readonly providerId: Id<'Organisation'>;
  readonly tariffId: string;
  readonly tariffVersion: string;
  readonly feeId: string;
  /** Which of a repeating fee's payments: unique within (referral, fee). */
  readonly occurrence: string;
  readonly dueOn: LocalDate;
  readonly currency: Currency;
  readonly askedMinor: bigint;
  readonly approvedMinor: bigint | null;
  readonly certifiedMinor: bigint | null;
  /** What the fee came to when this claim was made: a decision on it holds until the fee comes to something else. */
  readonly feeMinor: bigint;
  readonly why: string;
  /** References of the employments the fee rests on, to find the same job claimed twice. */
  readonly jobs: readonly string[];
  readonly findings: readonly Finding[];
  readonly correctsId: ClaimId | null;
  readonly approvedBy: string | null;
  readonly certifiedBy: string | null;
  readonly certifiedOn: LocalDate | null;
  readonly batchId: ClaimBatchId | null;
  readonly statementId: ProviderStatementId | null;
  /** Where a dispute goes back to when it is not upheld. */
  readonly disputedFrom: ClaimState | null;
  /** How often it was returned to the provider. */
  readonly returns: number;
  readonly version: number;
}

export const RETURNS_MAX = 3;

export type ClaimCommand =
  | { readonly do: 'hold'; readonly findings: readonly Finding[] }
  | { readonly do: 'submit' }
  | { readonly do: 'begin-validation' }
  | { readonly do: 'approve'; readonly batchId: ClaimBatchId; readonly asException: boolean }
  | { readonly do: 'certify'; readonly on: LocalDate }
  | { readonly do: 'reject'; readonly code: string }
  | { readonly do: 'return'; readonly code: string }
  | { readonly do: 'dispute' }
  | { readonly do: 'answer-dispute'; readonly upheld: boolean }
  | { readonly do: 'reprice'; readonly tariffVersion: string; readonly why: string }
  | { readonly do: 'cancel'; readonly code: string; readonly why: string };

export type ClaimEvent =
  | { readonly type: 'ClaimBlocked'; readonly findings: readonly Finding[] }
  | { readonly type: 'ClaimSubmitted' }
  | { readonly type: 'ClaimValidationBegun' }
  | {
      readonly type: 'ClaimApproved';
      readonly by: string;
      readonly batchId: ClaimBatchId;
      readonly amountMinor: bigint;
    }
  | { readonly type: 'ClaimCertified'; readonly by: string; readonly on: LocalDate; readonly amountMinor: bigint }
  | { readonly type: 'ClaimRejected'; readonly by: string; readonly code: string }
  | { readonly type: 'ClaimReturned'; readonly by: string; readonly code: string }
  | { readonly type: 'ClaimDisputed'; readonly by: string; readonly from: ClaimState }
  | { readonly type: 'ClaimDisputeAnswered'; readonly by: string; readonly upheld: boolean; readonly to: ClaimState }
  | {
      readonly type: 'ClaimRepriced';
      readonly tariffVersion: string;
      readonly insteadOf: string;
      readonly why: string;
    }
  | { readonly type: 'ClaimCancelled'; readonly code: string; readonly why: string };

const OPEN: readonly ClaimState[] = [
  'GENERATED',
  'BLOCKED',
  'SUBMITTED',
  'IN_VALIDATION',
  'APPROVED',
  'RETURNED',
  'DISPUTED',
];

/** The state table: from which states each command may be given. */
export const CLAIM_MOVES: Readonly<Record<ClaimCommand['do'], readonly ClaimState[]>> = {
  hold: ['GENERATED', 'SUBMITTED', 'IN_VALIDATION'],
  submit: ['GENERATED', 'BLOCKED', 'RETURNED'],
  'begin-validation': ['SUBMITTED'],
  approve: ['IN_VALIDATION', 'BLOCKED'],
  certify: ['APPROVED'],
  reject: ['BLOCKED', 'IN_VALIDATION', 'APPROVED', 'RETURNED', 'DISPUTED'],
  return: ['BLOCKED', 'IN_VALIDATION'],
  dispute: ['BLOCKED', 'IN_VALIDATION', 'APPROVED', 'RETURNED', 'REJECTED'],
  'answer-dispute': ['DISPUTED'],
  reprice: OPEN,
  cancel: OPEN,
};

/** Claims that may still be decided: they are neither owed nor closed. */
export const isOpen = (state: ClaimState): boolean => OPEN.includes(state);

/**
 * What follows from a command on a claim.
 *
 * Errors: `claim.illegal-move`, `claim.exception-not-named`, `claim.returns-exhausted`, `settlement.person-required`,
 * `settlement.same-person`, `claim.not-the-provider`.
 */
export function decideClaim(command: ClaimCommand, claim: Claim, actor: Actor): ClaimEvent {
  requireMove(command.do, claim);
  switch (command.do) {
    case 'hold':
      return { type: 'ClaimBlocked', findings: command.findings };
    case 'submit':
      return { type: 'ClaimSubmitted' };
    case 'begin-validation':
      return { type: 'ClaimValidationBegun' };
    case 'approve':
      requirePerson(actor, 'Approving a claim');
      requireNamedException(claim, command.asException);
      return { type: 'ClaimApproved', by: actor.actorId, batchId: command.batchId, amountMinor: claim.askedMinor };
    case 'certify':
      requireSecondPerson(actor, claim.approvedBy ?? '', 'Certifying a claim');
      return { type: 'ClaimCertified', by: actor.actorId, on: command.on, amountMinor: claim.approvedMinor ?? 0n };
    case 'reject':
      requirePerson(actor, 'Rejecting a claim');
      return { type: 'ClaimRejected', by: actor.actorId, code: command.code };
    case 'return':
      requirePerson(actor, 'Returning a claim');
      requireReturnLeft(claim);
      return { type: 'ClaimReturned', by: actor.actorId, code: command.code };
    case 'dispute':
      return { type: 'ClaimDisputed', by: requireProvider(claim, actor), from: claim.state };
    case 'answer-dispute':
      requirePerson(actor, 'Answering a dispute');
      return {
        type: 'ClaimDisputeAnswered',
        by: actor.actorId,
        upheld: command.upheld,
        to: afterDispute(claim, command.upheld),
      };
    case 'reprice':
      return {
        type: 'ClaimRepriced',
        tariffVersion: command.tariffVersion,
        insteadOf: claim.tariffVersion,
        why: command.why,
      };
    case 'cancel':
      return { type: 'ClaimCancelled', code: command.code, why: command.why };
  }
}

/** The claim after what happened. Total: it refuses nothing, `decideClaim` did. */
export function evolveClaim(claim: Claim, event: ClaimEvent): Claim {
  const next = { ...claim, version: claim.version + 1 };
  switch (event.type) {
    case 'ClaimBlocked':
      return { ...next, state: 'BLOCKED', findings: event.findings };
    case 'ClaimSubmitted':
      return { ...next, state: 'SUBMITTED' };
    case 'ClaimValidationBegun':
      return { ...next, state: 'IN_VALIDATION' };
    case 'ClaimApproved':
      return {
        ...next,
        state: 'APPROVED',
        approvedBy: event.by,
        approvedMinor: event.amountMinor,
        batchId: event.batchId,
      };
    case 'ClaimCertified':
      return {
        ...next,
        state: 'CERTIFIED',
        certifiedBy: event.by,
        certifiedOn: event.on,
        certifiedMinor: event.amountMinor,
      };
    case 'ClaimRejected':
      return { ...next, ...NOT_APPROVED, state: 'REJECTED' };
    case 'ClaimReturned':
      return { ...next, state: 'RETURNED', returns: claim.returns + 1 };
    case 'ClaimDisputed':
      return { ...next, ...NOT_APPROVED, state: 'DISPUTED', disputedFrom: event.from };
    case 'ClaimDisputeAnswered':
      return {
        ...next,
        state: event.to,
        disputedFrom: null,
        findings: event.upheld ? [...claim.findings, DISPUTE_UPHELD] : claim.findings,
      };
    case 'ClaimRepriced':
      return { ...next, tariffVersion: event.tariffVersion, why: event.why };
    case 'ClaimCancelled':
      return { ...next, ...NOT_APPROVED, state: 'CANCELLED' };
  }
}

/** A claim that leaves its batch was never approved. The batch keeps it among those that fell out. */
const NOT_APPROVED = { approvedBy: null, approvedMinor: null, batchId: null } as const;

const DISPUTE_UPHELD: Finding = {
  code: 'DISPUTE_UPHELD',
  message: 'The provider was found right: decide on this claim by itself.',
};

/** Upheld: a person looks at it by name. Not upheld: as it stood, but an approval that was disputed has to be given again. */
function afterDispute(claim: Claim, upheld: boolean): ClaimState {
  if (upheld) return 'BLOCKED';
  const before = claim.disputedFrom ?? 'IN_VALIDATION';
  return before === 'APPROVED' ? (claim.findings.length > 0 ? 'BLOCKED' : 'IN_VALIDATION') : before;
}

function requireMove(move: ClaimCommand['do'], claim: Claim): void {
  const from = CLAIM_MOVES[move];
  if (from.includes(claim.state)) return;
  throw new HubError(
    'claim.illegal-move',
    `A claim that is ${claim.state} cannot take "${move}": that is possible from ${from.join(', ')}.`,
    { facts: { claimId: claim.id, state: claim.state, allowed: from } },
  );
}

function requireNamedException(claim: Claim, asException: boolean): void {
  if (claim.findings.length === 0 || asException) return;
  throw new HubError('claim.exception-not-named', 'A claim with findings is approved by its name, one by one.', {
    facts: { claimId: claim.id, findings: claim.findings.map((finding) => finding.code) },
  });
}

function requireReturnLeft(claim: Claim): void {
  if (claim.returns < RETURNS_MAX) return;
  throw new HubError('claim.returns-exhausted', `A claim is returned at most ${RETURNS_MAX} times: decide on it.`, {
    facts: { claimId: claim.id },
  });
}

function requireProvider(claim: Claim, actor: Actor): string {
  if (actor.organisationId === claim.providerId) return actor.actorId;
  throw new HubError('claim.not-the-provider', 'Only the provider of a claim may dispute it.', {
    facts: { claimId: claim.id },
  });
}
