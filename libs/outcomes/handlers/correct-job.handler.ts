import { HubError } from '#libs/kernel/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Outcome } from '../domain/outcome.js';
import { actingFor, changeOutcome, loadOutcome } from './change-outcome.js';
import { day } from './report-job.handler.js';
import type { OutcomeServices } from './services.js';

export interface CorrectJob {
  readonly outcomeId: string;
  readonly startedOn: string;
  readonly endedOn?: string | null;
  readonly weeklyHours: string;
  readonly reason: string;
}

const REASON_LENGTH_MAX = 500;

/** The provider that reported a job says how it really was; what was said before stays in the history, with the reason. */
export async function correctJob(
  tx: Tx,
  principal: PartnerPrincipal,
  services: OutcomeServices,
  command: CorrectJob,
  now: Date,
): Promise<Outcome> {
  const reason = command.reason.trim();
  if (reason === '' || reason.length > REASON_LENGTH_MAX) {
    throw new HubError('outcome.reason', `Say why, in 1 to ${REASON_LENGTH_MAX} characters.`, { field: 'reason' });
  }
  const outcome = await loadOutcome(tx, services, command.outcomeId);
  const acting = await actingFor(tx, principal, outcome.authorityId, now);
  const referral = outcome.referralId === null ? undefined : await services.referrals.find(tx, outcome.referralId);
  const change = {
    type: 'CorrectJob' as const,
    providerId: principal.organisationId,
    acceptedOn: referral?.acceptedOn ?? null,
    startedOn: day(command.startedOn, 'startedOn'),
    endedOn: command.endedOn == null ? null : day(command.endedOn, 'endedOn'),
    weeklyHours: command.weeklyHours,
  };
  return changeOutcome(tx, services, outcome, change, acting, { reason });
}
