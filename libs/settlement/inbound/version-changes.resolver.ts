import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { AllowRoles, CurrentPrincipal } from '#libs/platform/auth/guard.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { connectionOf, type Connection } from '#libs/platform/graphql/connection.js';
import { GraphqlEdge, type Refusal } from '#libs/platform/graphql/edge.js';
import type { GqlVersionChange } from '#libs/platform/graphql/schema.generated.js';
import type { VersionChange } from '../domain/version-change.js';
import {
  confirmVersionChange,
  proposeVersionChange,
  type DecideVersionChange,
  type ProposeVersionChange,
} from '../handlers/change-version.handler.js';
import { SettlementPorts } from '../handlers/ports.js';
import { listVersionChanges } from '../outbound/version-changes.store.js';
import { idPageOf } from './pages.js';

const viewOf = (change: VersionChange): GqlVersionChange & { readonly __typename: 'VersionChange' } => ({
  __typename: 'VersionChange',
  id: change.id,
  state: change.state,
  tariffId: change.tariffId,
  fromVersion: change.fromVersion,
  toVersion: change.toVersion,
  contractId: change.contractId,
  reason: change.reason,
  referrals: change.referrals,
});

/** Running referrals under another version of their tariff. */
@Resolver()
export class VersionChangesResolver {
  constructor(
    private readonly edge: GraphqlEdge,
    private readonly ports: SettlementPorts,
  ) {}

  @Query()
  @AllowRoles('CONTRACT_MANAGER')
  versionChanges(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('first') first: number,
    @Args('after') after: string | null,
  ): Promise<Connection<GqlVersionChange>> {
    return this.edge.query(principal, 'versionChanges', async (tx) => {
      const page = idPageOf(first, after);
      return connectionOf(await listVersionChanges(tx, page), page, (change) => change.id, viewOf);
    });
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER')
  proposeVersionChange(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: ProposeVersionChange,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlVersionChange | Refusal> {
    return this.edge.command(principal, { name: 'proposeVersionChange', idempotencyKey, input }, async (tx, now) =>
      viewOf(await proposeVersionChange(tx, this.ports, principal, input, now)),
    );
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER')
  confirmVersionChange(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: DecideVersionChange,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlVersionChange | Refusal> {
    return this.edge.command(principal, { name: 'confirmVersionChange', idempotencyKey, input }, async (tx, now) =>
      viewOf(await confirmVersionChange(tx, this.ports, principal, input, now)),
    );
  }
}
