import { HubError, localDate, type Term } from '#libs/kernel/index.js';
import type { Disclosure } from '#libs/disclosure/index.js';
import { findOrganisation } from '#libs/partners/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { begin } from '../domain/evolve.js';
import { checkAssessment } from '../domain/assessment.js';
import { draft, type Assessment, type Referral } from '../domain/referral.js';
import { record, todayOf } from './change-referral.js';
import type { ReferralServices } from './services.js';

export interface DraftReferral {
  /** The authority's own id of the person. */
  readonly personId: string;
  readonly service: string;
  readonly assessment: {
    readonly group?: string | null | undefined;
    readonly index?: string | null | undefined;
    readonly source: string;
    readonly assessedAt: string;
    readonly reason: string;
  };
  readonly unemployedSince?: string | null | undefined;
  readonly terms: readonly Term[];
}

/** A counsellor prepares a referral for a person the authority has on record. */
export async function draftReferral(
  tx: Tx,
  principal: PartnerPrincipal,
  services: ReferralServices,
  command: DraftReferral,
  now: Date,
): Promise<Referral> {
  const authority = await findOrganisation(tx, principal.organisationId);
  const look = { purpose: 'REFERRAL_DELIVERY', operation: 'draftReferral', categories: ['C0'] } as const;
  const found = await services.disclosure.lookBy(tx, principal, command.personId, look, now);
  if (authority === undefined || found === undefined) {
    throw new HubError('person.not-found', 'There is no such person.', { field: 'personId' });
  }
  const assessment: Assessment = {
    ...command.assessment,
    group: command.assessment.group ?? null,
    index: command.assessment.index ?? null,
  };
  checkAssessment(assessment, now);
  const create = {
    type: 'DraftReferral' as const,
    id: newId<'Referral'>(),
    personId: found.subjectId,
    authorityId: principal.organisationId,
    service: command.service.trim(),
    assessment,
    unemployedSince: command.unemployedSince == null ? null : localDate(command.unemployedSince),
    terms: command.terms,
  };
  const decision = draft(create, todayOf(authority, now));
  if (!decision.ok) throw decision.error;
  const referral = begin(create);
  await grantReferral(tx, services.disclosure, referral, principal.organisationId, now);
  await services.store.insert(tx, referral);
  await record(tx, principal, services, referral, decision.value, now);
  return referral;
}

/** An organisation that works on a referral may see the person for its delivery, and what is paid for it. */
export async function grantReferral(
  tx: Tx,
  disclosure: Disclosure,
  referral: Referral,
  organisationId: string,
  now: Date,
): Promise<void> {
  for (const purpose of ['REFERRAL_DELIVERY', 'PAYMENT_VERIFICATION'] as const) {
    await disclosure.grant(
      tx,
      {
        organisationId,
        subjectId: referral.personId,
        purpose,
        relationship: 'REFERRAL',
        relationshipId: referral.id,
        grantedBy: referral.authorityId,
      },
      now,
    );
  }
}

/** A provider that no longer works on a referral sees nothing of it from this commit on. */
export async function endReferralAccess(
  tx: Tx,
  disclosure: Disclosure,
  referral: Referral,
  providerId: string | null,
  now: Date,
): Promise<void> {
  if (providerId === null) return;
  await disclosure.end(tx, { relationship: 'REFERRAL', relationshipId: referral.id, organisationId: providerId }, now);
}
