import { HubError } from '#libs/kernel/index.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { requirePerson } from '../domain/actor.js';
import { applyToPayable, type Payable } from '../domain/payable.js';
import { questionedPayables } from '../outbound/bank.store.js';
import { appendHistory } from '../outbound/history.store.js';
import { lockPayables, savePayables } from '../outbound/payables.store.js';
import { confirmedAccounts } from '../outbound/payee-accounts.store.js';
import { actorOf, dayOf, requireRole } from './actor-of.js';
import type { SettlementPorts } from './ports.js';

/**
 * The cause of a rejection or return is cleared: the payable may go into a file again. Where the cause was the account, that means
 * that another one was confirmed. Where the bank's lines say that the money may have left all the same, that is found out first.
 *
 * Errors: `payable.not-found`, `payable.illegal-move`, `payable.questioned`, `payable.no-account`, `settlement.person-required`.
 */
export async function releaseHeldPayable(
  tx: Tx,
  _ports: SettlementPorts,
  principal: Principal,
  command: { readonly payableId: string },
  now: Date,
): Promise<Payable> {
  const manager = requireRole(principal, 'CONTRACT_MANAGER');
  requirePerson(actorOf(principal), 'Releasing a held payable');
  const [before] = await lockPayables(tx, [command.payableId]);
  if (before === undefined) {
    throw new HubError('payable.not-found', 'There is no such payable.', { field: 'input.payableId' });
  }
  const after = applyToPayable({ do: 'release' }, before);
  if ((await questionedPayables(tx, before.authorityId, [before.id])).size > 0) {
    throw new HubError(
      'payable.questioned',
      'It may have been paid: an item in the queue of unmatched lines names it. Match or settle that first.',
      { field: 'input.payableId', facts: { payableId: before.id } },
    );
  }
  if (!(await confirmedAccounts(tx, before.authorityId, [before.providerId])).has(before.providerId)) {
    throw new HubError('payable.no-account', 'The provider has no confirmed account: confirm one first.', {
      facts: { payableId: before.id, reason: before.reason ?? '' },
    });
  }
  await savePayables(tx, [after], [before]);
  await appendHistory(tx, [
    {
      subjectKind: 'payable',
      subjectId: after.id,
      authorityId: after.authorityId,
      providerId: after.providerId,
      type: 'PayableReleased',
      effectiveOn: await dayOf(tx, manager.organisationId, now),
      body: { reason: before.reason },
    },
  ]);
  return after;
}
