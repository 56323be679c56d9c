import { HubError } from '#libs/kernel/index.js';
import { findContract, workingCalendarOf } from '#libs/partners/index.js';
import { isPartner, type Principal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { reminderDay, type Referral } from '../domain/referral.js';
import { changeReferral, loadReferral, todayOf } from './change-referral.js';
import type { ReferralServices } from './services.js';
import { isFull, isInForce, lotFull, lotOf } from './lots.js';
import { grantReferral } from './draft-referral.handler.js';

export interface ChooseProvider {
  readonly referralId: string;
  readonly contractId: string;
  readonly chosenBy: 'PERSON' | 'DEFAULT_RULE';
}

/**
 * The chosen provider is asked: its answer clock runs, and from this commit on it may see the referral. Errors: `referral.lot-full` where
 * the lot has filled since it was offered, and those of `decide`.
 */
export async function chooseProvider(
  tx: Tx,
  principal: Principal,
  services: ReferralServices,
  command: ChooseProvider,
  now: Date,
): Promise<Referral> {
  const loaded = await loadReferral(tx, services, command.referralId);
  const calendar = await workingCalendarOf(tx, loaded.authority.country);
  const { contractId, chosenBy } = command;
  const today = todayOf(loaded.authority, now);
  const contract = await findContract(tx, contractId);
  if (contract !== undefined && !isInForce(contract, today))
    throw new HubError('referral.contract', 'This contract is not in force today.', { field: 'contractId' });
  const remindOn = reminderDay(calendar, today);
  const change = { type: 'ChooseProvider' as const, contractId, chosenBy, calendar };
  const referral = await changeReferral(tx, principal, services, loaded, change, now, { remindOn });
  if (isPartner(principal)) {
    // The hub's own rule takes an offer that it has just found to have room.
    const { contract, lot } = await lotOf(tx, referral);
    if (await isFull(tx, services, contract, lot)) throw lotFull(contract, lot, 'contractId');
  }
  if (referral.providerId !== null) await grantReferral(tx, services.disclosure, referral, referral.providerId, now);
  return referral;
}
