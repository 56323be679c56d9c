import { HubError, type Currency, type Id } from '#libs/kernel/index.js';
import type { PayableId, PaymentFileId, ProviderStatementId } from '../contract/ids.js';

export type PayableState = 'OPEN' | 'IN_FILE' | 'EXECUTED' | 'RECONCILED' | 'HELD';

/** One provider statement's net total on its way through the bank. */
export interface Payable {
  readonly id: PayableId;
  readonly state: PayableState;
  readonly authorityId: Id<'Organisation'>;
  readonly providerId: Id<'Organisation'>;
  readonly statementId: ProviderStatementId;
  readonly statementNumber: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  /** Structured creditor reference (ISO 11649), the same for every attempt. */
  readonly reference: string;
  /** Of the present or last attempt; a new one each time, used once ever. */
  readonly endToEndId: string | null;
  readonly fileId: PaymentFileId | null;
  readonly reason: string | null;
  readonly attempts: number;
  readonly version: number;
}

export type PayableCommand =
  | { readonly do: 'put-in-file'; readonly fileId: PaymentFileId; readonly endToEndId: string }
  | { readonly do: 'leave-file' }
  | { readonly do: 'execute' }
  | { readonly do: 'reconcile' }
  | { readonly do: 'undo-reconcile' }
  /** The bank booked what it had said it refused. */
  | { readonly do: 'reconcile-refused' }
  | { readonly do: 'hold'; readonly because: 'REJECTED' | 'RETURNED'; readonly reason: string }
  | { readonly do: 'undo-hold' }
  | { readonly do: 'release' };

/** From where, and to where. A rejected or returned payment waits in HELD until somebody has cleared the cause. */
const PAYABLE_MOVES: Readonly<Record<PayableCommand['do'], { from: readonly PayableState[]; to: PayableState }>> = {
  'put-in-file': { from: ['OPEN'], to: 'IN_FILE' },
  'leave-file': { from: ['IN_FILE'], to: 'OPEN' },
  execute: { from: ['IN_FILE'], to: 'EXECUTED' },
  reconcile: { from: ['EXECUTED'], to: 'RECONCILED' },
  'undo-reconcile': { from: ['RECONCILED'], to: 'EXECUTED' },
  'reconcile-refused': { from: ['HELD', 'OPEN'], to: 'RECONCILED' },
  hold: { from: ['IN_FILE', 'EXECUTED', 'RECONCILED'], to: 'HELD' },
  'undo-hold': { from: ['HELD'], to: 'RECONCILED' },
  release: { from: ['HELD'], to: 'OPEN' },
};

/** The payable after a command. Errors: `payable.illegal-move`. */
export function applyToPayable(command: PayableCommand, payable: Payable): Payable {
  const { from, to } = PAYABLE_MOVES[command.do];
  if (!from.includes(payable.state)) {
    throw new HubError(
      'payable.illegal-move',
      `A payable that is ${payable.state} cannot take "${command.do}": that is possible from ${from.join(', ')}.`,
      { facts: { payableId: payable.id, state: payable.state, allowed: from } },
    );
  }
  const next = { ...payable, state: to, version: payable.version + 1 };
  switch (command.do) {
    case 'put-in-file':
      return { ...next, fileId: command.fileId, endToEndId: command.endToEndId, attempts: payable.attempts + 1 };
    case 'hold':
      return { ...next, reason: command.reason };
    case 'leave-file':
      return { ...next, fileId: null };
    case 'undo-hold':
    case 'reconcile-refused':
      return { ...next, reason: null };
    case 'release':
      return { ...next, reason: null, fileId: null };
    case 'execute':
    case 'reconcile':
    case 'undo-reconcile':
      return next;
  }
}

/** Reasons that lie in the payee's account: it is closed, and a newly confirmed one clears the cause (ISO external codes). */
export const ACCOUNT_REASONS: ReadonlySet<string> = new Set(['AC01', 'AC03', 'AC04', 'AC06', 'BE01', 'BE04', 'RC01']);

/** The bank's word where it gives no code of its own (ISO external code MS03: reason not specified). */
export const REASON_UNKNOWN = 'MS03';

/** Unique for ever: the payable's own number and the attempt (at most 35 characters of the EPC set). */
export const endToEndIdOf = (reference: string, attempt: number): string => `${reference}-${attempt}`;
