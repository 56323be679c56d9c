import { HubError, type LocalDate } from '#libs/kernel/index.js';
import type { PartnerPrincipal, Principal } from '#libs/platform/auth/principal.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { placed, restored, returnUndone, unplaced, type Journal } from '../domain/journals.js';
import { REASON_UNKNOWN, type PayableCommand } from '../domain/payable.js';
import { legKey, matchByHand, matchesToUndo } from '../domain/reconciliation/index.js';
import {
  findLine,
  insertMatches,
  keepItem,
  recordedMatches,
  setItem,
  undoMatches,
  type BankMatch,
  type StoredLine,
  type UnmatchedItem,
} from '../outbound/bank.store.js';
import { lockPayables } from '../outbound/payables.store.js';
import { lockSentTransfers, lockSentTransfersOf, type SentTransfer } from '../outbound/payment-files.store.js';
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
  /** …or several that were paid together… */
  readonly payableIds?: readonly string[] | null;
  /** …or the recovery that a provider repaid: one of the three. */
  readonly recoveryId?: string | null;
  readonly reason: string;
}
export interface UndoMatch {
  /** What was matched or settled through the queue… */
  readonly itemId?: string | null;
  /** …or the payable whose last match, by whomever it was made, is wrong: one of the two. */
  readonly payableId?: string | null;
  readonly reason: string;
}

/** Payables that one line may stand for when a person says so. */
const PAYABLES_PER_LINE_MAX = 100;

/**
 * A person places a bank line that the rules could not place: as the payment of a payable, or of several that add up to it, as its return,
 * or as the repayment of a recovery. The amounts are equal. A payment that the bank had said it refused may have been made all the same: the line decides.
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
  const transfers = await transfersOf(tx, manager, command, stored.line.legs[leg]?.endToEndId ?? null);
  const { authorityId } = item;
  const recorded = await recordedMatches(tx, authorityId, {
    endToEndIds: [...transfers.keys()],
    lineIds: [stored.id],
  });
  const chosen = [...transfers.values()].map(orderedOf);
  const matches = matchByHand(stored.line, leg, chosen, recorded, command.reason).flatMap((match) => {
    const transfer = transfers.get(match.endToEndId);
    if (transfer === undefined) return [];
    const { payableId } = transfer;
    const bankMatch = { id: newId<'BankMatch'>(), authorityId, bankLineId: stored.id, payableId, undone: false };
    return [{ transfer, match: { ...match, ...bankMatch, actorId: manager.actorId } satisfies BankMatch }];
  });
  const on = await dayOf(tx, manager.organisationId, now);
  const tasks = matches.map(({ match, transfer }) => ({ transfer, commands: commandsFor(match, transfer) }));
  await moveTransfers(tx, ports.events, tasks, on);
  await insertMatches(
    tx,
    matches.map(({ match }) => match),
    now,
  );
  const resolved = { ...item, open: false, resolution: command.reason, settlement: null };
  await setItem(tx, resolved);
  await ports.ledger.post(
    tx,
    matches.flatMap(({ match, transfer }) => [
      ...transferJournals(match, transfer, on),
      placed(stored, match.id, signedMinor(match), on),
    ]),
  );
  return resolved;
}

/**
 * The match was wrong: the line waits again, also one that the rules had matched by themselves (named by its payable). So it does where it
 * was settled otherwise; a settlement that is only proposed is taken back.
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
  const found = await foundBy(tx, manager, command);
  const { settlement } = found;
  if (settlement !== null)
    return undoSettlement(tx, ports, principal, { item: found, settlement, reason: command.reason, now });
  const { item, stored, leg } = await lockPlaceable(tx, found.id, false);
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
  const known = new Set(item.candidates.map((each) => each.payableId));
  // All that the line had stood for: until somebody says what it is, none of it is ordered again.
  const stoodFor = undone
    .filter(({ payableId }) => !known.has(payableId))
    .map(({ payableId, why }) => ({ payableId, why: `it was matched with it: ${why}` }));
  const candidates = [...item.candidates, ...stoodFor];
  const reopened = { ...item, open: true, resolution: null, settlement: null, candidates };
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

/** The item of a line, closed; made here where the rules had matched it, so that nothing ever waited. */
async function foundBy(tx: Tx, manager: PartnerPrincipal, { itemId, payableId }: UndoMatch): Promise<UnmatchedItem> {
  if (payableId == null) return lockFound(tx, itemId ?? '');
  const { authorityId } = await transferOf(tx, manager, payableId, null);
  const endToEndIds = (await lockSentTransfersOf(tx, authorityId, [payableId])).map(({ endToEndId }) => endToEndId);
  const recorded = await recordedMatches(tx, authorityId, { endToEndIds, lineIds: [] });
  const active = recorded.filter((match) => !match.undone);
  // Of the last attempt that a line shows; a return is undone before the payment it came after.
  const shown = endToEndIds.map((id) => active.filter((match) => match.endToEndId === id)).find((of) => of.length > 0);
  const last = shown?.find((match) => match.kind === 'RETURN') ?? shown?.[0];
  const stored = last === undefined ? undefined : await findLine(tx, last.bankLineId);
  if (last === undefined || stored === undefined)
    throw new HubError('match.not-found', 'No bank line is matched with this payable.', { field: 'input.payableId' });
  const leg = stored.line.legs.length > 1 ? last.leg : 0;
  return keepMatched(tx, stored, leg, last);
}

async function keepMatched(tx: Tx, stored: StoredLine, leg: number, match: BankMatch): Promise<UnmatchedItem> {
  const { authorityId, line, currency, bookedOn } = stored;
  const item: UnmatchedItem = {
    id: newId<'UnmatchedItem'>(),
    authorityId,
    key: legKey(line.key, leg),
    kind: match.kind === 'RETURN' ? 'return' : 'unmatched-bank',
    open: true,
    since: bookedOn,
    bankLineId: stored.id,
    leg,
    payableId: null,
    amountMinor: line.legs[leg]?.amountMinor ?? line.amountMinor,
    currency,
    text: `It was matched: ${match.why}`,
    candidates: [],
    resolution: null,
    settlement: null,
  };
  const kept = await keepItem(tx, item);
  const closed = { ...kept, open: false, resolution: match.why };
  await setItem(tx, closed);
  return closed;
}

/** By end-to-end id, in the order they were named. */
async function transfersOf(
  tx: Tx,
  manager: PartnerPrincipal,
  { payableId, payableIds }: MatchItem,
  named: string | null,
): Promise<ReadonlyMap<string, SentTransfer>> {
  const ids = [...new Set([...(payableIds ?? []), ...(payableId == null ? [] : [payableId])])];
  if (ids.length === 0 || ids.length > PAYABLES_PER_LINE_MAX) {
    const text = `Name the payable, or 1 to ${PAYABLES_PER_LINE_MAX} payables, or the recovery that the line stands for.`;
    throw new HubError('unmatched-item.target', text, { field: 'input.payableIds' });
  }
  const transfers = new Map<string, SentTransfer>();
  // One after the other: each locks.
  for (const id of ids.toSorted()) {
    const transfer = await transferOf(tx, manager, id, ids.length === 1 ? named : null);
    transfers.set(transfer.endToEndId, transfer);
  }
  return transfers;
}

/** The attempt of a payable that the line stands for: the one it names; else the one under way; else the last one that was sent. */
async function transferOf(
  tx: Tx,
  manager: PartnerPrincipal,
  payableId: string,
  named: string | null,
): Promise<SentTransfer> {
  const [payable] = await lockPayables(tx, [payableId]);
  const own = payable?.authorityId === manager.organisationId ? payable : undefined;
  const sent = own === undefined ? [] : await lockSentTransfersOf(tx, own.authorityId, [own.id]);
  const transfer =
    sent.find(({ endToEndId }) => endToEndId === named) ??
    sent.find(({ state }) => state === 'IN_FILE' || state === 'EXECUTED' || state === 'RECONCILED') ??
    sent[0];
  if (transfer !== undefined) return transfer;
  throw new HubError('payable.not-found', 'There is no such payable that was sent to the bank.', {
    field: 'input.payableId',
  });
}
