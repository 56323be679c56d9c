import type { Principal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { covers, type ReferralView } from '../domain/attribution.js';
import { place, reverse } from './apply-register-feed.handler.js';
import { actingFor, changeOutcome } from './change-outcome.js';
import type { RegisterServices } from './services.js';

/** A provider took the person on: jobs that a register told of before this was known here become the referral's. */
export async function keepAcceptedReferral(
  tx: Tx,
  by: Principal,
  services: RegisterServices,
  referral: ReferralView,
  now: Date,
): Promise<void> {
  await services.outcomes.lockPerson(tx, referral.personId);
  await services.projection.accepted(tx, referral);
  const acting = await actingFor(tx, by, referral.authorityId, now);
  for (const outcome of await services.outcomes.ofPerson(tx, referral.personId)) {
    const isFree = outcome.referralId === null && outcome.authorityId === referral.authorityId;
    if (!isFree || !covers(referral, outcome.spell)) continue;
    await changeOutcome(tx, services, outcome, { type: 'Attribute', referral }, acting);
  }
}

/** The referral was never meant: what was attributed to it is taken back. What the register knows stays, for whom it belongs to. */
export async function reverseOutcomesOfReferral(
  tx: Tx,
  by: Principal,
  services: RegisterServices,
  referral: { readonly referralId: string; readonly personId: string; readonly authorityId: string },
  now: Date,
): Promise<void> {
  const { referralId, personId, authorityId } = referral;
  await services.outcomes.lockPerson(tx, personId);
  await services.projection.changed(tx, referralId, 'ENTERED_IN_ERROR', null);
  const acting = await actingFor(tx, by, authorityId, now);
  const all = await services.outcomes.ofPerson(tx, personId);
  for (const outcome of all.filter((each) => each.referralId === referralId && each.state !== 'REVERSED')) {
    await reverse(tx, services, outcome, 'REFERRAL_ENTERED_IN_ERROR', acting);
    const { registerRef, spell, employerName } = outcome;
    const known = registerRef === null ? undefined : await services.feed.known(tx, authorityId, registerRef);
    if (registerRef === null || known === undefined) continue;
    const change = { registerRef, revision: known.revision, withdrawn: false, spell, employerName };
    await place(tx, services, { authorityId, personId, change, known: undefined }, acting);
  }
}
