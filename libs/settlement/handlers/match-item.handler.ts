import { HubError, type LocalDate } from '#libs/kernel/index.js';
import type { PartnerPrincipal, Principal } from '#libs/platform/auth/principal.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { placed, restored, returnUndone, unplaced, type Journal } from '../domain/journals.js';
import { REASON_UNKNOWN, type PayableCommand } from '../domain/payable.js';
import { matchByHand, matchesToUndo } from '../domain/reconciliation/index.js';
import {
  insertMatches,
  recordedMatches,
  setItem,
  undoMatches,
  type BankMatch,
  type StoredLine,
  type UnmatchedItem,
} from '../outbound/bank.store.js';
import { lockPayables } from '../outbound/payables.store.js';
import { lockSentTransfers, type SentTransfer } from '../outbound/payment-files.store.js';
import { dayOf } from './actor-of.js';
import { moveTransfers } from './move-payables.js';
import { commandsFor, orderedOf, signedMinor, transferJournals } from './place-lines.js';
import type { SettlementPorts } from './ports.js';
import { lockFound, lockPlaceable, requireManager } from './queue-items.js';
import { placeRepayment, undoSettlement } from './settle-item.handler.js';

export interface MatchItem {
  readonly itemId: string;
  /** The payable that was paid or came back… */
  readonly payableId?: string | null;
  /** …or the recovery that a provider repaid: one of the two. */
  readonly recoveryId?: string | null;
  readonly reason: string;
}
export interface UndoMatch {
  readonly itemId: string;
  readonly reason: string;
}

/**
 * A person places a bank line that the rules could not place: as the payment of a payable, as its return, or as the repayment of a
 * recovery. The amounts are equal. A payment that the bank had said it refused may have been made all the same: the line decides.
 *
 * Errors: `unmatched-item.not-found`, `unmatched-item.closed`, `unmatched-item.no-line`, `unmatched-item.reason`, `payable.not-found`,
 * `payable.illegal-move`, `unmatched-item.target`, `recovery.not-found`, `settlement.person-required`, and those of `matchByHand` and
 * `applyToRecovery`.
 */
export async function matchUnmatchedItem(
  tx: Tx,
  ports: SettlementPorts,
  principal: Principal,
  command: MatchItem,
  now: Date,
): Promise<UnmatchedItem> {
  const manager = requireManager(principal, command.reason);
  const { item, stored, leg } = await lockPlaceable(tx, command.itemId, true);
  const { recoveryId } = command;
  if (recoveryId != null) return placeRepayment(tx, ports, principal, { ...command, recoveryId, item, now });
  const named = stored.line.legs[leg]?.endToEndId ?? null;
  const transfer = await transferOf(tx, manager, command.payableId ?? '', named);
  const { authorityId } = item;
  const recorded = await recordedMatches(tx, authorityId, {
    endToEndIds: [transfer.endToEndId],
    lineIds: [stored.id],
  });
  const chosen = [orderedOf(transfer)];
  const matches = matchByHand(stored.line, leg, chosen, recorded, command.reason).map((match): BankMatch => ({
    ...match,
    id: newId<'BankMatch'>(),
    authorityId,
    bankLineId: stored.id,
    payableId: transfer.payableId,
    actorId: manager.actorId,
    undone: false,
  }));
  const on = await dayOf(tx, manager.organisationId, now);
  const commands = matches.flatMap((match) => commandsFor(match, transfer));
  await moveTransfers(tx, ports.events, [{ transfer, commands }], on);
  await insertMatches(tx, matches, now);
  const resolved = { ...item, open: false, resolution: command.reason, settlement: null };
  await setItem(tx, resolved);
  await ports.ledger.post(
    tx,
    matches.flatMap((match) => [
      ...transferJournals(match, transfer, on),
      placed(stored, match.id, signedMinor(match), on),
    ]),
  );
  return resolved;
}

/**
 * The match was wrong: the line waits again. So it does where it was settled otherwise; a settlement that is only proposed is taken back.
 * A payment is executed and not yet seen on a bank statement, or refused again where the bank had said so; a payable that was put back by
 * a return that was none is reconciled again, unless it went into another file meanwhile.
 *
 * Errors: `unmatched-item.not-found`, `unmatched-item.open`, `unmatched-item.reason`, `payable.illegal-move`, and those of
 * `matchesToUndo`.
 */
export async function undoMatch(
  tx: Tx,
  ports: SettlementPorts,
  principal: Principal,
  command: UndoMatch,
  now: Date,
): Promise<UnmatchedItem> {
  const manager = requireManager(principal, command.reason);
  const found = await lockFound(tx, command.itemId);
  const { settlement } = found;
  if (settlement !== null)
    return undoSettlement(tx, ports, principal, { item: found, settlement, reason: command.reason, now });
  const { item, stored, leg } = await lockPlaceable(tx, command.itemId, false);
  const ofLine = await recordedMatches(tx, item.authorityId, { endToEndIds: [], lineIds: [stored.id] });
  const endToEndIds = ofLine.map((match) => match.endToEndId);
  const recorded = await recordedMatches(tx, item.authorityId, { endToEndIds, lineIds: [stored.id] });
  const wanted = new Set(matchesToUndo(stored.line.key, leg, recorded).map((match) => match.endToEndId));
  const undone = ofLine.filter((match) => !match.undone && wanted.has(match.endToEndId));
  const transfers = new Map(
    (await lockSentTransfers(tx, item.authorityId, { endToEndIds, references: [] })).map((each) => [
      each.endToEndId,
      each,
    ]),
  );
  const on = await dayOf(tx, manager.organisationId, now);
  const journals: Journal[] = [];
  const tasks = undone.flatMap((match) => {
    const transfer = transfers.get(match.endToEndId);
    if (transfer === undefined) return [];
    journals.push(...journalsOfUndo(match, stored, transfer, on));
    return [{ transfer, commands: [undoing(match, transfer)] }];
  });
  await moveTransfers(tx, ports.events, tasks, on);
  await undoMatches(
    tx,
    undone.map((match) => match.id),
    { actorId: manager.actorId, why: command.reason, now },
  );
  const reopened = { ...item, open: true, resolution: null, settlement: null };
  await setItem(tx, reopened);
  await ports.ledger.post(tx, journals);
  return reopened;
}

/** The bank's refusal stays on record when a line shows the payment all the same. */
const wasRefused = (match: BankMatch, transfer: SentTransfer): boolean =>
  match.kind === 'PAYMENT' && transfer.reason !== null;

function undoing(match: BankMatch, transfer: SentTransfer): PayableCommand {
  if (match.kind === 'RETURN') return { do: 'undo-hold' };
  if (!wasRefused(match, transfer)) return { do: 'undo-reconcile' };
  return { do: 'hold', because: 'REJECTED', reason: transfer.reason ?? REASON_UNKNOWN };
}

const journalsOfUndo = (
  match: BankMatch,
  stored: StoredLine,
  transfer: SentTransfer,
  on: LocalDate,
): readonly Journal[] => [
  unplaced(stored, match.id, signedMinor(match), on),
  ...(match.kind === 'RETURN' ? [returnUndone(transfer, match.id, on)] : []),
  ...(wasRefused(match, transfer) ? [restored(transfer, match.id, on)] : []),
];

/** The payable's last attempt; or, while none is under way, the one that the line names. */
async function transferOf(
  tx: Tx,
  manager: PartnerPrincipal,
  payableId: string,
  named: string | null,
): Promise<SentTransfer> {
  const [payable] = await lockPayables(tx, [payableId]);
  const own = payable?.authorityId === manager.organisationId ? payable : undefined;
  const idle = own?.state === 'HELD' || own?.state === 'OPEN';
  const endToEndIds = [idle ? named : null, own?.endToEndId ?? null].filter((id) => id !== null);
  const sent = await lockSentTransfers(tx, manager.organisationId, { endToEndIds, references: [] });
  const transfer = endToEndIds
    .flatMap((id) => sent.filter((each) => each.endToEndId === id && each.payableId === payableId))
    .at(0);
  if (transfer !== undefined) return transfer;
  throw new HubError('payable.not-found', 'There is no such payable that was sent to the bank.', {
    field: 'input.payableId',
  });
}
