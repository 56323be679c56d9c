import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { AllowRoles, CurrentPrincipal } from '#libs/platform/auth/guard.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { connectionOf, type Connection } from '#libs/platform/graphql/connection.js';
import { GraphqlEdge, type Refusal } from '#libs/platform/graphql/edge.js';
import type {
  GqlPayable,
  GqlPayeeAccount,
  GqlPaymentFile,
  GqlProviderStatement,
  GqlQueryPayablesArgs,
  GqlQueryRecoveriesArgs,
  GqlRecovery,
} from '#libs/platform/graphql/schema.generated.js';
import {
  answerRecovery,
  decideRecovery,
  type AnswerRecovery,
  type DecideRecovery,
} from '../handlers/decide-recovery.handler.js';
import {
  confirmPayeeAccount,
  proposePayeeAccount,
  type ProposePayeeAccount,
} from '../handlers/payee-accounts.handler.js';
import { discardPaymentFile, preparePaymentFile, releasePaymentFile } from '../handlers/payment-files.handler.js';
import { SettlementPorts } from '../handlers/ports.js';
import { releaseHeldPayable } from '../handlers/release-held-payable.handler.js';
import { listPayables } from '../outbound/payables.store.js';
import { listPayeeAccounts } from '../outbound/payee-accounts.store.js';
import { listPaymentFiles } from '../outbound/payment-files.store.js';
import { listRecoveries } from '../outbound/recoveries.store.js';
import { findStatement, listStatements } from '../outbound/statements.store.js';
import { idPageOf } from './pages.js';
import { accountViews, fileView, only, payableViews, recoveryViews, statementViews } from './views.js';

const itself = <View>(view: View): View => view;
const idOf = (view: { readonly id: string }): string => view.id;

/** From the month's statement to the file that the bank gets. */
@Resolver()
export class PaymentsResolver {
  constructor(
    private readonly edge: GraphqlEdge,
    private readonly ports: SettlementPorts,
  ) {}

  @Query()
  @AllowRoles('PROVIDER_FINANCE', 'CONTRACT_MANAGER')
  payeeAccounts(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('first') first: number,
    @Args('after') after: string | null,
  ): Promise<Connection<GqlPayeeAccount>> {
    return this.edge.query(principal, 'payeeAccounts', async (tx) => {
      const page = idPageOf(first, after);
      return connectionOf(await accountViews(tx, await listPayeeAccounts(tx, page)), page, idOf, itself);
    });
  }

  @Query()
  @AllowRoles('PROVIDER_FINANCE', 'CONTRACT_MANAGER')
  providerStatements(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('first') first: number,
    @Args('after') after: string | null,
  ): Promise<Connection<GqlProviderStatement>> {
    return this.edge.query(principal, 'providerStatements', async (tx) => {
      const page = idPageOf(first, after);
      return connectionOf(await statementViews(tx, await listStatements(tx, page)), page, idOf, itself);
    });
  }

  @Query()
  @AllowRoles('PROVIDER_FINANCE', 'CONTRACT_MANAGER')
  providerStatement(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('id') id: string,
  ): Promise<GqlProviderStatement | null> {
    return this.edge.query(principal, 'providerStatement', async (tx) => {
      const statement = await findStatement(tx, id);
      return statement === undefined ? null : only(await statementViews(tx, [statement]));
    });
  }

  @Query()
  @AllowRoles('PROVIDER_FINANCE', 'CONTRACT_MANAGER')
  payables(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args() args: GqlQueryPayablesArgs,
  ): Promise<Connection<GqlPayable>> {
    return this.edge.query(principal, 'payables', async (tx) => {
      const page = idPageOf(args.first, args.after);
      const rows = await listPayables(tx, { ...page, states: args.states ?? null });
      return connectionOf(await payableViews(tx, rows), page, idOf, itself);
    });
  }

  @Query()
  @AllowRoles('CONTRACT_MANAGER')
  paymentFiles(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('first') first: number,
    @Args('after') after: string | null,
  ): Promise<Connection<GqlPaymentFile>> {
    return this.edge.query(principal, 'paymentFiles', async (tx) => {
      const page = idPageOf(first, after);
      return connectionOf(await listPaymentFiles(tx, page), page, idOf, fileView);
    });
  }

  @Query()
  @AllowRoles('PROVIDER_FINANCE', 'CONTRACT_MANAGER')
  recoveries(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args() args: GqlQueryRecoveriesArgs,
  ): Promise<Connection<GqlRecovery>> {
    return this.edge.query(principal, 'recoveries', async (tx) => {
      const page = idPageOf(args.first, args.after);
      const rows = await listRecoveries(tx, { ...page, states: args.states ?? null });
      return connectionOf(await recoveryViews(tx, rows), page, idOf, itself);
    });
  }

  @Mutation()
  @AllowRoles('PROVIDER_FINANCE', 'CONTRACT_MANAGER')
  proposePayeeAccount(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: ProposePayeeAccount,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlPayeeAccount | Refusal> {
    return this.edge.command(principal, { name: 'proposePayeeAccount', idempotencyKey, input }, async (tx, now) =>
      only(await accountViews(tx, [await proposePayeeAccount(tx, this.ports, principal, input, now)])),
    );
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER')
  confirmPayeeAccount(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: { readonly accountId: string },
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlPayeeAccount | Refusal> {
    return this.edge.command(principal, { name: 'confirmPayeeAccount', idempotencyKey, input }, async (tx, now) =>
      only(await accountViews(tx, [await confirmPayeeAccount(tx, this.ports, principal, input, now)])),
    );
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER')
  preparePaymentFile(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: { readonly executionDate: string },
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlPaymentFile | Refusal> {
    return this.edge.command(principal, { name: 'preparePaymentFile', idempotencyKey, input }, async (tx, now) =>
      fileView(await preparePaymentFile(tx, this.ports, principal, input, now)),
    );
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER')
  releasePaymentFile(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: { readonly paymentFileId: string },
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlPaymentFile | Refusal> {
    return this.edge.command(principal, { name: 'releasePaymentFile', idempotencyKey, input }, async (tx, now) =>
      fileView(await releasePaymentFile(tx, this.ports, principal, input, now)),
    );
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER')
  discardPaymentFile(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: { readonly paymentFileId: string },
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlPaymentFile | Refusal> {
    return this.edge.command(principal, { name: 'discardPaymentFile', idempotencyKey, input }, async (tx, now) =>
      fileView(await discardPaymentFile(tx, this.ports, principal, input, now)),
    );
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER')
  releaseHeldPayable(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: { readonly payableId: string },
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlPayable | Refusal> {
    return this.edge.command(principal, { name: 'releaseHeldPayable', idempotencyKey, input }, async (tx, now) =>
      only(await payableViews(tx, [await releaseHeldPayable(tx, this.ports, principal, input, now)])),
    );
  }

  @Mutation()
  @AllowRoles('PROVIDER_FINANCE')
  answerRecovery(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: AnswerRecovery,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlRecovery | Refusal> {
    return this.edge.command(principal, { name: 'answerRecovery', idempotencyKey, input }, async (tx, now) =>
      only(await recoveryViews(tx, [await answerRecovery(tx, this.ports, principal, input, now)])),
    );
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER')
  decideRecovery(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: DecideRecovery,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlRecovery | Refusal> {
    return this.edge.command(principal, { name: 'decideRecovery', idempotencyKey, input }, async (tx, now) =>
      only(await recoveryViews(tx, [await decideRecovery(tx, this.ports, principal, input, now)])),
    );
  }
}
