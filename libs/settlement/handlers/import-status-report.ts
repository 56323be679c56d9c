import { HubError, type LocalDate } from '#libs/kernel/index.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { answersFor, type AnsweredTransfer, type PaymentStatusReport } from '../domain/iso20022/index.js';
import { executed, restored, type Journal } from '../domain/journals.js';
import { REASON_UNKNOWN } from '../domain/payable.js';
import { keepItems, type UnmatchedItem } from '../outbound/bank.store.js';
import { findFileByMessage, transfersOfFile, type Transfer } from '../outbound/payment-files.store.js';
import { moveTransfers, type TransferTask } from './move-payables.js';
import type { SettlementPorts } from './ports.js';

/** What an import came to. */
export interface ImportCounts {
  readonly lines: number;
  readonly matched: number;
  readonly unmatched: number;
  readonly rejected: number;
  readonly returned: number;
}

/** Settlement has begun or is over: the money has left. Acceptance alone (ACCP, ACTC) moves nothing; the bank statement will. */
const EXECUTED_STATUSES: ReadonlySet<string> = new Set(['ACSP', 'ACSC', 'ACCC']);

/**
 * Applies what the bank says about a file of ours. What contradicts what it said or booked before moves nothing and waits for a person.
 * The answer's journals are posted by the caller, last.
 *
 * Errors: `bank-file.unknown-order` where no released file has this message id; `bank-file.unknown-transfer` where the report names
 * transfers that the file does not hold. Nothing is applied then.
 */
export async function importStatusReport(
  tx: Tx,
  ports: SettlementPorts,
  report: PaymentStatusReport,
  { authorityId, on }: { readonly authorityId: string; readonly on: LocalDate },
): Promise<{ readonly counts: ImportCounts; readonly journals: readonly Journal[] }> {
  const file = await findFileByMessage(tx, authorityId, report.originalMessageId);
  if (file === undefined || file.state === 'PREPARED' || file.state === 'DISCARDED') {
    throw new HubError('bank-file.unknown-order', 'The report answers a file that was never sent.', {
      field: 'input.content',
      facts: { originalMessageId: report.originalMessageId.slice(0, 35) },
    });
  }
  const transfers = await transfersOfFile(tx, file.id);
  const sent = transfers.map(({ endToEndId }) => ({ endToEndId, paymentInfoId: file.paymentInfoId }));
  const answered = answersFor(report, sent);
  if (answered.unknownIds.length > 0) {
    throw new HubError('bank-file.unknown-transfer', 'The report names transfers that our file does not hold.', {
      field: 'input.content',
      facts: { unknown: answered.unknownIds.slice(0, 10).map((id) => id.slice(0, 35)) },
    });
  }
  const byId = new Map(transfers.map((transfer) => [transfer.endToEndId, transfer]));
  const steps = answered.transfers.flatMap((answer) => {
    const transfer = byId.get(answer.endToEndId);
    return transfer === undefined ? [] : stepOf(answer, transfer, report.messageId, on);
  });
  await moveTransfers(
    tx,
    ports.events,
    steps.map((step) => step.task),
    on,
  );
  const contradictions = answered.transfers.flatMap((answer) => {
    const transfer = byId.get(answer.endToEndId);
    return transfer === undefined ? [] : contradictionOf(answer, transfer, report, on);
  });
  await keepItems(tx, contradictions);
  return {
    counts: {
      lines: answered.transfers.length,
      matched: answered.transfers.length - contradictions.length,
      unmatched: contradictions.length,
      rejected: steps.filter((step) => step.task.commands.some((command) => command.do === 'hold')).length,
      returned: 0,
    },
    journals: steps.flatMap((step) => step.journals),
  };
}

/** A report repeats what is known, or comes late: what the transfer has already behind it is not done again. */
function stepOf(
  answer: AnsweredTransfer,
  transfer: Transfer,
  messageId: string,
  on: LocalDate,
): { readonly task: TransferTask; readonly journals: readonly Journal[] }[] {
  if (answer.answer === 'REJECTED') {
    const hold = { do: 'hold', because: 'REJECTED', reason: answer.reasons[0] ?? REASON_UNKNOWN } as const;
    if (transfer.state === 'IN_FILE') return [{ task: { transfer, commands: [hold] }, journals: [] }];
    if (transfer.state === 'EXECUTED')
      return [{ task: { transfer, commands: [hold] }, journals: [restored(transfer, `rejected:${messageId}`, on)] }];
    return [];
  }
  if (transfer.state !== 'IN_FILE' || !EXECUTED_STATUSES.has(answer.status)) return [];
  return [{ task: { transfer, commands: [{ do: 'execute' }] }, journals: [executed(transfer, on)] }];
}

/** The bank says that it executed what it had refused, or that it refused what its own statement shows as paid. */
function contradictionOf(
  answer: AnsweredTransfer,
  transfer: Transfer,
  report: PaymentStatusReport,
  on: LocalDate,
): readonly UnmatchedItem[] {
  const { endToEndId } = transfer;
  const said = `The status report ${report.messageId} says ${answer.status} of the transfer ${endToEndId}`;
  const executedAfterAll = transfer.state === 'REJECTED' && EXECUTED_STATUSES.has(answer.status);
  const refusedAfterAll = transfer.state === 'RECONCILED' && answer.answer === 'REJECTED';
  if (!executedAfterAll && !refusedAfterAll) return [];
  return [
    {
      id: newId<'UnmatchedItem'>(),
      authorityId: transfer.authorityId,
      key: `report:${report.messageId}:${endToEndId}:${answer.status}`,
      kind: 'status-contradiction',
      open: true,
      since: on,
      bankLineId: null,
      leg: null,
      payableId: transfer.payableId,
      amountMinor: -transfer.amountMinor,
      currency: transfer.currency,
      text: executedAfterAll
        ? `${said}, which the bank had refused (${transfer.reason ?? REASON_UNKNOWN}).`
        : `${said}, which a bank line shows as paid.`,
      candidates: [],
      resolution: null,
      settlement: null,
    },
  ];
}
