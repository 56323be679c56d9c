import { HubError, type LocalDate } from '#libs/kernel/index.js';
import type { Contract } from '#libs/partners/index.js';
import type { Referral } from '../domain/referral.js';
import type { PriceBasis, TariffVersions } from './ports.js';

/** Whether a contract holds on a day: nobody is asked, and nobody accepts, under one that does not. */
export const isInForce = (contract: Contract, on: LocalDate): boolean =>
  contract.validFrom <= on && (contract.validTo === null || on <= contract.validTo);

/**
 * What a referral would be paid by under a contract, checked against the tariff that holds on a day: nothing above its legal ceiling is
 * offered or locked. Errors: those of `TariffVersions`; they name the term or what was decided about the person.
 */
export function priceBasis(tariffs: TariffVersions, referral: Referral, contract: Contract, on: LocalDate): PriceBasis {
  const basis: PriceBasis = {
    tariffId: contract.tariffId,
    tariffVersion: tariffs.versionAt(contract.tariffId, on),
    terms: [...contract.terms, ...referral.terms],
    assessment: { group: referral.assessment.group, index: referral.assessment.index },
    area: contract.lots[0]?.area ?? null,
    unemployedSince: referral.unemployedSince,
  };
  try {
    tariffs.checkBasis(basis);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const name = error.field === undefined ? '' : `${error.field}: `;
    throw new HubError(error.code, `${name}${error.message} (${basis.tariffId}, version ${basis.tariffVersion})`, {
      field: 'referralId',
      facts: { ...error.facts, contractId: contract.id },
      cause: error,
    });
  }
  return basis;
}
