import { createHash } from 'node:crypto';
import { addDays, weekday, type LocalDate } from '#libs/kernel/index.js';

/** How this bank behaves. Everything it decides follows from the seed and the ids in the files: no clock, no other randomness. */
export interface Habits {
  readonly seed: string;
  /** Transfers it refuses when it gets them, of a thousand. */
  readonly rejectPerMille: number;
  /** Transfers that come back some days after they were paid, of a thousand. */
  readonly returnPerMille: number;
  /** Booked lines that lose their end-to-end id on the way, of a thousand; the creditor reference stays. */
  readonly loseIdPerMille: number;
  /** Accounts that are closed: what is paid there comes back. */
  readonly closedAccounts: readonly string[];
  /** What an account holds before its first statement. */
  readonly openingMinor: bigint;
}

export const USUAL: Omit<Habits, 'seed'> = {
  rejectPerMille: 20,
  returnPerMille: 20,
  loseIdPerMille: 50,
  closedAccounts: [],
  openingMinor: 5_000_000_000n,
};

const REJECT_REASONS = ['AC01', 'AC04', 'AG01'];
const RETURN_REASONS = ['AC04', 'AC06'];

export const rejectReason = (habits: Habits, endToEndId: string): string | undefined =>
  happens(habits, habits.rejectPerMille, 'reject', endToEndId)
    ? pick(habits, REJECT_REASONS, 'reject', endToEndId)
    : undefined;

export function returnReason(habits: Habits, endToEndId: string, iban: string): string | undefined {
  if (habits.closedAccounts.includes(iban)) return 'AC04';
  if (!happens(habits, habits.returnPerMille, 'return', endToEndId)) return undefined;
  return pick(habits, RETURN_REASONS, 'return', endToEndId);
}

export const losesId = (habits: Habits, endToEndId: string): boolean =>
  happens(habits, habits.loseIdPerMille, 'lose', endToEndId);

/** Two to four bank days after it was paid. */
export const returnDay = ({ seed }: Habits, endToEndId: string, paidOn: LocalDate): LocalDate =>
  addBankDays(paidOn, 2 + (number(seed, 'days', endToEndId) % 3));

/** The bank's own reference of a booking: the same whenever it is asked. */
export const referenceOf = (...parts: readonly string[]): string => digest(parts).slice(0, 16).toUpperCase();

export const isBankDay = (day: LocalDate): boolean => weekday(day) <= 5;

export function nextBankDay(day: LocalDate): LocalDate {
  return isBankDay(day) ? day : nextBankDay(addDays(day, 1));
}

function addBankDays(day: LocalDate, count: number): LocalDate {
  return count === 0 ? nextBankDay(day) : addBankDays(nextBankDay(addDays(day, 1)), count - 1);
}

const happens = ({ seed }: Habits, perMille: number, what: string, id: string): boolean =>
  number(seed, what, id) % 1000 < perMille;
const pick = ({ seed }: Habits, reasons: readonly string[], what: string, id: string): string | undefined =>
  reasons[number(seed, 'reason', what, id) % reasons.length];
const number = (...parts: readonly string[]): number => parseInt(digest(parts).slice(0, 12), 16);
const digest = (parts: readonly string[]): string => createHash('sha256').update(parts.join('\u0000')).digest('hex');
