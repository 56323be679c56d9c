import type { Id } from '#libs/kernel/index.js';
import type { Tx } from '#libs/platform/postgres/index.js';

export type VacancyId = Id<'Vacancy'>;

/** Offered by `vacancies`, so that a placement can name the vacancy it came from. */
export abstract class VacancyLookup {
  abstract exists(tx: Tx, vacancyId: string): Promise<boolean>;
}
