import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { OutcomeFigures } from '#libs/outcomes/contract/outcome-figures.js';
import { AllowRoles, CurrentPrincipal } from '#libs/platform/auth/guard.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { connectionOf, type Connection } from '#libs/platform/graphql/connection.js';
import { GraphqlEdge, type Refusal } from '#libs/platform/graphql/edge.js';
import type {
  GqlBankImport,
  GqlBankStatement,
  GqlProgrammeSummary,
  GqlQueryUnmatchedItemsArgs,
  GqlUnmatchedItem,
} from '#libs/platform/graphql/schema.generated.js';
import { ReferralFigures } from '#libs/referrals/contract/referral-figures.js';
import { importBankFile, type ImportBankFile } from '../handlers/import-bank-file.handler.js';
import { matchUnmatchedItem, undoMatch, type MatchItem, type UndoMatch } from '../handlers/match-item.handler.js';
import { settleUnmatchedItem, type SettleItem } from '../handlers/settle-item.handler.js';
import { SettlementPorts } from '../handlers/ports.js';
import { programmeSummary } from '../handlers/programme-summary.handler.js';
import { listBankStatements, listItems } from '../outbound/bank.store.js';
import { idPageOf, itemPageOf } from './pages.js';
import { bankStatementView, itemView } from './views.js';

/** What the bank says, what does not fit, and what it all comes to. */
@Resolver()
export class BankResolver {
  constructor(
    private readonly edge: GraphqlEdge,
    private readonly ports: SettlementPorts,
    private readonly referrals: ReferralFigures,
    private readonly outcomes: OutcomeFigures,
  ) {}

  @Query()
  @AllowRoles('CONTRACT_MANAGER')
  bankStatements(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('first') first: number,
    @Args('after') after: string | null,
  ): Promise<Connection<GqlBankStatement>> {
    return this.edge.query(principal, 'bankStatements', async (tx) => {
      const page = idPageOf(first, after);
      return connectionOf(await listBankStatements(tx, page), page, (row) => row.id, bankStatementView);
    });
  }

  @Query()
  @AllowRoles('CONTRACT_MANAGER')
  unmatchedItems(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args() args: GqlQueryUnmatchedItemsArgs,
  ): Promise<Connection<GqlUnmatchedItem>> {
    return this.edge.query(principal, 'unmatchedItems', async (tx) => {
      const page = itemPageOf(args.first, args.after);
      const rows = await listItems(tx, { ...page, open: args.open ?? true });
      return connectionOf(rows, page, (row) => `${row.since} ${row.id}`, itemView);
    });
  }

  @Query()
  @AllowRoles('CONTRACT_MANAGER')
  programmeSummary(@CurrentPrincipal() principal: PartnerPrincipal): Promise<GqlProgrammeSummary> {
    const { referrals, outcomes } = this;
    return this.edge.query(principal, 'programmeSummary', (tx) =>
      programmeSummary(tx, this.ports, { referrals, outcomes }, principal),
    );
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER')
  importBankFile(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: ImportBankFile,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlBankImport | Refusal> {
    return this.edge.command(principal, { name: 'importBankFile', idempotencyKey, input }, async (tx, now) => ({
      __typename: 'BankImport' as const,
      ...(await importBankFile(tx, this.ports, principal, input, now)),
    }));
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER')
  matchUnmatchedItem(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: MatchItem,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlUnmatchedItem | Refusal> {
    return this.edge.command(principal, { name: 'matchUnmatchedItem', idempotencyKey, input }, async (tx, now) =>
      itemView(await matchUnmatchedItem(tx, this.ports, principal, input, now)),
    );
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER')
  settleUnmatchedItem(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: SettleItem,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlUnmatchedItem | Refusal> {
    return this.edge.command(principal, { name: 'settleUnmatchedItem', idempotencyKey, input }, async (tx, now) =>
      itemView(await settleUnmatchedItem(tx, this.ports, principal, input, now)),
    );
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER')
  undoMatch(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: UndoMatch,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlUnmatchedItem | Refusal> {
    return this.edge.command(principal, { name: 'undoMatch', idempotencyKey, input }, async (tx, now) =>
      itemView(await undoMatch(tx, this.ports, principal, input, now)),
    );
  }
}
