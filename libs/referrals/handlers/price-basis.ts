import { HubError, type LocalDate } from '#libs/kernel/index.js';
import type { Referral } from '../domain/referral.js';
import type { LotOfContract } from './lots.js';
import type { PriceBasis, TariffVersions } from './ports.js';

/**
 * What a referral would be paid by in a lot of a contract, checked against the tariff that holds on a day: nothing above its legal ceiling
 * is offered or locked, and no term of one person replaces one that the parties to the contract have fixed. Errors: `referral.term-fixed`
 * and those of `TariffVersions`; they name the term or what was decided about the person.
 */
export function priceBasis(
  tariffs: TariffVersions,
  referral: Referral,
  { contract, lot }: LotOfContract,
  on: LocalDate,
): PriceBasis {
  const fixed = referral.terms.find((term) => contract.terms.some(({ name }) => name === term.name));
  if (fixed !== undefined) {
    throw new HubError('referral.term-fixed', `${fixed.name}: contract ${contract.number} fixes this term.`, {
      field: 'referralId',
      facts: { contractId: contract.id, term: fixed.name },
    });
  }
  const basis: PriceBasis = {
    tariffId: contract.tariffId,
    tariffVersion: tariffs.versionAt(contract.tariffId, on),
    terms: [...contract.terms, ...referral.terms],
    assessment: { group: referral.assessment.group, index: referral.assessment.index },
    area: lot.area,
    unemployedSince: referral.unemployedSince,
  };
  checkBasis(tariffs, basis, contract.id);
  return basis;
}

/** As `TariffVersions.checkBasis`, for a person's referral under a contract. */
export function checkBasis(tariffs: TariffVersions, basis: PriceBasis, contractId: string): void {
  try {
    tariffs.checkBasis(basis);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const name = error.field === undefined ? '' : `${error.field}: `;
    throw new HubError(error.code, `${name}${error.message} (${basis.tariffId}, version ${basis.tariffVersion})`, {
      field: 'referralId',
      facts: { ...error.facts, contractId },
      cause: error,
    });
  }
}
