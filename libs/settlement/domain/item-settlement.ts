import { HubError } from '#libs/kernel/index.js';
import { requirePerson, requireSecondPerson, type Actor } from './actor.js';

/**
 * What an item was that stands for no transfer of ours: a provider's repayment of a recovery, the bank's charge or interest, another
 * business on the same account, or a finding about a statement that was looked into; or that a transfer which no line shows was never
 * made.
 */
export type SettledAs = 'REPAYMENT' | 'BANK_CHARGE' | 'OTHER_BUSINESS' | 'NOTED' | 'NOT_PAID';

export interface ItemSettlement {
  readonly id: string;
  readonly as: SettledAs;
  readonly recoveryId: string | null;
  readonly reason: string;
  readonly proposedBy: string;
  /** Until then it is a proposal. */
  readonly confirmedBy: string | null;
}

/** What the rule asks of an item. */
interface Settled {
  readonly kind: string;
  readonly bankLineId: string | null;
  readonly settlement: ItemSettlement | null;
}

const OF_LINES: readonly SettledAs[] = ['BANK_CHARGE', 'OTHER_BUSINESS'];
const OF_FINDINGS: readonly SettledAs[] = ['NOTED'];
const OF_ORDERS: readonly SettledAs[] = ['NOT_PAID'];

/**
 * The settlement after a call: the first one proposes, the same one by another person confirms.
 *
 * Errors: `settlement.person-required`, `settlement.same-person`, `unmatched-item.settled-as`, `unmatched-item.settled-otherwise`.
 */
export function settle(
  item: Settled,
  said: Pick<ItemSettlement, 'id' | 'as' | 'reason'>,
  actor: Actor,
): ItemSettlement {
  requireKind(item, said.as);
  const before = item.settlement;
  if (before === null) {
    requirePerson(actor, 'Settling an item');
    return { ...said, recoveryId: null, proposedBy: actor.actorId, confirmedBy: null };
  }
  requireSecondPerson(actor, before.proposedBy, 'Settling an item');
  if (said.as === before.as) return { ...before, confirmedBy: actor.actorId };
  throw new HubError(
    'unmatched-item.settled-otherwise',
    `It was proposed as ${before.as}: the second person confirms that, or takes the proposal back first (undoMatch).`,
    { field: 'input.as', facts: { proposed: before.as } },
  );
}

/** A repayment is one person's match: amount and recovery speak for themselves. */
export const repayment = (id: string, recoveryId: string, reason: string, actor: Actor): ItemSettlement => ({
  ...{ id, as: 'REPAYMENT', recoveryId, reason },
  ...{ proposedBy: actor.actorId, confirmedBy: actor.actorId },
});

/** Money is something, a finding is noted; of a transfer that the bank has not shown two people may find out that it was not made. */
function requireKind({ kind, bankLineId }: Settled, as: SettledAs): void {
  const [what, allowed] =
    kind === 'unmatched-ledger'
      ? ['A payment that no bank line shows', OF_ORDERS]
      : bankLineId === null
        ? ['A finding about a statement', OF_FINDINGS]
        : ['A bank line', OF_LINES];
  if (allowed.includes(as)) return;
  throw new HubError('unmatched-item.settled-as', `${what} is settled as ${allowed.join(' or ')}, not as ${as}.`, {
    field: 'input.as',
    facts: { allowed },
  });
}
