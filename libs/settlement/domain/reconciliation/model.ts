import type { LocalDate } from '#libs/kernel/index.js';

/** One booked line of one of our accounts. Positive is money in, negative money out. */
export interface BankLine {
  /** What identifies the booking wherever it is told again: account, the bank's reference, amount, day, references. */
  readonly key: string;
  readonly account: string;
  readonly statementId: string;
  /** Where in the file. */
  readonly path: string;
  readonly bankReference: string | null;
  readonly bookedOn: LocalDate | null;
  readonly amountMinor: bigint;
  readonly currency: string;
  /** At least one; they add up to the line. */
  readonly legs: readonly BankLeg[];
  readonly batch: LineBatch | null;
  /** Why nothing of this line is matched without a person; null where there is no such reason. */
  readonly doubt: string | null;
}

/** One transaction of a line, or the whole line where the bank tells no more. */
export interface BankLeg {
  readonly leg: number;
  readonly amountMinor: bigint;
  readonly endToEndId: string | null;
  /** Structured references, blanks removed. */
  readonly references: readonly string[];
  readonly counterpartyIban: string | null;
  /** The bank says it gives back what was paid; with its reason code where it names one. */
  readonly returned: { readonly reason: string | null } | null;
}

/** A collective booking: which of our transfers it stands for, by end-to-end ids or by the ids of our files. */
export interface LineBatch {
  readonly endToEndIds: readonly string[];
  readonly paymentInfoIds: readonly string[];
  readonly messageIds: readonly string[];
  readonly count: number | null;
}

/** A transfer we ordered, in a file that was released. */
export interface OrderedTransfer {
  readonly endToEndId: string;
  readonly messageId: string;
  readonly paymentInfoId: string;
  /** Structured creditor reference; attempts to pay the same thing share it. */
  readonly reference: string;
  /** Positive. */
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly iban: string;
  readonly providerId: string;
  readonly executionDate: LocalDate;
  /** The bank refused it (pain.002): it is not expected on a statement. */
  readonly rejected: boolean;
}

export type MatchRule = 'end-to-end-id' | 'creditor-reference' | 'batch-booking' | 'return' | 'by-hand' | 'sum-by-hand';

/** A leg of a bank line stands for a transfer, as paid or as returned. */
export interface Match {
  readonly lineKey: string;
  readonly leg: number;
  readonly endToEndId: string;
  readonly kind: 'PAYMENT' | 'RETURN';
  /** Positive: the transfer's whole amount. */
  readonly amountMinor: bigint;
  readonly rule: MatchRule;
  /** One sentence: what is equal to what. */
  readonly why: string;
  /** The bank's reason of a return. */
  readonly returnReason: string | null;
}

/** A match on record. It is never deleted: undoing it is a fact of its own, and keeps it from being made again by itself. */
export interface RecordedMatch extends Match {
  readonly undone: boolean;
}

export type BreakKind =
  'unmatched-bank' | 'unmatched-ledger' | 'amount-difference' | 'duplicate' | 'return' | 'wrong-party' | 'currency';

/** What did not match by itself, with the best candidates for a person to choose from. */
export interface Break {
  /** The same for the same leg or transfer whenever it is found again. */
  readonly key: string;
  readonly kind: BreakKind;
  /** The bank's side; null for a transfer that no line shows. */
  readonly lineKey: string | null;
  readonly leg: number | null;
  /** Our side; null for a line that no transfer explains. */
  readonly endToEndId: string | null;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly since: LocalDate;
  readonly why: string;
  readonly candidates: readonly Candidate[];
}

/** One transfer, or several that add up exactly. */
export interface Candidate {
  readonly endToEndIds: readonly string[];
  readonly why: string;
}

export interface Reconciliation {
  readonly matches: readonly Match[];
  readonly breaks: readonly Break[];
}
