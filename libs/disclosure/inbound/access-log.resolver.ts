import { Args, Query, Resolver } from '@nestjs/graphql';
import { AllowRoles, CurrentPrincipal } from '#libs/platform/auth/guard.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { connectionOf, pageOf, type Connection } from '#libs/platform/graphql/connection.js';
import { GraphqlEdge } from '#libs/platform/graphql/edge.js';
import type { GqlAccessLogEntry, GqlLookOutcome } from '#libs/platform/graphql/schema.generated.js';
import { Disclosure } from '../disclosure.js';
import { listLooks } from '../outbound/disclosure.store.js';

/** Who looked, and why: an organisation sees its own looks, the authority also those at its persons, an auditor all. */
@Resolver()
export class AccessLogResolver {
  constructor(
    private readonly edge: GraphqlEdge,
    private readonly disclosure: Disclosure,
  ) {}

  @Query()
  @AllowRoles('AUDITOR', 'COUNSELLOR', 'CONTRACT_MANAGER', 'PROVIDER_ADVISER', 'MUNICIPALITY_WORKER', 'SOCIAL_WORKER')
  accessLog(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('personId') personId: string | null,
    @Args('first') first: number,
    @Args('after') after: string | null,
  ): Promise<Connection<GqlAccessLogEntry>> {
    return this.edge.query(principal, 'accessLog', async (tx) => {
      const page = pageOf(first, after);
      const subjectId =
        personId == null ? null : await this.disclosure.resolve(tx, principal.organisationId, { pairwiseId: personId });
      const rows =
        subjectId === undefined ? [] : await listLooks(tx, { subjectId, after: page.after, limit: page.limit });
      return connectionOf(
        rows,
        page,
        (row) => row.id,
        (row) => ({ ...row, outcome: row.outcome as GqlLookOutcome }),
      );
    });
  }
}
