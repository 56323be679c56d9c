// Generated from schemas/events by `npm run generate`. Do not edit.

import type { LocalDate } from '#libs/kernel/index.js';

/**
 * A first person approved the claim.
 */
export interface ClaimApproved {
  claimId: string;
  referralId: string;
  contractId: string;
  authorityId: string;
  providerId: string;
  feeId: string;
  amountMinor: string;
  currency: string;
  batchId: string;
}

/**
 * Something holds the claim.
 */
export interface ClaimBlocked {
  claimId: string;
  referralId: string;
  contractId: string;
  authorityId: string;
  providerId: string;
  feeId: string;
  amountMinor: string;
  currency: string;
  /**
   * @maxItems 100
   */
  codes: string[];
}

/**
 * The claim's facts are gone; it was not certified.
 */
export interface ClaimCancelled {
  claimId: string;
  referralId: string;
  contractId: string;
  authorityId: string;
  providerId: string;
  feeId: string;
  amountMinor: string;
  currency: string;
}

/**
 * A second person certified the claim; it is owed.
 */
export interface ClaimCertified {
  claimId: string;
  referralId: string;
  contractId: string;
  authorityId: string;
  providerId: string;
  feeId: string;
  amountMinor: string;
  currency: string;
  batchId: string;
}

/**
 * The authority answered the dispute.
 */
export interface ClaimDisputeAnswered {
  claimId: string;
  referralId: string;
  contractId: string;
  authorityId: string;
  providerId: string;
  feeId: string;
  amountMinor: string;
  currency: string;
  upheld: boolean;
}

/**
 * The provider disputes the claim.
 */
export interface ClaimDisputed {
  claimId: string;
  referralId: string;
  contractId: string;
  authorityId: string;
  providerId: string;
  feeId: string;
  amountMinor: string;
  currency: string;
}

/**
 * A fee is due: the hub made the claim.
 */
export interface ClaimGenerated {
  claimId: string;
  referralId: string;
  contractId: string;
  authorityId: string;
  providerId: string;
  feeId: string;
  amountMinor: string;
  currency: string;
  kind: 'FEE' | 'ADJUSTMENT' | 'REVERSAL';
  dueOn: LocalDate;
}

/**
 * The claim is refused for good.
 */
export interface ClaimRejected {
  claimId: string;
  referralId: string;
  contractId: string;
  authorityId: string;
  providerId: string;
  feeId: string;
  amountMinor: string;
  currency: string;
  code: string;
}

/**
 * The provider is asked to put something right.
 */
export interface ClaimReturned {
  claimId: string;
  referralId: string;
  contractId: string;
  authorityId: string;
  providerId: string;
  feeId: string;
  amountMinor: string;
  currency: string;
  code: string;
}

/**
 * The bank executed the payment.
 */
export interface PayableExecuted {
  payableId: string;
  authorityId: string;
  providerId: string;
  endToEndId: string;
}

/**
 * The bank rejected or returned the payment; it waits until the cause is cleared.
 */
export interface PayableHeld {
  payableId: string;
  authorityId: string;
  providerId: string;
  reason: string;
}

/**
 * A statement's net total is to be paid.
 */
export interface PayableOpened {
  payableId: string;
  statementId: string;
  authorityId: string;
  providerId: string;
  amountMinor: string;
  currency: string;
}

/**
 * The payment stands on a bank statement line.
 */
export interface PayableReconciled {
  payableId: string;
  authorityId: string;
  providerId: string;
}

/**
 * The month's statement of one provider.
 */
export interface ProviderStatementIssued {
  statementId: string;
  authorityId: string;
  providerId: string;
  month: string;
  netMinor: string;
  currency: string;
}

/**
 * A proposed recovery, or one that is due, came to something: two people decided, or it was repaid.
 */
export interface RecoveryDecided {
  recoveryId: string;
  claimId: string;
  authorityId: string;
  providerId: string;
  amountMinor: string;
  currency: string;
  state: 'DUE' | 'DROPPED' | 'WRITTEN_OFF' | 'OFFSET' | 'REPAID';
}

/**
 * Something paid is no longer due.
 */
export interface RecoveryProposed {
  recoveryId: string;
  claimId: string;
  authorityId: string;
  providerId: string;
  amountMinor: string;
  currency: string;
}

/**
 * Two people decided that running referrals are priced by another version of their tariff from now on; what was paid is corrected by differences.
 */
export interface TariffVersionChanged {
  versionChangeId: string;
  authorityId: string;
  tariffId: string;
  fromVersion: string;
  toVersion: string;
  day: LocalDate;
}

/** Data of each event type that this capability publishes. */
export interface EventTypes {
  'liaison.claim.approved.v1': ClaimApproved;
  'liaison.claim.blocked.v1': ClaimBlocked;
  'liaison.claim.cancelled.v1': ClaimCancelled;
  'liaison.claim.certified.v1': ClaimCertified;
  'liaison.claim.dispute-answered.v1': ClaimDisputeAnswered;
  'liaison.claim.disputed.v1': ClaimDisputed;
  'liaison.claim.generated.v1': ClaimGenerated;
  'liaison.claim.rejected.v1': ClaimRejected;
  'liaison.claim.returned.v1': ClaimReturned;
  'liaison.payable.executed.v1': PayableExecuted;
  'liaison.payable.held.v1': PayableHeld;
  'liaison.payable.opened.v1': PayableOpened;
  'liaison.payable.reconciled.v1': PayableReconciled;
  'liaison.provider-statement.issued.v1': ProviderStatementIssued;
  'liaison.recovery.decided.v1': RecoveryDecided;
  'liaison.recovery.proposed.v1': RecoveryProposed;
  'liaison.tariff.version-changed.v1': TariffVersionChanged;
}

/** One of its events: the type literal decides the shape of the data. */
export type PublishedEvent = { [Type in keyof EventTypes]: { readonly type: Type; readonly data: EventTypes[Type] } }[keyof EventTypes];
