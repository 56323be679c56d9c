/** Vacancies that partners share: doors for other systems' documents, the list, the events. */
export { VacancyLookup, type VacancyId } from './contract/vacancy.js';
export {
  importVacancies,
  summaryOf,
  type ImportSummary,
  type ImportedRow,
} from './handlers/import-vacancies.handler.js';
export { VACANCY_DOORS, VacancyDoors, type VacancyDoor } from './inbound/vacancy-doors.js';
export { PostgresVacancyStore } from './outbound/vacancy.store.js';
export { VacanciesApi, VacanciesCore, VacanciesReactions } from './vacancies.module.js';
