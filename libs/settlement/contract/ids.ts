import type { Id } from '#libs/kernel/index.js';

export type ClaimId = Id<'Claim'>;
export type ClaimBatchId = Id<'ClaimBatch'>;
export type ProviderStatementId = Id<'ProviderStatement'>;
export type PayableId = Id<'Payable'>;
export type PayeeAccountId = Id<'PayeeAccount'>;
export type PaymentFileId = Id<'PaymentFile'>;
export type BankStatementId = Id<'BankStatement'>;
export type UnmatchedItemId = Id<'UnmatchedItem'>;
export type RecoveryId = Id<'Recovery'>;
export type VersionChangeId = Id<'VersionChange'>;
export type VerificationId = Id<'Verification'>;
