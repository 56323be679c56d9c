import type { LocalDate, Term } from '#libs/kernel/index.js';

/** What partners need to know of tariffs. */
export abstract class PublishedTariffs {
  /**
   * Refuses what no referral could ever be paid by. Errors: `tariff.no-version` (none of this name, or none in force on the day),
   * `tariff.no-fee` (none of its fees goes to a provider, and nobody else is paid), and of the terms that are given `terms.unknown`, `terms.value`, `terms.ceiling`, `terms.floor`, each naming the term.
   */
  abstract checkTerms(tariffId: string, on: LocalDate, terms: readonly Term[]): void;
}
