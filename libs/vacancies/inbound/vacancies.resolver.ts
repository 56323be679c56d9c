import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { AllowRoles, AllowSignedIn, CurrentPrincipal } from '#libs/platform/auth/guard.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { EventLog } from '#libs/platform/events/event-log.js';
import { connectionOf, pageOf, type Connection } from '#libs/platform/graphql/connection.js';
import { GraphqlEdge, type Refusal } from '#libs/platform/graphql/edge.js';
import type {
  GqlImportVacanciesInput,
  GqlVacancy,
  GqlVacancyDoor,
  GqlVacancyFilterInput,
  GqlVacancyImport,
} from '#libs/platform/graphql/schema.generated.js';
import { searchWords } from '../domain/plain-text.js';
import type { Placements } from '../domain/placement.js';
import type { Vacancy } from '../domain/vacancy.js';
import { importVacancies, summaryOf } from '../handlers/import-vacancies.handler.js';
import { positionOf, VacancyStore } from '../handlers/ports.js';
import { VacancyDoors, type VacancyDoor } from './vacancy-doors.js';

const DOORS: Readonly<Record<GqlVacancyDoor, VacancyDoor>> = { NAV: 'nav', JOBTECH: 'jobtech' };

@Resolver()
export class VacanciesResolver {
  constructor(
    private readonly edge: GraphqlEdge,
    private readonly vacancyStore: VacancyStore,
    private readonly events: EventLog,
    private readonly doors: VacancyDoors,
  ) {}

  @Query()
  @AllowSignedIn()
  vacancy(@CurrentPrincipal() principal: PartnerPrincipal, @Args('id') id: string): Promise<GqlVacancy | null> {
    return this.edge.query(principal, 'vacancy', async (tx) => {
      const vacancy = await this.vacancyStore.find(tx, id);
      if (vacancy === undefined) return null;
      return view(vacancy, principal, await this.vacancyStore.placements(tx, [vacancy.id]));
    });
  }

  @Query()
  @AllowSignedIn()
  vacancies(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('filter') filter: GqlVacancyFilterInput | null,
    @Args('first') first: number,
    @Args('after') after: string | null,
  ): Promise<Connection<GqlVacancy>> {
    return this.edge.query(principal, 'vacancies', async (tx) => {
      const page = pageOf(first, after);
      const { text, ...exact } = filter ?? {};
      const words = searchWords(text ?? '');
      const rows = await this.vacancyStore.list(tx, { ...exact, words }, page.after, page.limit);
      const placements = await this.vacancyStore.placements(
        tx,
        rows.map(({ id }) => id),
      );
      return connectionOf(rows, page, positionOf, (vacancy) => view(vacancy, principal, placements));
    });
  }

  @Mutation()
  @AllowRoles('COUNSELLOR', 'OPERATOR', 'PROVIDER_ADVISER', 'VACANCY_PARTNER')
  importVacancies(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlImportVacanciesInput,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<(GqlVacancyImport & { __typename: 'VacancyImport' }) | Refusal> {
    return this.edge.command(principal, { name: 'importVacancies', idempotencyKey, input }, async (tx, now) => {
      const door = DOORS[input.door];
      const rows = this.doors.read(door, input.document);
      const services = { vacancies: this.vacancyStore, events: this.events };
      const command = { sharedBy: principal.organisationId, door, rows };
      return {
        __typename: 'VacancyImport',
        ...summaryOf(await importVacancies(tx, principal, services, command, now)),
      };
    });
  }
}

const NONE: Placements = { reported: 0, verified: 0 };

const view = (
  { id, sharedBy, door, externalId, removedOn, content }: Vacancy,
  principal: PartnerPrincipal,
  placements: ReadonlyMap<string, Placements>,
): GqlVacancy => ({
  id,
  placements: sharedBy === principal.organisationId ? (placements.get(id) ?? NONE) : null,
  sharedBy,
  door: door === 'nav' ? 'NAV' : 'JOBTECH',
  externalId,
  removedOn,
  ...content,
});
