import { VacanciesReactions } from '#libs/vacancies/index.js';
import { runProcess } from '../process.js';

/** Reactions of vacancies: what came of each. */
runProcess({ name: 'vacancies', settings: {}, modules: () => [VacanciesReactions] });
