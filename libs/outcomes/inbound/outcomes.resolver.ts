import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { HubError, isUuid } from '#libs/kernel/index.js';
import { AllowRoles, CurrentPrincipal } from '#libs/platform/auth/guard.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { connectionOf, pageOf, type Connection } from '#libs/platform/graphql/connection.js';
import { GraphqlEdge, type Refusal } from '#libs/platform/graphql/edge.js';
import type { GqlOutcome } from '#libs/platform/graphql/schema.generated.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { VacancyLookup } from '#libs/vacancies/contract/vacancy.js';
import type { OutcomeState } from '../contract/outcome.js';
import type { Outcome } from '../domain/outcome.js';
import { correctJob, type CorrectJob } from '../handlers/correct-job.handler.js';
import { giveEvidence, type GiveEvidence } from '../handlers/give-evidence.handler.js';
import { listOutcomes, readOutcome, viewsOf, type OutcomeView } from '../handlers/read-outcomes.handler.js';
import { reportJobEnd } from '../handlers/report-job-end.handler.js';
import { reportJob, type ReportJob } from '../handlers/report-job.handler.js';
import { OutcomeServices } from '../handlers/services.js';
import { bareView, keptOf, outcomeView, type KeptOutcome } from './view.js';

type OutcomeAnswer = (GqlOutcome & { __typename: 'Outcome' }) | Refusal;

@Resolver()
export class OutcomesResolver {
  constructor(
    private readonly edge: GraphqlEdge,
    private readonly services: OutcomeServices,
    private readonly vacancies: VacancyLookup,
  ) {}

  @Query()
  @AllowRoles('PROVIDER_ADVISER', 'PROVIDER_FINANCE', 'COUNSELLOR', 'CONTRACT_MANAGER')
  outcome(@CurrentPrincipal() principal: PartnerPrincipal, @Args('id') id: string): Promise<GqlOutcome | null> {
    return this.edge.query(principal, 'outcome', async (tx, now) => {
      const view = isUuid(id) ? await readOutcome(tx, principal, this.services, id, now) : undefined;
      return view === undefined ? null : outcomeView(view, principal, this.services.disclosure);
    });
  }

  @Query()
  @AllowRoles('PROVIDER_ADVISER', 'PROVIDER_FINANCE', 'COUNSELLOR', 'CONTRACT_MANAGER')
  outcomes(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('referralId') referralId: string | null,
    @Args('states') states: readonly OutcomeState[] | null,
    @Args('first') first: number,
    @Args('after') after: string | null,
  ): Promise<Connection<GqlOutcome>> {
    return this.edge.query(principal, 'outcomes', async (tx, now) => {
      const page = pageOf(first, after);
      const filter = {
        ...page,
        referralId: referralId == null ? null : idOf(referralId, 'referralId'),
        states: states ?? null,
      };
      const { rows, views } = await listOutcomes(tx, principal, this.services, filter, now);
      const all = connectionOf(
        rows,
        page,
        (row) => row.id,
        (row) => views.get(row.id),
      );
      const edges = all.edges.flatMap(({ cursor, node }) =>
        node === undefined ? [] : [{ cursor, node: outcomeView(node, principal, this.services.disclosure) }],
      );
      return { edges, pageInfo: all.pageInfo };
    });
  }

  @Mutation()
  @AllowRoles('PROVIDER_ADVISER')
  reportJob(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: ReportJob,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<OutcomeAnswer> {
    return this.command(principal, { name: 'reportJob', idempotencyKey, input }, async (tx, now) => {
      idOf(input.referralId, 'referralId');
      if (input.vacancyId != null && !(await this.vacancies.exists(tx, idOf(input.vacancyId, 'vacancyId')))) {
        throw new HubError('outcome.vacancy', 'There is no such vacancy in the hub.', { field: 'vacancyId' });
      }
      return reportJob(tx, principal, this.services, input, now);
    });
  }

  @Mutation()
  @AllowRoles('PROVIDER_ADVISER')
  reportJobEnd(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: { readonly outcomeId: string; readonly endedOn: string },
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<OutcomeAnswer> {
    return this.command(principal, { name: 'reportJobEnd', idempotencyKey, input }, (tx, now) => {
      idOf(input.outcomeId, 'outcomeId');
      return reportJobEnd(tx, principal, this.services, input, now);
    });
  }

  @Mutation()
  @AllowRoles('PROVIDER_ADVISER')
  correctJob(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: CorrectJob,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<OutcomeAnswer> {
    return this.command(principal, { name: 'correctJob', idempotencyKey, input }, (tx, now) => {
      idOf(input.outcomeId, 'outcomeId');
      return correctJob(tx, principal, this.services, input, now);
    });
  }

  @Mutation()
  @AllowRoles('COUNSELLOR', 'CONTRACT_MANAGER')
  giveEvidence(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GiveEvidence,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<OutcomeAnswer> {
    return this.command(principal, { name: 'giveEvidence', idempotencyKey, input }, (tx, now) => {
      idOf(input.outcomeId, 'outcomeId');
      return giveEvidence(tx, principal, this.services, input, now);
    });
  }

  private command(
    principal: PartnerPrincipal,
    command: { readonly name: string; readonly idempotencyKey: string; readonly input: unknown },
    work: (tx: Tx, now: Date) => Promise<Outcome>,
  ): Promise<OutcomeAnswer> {
    const { disclosure, outcomes } = this.services;
    const viewOf = async (tx: Tx, outcome: Outcome, now: Date): Promise<OutcomeView | undefined> =>
      (await viewsOf(tx, principal, this.services, command.name, [outcome], now)).get(outcome.id);
    const once = async (tx: Tx, now: Date): Promise<KeptOutcome> => {
      const outcome = await work(tx, now);
      if ((await viewOf(tx, outcome, now)) === undefined)
        throw new HubError('outcome.not-found', 'There is no such outcome.', { field: 'outcomeId' });
      return keptOf(outcome, principal, disclosure);
    };
    return this.edge.command(principal, command, once, async (tx, kept, now) => {
      const outcome = await outcomes.find(tx, kept.id);
      const view = outcome === undefined ? undefined : await viewOf(tx, outcome, now);
      if (view !== undefined) return { __typename: 'Outcome', ...outcomeView(view, principal, disclosure) };
      const look = { purpose: 'REFERRAL_DELIVERY', operation: command.name, categories: ['C0'] } as const;
      await disclosure.lookBy(tx, principal, kept.personId, look, now);
      return { __typename: 'Outcome', ...bareView(kept) };
    });
  }
}

/** An id the database can look for; anything else is nobody's. */
function idOf(text: string, field: string): string {
  if (isUuid(text)) return text;
  throw new HubError('id.invalid', 'Not an id: expected a lower-case UUID.', { field });
}
