import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Purpose } from '#libs/disclosure/index.js';
import { AllowRoles, CurrentPrincipal } from '#libs/platform/auth/guard.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { connectionOf, pageOf, type Connection } from '#libs/platform/graphql/connection.js';
import { GraphqlEdge, type Refusal } from '#libs/platform/graphql/edge.js';
import type {
  GqlAgreePlanInput,
  GqlCaseTeam,
  GqlFindPersonInput,
  GqlInviteToCaseTeamInput,
  GqlLeaveCaseTeamInput,
  GqlMovePersonInput,
  GqlPerson,
  GqlPlan,
  GqlRecordPermissionInput,
  GqlRegisterPersonInput,
  GqlSetOwnReferenceInput,
  GqlSharedCase,
} from '#libs/platform/graphql/schema.generated.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { agreePlan } from '../handlers/agree-plan.handler.js';
import {
  inviteToCaseTeam,
  leaveCaseTeam,
  movePerson,
  recordPermission,
  setOwnReference,
} from '../handlers/case-team.handler.js';
import { lookAtPerson } from '../handlers/find-person.js';
import type { Person, Plan } from '../handlers/ports.js';
import { readSharedCase } from '../handlers/read-shared-case.handler.js';
import { registerPerson } from '../handlers/register-person.handler.js';
import { CaseServices } from '../handlers/services.js';
import { bareView, caseTeamView, keptOf, personView, sharedCaseView, type KeptPerson } from './view.js';

/** Persons and the shared case over GraphQL. */
@Resolver()
export class CasesResolver {
  constructor(
    private readonly edge: GraphqlEdge,
    private readonly services: CaseServices,
  ) {}

  @Query()
  @AllowRoles('MUNICIPALITY_WORKER', 'SOCIAL_WORKER', 'COUNSELLOR')
  sharedCase(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('purpose') purpose: Purpose,
    @Args('by') by: GqlFindPersonInput,
  ): Promise<GqlSharedCase | null> {
    return this.edge.query(principal, 'sharedCase', async (tx, now) => {
      const found = await readSharedCase(tx, principal, this.services, { purpose, by }, now);
      return found === undefined ? null : sharedCaseView(tx, principal, this.services.disclosure, found);
    });
  }

  @Query()
  @AllowRoles('MUNICIPALITY_WORKER', 'SOCIAL_WORKER', 'COUNSELLOR', 'PROVIDER_ADVISER')
  persons(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('purpose') purpose: Purpose,
    @Args('first') first: number,
    @Args('after') after: string | null,
  ): Promise<Connection<GqlPerson>> {
    return this.edge.query(principal, 'persons', async (tx, now) => {
      const page = pageOf(first, after);
      const rows = await this.services.persons.list(tx, page);
      const look = { purpose, operation: 'persons', categories: ['C0', 'C1'] } as const;
      const ids = rows.slice(0, page.first).map((person) => person.id);
      const seen = await this.services.disclosure.lookAll(tx, principal, ids, look, now);
      const views = new Map<string, GqlPerson>();
      for (const row of rows)
        views.set(row.id, await personView(tx, principal, this.services.disclosure, row, seen.get(row.id)));
      const connection = connectionOf(
        rows,
        page,
        (row) => row.id,
        (row) => ({ row, view: views.get(row.id) as GqlPerson }),
      );
      const edges = connection.edges
        .filter(({ node }) => seen.has(node.row.id))
        .map(({ cursor, node }) => ({ cursor, node: node.view }));
      return { ...connection, edges };
    });
  }

  @Mutation()
  @AllowRoles('COUNSELLOR')
  registerPerson(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlRegisterPersonInput,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlPerson | Refusal> {
    return this.person(principal, 'registerPerson', idempotencyKey, input, (tx, now) =>
      registerPerson(tx, principal, this.services, input, now),
    );
  }

  @Mutation()
  @AllowRoles('COUNSELLOR')
  movePerson(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlMovePersonInput,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlPerson | Refusal> {
    return this.person(principal, 'movePerson', idempotencyKey, input, (tx, now) =>
      movePerson(tx, principal, this.services, input, now),
    );
  }

  @Mutation()
  @AllowRoles('COUNSELLOR')
  inviteToCaseTeam(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlInviteToCaseTeamInput,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlCaseTeam | Refusal> {
    return this.team(principal, 'inviteToCaseTeam', idempotencyKey, input, (tx, now) =>
      inviteToCaseTeam(tx, principal, this.services, input, now),
    );
  }

  @Mutation()
  @AllowRoles('COUNSELLOR')
  leaveCaseTeam(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlLeaveCaseTeamInput,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlCaseTeam | Refusal> {
    return this.team(principal, 'leaveCaseTeam', idempotencyKey, input, (tx, now) =>
      leaveCaseTeam(tx, principal, this.services, input, now),
    );
  }

  @Mutation()
  @AllowRoles('COUNSELLOR')
  recordPermission(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlRecordPermissionInput,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlCaseTeam | Refusal> {
    return this.team(principal, 'recordPermission', idempotencyKey, input, (tx, now) =>
      recordPermission(tx, principal, this.services, input, now),
    );
  }

  @Mutation()
  @AllowRoles('MUNICIPALITY_WORKER', 'SOCIAL_WORKER')
  setOwnReference(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlSetOwnReferenceInput,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlCaseTeam | Refusal> {
    return this.team(principal, 'setOwnReference', idempotencyKey, input, (tx, now) =>
      setOwnReference(tx, principal, this.services, input, now),
    );
  }

  @Mutation()
  @AllowRoles('PROVIDER_ADVISER')
  agreePlan(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlAgreePlanInput,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlPlan | Refusal> {
    const command = { name: 'agreePlan', idempotencyKey, input };
    const once = async (tx: Tx, now: Date): Promise<Pick<Plan, 'referralId' | 'version'>> => {
      const { referralId, version } = await agreePlan(tx, principal, this.services, input, now);
      return { referralId, version };
    };
    // The rest of a plan is what the caller says itself: nothing is looked up, and nothing of it is kept with the key.
    const { agreedOn, goals } = input;
    return this.edge.command(principal, command, once, (_tx, kept) =>
      Promise.resolve({ __typename: 'Plan' as const, ...kept, agreedOn, goals }),
    );
  }

  private person(
    principal: PartnerPrincipal,
    name: string,
    idempotencyKey: string,
    input: unknown,
    change: (tx: Tx, now: Date) => Promise<Person>,
  ): Promise<GqlPerson | Refusal> {
    const { disclosure } = this.services;
    const once = async (tx: Tx, now: Date): Promise<KeptPerson> => keptOf(principal, disclosure, await change(tx, now));
    return this.edge.command(principal, { name, idempotencyKey, input }, once, async (tx, kept, now) => {
      const look = { purpose: 'REFERRAL_DELIVERY', operation: name, categories: ['C0', 'C1'] } as const;
      const found = await lookAtPerson(tx, principal, this.services, kept.id, look, now);
      return found === undefined ? bareView(tx, kept) : personView(tx, principal, disclosure, found.person, found.seen);
    });
  }

  private team(
    principal: PartnerPrincipal,
    name: string,
    idempotencyKey: string,
    input: unknown,
    change: (tx: Tx, now: Date) => Promise<Person>,
  ): Promise<GqlCaseTeam | Refusal> {
    const { disclosure } = this.services;
    const once = async (tx: Tx, now: Date): Promise<KeptPerson> => keptOf(principal, disclosure, await change(tx, now));
    return this.edge.command(principal, { name, idempotencyKey, input }, once, async (tx, { id }, now) => {
      const purpose = principal.organisationKind === 'PES' ? 'REFERRAL_DELIVERY' : 'INTEGRATED_CASE';
      const look = { purpose, operation: name, categories: ['C0'] } as const;
      const found = await lookAtPerson(tx, principal, this.services, id, look, now);
      return caseTeamView(tx, id, found === undefined ? [] : await disclosure.teamOf(tx, found.person.id));
    });
  }
}
