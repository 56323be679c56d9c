import type { LocalDate } from '#libs/kernel/index.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { executed, executedAfterAll, placed, restored, stated, type Journal } from '../domain/journals.js';
import { REASON_UNKNOWN, type PayableCommand } from '../domain/payable.js';
import { legKey, reconcile, type Break, type Match, type OrderedTransfer } from '../domain/reconciliation/index.js';
import {
  closeItems,
  insertMatches,
  keepItems,
  recordedMatches,
  settledLegs,
  waitingLines,
  type BankMatch,
  type StoredLine,
  type UnmatchedItem,
} from '../outbound/bank.store.js';
import { lockSentTransfers, type SentTransfer } from '../outbound/payment-files.store.js';
import { moveTransfers, type TransferTask } from './move-payables.js';
import type { SettlementPorts } from './ports.js';

/** Older lines that are looked at again beside the new ones. */
const WAITING_LINES_MAX = 2_000;

export interface ImportContext {
  readonly fileId: string;
  readonly authorityId: string;
  readonly actorId: string;
  readonly on: LocalDate;
  readonly now: Date;
}

export interface Placed {
  readonly matched: number;
  readonly unmatched: number;
  readonly returned: number;
  readonly journals: readonly Journal[];
}

/**
 * Reconciles new lines, and older ones that still wait, with what was ordered: matches move payables, everything else waits in the
 * queue. Answers the journals: what the bank states goes to clearing where it was placed and to suspense where it was not.
 */
export async function placeLines(
  tx: Tx,
  ports: SettlementPorts,
  fresh: readonly StoredLine[],
  context: ImportContext & { readonly asOf: LocalDate },
): Promise<Placed> {
  const { authorityId, asOf, on } = context;
  const waiting = await waitingLines(tx, authorityId, WAITING_LINES_MAX);
  const lines = [...fresh, ...waiting];
  const transfers = await lockSentTransfers(tx, authorityId, namedIn(lines));
  const lineIds = lines.map((line) => line.id);
  const endToEndIds = transfers.map((transfer) => transfer.endToEndId);
  const recorded = await recordedMatches(tx, authorityId, { endToEndIds, lineIds });
  const settled = await settledLegs(tx, lineIds);
  const { matches, breaks } = reconcile(
    lines.map(({ line }) => line),
    transfers.map(orderedOf),
    recorded,
    asOf,
    settled.map(({ lineKey, leg }) => legKey(lineKey, leg)),
  );
  const world = new World(lines, transfers);
  const kept = matches.map((match) => world.keep(match, context));
  await moveTransfers(tx, ports.events, tasksOf(kept, world), on);
  await insertMatches(tx, kept, context.now);
  const items = breaks.map((each) => world.item(each, authorityId));
  await closeItems(
    tx,
    authorityId,
    { lineIds, found: items.map((item) => item.key) },
    'Explained by a line that came later.',
  );
  await keepItems(tx, items);
  const freshIds = new Set(fresh.map((line) => line.id));
  return {
    matched: new Set(kept.filter((match) => freshIds.has(match.bankLineId)).map((match) => match.bankLineId)).size,
    unmatched: items.filter((item) => freshIds.has(item.bankLineId ?? '')).length,
    returned: kept.filter((match) => match.kind === 'RETURN').length,
    journals: [
      ...kept.flatMap((match) => transferJournals(match, world.transfer(match), on)),
      ...fresh.flatMap((line) => lineJournals(line, kept)),
      ...kept
        .filter((match) => !freshIds.has(match.bankLineId))
        .map((match) => placed(world.line(match.lineKey), match.id, signedMinor(match), on)),
    ],
  };
}

/** Lines by key, transfers by end-to-end id. */
class World {
  readonly #lines: ReadonlyMap<string, StoredLine>;
  readonly #transfers: ReadonlyMap<string, SentTransfer>;

  constructor(lines: readonly StoredLine[], transfers: readonly SentTransfer[]) {
    this.#lines = new Map(lines.map((line) => [line.line.key, line]));
    this.#transfers = new Map(transfers.map((transfer) => [transfer.endToEndId, transfer]));
  }

  line(key: string): StoredLine {
    const line = this.#lines.get(key);
    if (line === undefined) throw new Error('Reconciliation answered a line that it was not given.');
    return line;
  }

  transfer({ endToEndId }: Pick<Match, 'endToEndId'>): SentTransfer {
    const transfer = this.#transfers.get(endToEndId);
    if (transfer === undefined) throw new Error('Reconciliation answered a transfer that it was not given.');
    return transfer;
  }

  keep(match: Match, { authorityId, actorId }: ImportContext): BankMatch {
    const { payableId } = this.transfer(match);
    const bankLineId = this.line(match.lineKey).id;
    return { ...match, id: newId<'BankMatch'>(), authorityId, bankLineId, payableId, actorId, undone: false };
  }

  item(found: Break, authorityId: string): UnmatchedItem {
    return {
      id: newId<'UnmatchedItem'>(),
      authorityId,
      key: found.key,
      kind: found.kind,
      open: true,
      since: found.since,
      bankLineId: found.lineKey === null ? null : this.line(found.lineKey).id,
      leg: found.leg,
      payableId: found.endToEndId === null ? null : this.transfer({ endToEndId: found.endToEndId }).payableId,
      amountMinor: found.amountMinor,
      currency: found.currency,
      text: found.why,
      candidates: found.candidates.flatMap(({ endToEndIds, why }) =>
        endToEndIds.map((endToEndId) => ({ payableId: this.transfer({ endToEndId }).payableId, why })),
      ),
      resolution: null,
      settlement: null,
    };
  }
}

const namedIn = (lines: readonly StoredLine[]) => ({
  endToEndIds: lines.flatMap(({ line }) => [
    ...line.legs.flatMap((leg) => leg.endToEndId ?? []),
    ...(line.batch?.endToEndIds ?? []),
  ]),
  references: lines.flatMap(({ line }) => line.legs.flatMap((leg) => leg.references)),
});

/** No line is expected of what the bank refused. */
export const orderedOf = (transfer: SentTransfer): OrderedTransfer => ({
  ...transfer,
  rejected: transfer.state === 'REJECTED',
});

/** A payment and its return may come in one file: one task a transfer, in the order of the world. */
function tasksOf(matches: readonly BankMatch[], world: World): readonly TransferTask[] {
  return [...Map.groupBy(matches, (match) => match.endToEndId).values()].map((own) => {
    const ordered = own.toSorted((a, b) => (a.kind === b.kind ? 0 : a.kind === 'PAYMENT' ? -1 : 1));
    const transfer = world.transfer({ endToEndId: own[0]?.endToEndId ?? '' });
    return { transfer, commands: ordered.flatMap((match) => commandsFor(match, transfer)) };
  });
}

export const commandsFor = (match: Match, transfer: SentTransfer): readonly PayableCommand[] =>
  match.kind === 'RETURN'
    ? [{ do: 'hold', because: 'RETURNED', reason: match.returnReason ?? REASON_UNKNOWN }]
    : transfer.state === 'IN_FILE'
      ? [{ do: 'execute' }, { do: 'reconcile' }]
      : [{ do: transfer.state === 'REJECTED' ? 'reconcile-refused' : 'reconcile' }];

export const transferJournals = (match: BankMatch, transfer: SentTransfer, on: LocalDate): readonly Journal[] =>
  match.kind === 'RETURN'
    ? [restored(transfer, match.id, on)]
    : transfer.state === 'IN_FILE'
      ? [executed(transfer, on)]
      : transfer.state === 'REJECTED'
        ? [executedAfterAll(transfer, match.id, on)]
        : [];

/** As the bank's line has it: a payment went out, a return came in. */
export const signedMinor = (match: Match): bigint =>
  match.kind === 'PAYMENT' ? -match.amountMinor : match.amountMinor;

function lineJournals(stored: StoredLine, matches: readonly BankMatch[]): readonly Journal[] {
  const placedMinor = matches
    .filter((match) => match.bankLineId === stored.id)
    .reduce((sum, match) => sum + signedMinor(match), 0n);
  const restMinor = stored.line.amountMinor - placedMinor;
  return [
    ...(placedMinor === 0n ? [] : [stated(stored, placedMinor, true)]),
    ...(restMinor === 0n ? [] : [stated(stored, restMinor, false)]),
  ];
}
