import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Disclosure } from '#libs/disclosure/index.js';
import { HubError } from '#libs/kernel/index.js';
import { AllowRoles, CurrentPrincipal } from '#libs/platform/auth/guard.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { connectionOf, type Connection } from '#libs/platform/graphql/connection.js';
import { GraphqlEdge, type Refusal } from '#libs/platform/graphql/edge.js';
import type {
  GqlCertifyClaimsInput,
  GqlClaim,
  GqlClaimBatch,
  GqlQueryClaimsArgs,
} from '#libs/platform/graphql/schema.generated.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Claim } from '../domain/claim.js';
import { approveClaims, type ApproveClaims } from '../handlers/approve-claims.handler.js';
import { certifyClaims } from '../handlers/certify-claims.handler.js';
import {
  answerDispute,
  disputeClaim,
  rejectClaim,
  resubmitClaim,
  returnClaim,
  type AnswerDispute,
  type DisputeClaim,
  type RejectClaim,
  type ResubmitClaim,
  type ReturnClaim,
} from '../handlers/decide-claim.handler.js';
import { SettlementPorts } from '../handlers/ports.js';
import { listBatches } from '../outbound/batches.store.js';
import { findClaim, listClaims } from '../outbound/claims.store.js';
import { idPageOf } from './pages.js';
import { batchView, claimViews, only } from './views.js';

const idOf = (row: { readonly id: string }): string => row.id;

/** Claims: seen by both parties, disputed by one, decided by two people of the other. */
@Resolver()
export class ClaimsResolver {
  constructor(
    private readonly edge: GraphqlEdge,
    private readonly ports: SettlementPorts,
    private readonly disclosure: Disclosure,
  ) {}

  @Query()
  @AllowRoles('PROVIDER_FINANCE', 'CONTRACT_MANAGER')
  claim(@CurrentPrincipal() principal: PartnerPrincipal, @Args('id') id: string): Promise<GqlClaim | null> {
    return this.edge.query(principal, 'claim', async (tx, now) => {
      const claim = await findClaim(tx, id);
      return claim === undefined ? null : this.view(tx, principal, claim, 'claim', now);
    });
  }

  @Query()
  @AllowRoles('PROVIDER_FINANCE', 'CONTRACT_MANAGER')
  claims(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args() args: GqlQueryClaimsArgs,
  ): Promise<Connection<GqlClaim>> {
    return this.edge.query(principal, 'claims', async (tx, now) => {
      const page = idPageOf(args.first, args.after);
      const { states = null, contractId = null, onlyExceptions } = args;
      const rows = await listClaims(tx, { ...page, states, contractId, onlyExceptions: onlyExceptions ?? false });
      // The row beyond the page says that there is a next one; its person is not looked at.
      const shown = rows.slice(0, page.first);
      const views = await claimViews(tx, this.disclosure, principal, shown, 'claims', now);
      return connectionOf(rows, page, idOf, (row) => views[rows.indexOf(row)] as GqlClaim);
    });
  }

  @Query()
  @AllowRoles('CONTRACT_MANAGER')
  claimBatches(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('first') first: number,
    @Args('after') after: string | null,
  ): Promise<Connection<GqlClaimBatch>> {
    return this.edge.query(principal, 'claimBatches', async (tx) => {
      const page = idPageOf(first, after);
      return connectionOf(await listBatches(tx, page), page, (batch) => batch.id, batchView);
    });
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER')
  approveClaims(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: ApproveClaims,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlClaimBatch | Refusal> {
    return this.edge.command(principal, { name: 'approveClaims', idempotencyKey, input }, async (tx, now) =>
      batchView(await approveClaims(tx, this.ports, principal, input, now)),
    );
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER')
  certifyClaims(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlCertifyClaimsInput,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlClaimBatch | Refusal> {
    return this.edge.command(principal, { name: 'certifyClaims', idempotencyKey, input }, async (tx, now) => {
      const command = { ...input, sumMinor: BigInt(input.sumMinor) };
      return batchView(await certifyClaims(tx, this.ports, principal, command, now));
    });
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER')
  rejectClaim(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: RejectClaim,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlClaim | Refusal> {
    return this.decide(principal, 'rejectClaim', idempotencyKey, input, rejectClaim);
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER')
  returnClaim(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: ReturnClaim,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlClaim | Refusal> {
    return this.decide(principal, 'returnClaim', idempotencyKey, input, returnClaim);
  }

  @Mutation()
  @AllowRoles('PROVIDER_FINANCE')
  resubmitClaim(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: ResubmitClaim,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlClaim | Refusal> {
    return this.decide(principal, 'resubmitClaim', idempotencyKey, input, resubmitClaim);
  }

  @Mutation()
  @AllowRoles('PROVIDER_FINANCE')
  disputeClaim(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: DisputeClaim,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlClaim | Refusal> {
    return this.decide(principal, 'disputeClaim', idempotencyKey, input, disputeClaim);
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER')
  answerDispute(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: AnswerDispute,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlClaim | Refusal> {
    return this.decide(principal, 'answerDispute', idempotencyKey, input, answerDispute);
  }

  private decide<Input>(
    principal: PartnerPrincipal,
    name: string,
    idempotencyKey: string,
    input: Input,
    handle: (tx: Tx, ports: SettlementPorts, principal: PartnerPrincipal, command: Input, now: Date) => Promise<Claim>,
  ): Promise<GqlClaim | Refusal> {
    const once = async (tx: Tx, now: Date): Promise<Pick<Claim, 'id'>> => {
      const { id } = await handle(tx, this.ports, principal, input, now);
      return { id };
    };
    return this.edge.command(principal, { name, idempotencyKey, input }, once, async (tx, { id }, now) => {
      const claim = await findClaim(tx, id);
      if (claim === undefined)
        throw new HubError('claim.not-found', 'There is no such claim.', { field: 'input.claimId' });
      return this.view(tx, principal, claim, name, now);
    });
  }

  private async view(
    tx: Tx,
    principal: PartnerPrincipal,
    claim: Claim,
    operation: string,
    now: Date,
  ): Promise<GqlClaim> {
    return only(await claimViews(tx, this.disclosure, principal, [claim], operation, now));
  }
}
