import type { EventTypes } from '#libs/outcomes/contract/events.generated.js';
import type { Reaction } from '#libs/platform/events/event-log.js';
import { STANDINGS } from '../domain/placement.js';
import { countPlacement } from '../handlers/count-placement.handler.js';
import type { VacancyStore } from '../handlers/ports.js';

type Type = keyof typeof STANDINGS;

/** Whoever shares a vacancy learns how many jobs came from it. */
export const countPlacementsWhenOutcomesChange = (vacancies: VacancyStore): Reaction => ({
  name: 'count-placements-when-outcomes-change',
  types: Object.keys(STANDINGS),
  handle: (tx, event) => {
    const data = event.data as EventTypes[Type];
    const vacancyId = ('vacancyId' in data ? data.vacancyId : null) ?? null;
    return countPlacement(tx, vacancies, {
      outcomeId: data.outcomeId,
      vacancyId,
      standing: STANDINGS[event.type as Type],
    });
  },
});
