import { dayIn, HubError, localDate } from '#libs/kernel/index.js';
import { findOrganisation } from '#libs/partners/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { EventLog } from '#libs/platform/events/event-log.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { ReferralLookup } from '#libs/referrals/contract/referral-lookup.js';
import type { Plan, PlanStore } from './ports.js';

export interface AgreePlan {
  readonly referralId: string;
  readonly agreedOn: string;
  readonly goals: readonly string[];
}

const GOALS_MAX = 20;
const GOAL_LENGTH_MAX = 500;

/** The person and the provider agreed the plan, or a new version of it. */
export async function agreePlan(
  tx: Tx,
  principal: PartnerPrincipal,
  services: { readonly plans: PlanStore; readonly referrals: ReferralLookup; readonly events: EventLog },
  command: AgreePlan,
  now: Date,
): Promise<Plan> {
  const referral = await services.referrals.find(tx, command.referralId);
  if (referral?.providerId !== principal.organisationId) {
    throw new HubError('referral.not-found', 'There is no such referral.', { field: 'referralId' });
  }
  if (referral.state !== 'ACCEPTED' && referral.state !== 'STARTED') {
    throw new HubError(
      'plan.referral-state',
      `A plan is agreed while the service runs. This referral is ${referral.state}.`,
      {
        field: 'referralId',
      },
    );
  }
  if (
    command.goals.length === 0 ||
    command.goals.length > GOALS_MAX ||
    command.goals.some((goal) => goal.length > GOAL_LENGTH_MAX)
  ) {
    throw new HubError('plan.goals', `A plan has 1 to ${GOALS_MAX} goals of at most ${GOAL_LENGTH_MAX} characters.`, {
      field: 'goals',
    });
  }
  const agreedOn = localDate(command.agreedOn);
  const authority = await findOrganisation(tx, referral.authorityId);
  if (authority === undefined || agreedOn > dayIn(authority.timeZone, now)) {
    throw new HubError('plan.future', 'This day has not come yet.', { field: 'agreedOn' });
  }
  if (referral.acceptedOn !== null && agreedOn < referral.acceptedOn) {
    throw new HubError('plan.too-early', `The earliest possible day is ${referral.acceptedOn}.`, { field: 'agreedOn' });
  }
  const version = await services.plans.nextVersion(tx, { referralId: referral.id, personId: referral.personId });
  const plan: Plan = { referralId: command.referralId, version, agreedOn, goals: command.goals };
  const { personId, authorityId } = referral;
  const providerId = principal.organisationId;
  await services.plans.insert(tx, { ...plan, personId, authorityId, providerId }, now);
  await services.events.publish(tx, [
    {
      type: 'liaison.plan.agreed.v1',
      subject: command.referralId,
      data: { referralId: command.referralId, personId, authorityId, providerId, version, agreedOn },
    },
  ]);
  return plan;
}
