import { dayIn, HubError, type LocalDate } from '#libs/kernel/index.js';
import { isPartner, type Principal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { findOrganisation, type Organisation } from '#libs/partners/index.js';
import { evolve } from '../domain/evolve.js';
import { decide, type Referral, type ReferralCommand, type ReferralEvent } from '../domain/referral.js';
import type { Mover } from '../domain/referral.states.js';
import type { ReferralServices } from './services.js';

export type Change = Exclude<ReferralCommand, { type: 'DraftReferral' }>;

/** A referral that the caller may change, with its authority. Throws `referral.not-found`, also for what it may not see. */
export async function loadReferral(
  tx: Tx,
  services: ReferralServices,
  referralId: string,
): Promise<{ readonly referral: Referral; readonly authority: Organisation }> {
  const referral = await services.store.find(tx, referralId);
  const authority = referral === undefined ? undefined : await findOrganisation(tx, referral.authorityId);
  if (referral === undefined || authority === undefined) {
    throw new HubError('referral.not-found', 'There is no such referral.', { field: 'referralId' });
  }
  return { referral, authority };
}

/** Decides, evolves, saves (which serialises writers of this referral), then appends history and publishes. */
export async function changeReferral(
  tx: Tx,
  principal: Principal,
  services: ReferralServices,
  { referral, authority }: { readonly referral: Referral; readonly authority: Organisation },
  command: Change,
  now: Date,
  /** Fields that events do not carry, changed together with the state. */
  more: Partial<Referral> = {},
): Promise<Referral> {
  const decision = decide(referral, command, {
    mover: moverOf(principal),
    organisationId: isPartner(principal) ? principal.organisationId : null,
    today: dayIn(authority.timeZone, now),
  });
  if (!decision.ok) throw decision.error;
  const next = { ...evolve(referral, decision.value), ...more };
  await services.store.update(tx, next, referral.version);
  await record(tx, principal, services, next, decision.value, now);
  return next;
}

/** History and outbox, after the state row was saved. */
export async function record(
  tx: Tx,
  principal: Principal,
  services: ReferralServices,
  referral: Referral,
  event: ReferralEvent,
  now: Date,
): Promise<void> {
  await services.store.appendHistory(tx, referral, event, principal, now);
  await services.events.publish(tx, [{ type: event.type, subject: referral.id, data: event.data }]);
}

/** Today where the authority is. */
export const todayOf = (authority: Organisation, now: Date): LocalDate => dayIn(authority.timeZone, now);

function moverOf(principal: Principal): Mover {
  if (!isPartner(principal)) return 'HUB';
  return principal.organisationKind === 'PES' ? 'AUTHORITY' : 'PROVIDER';
}
