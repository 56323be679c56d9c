import { HubError } from '#libs/kernel/index.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { repayment, settle, type ItemSettlement, type SettledAs } from '../domain/item-settlement.js';
import { recoveryRepaid, repaymentUndone, restored, settled, unsettled } from '../domain/journals.js';
import { ledgerKey } from '../domain/reconciliation/index.js';
import { applyToRecovery, type Recovery } from '../domain/recovery.js';
import { findLine, setItem, type StoredLine, type UnmatchedItem } from '../outbound/bank.store.js';
import { appendHistory } from '../outbound/history.store.js';
import { lockSentTransfersOf } from '../outbound/payment-files.store.js';
import { lockRecovery, saveRecoveries } from '../outbound/recoveries.store.js';
import { actorOf, dayOf } from './actor-of.js';
import { tellRecoveries } from './decide-recovery.handler.js';
import { moveTransfers } from './move-payables.js';
import type { SettlementPorts } from './ports.js';
import { lockFound, requireManager } from './queue-items.js';

/** Of a payable that two people found to be unpaid; no code of a bank. */
const NOT_PAID = 'NOT_PAID';

export interface SettleItem {
  readonly itemId: string;
  readonly as: SettledAs;
  readonly reason: string;
}

interface OfItem {
  readonly item: UnmatchedItem;
  readonly reason: string;
  readonly now: Date;
}

/**
 * Two people say what an item was that stands for no transfer of ours: the first call proposes, the same call of another person makes
 * it so; then a bank line leaves suspense. A finding about a statement moves no money. A payment that was never made is held, and the
 * provider is owed.
 *
 * Errors: `unmatched-item.not-found`, `unmatched-item.closed`, `unmatched-item.reason`, and those of `settle` and `applyToPayable`.
 */
export async function settleUnmatchedItem(
  tx: Tx,
  ports: SettlementPorts,
  principal: Principal,
  command: SettleItem,
  now: Date,
): Promise<UnmatchedItem> {
  requireManager(principal, command.reason);
  const item = await lockFound(tx, command.itemId);
  if (!item.open)
    throw new HubError('unmatched-item.closed', 'This item was resolved already.', { field: 'input.itemId' });
  const said = { id: newId<'ItemSettlement'>(), as: command.as, reason: command.reason };
  const settlement = settle(item, said, actorOf(principal));
  if (settlement.confirmedBy === null) {
    const proposed = { ...item, settlement };
    await setItem(tx, proposed);
    await note(tx, 'ItemSettlementProposed', { item, reason: command.reason, now }, settlement);
    return proposed;
  }
  return close(tx, ports, { item, reason: command.reason, now }, settlement);
}

async function close(tx: Tx, ports: SettlementPorts, of: OfItem, settlement: ItemSettlement): Promise<UnmatchedItem> {
  const { item, now } = of;
  const resolved = { ...item, open: false, resolution: settlement.reason, settlement };
  await setItem(tx, resolved);
  await note(tx, 'ItemSettled', of, settlement);
  if (settlement.as === 'NOT_PAID') await holdUnpaid(tx, ports, of);
  const line = await lineOf(tx, item);
  if (line === undefined) return resolved;
  await ports.ledger.post(tx, [settled(line, settlement, item.amountMinor, await dayOf(tx, item.authorityId, now))]);
  return resolved;
}

/** As if the bank had refused it: a line that shows it after all is one of a refused transfer. */
async function holdUnpaid(tx: Tx, ports: SettlementPorts, { item, now }: OfItem): Promise<void> {
  const sent = item.payableId === null ? [] : await lockSentTransfersOf(tx, item.authorityId, [item.payableId]);
  // The item is about one attempt; another one may be under way since.
  const transfer = sent.find(
    ({ endToEndId, state }) => ledgerKey(endToEndId) === item.key && (state === 'IN_FILE' || state === 'EXECUTED'),
  );
  if (transfer === undefined)
    throw new HubError('unmatched-item.closed', 'This attempt is not under way any more: the bank answered it.', {
      field: 'input.itemId',
    });
  const on = await dayOf(tx, item.authorityId, now);
  const hold = { do: 'hold', because: 'REJECTED', reason: NOT_PAID } as const;
  await moveTransfers(tx, ports.events, [{ transfer, commands: [hold] }], on);
  if (transfer.state === 'EXECUTED') await ports.ledger.post(tx, [restored(transfer, `not-paid:${item.id}`, on)]);
}

/** The provider paid back by itself: the line stands for the recovery, whole. Errors: those of `applyToRecovery`. */
export async function placeRepayment(
  tx: Tx,
  ports: SettlementPorts,
  principal: Principal,
  placing: OfItem & { readonly recoveryId: string; readonly payableId?: string | null },
): Promise<UnmatchedItem> {
  const { item, reason, payableId, now } = placing;
  if (payableId != null) {
    throw new HubError('unmatched-item.target', 'A line stands for a payable or for a recovery, not for both.', {
      field: 'input.recoveryId',
    });
  }
  const before = await lockRecovery(tx, placing.recoveryId);
  if (before?.authorityId !== item.authorityId || before.currency !== item.currency) {
    throw new HubError('recovery.not-found', 'There is no such recovery.', { field: 'input.recoveryId' });
  }
  const after = applyToRecovery({ do: 'repay', amountMinor: item.amountMinor }, before, actorOf(principal));
  const settlement = repayment(newId<'ItemSettlement'>(), after.id, reason, actorOf(principal));
  const resolved = { ...item, open: false, resolution: reason, settlement };
  await setItem(tx, resolved);
  await moveRecovery(tx, ports, 'RecoveryRepaid', { ...placing, after });
  const on = await dayOf(tx, item.authorityId, now);
  await ports.ledger.post(tx, [recoveryRepaid(after, settlement, item.amountMinor, on)]);
  return resolved;
}

/** The item waits again. What was only proposed has moved nothing. */
export async function undoSettlement(
  tx: Tx,
  ports: SettlementPorts,
  principal: Principal,
  of: OfItem & { readonly settlement: ItemSettlement },
): Promise<UnmatchedItem> {
  const { item, settlement, now } = of;
  const reopened = { ...item, open: true, resolution: null, settlement: null };
  await setItem(tx, reopened);
  await note(tx, 'ItemSettlementUndone', of, settlement);
  if (settlement.confirmedBy === null) return reopened;
  if (settlement.as === 'NOT_PAID')
    throw new HubError(
      'unmatched-item.not-paid',
      'The payable is held since: release it, or match the line that shows its payment.',
      { field: 'input.itemId' },
    );
  const on = await dayOf(tx, item.authorityId, now);
  if (settlement.recoveryId !== null) {
    const before = await lockRecovery(tx, settlement.recoveryId);
    if (before === undefined) throw new Error('A recovery that was repaid is not there.');
    const after = applyToRecovery({ do: 'undo-repay', amountMinor: item.amountMinor }, before, actorOf(principal));
    await moveRecovery(tx, ports, 'RecoveryRepaymentUndone', { ...of, after });
    await ports.ledger.post(tx, [repaymentUndone(after, settlement, item.amountMinor, on)]);
    return reopened;
  }
  const line = await lineOf(tx, item);
  if (line !== undefined) await ports.ledger.post(tx, [unsettled(line, settlement, item.amountMinor, on)]);
  return reopened;
}

async function moveRecovery(
  tx: Tx,
  ports: SettlementPorts,
  type: string,
  { item, reason, now, after }: OfItem & { readonly after: Recovery },
): Promise<void> {
  await saveRecoveries(tx, [after]);
  await appendHistory(tx, [
    {
      subjectKind: 'recovery',
      subjectId: after.id,
      authorityId: after.authorityId,
      providerId: after.providerId,
      type,
      effectiveOn: await dayOf(tx, item.authorityId, now),
      body: { bankLineId: item.bankLineId, reason },
    },
  ]);
  await tellRecoveries(tx, ports, [after]);
}

async function note(tx: Tx, type: string, { item, reason, now }: OfItem, settlement: ItemSettlement): Promise<void> {
  await appendHistory(tx, [
    {
      subjectKind: 'unmatched-item',
      subjectId: item.id,
      authorityId: item.authorityId,
      providerId: null,
      type,
      effectiveOn: await dayOf(tx, item.authorityId, now),
      body: { ...settlement, reason },
    },
  ]);
}

const lineOf = async (tx: Tx, { bankLineId }: UnmatchedItem): Promise<StoredLine | undefined> =>
  bankLineId === null ? undefined : findLine(tx, bankLineId);
