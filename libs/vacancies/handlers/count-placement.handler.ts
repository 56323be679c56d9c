import type { Tx } from '#libs/platform/postgres/index.js';
import type { Standing } from '../domain/placement.js';
import type { VacancyStore } from './ports.js';

/** Keeps a job with the vacancy it came from, once that was named, and how the job stands. */
export async function countPlacement(
  tx: Tx,
  vacancies: VacancyStore,
  told: { readonly outcomeId: string; readonly vacancyId: string | null; readonly standing: Standing },
): Promise<void> {
  const { outcomeId, vacancyId, standing } = told;
  if (vacancyId !== null) await vacancies.keepPlacement(tx, outcomeId, vacancyId, standing);
  else await vacancies.movePlacement(tx, outcomeId, standing);
}
