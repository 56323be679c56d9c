import type { LocalDate } from '#libs/kernel/index.js';
import type { Claim } from './claim.js';
import type { ItemSettlement } from './item-settlement.js';
import type { Recovery } from './recovery.js';

/**
 * The chart of accounts. One book an authority and currency; a code names what the account is for and whom or what it concerns.
 * Debits are positive.
 */
export const account = {
  /** Expense: what a fee of a tariff has cost. */
  programmeCost: (tariffId: string, feeId: string) => `programme-cost:${tariffId}:${feeId}`,
  /** Liability: what a provider is owed. */
  providerPayable: (providerId: string) => `provider-payable:${providerId}`,
  /** Asset: what a provider has to give back. */
  recoveryReceivable: (providerId: string) => `recovery-receivable:${providerId}`,
  /** Expense: what nobody will give back. */
  recoveryWrittenOff: () => `recovery-written-off`,
  /** Asset: executed by the bank and not yet seen on a bank statement. */
  bankClearing: () => `bank-clearing`,
  /** Asset: the authority's account, as its bank states it. */
  bank: (iban: string) => `bank:${iban}`,
  /** Bank lines that nobody has placed yet. */
  suspense: () => `suspense`,
  /** Expense: the bank's charges, less its interest. */
  bankCharges: () => `bank-charges`,
  /** Lines of the account that are not this programme's. */
  otherBusiness: () => `other-business`,
} as const;

export type AccountClass = 'ASSET' | 'LIABILITY' | 'EXPENSE';

const CLASSES: Readonly<Record<string, AccountClass>> = {
  'programme-cost': 'EXPENSE',
  'provider-payable': 'LIABILITY',
  'recovery-receivable': 'ASSET',
  'recovery-written-off': 'EXPENSE',
  'bank-clearing': 'ASSET',
  bank: 'ASSET',
  suspense: 'LIABILITY',
  'bank-charges': 'EXPENSE',
  'other-business': 'LIABILITY',
};

/** The class of an account, told from the first word of its code. */
export function classOf(code: string): AccountClass {
  const found = CLASSES[code.split(':')[0] ?? ''];
  if (found === undefined) throw new Error(`No account of the chart begins like ${code}.`);
  return found;
}

/** One balanced business event: two lines, equal and opposite. */
export interface Journal {
  /** Says what happened to what, once: the same key is never posted twice. */
  readonly key: string;
  readonly kind: string;
  readonly authorityId: string;
  readonly currency: string;
  readonly effectiveOn: LocalDate;
  readonly causeType: string;
  readonly causeId: string;
  readonly debit: string;
  readonly credit: string;
  /** Positive. */
  readonly amountMinor: bigint;
}

interface Cause {
  readonly authorityId: string;
  readonly currency: string;
  readonly effectiveOn: LocalDate;
  readonly causeType: string;
  readonly causeId: string;
}

/** A negative amount moves the other way. */
const journal = (
  key: string,
  kind: string,
  cause: Cause,
  debit: string,
  credit: string,
  amountMinor: bigint,
): Journal =>
  amountMinor >= 0n
    ? { key, kind, ...pick(cause), debit, credit, amountMinor }
    : { key, kind, ...pick(cause), debit: credit, credit: debit, amountMinor: -amountMinor };

const pick = ({ authorityId, currency, effectiveOn, causeType, causeId }: Cause): Cause => ({
  authorityId,
  currency,
  effectiveOn,
  causeType,
  causeId,
});

/** A certified claim is owed; one that takes back lowers what is owed. */
export function certified(claim: Claim, on: LocalDate): Journal {
  const cause = { ...claim, effectiveOn: on, causeType: 'claim', causeId: claim.id };
  const cost = account.programmeCost(claim.tariffId, claim.feeId);
  return journal(
    `claim:${claim.id}:certified`,
    'CLAIM_CERTIFIED',
    cause,
    cost,
    account.providerPayable(claim.providerId),
    claim.certifiedMinor ?? 0n,
  );
}

const recoveryCause = (recovery: Recovery, on: LocalDate): Cause => ({
  ...recovery,
  effectiveOn: on,
  causeType: 'recovery',
  causeId: recovery.id,
});

/** Two people decided: what was paid comes back, and it was no cost. */
export const recoveryDue = (recovery: Recovery, claim: Claim, on: LocalDate): Journal =>
  journal(
    `recovery:${recovery.id}:due`,
    'RECOVERY_DUE',
    recoveryCause(recovery, on),
    account.recoveryReceivable(recovery.providerId),
    account.programmeCost(claim.tariffId, claim.feeId),
    recovery.amountMinor,
  );

/** Kept back from what the provider earned in a month. */
export const recoveryOffset = (recovery: Recovery, statementId: string, amountMinor: bigint, on: LocalDate): Journal =>
  journal(
    `recovery:${recovery.id}:offset:${statementId}`,
    'RECOVERY_OFFSET',
    recoveryCause(recovery, on),
    account.providerPayable(recovery.providerId),
    account.recoveryReceivable(recovery.providerId),
    amountMinor,
  );

/** The provider transferred it: the bank line that waited in suspense was this. */
export const recoveryRepaid = (
  recovery: Recovery,
  { id }: ItemSettlement,
  amountMinor: bigint,
  on: LocalDate,
): Journal =>
  journal(
    `item-settlement:${id}:repaid`,
    'RECOVERY_REPAID',
    recoveryCause(recovery, on),
    account.suspense(),
    account.recoveryReceivable(recovery.providerId),
    amountMinor,
  );

/** It was another line: the recovery is due again. */
export const repaymentUndone = (
  recovery: Recovery,
  { id }: ItemSettlement,
  amountMinor: bigint,
  on: LocalDate,
): Journal =>
  journal(
    `item-settlement:${id}:repayment-undone`,
    'RECOVERY_REPAYMENT_UNDONE',
    recoveryCause(recovery, on),
    account.recoveryReceivable(recovery.providerId),
    account.suspense(),
    amountMinor,
  );

export const recoveryWrittenOff = (recovery: Recovery, amountMinor: bigint, on: LocalDate): Journal =>
  journal(
    `recovery:${recovery.id}:written-off`,
    'RECOVERY_WRITTEN_OFF',
    recoveryCause(recovery, on),
    account.recoveryWrittenOff(),
    account.recoveryReceivable(recovery.providerId),
    amountMinor,
  );

/** One attempt to pay one payable. */
export interface TransferFacts {
  readonly endToEndId: string;
  readonly payableId: string;
  readonly authorityId: string;
  readonly providerId: string;
  readonly currency: string;
  readonly amountMinor: bigint;
}

const transferCause = (transfer: TransferFacts, on: LocalDate): Cause => ({
  ...transfer,
  effectiveOn: on,
  causeType: 'payable',
  causeId: transfer.payableId,
});

export const executed = (transfer: TransferFacts, on: LocalDate): Journal =>
  journal(
    `transfer:${transfer.endToEndId}:executed`,
    'PAYMENT_EXECUTED',
    transferCause(transfer, on),
    account.providerPayable(transfer.providerId),
    account.bankClearing(),
    transfer.amountMinor,
  );

/** A match shows that the money left although the bank had said that it refused the order; it may have said before that it executed it. */
export const executedAfterAll = (transfer: TransferFacts, matchId: string, on: LocalDate): Journal =>
  journal(
    `match:${matchId}:executed-after-all`,
    'PAYMENT_EXECUTED',
    transferCause(transfer, on),
    account.providerPayable(transfer.providerId),
    account.bankClearing(),
    transfer.amountMinor,
  );

/** The money came back, or the bank took its word back: the provider is owed again. `because`: the match, or the rejection. */
export const restored = (transfer: TransferFacts, because: string, on: LocalDate): Journal =>
  journal(
    `transfer:${transfer.endToEndId}:restored:${because}`,
    'PAYMENT_RESTORED',
    transferCause(transfer, on),
    account.bankClearing(),
    account.providerPayable(transfer.providerId),
    transfer.amountMinor,
  );

/** A line of a bank statement. Positive: money came in. */
export interface BankLineFacts {
  readonly id: string;
  readonly authorityId: string;
  readonly account: string;
  readonly currency: string;
  readonly bookedOn: LocalDate;
}

const lineCause = (line: BankLineFacts): Cause => ({
  ...line,
  effectiveOn: line.bookedOn,
  causeType: 'bank-line',
  causeId: line.id,
});

/** What the bank states: its other side waits in clearing (what was placed) or in suspense (what was not). */
export const stated = (line: BankLineFacts, amountMinor: bigint, isPlaced: boolean): Journal =>
  journal(
    `bank-line:${line.id}:${isPlaced ? 'reconciled' : 'unplaced'}`,
    isPlaced ? 'BANK_LINE_RECONCILED' : 'BANK_LINE_UNPLACED',
    lineCause(line),
    account.bank(line.account),
    isPlaced ? account.bankClearing() : account.suspense(),
    amountMinor,
  );

/** A person (or a later line) placed what stood in suspense; the match says which. */
export const placed = (line: BankLineFacts, matchId: string, amountMinor: bigint, on: LocalDate): Journal =>
  journal(
    `match:${matchId}:placed`,
    'BANK_LINE_PLACED',
    { ...lineCause(line), effectiveOn: on },
    account.suspense(),
    account.bankClearing(),
    amountMinor,
  );

/** A match was wrong: the line is unplaced again. */
export const unplaced = (line: BankLineFacts, matchId: string, amountMinor: bigint, on: LocalDate): Journal =>
  journal(
    `match:${matchId}:unplaced`,
    'BANK_LINE_MATCH_UNDONE',
    { ...lineCause(line), effectiveOn: on },
    account.bankClearing(),
    account.suspense(),
    amountMinor,
  );

/** A return was placed wrongly: the payment stands, nothing is owed for it any more. */
export const returnUndone = (transfer: TransferFacts, matchId: string, on: LocalDate): Journal =>
  journal(
    `match:${matchId}:return-undone`,
    'PAYMENT_RETURN_UNDONE',
    transferCause(transfer, on),
    account.providerPayable(transfer.providerId),
    account.bankClearing(),
    transfer.amountMinor,
  );

/** Two people said what a line was that stood in suspense. */
export const settled = (line: BankLineFacts, settlement: ItemSettlement, amountMinor: bigint, on: LocalDate): Journal =>
  journal(
    `item-settlement:${settlement.id}:settled`,
    'BANK_LINE_SETTLED',
    { ...lineCause(line), effectiveOn: on },
    account.suspense(),
    accountOf(settlement),
    amountMinor,
  );

/** It was something else: the line is unplaced again. */
export const unsettled = (
  line: BankLineFacts,
  settlement: ItemSettlement,
  amountMinor: bigint,
  on: LocalDate,
): Journal =>
  journal(
    `item-settlement:${settlement.id}:undone`,
    'BANK_LINE_SETTLEMENT_UNDONE',
    { ...lineCause(line), effectiveOn: on },
    accountOf(settlement),
    account.suspense(),
    amountMinor,
  );

const accountOf = ({ as }: ItemSettlement): string =>
  as === 'BANK_CHARGE' ? account.bankCharges() : account.otherBusiness();
