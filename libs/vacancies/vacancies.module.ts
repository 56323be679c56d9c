import { join } from 'node:path';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Subscriptions } from '#libs/platform/events/subscriptions.js';
import { VacancyLookup } from './contract/vacancy.js';
import { VacancyStore } from './handlers/ports.js';
import { countPlacementsWhenOutcomesChange } from './inbound/count-placements-when-outcomes-change.reaction.js';
import { VacanciesResolver } from './inbound/vacancies.resolver.js';
import { VacancyDoors } from './inbound/vacancy-doors.js';
import { PostgresVacancyStore } from './outbound/vacancy.store.js';

@Global()
@Module({
  providers: [PostgresVacancyStore, { provide: VacancyLookup, useExisting: PostgresVacancyStore }],
  exports: [PostgresVacancyStore, VacancyLookup],
})
export class VacanciesCore {}

/** Jobs that came from vacancies, counted as the events of outcomes tell. */
@Module({ imports: [VacanciesCore] })
export class VacanciesReactions {
  constructor(subscriptions: Subscriptions, vacancies: PostgresVacancyStore) {
    subscriptions.add({ group: 'vacancies', reactions: [countPlacementsWhenOutcomesChange(vacancies)] });
  }
}

/** Needs `GraphqlEdge` and `EventLog`, which the platform's modules provide for all. */
@Module({})
export class VacanciesApi {
  /** @param options.schemaFolder the folder `schemas`, whose `doors/` says what each door reads. */
  static forRoot(options: { readonly schemaFolder: string }): DynamicModule {
    return {
      module: VacanciesApi,
      imports: [VacanciesCore],
      providers: [
        VacanciesResolver,
        { provide: VacancyStore, useExisting: PostgresVacancyStore },
        { provide: VacancyDoors, useFactory: () => new VacancyDoors(join(options.schemaFolder, 'doors')) },
      ],
    };
  }
}
