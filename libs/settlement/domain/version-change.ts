import { HubError, type Id } from '#libs/kernel/index.js';
import type { VersionChangeId } from '../contract/ids.js';
import { requirePerson, requireSecondPerson, type Actor } from './actor.js';

export type VersionChangeState = 'PROPOSED' | 'CONFIRMED' | 'WITHDRAWN';

/** Running referrals of an authority (or of one contract) are to be priced by another version of their tariff. */
export interface VersionChange {
  readonly id: VersionChangeId;
  readonly state: VersionChangeState;
  readonly authorityId: Id<'Organisation'>;
  readonly tariffId: string;
  readonly fromVersion: string;
  readonly toVersion: string;
  /** Of this contract only; null for all of the authority's. */
  readonly contractId: string | null;
  readonly reason: string;
  readonly proposedBy: string;
  readonly confirmedBy: string | null;
  /** How many referrals moved; null until they have. */
  readonly referrals: number | null;
  readonly version: number;
}

/**
 * The second person makes it so; the first one may take it back.
 *
 * Errors: `version-change.illegal-move`, `settlement.person-required`, `settlement.same-person`.
 */
export function decideVersionChange(change: VersionChange, confirm: boolean, actor: Actor): VersionChange {
  if (change.state !== 'PROPOSED') {
    throw new HubError('version-change.illegal-move', `A change that is ${change.state} is decided.`, {
      facts: { versionChangeId: change.id, state: change.state, allowed: ['PROPOSED'] },
    });
  }
  const version = change.version + 1;
  if (!confirm) {
    requirePerson(actor, 'Withdrawing a change of version');
    return { ...change, state: 'WITHDRAWN', version };
  }
  requireSecondPerson(actor, change.proposedBy, 'Changing the version');
  return { ...change, state: 'CONFIRMED', confirmedBy: actor.actorId, version };
}
