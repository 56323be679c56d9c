import type { LocalDate } from '#libs/kernel/index.js';
import type { EventLog, NewEvent } from '#libs/platform/events/event-log.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { ACCOUNT_REASONS, applyToPayable, type Payable, type PayableCommand } from '../domain/payable.js';
import { appendHistory } from '../outbound/history.store.js';
import { lockPayables, savePayables } from '../outbound/payables.store.js';
import { closeAccounts } from '../outbound/payee-accounts.store.js';
import { saveTransfers, settleFileStates, type Transfer, type TransferState } from '../outbound/payment-files.store.js';

/** What the bank did with one transfer, in this order. */
export interface TransferTask {
  readonly transfer: Transfer;
  readonly commands: readonly PayableCommand[];
}

const TRANSFER_STATE: Readonly<Partial<Record<Exclude<PayableCommand['do'], 'hold'>, TransferState>>> = {
  execute: 'EXECUTED',
  reconcile: 'RECONCILED',
  'reconcile-refused': 'RECONCILED',
  'undo-reconcile': 'EXECUTED',
  'undo-hold': 'RECONCILED',
};

const HELD: ReadonlySet<TransferState> = new Set(['REJECTED', 'RETURNED']);

/** Moves the payables of some transfers and the transfers with them; an account that the bank says is gone is closed. */
export async function moveTransfers(
  tx: Tx,
  events: EventLog,
  tasks: readonly TransferTask[],
  on: LocalDate,
): Promise<void> {
  if (tasks.length === 0) return;
  const before = await lockPayables(
    tx,
    tasks.map((task) => task.transfer.payableId),
  );
  const byId = new Map(before.map((payable) => [payable.id as string, payable]));
  const steps = tasks.map(({ transfer, commands }) => {
    let payable = byId.get(transfer.payableId);
    if (payable === undefined) throw new Error('A transfer names a payable that does not exist.');
    const happened = [];
    for (const command of commands) {
      payable = applyToPayable(command, payable);
      happened.push({ command, payable });
    }
    byId.set(payable.id, payable);
    return { transfer: transferAfter(transfer, commands), happened };
  });
  await savePayables(
    tx,
    before.flatMap((payable) => byId.get(payable.id) ?? []),
    before,
  );
  const transfers = steps.map((step) => step.transfer);
  await saveTransfers(tx, transfers);
  await settleFileStates(tx, [...new Set(transfers.map((transfer) => transfer.fileId))]);
  const gone = transfers.filter(({ state, reason }) => HELD.has(state) && ACCOUNT_REASONS.has(reason ?? ''));
  await closeAccounts(
    tx,
    gone.map((transfer) => transfer.accountId),
  );
  const happened = steps.flatMap((step) => step.happened);
  await appendHistory(
    tx,
    happened.map(({ command, payable }) => historyRow(command, payable, on)),
  );
  await events.publish(
    tx,
    happened.flatMap(({ command, payable }) => publicEvent(command, payable)),
  );
}

function transferAfter(transfer: Transfer, commands: readonly PayableCommand[]): Transfer {
  let after = transfer;
  for (const command of commands) {
    after =
      command.do === 'hold'
        ? { ...after, state: command.because, reason: command.reason }
        : {
            ...after,
            state: TRANSFER_STATE[command.do] ?? after.state,
            reason: command.do === 'undo-hold' ? null : after.reason,
          };
  }
  return after;
}

const historyRow = (command: PayableCommand, payable: Payable, on: LocalDate) => ({
  subjectKind: 'payable',
  subjectId: payable.id,
  authorityId: payable.authorityId,
  providerId: payable.providerId,
  type: `Payable:${command.do}`,
  effectiveOn: on,
  body: { ...command, endToEndId: payable.endToEndId },
});

function publicEvent(command: PayableCommand, payable: Payable): NewEvent[] {
  const data = { payableId: payable.id, authorityId: payable.authorityId, providerId: payable.providerId };
  const publish = (name: string, more: object = {}): NewEvent[] => [
    { type: `liaison.payable.${name}.v1`, subject: payable.id, data: { ...data, ...more } },
  ];
  switch (command.do) {
    case 'execute':
      return publish('executed', { endToEndId: payable.endToEndId });
    case 'reconcile':
    case 'reconcile-refused':
      return publish('reconciled');
    case 'hold':
      return publish('held', { reason: command.reason });
    case 'put-in-file':
    case 'leave-file':
    case 'undo-reconcile':
    case 'undo-hold':
    case 'release':
      return [];
  }
}
