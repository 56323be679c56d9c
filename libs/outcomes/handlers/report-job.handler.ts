import { HubError, localDate, type LocalDate } from '#libs/kernel/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import type { ReferralSummary } from '#libs/referrals/contract/referral-lookup.js';
import type { ContractType } from '../contract/outcome.js';
import type { ReferralView } from '../domain/attribution.js';
import type { Outcome } from '../domain/outcome.js';
import { employerRef, isSameJob, type Spell } from '../domain/spell.js';
import { actingFor, addOutcome, changeOutcome } from './change-outcome.js';
import type { OutcomeServices } from './services.js';

export interface ReportJob {
  readonly referralId: string;
  readonly startedOn: string;
  readonly endedOn?: string | null;
  readonly contractType: ContractType;
  readonly contractMonths?: number | null;
  readonly weeklyHours: string;
  readonly insured: boolean;
  readonly employerNumber: string;
  readonly employerName: string;
  readonly normalHoursShare?: string | null;
  readonly vacancyId?: string | null;
}

const EMPLOYER_NAME_LENGTH_MAX = 200;

/**
 * A provider says that a person it was given works. What a register detected before is joined, not repeated. Errors:
 * `outcome.referral-not-found`, `outcome.already-reported`, and one for each impossible detail, naming its field.
 */
export async function reportJob(
  tx: Tx,
  principal: PartnerPrincipal,
  services: OutcomeServices,
  command: ReportJob,
  now: Date,
): Promise<Outcome> {
  const referral = viewOf(await services.referrals.find(tx, command.referralId));
  const spell = spellOf(command);
  const employerName = command.employerName.trim();
  if (employerName === '' || employerName.length > EMPLOYER_NAME_LENGTH_MAX) {
    throw new HubError('outcome.employer-name', `A name of 1 to ${EMPLOYER_NAME_LENGTH_MAX} characters is required.`, {
      field: 'employerName',
    });
  }
  await services.outcomes.lockPerson(tx, referral.personId);
  const acting = await actingFor(tx, principal, referral.authorityId, now);
  const vacancyId = command.vacancyId ?? null;
  const providerId = principal.organisationId;
  const known = (await services.outcomes.ofPerson(tx, referral.personId)).find((other) => stands(other, spell));
  if (known === undefined) {
    const id = newId<'Outcome'>();
    return addOutcome(
      tx,
      services,
      { type: 'ReportJob', id, referral, providerId, spell, employerName, vacancyId },
      acting,
    );
  }
  if (known.reporterId !== null) {
    throw new HubError('outcome.already-reported', 'This job was reported already: correct that report.', {
      facts: { outcomeId: known.id },
    });
  }
  return changeOutcome(tx, services, known, { type: 'JoinReport', referral, providerId, spell, vacancyId }, acting, {
    fields: { vacancyId, employerName: known.employerName ?? employerName },
  });
}

const stands = (outcome: Outcome, spell: Spell): boolean =>
  outcome.state !== 'REVERSED' && outcome.state !== 'LAPSED' && isSameJob(outcome.spell, spell);

const spellOf = (command: ReportJob): Spell => ({
  startedOn: day(command.startedOn, 'startedOn'),
  endedOn: command.endedOn == null ? null : day(command.endedOn, 'endedOn'),
  contractType: command.contractType,
  contractMonths: command.contractMonths ?? null,
  weeklyHours: command.weeklyHours,
  normalHoursShare: command.normalHoursShare ?? null,
  insured: command.insured,
  employerRef: employerRef(command.employerNumber),
});

/** Reads a day, naming the field when it is none. */
export function day(text: string, field: string): LocalDate {
  try {
    return localDate(text);
  } catch (error) {
    if (error instanceof HubError) throw new HubError(error.code, error.message, { field });
    throw error;
  }
}

/** A referral that a provider works or worked on; before that, and after it was taken back, nothing is reported for it. */
function viewOf(summary: ReferralSummary | undefined): ReferralView {
  const notFound = new HubError('outcome.referral-not-found', 'There is no such referral.', { field: 'referralId' });
  if (summary === undefined || summary.providerId === null || summary.acceptedOn === null) throw notFound;
  const { id: referralId, personId, authorityId, providerId, state, acceptedOn, endedOn } = summary;
  switch (state) {
    case 'ACCEPTED':
    case 'STARTED':
    case 'COMPLETED':
    case 'ENDED_EARLY':
      return { referralId, personId, authorityId, providerId, state, acceptedOn, endedOn };
    default:
      throw notFound;
  }
}
