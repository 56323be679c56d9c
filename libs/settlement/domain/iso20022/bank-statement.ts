import { formatMinor, type LocalDate } from '#libs/kernel/index.js';
import type { SignedAmount } from './values.js';

/** camt.052 report (within the day), camt.053 statement (end of day), camt.054 notification. */
export type BankMessage = 'camt.052' | 'camt.053' | 'camt.054';

/** One account's statement, report or notification as the bank sent it. Signs: positive is money in. */
export interface BankStatement {
  readonly message: BankMessage;
  readonly id: string;
  readonly account: BankAccount;
  /** As written ("03"): the bank numbers its electronic and its legal statements apart. */
  readonly electronicSequence: string | null;
  readonly legalSequence: string | null;
  readonly page: { readonly number: string; readonly last: boolean } | null;
  readonly createdAt: string | null;
  readonly balances: readonly BankBalance[];
  readonly entries: readonly BankEntry[];
  /** What does not hold within the statement. Nothing of a statement with a finding is matched without a person. */
  readonly findings: readonly StatementFinding[];
}

export interface BankAccount {
  readonly iban: string | null;
  /** A number that is no IBAN, or that the bank wrote in the field for other numbers. */
  readonly other: string | null;
  readonly currency: string | null;
}

export interface BankBalance extends SignedAmount {
  /** OPBD, CLBD, PRCD, ITBD, CLAV, … or the bank's own word. */
  readonly type: string;
  readonly date: LocalDate | null;
  readonly path: string;
  readonly line: number;
}

/** One booking: one line for the account's owner, with none, one or many transactions behind it. */
export interface BankEntry extends SignedAmount {
  readonly path: string;
  readonly line: number;
  /** BOOK is booked; PDNG, INFO and FUTR are not money yet. */
  readonly status: string;
  readonly reversal: boolean;
  readonly bookedOn: LocalDate | null;
  readonly valueOn: LocalDate | null;
  readonly entryReference: string | null;
  /** The bank's own reference of the booking (AcctSvcrRef). */
  readonly bankReference: string | null;
  readonly transactionCode: TransactionCode | null;
  readonly batches: readonly BankBatch[];
  readonly transactions: readonly BankTransaction[];
}

/** Bank transaction code, for example PMNT/ICDT/ESCT; RRTN is a returned payment. */
export interface TransactionCode {
  readonly domain: string | null;
  readonly family: string | null;
  readonly subFamily: string | null;
  readonly proprietary: string | null;
}

/** A collective booking: which of our files it stands for. */
export interface BankBatch {
  readonly messageId: string | null;
  readonly paymentInfoId: string | null;
  readonly count: number | null;
}

export interface BankTransaction {
  readonly messageId: string | null;
  readonly paymentInfoId: string | null;
  readonly instructionId: string | null;
  /** Null where the bank wrote none, or NOTPROVIDED: see `endToEndText`. */
  readonly endToEndId: string | null;
  readonly endToEndText: string | null;
  readonly transactionId: string | null;
  readonly uetr: string | null;
  readonly bankReference: string | null;
  /** In the currency of the account's side; null where the bank gives it for the entry only. */
  readonly amount: SignedAmount | null;
  readonly debtorIban: string | null;
  readonly creditorIban: string | null;
  readonly structuredReferences: readonly string[];
  readonly unstructured: readonly string[];
  readonly returned: BankReturn | null;
}

export interface BankReturn {
  /** External return reason code, for example AC04 (closed account). */
  readonly reason: string | null;
}

export interface StatementFinding {
  readonly code: 'arithmetic' | 'currency' | 'totals' | 'details';
  readonly message: string;
  readonly path: string;
  readonly line: number;
}

export interface StatementArithmetic {
  readonly opening: BankBalance;
  readonly closing: BankBalance;
  readonly bookedMinor: bigint;
  readonly holds: boolean;
}

/** IBAN or other number: what the statement's account is called. */
export const accountNumber = (account: BankAccount): string => account.iban ?? account.other ?? '';

export const BOOKED = 'BOOK';

/** Opening + booked entries = closing, in one currency; null where the bank gave no opening and closing booked balance. */
export function arithmeticOf({
  balances,
  entries,
}: Pick<BankStatement, 'balances' | 'entries'>): StatementArithmetic | null {
  const opening = balances.find(({ type }) => type === 'OPBD') ?? balances.find(({ type }) => type === 'PRCD');
  const closing = balances.find(({ type }) => type === 'CLBD');
  if (opening === undefined || closing === undefined) return null;
  const booked = entries.filter(({ status }) => status === BOOKED);
  const bookedMinor = booked.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const oneCurrency = [closing, ...booked].every(({ currency }) => currency === opening.currency);
  return {
    opening,
    closing,
    bookedMinor,
    holds: oneCurrency && opening.amountMinor + bookedMinor === closing.amountMinor,
  };
}

/** `-1234n EUR` → `-12.34 EUR`, for sentences. */
export const amountText = ({ amountMinor, currency }: SignedAmount): string =>
  `${formatMinor(amountMinor, currency)} ${currency}`;
