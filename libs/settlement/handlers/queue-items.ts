import { HubError } from '#libs/kernel/index.js';
import type { PartnerPrincipal, Principal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { requirePerson } from '../domain/actor.js';
import { findLine, lockItem, type StoredLine, type UnmatchedItem } from '../outbound/bank.store.js';
import { actorOf, requireRole } from './actor-of.js';

const REASON_LENGTH_MAX = 500;

/** Errors: `settlement.role-required`, `settlement.person-required`, `unmatched-item.reason`. */
export function requireManager(principal: Principal, reason: string): PartnerPrincipal {
  const manager = requireRole(principal, 'CONTRACT_MANAGER');
  requirePerson(actorOf(principal), 'Matching a bank line');
  if (reason.trim() !== '' && reason.length <= REASON_LENGTH_MAX) return manager;
  throw new HubError('unmatched-item.reason', `A reason of 1 to ${REASON_LENGTH_MAX} characters is required.`, {
    field: 'input.reason',
  });
}

/** An item behind which a bank line stands. Errors: `unmatched-item.not-found`, `.closed`, `.open`, `.no-line`. */
export async function lockPlaceable(
  tx: Tx,
  itemId: string,
  open: boolean,
): Promise<{ readonly item: UnmatchedItem; readonly stored: StoredLine; readonly leg: number }> {
  const item = await lockFound(tx, itemId);
  if (item.open !== open) {
    const text = open ? 'This item was resolved already.' : 'This item is open: nothing is matched with it.';
    throw new HubError(open ? 'unmatched-item.closed' : 'unmatched-item.open', text, { field: 'input.itemId' });
  }
  const stored = item.bankLineId === null ? undefined : await findLine(tx, item.bankLineId);
  if (stored !== undefined && item.leg !== null) return { item, stored, leg: item.leg };
  throw new HubError('unmatched-item.no-line', 'No bank line stands behind this item: there is nothing to place.', {
    field: 'input.itemId',
  });
}

/** Error: `unmatched-item.not-found`. */
export async function lockFound(tx: Tx, itemId: string): Promise<UnmatchedItem> {
  const item = await lockItem(tx, itemId);
  if (item !== undefined) return item;
  throw new HubError('unmatched-item.not-found', 'There is no such item.', { field: 'input.itemId' });
}
