import { localDate } from '#libs/kernel/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { checkAssessment } from '../domain/assessment.js';
import type { Assessment, Referral } from '../domain/referral.js';
import { changeReferral, loadReferral } from './change-referral.js';
import { checkBasis } from './price-basis.js';
import type { ReferralServices } from './services.js';
import type { DraftReferral } from './draft-referral.handler.js';

export interface CorrectAssessment {
  readonly referralId: string;
  readonly assessment: DraftReferral['assessment'];
  readonly appliesFrom: string;
}

/**
 * A band or index that was decided wrongly changes later periods; what is locked stays as it is. Errors: `assessment.invalid`, those of
 * `checkBasis` where the locked tariff cannot price what is decided now, and those of `decide`.
 */
export async function correctAssessment(
  tx: Tx,
  principal: PartnerPrincipal,
  services: ReferralServices,
  command: CorrectAssessment,
  now: Date,
): Promise<Referral> {
  const assessment: Assessment = {
    ...command.assessment,
    group: command.assessment.group ?? null,
    index: command.assessment.index ?? null,
  };
  checkAssessment(assessment, now);
  const loaded = await loadReferral(tx, services, command.referralId);
  const { price, contractId, unemployedSince } = loaded.referral;
  if (price !== null) checkBasis(services.tariffs, { ...price, assessment, unemployedSince }, contractId ?? '');
  const change = { type: 'CorrectAssessment' as const, assessment, appliesFrom: localDate(command.appliesFrom) };
  return changeReferral(tx, principal, services, loaded, change, now, { assessment });
}
