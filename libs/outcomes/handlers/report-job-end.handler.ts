import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Outcome } from '../domain/outcome.js';
import { actingFor, changeOutcome, loadOutcome } from './change-outcome.js';
import { day } from './report-job.handler.js';
import type { OutcomeServices } from './services.js';

/** The provider that reported a job says that it ended. */
export async function reportJobEnd(
  tx: Tx,
  principal: PartnerPrincipal,
  services: OutcomeServices,
  command: { readonly outcomeId: string; readonly endedOn: string },
  now: Date,
): Promise<Outcome> {
  const outcome = await loadOutcome(tx, services, command.outcomeId);
  const acting = await actingFor(tx, principal, outcome.authorityId, now);
  const endedOn = day(command.endedOn, 'endedOn');
  const change = { type: 'ReportJobEnd' as const, providerId: principal.organisationId, endedOn };
  return changeOutcome(tx, services, outcome, change, acting);
}
