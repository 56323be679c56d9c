import { isUuid } from '#libs/kernel/index.js';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { AllowRoles, CurrentPrincipal } from '#libs/platform/auth/guard.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { connectionOf, pageOf, type Connection } from '#libs/platform/graphql/connection.js';
import { GraphqlEdge, type Refusal } from '#libs/platform/graphql/edge.js';
import type {
  GqlAcceptReferralInput,
  GqlChooseProviderInput,
  GqlCompleteReferralInput,
  GqlCorrectAssessmentInput,
  GqlDeclineReferralInput,
  GqlDraftReferralInput,
  GqlEndReferralEarlyInput,
  GqlMarkEnteredInErrorInput,
  GqlOpenChoiceInput,
  GqlReferralIdInput,
  GqlRequestCancellationInput,
  GqlStartReferralInput,
  GqlReferral,
  GqlReferralState,
} from '#libs/platform/graphql/schema.generated.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Referral } from '../domain/referral.js';
import { acceptReferral } from '../handlers/accept-referral.handler.js';
import { confirmCancellation, requestCancellation } from '../handlers/cancel-referral.handler.js';
import { chooseProvider } from '../handlers/choose-provider.handler.js';
import { completeReferral } from '../handlers/complete-referral.handler.js';
import { correctAssessment } from '../handlers/correct-assessment.handler.js';
import { declineReferral } from '../handlers/decline-referral.handler.js';
import { draftReferral } from '../handlers/draft-referral.handler.js';
import { endReferralEarly } from '../handlers/end-referral-early.handler.js';
import { markEnteredInError } from '../handlers/mark-entered-in-error.handler.js';
import { openChoice } from '../handlers/open-choice.handler.js';
import { reofferReferral } from '../handlers/reoffer-referral.handler.js';
import { startReferral } from '../handlers/start-referral.handler.js';
import { ReferralServices } from '../handlers/services.js';
import { answerView, keptOf, referralViews, type KeptReferral } from './view.js';

type Answer = Promise<GqlReferral | Refusal>;

/** Referrals over GraphQL: each field is one use case in one transaction. */
@Resolver()
export class ReferralsResolver {
  constructor(
    private readonly edge: GraphqlEdge,
    private readonly services: ReferralServices,
  ) {}

  @Query()
  @AllowRoles('COUNSELLOR', 'CONTRACT_MANAGER', 'PROVIDER_ADVISER', 'PROVIDER_FINANCE')
  referral(@CurrentPrincipal() principal: PartnerPrincipal, @Args('id') id: string): Promise<GqlReferral | null> {
    return this.edge.query(principal, 'referral', async (tx, now) => {
      const referral = isUuid(id) ? await this.services.store.find(tx, id) : undefined;
      if (referral === undefined) return null;
      const views = await referralViews(tx, principal, this.services, [referral], 'referral', now);
      return views.get(referral.id) ?? null;
    });
  }

  @Query()
  @AllowRoles('COUNSELLOR', 'CONTRACT_MANAGER', 'PROVIDER_ADVISER', 'PROVIDER_FINANCE')
  referrals(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('states') states: readonly GqlReferralState[] | null,
    @Args('first') first: number,
    @Args('after') after: string | null,
  ): Promise<Connection<GqlReferral>> {
    return this.edge.query(principal, 'referrals', async (tx, now) => {
      const page = pageOf(first, after);
      const rows = await this.services.store.list(tx, { ...page, states: states ?? null });
      const views = await referralViews(tx, principal, this.services, rows.slice(0, page.first), 'referrals', now);
      return connectionOf(
        rows,
        page,
        (row) => row.id,
        (row) => views.get(row.id) as GqlReferral,
      );
    });
  }

  @Mutation()
  @AllowRoles('COUNSELLOR')
  draftReferral(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlDraftReferralInput,
    @Args('idempotencyKey') key: string,
  ): Answer {
    return this.command(principal, 'draftReferral', key, input, (tx, now) =>
      draftReferral(tx, principal, this.services, input, now),
    );
  }
  @Mutation()
  @AllowRoles('COUNSELLOR')
  openChoice(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlOpenChoiceInput,
    @Args('idempotencyKey') key: string,
  ): Answer {
    return this.command(principal, 'openChoice', key, input, (tx, now) =>
      openChoice(tx, principal, this.services, input, now),
    );
  }
  @Mutation()
  @AllowRoles('COUNSELLOR')
  chooseProvider(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlChooseProviderInput,
    @Args('idempotencyKey') key: string,
  ): Answer {
    return this.command(principal, 'chooseProvider', key, input, (tx, now) =>
      chooseProvider(tx, principal, this.services, input, now),
    );
  }
  @Mutation()
  @AllowRoles('PROVIDER_ADVISER')
  acceptReferral(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlAcceptReferralInput,
    @Args('idempotencyKey') key: string,
  ): Answer {
    return this.command(principal, 'acceptReferral', key, input, (tx, now) =>
      acceptReferral(tx, principal, this.services, input, now),
    );
  }
  @Mutation()
  @AllowRoles('PROVIDER_ADVISER')
  declineReferral(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlDeclineReferralInput,
    @Args('idempotencyKey') key: string,
  ): Answer {
    return this.command(principal, 'declineReferral', key, input, (tx, now) =>
      declineReferral(tx, principal, this.services, input, now),
    );
  }
  @Mutation()
  @AllowRoles('COUNSELLOR')
  reofferReferral(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlReferralIdInput,
    @Args('idempotencyKey') key: string,
  ): Answer {
    return this.command(principal, 'reofferReferral', key, input, (tx, now) =>
      reofferReferral(tx, principal, this.services, input, now),
    );
  }
  @Mutation()
  @AllowRoles('PROVIDER_ADVISER')
  startReferral(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlStartReferralInput,
    @Args('idempotencyKey') key: string,
  ): Answer {
    return this.command(principal, 'startReferral', key, input, (tx, now) =>
      startReferral(tx, principal, this.services, input, now),
    );
  }
  @Mutation()
  @AllowRoles('PROVIDER_ADVISER')
  completeReferral(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlCompleteReferralInput,
    @Args('idempotencyKey') key: string,
  ): Answer {
    return this.command(principal, 'completeReferral', key, input, (tx, now) =>
      completeReferral(tx, principal, this.services, input, now),
    );
  }
  @Mutation()
  @AllowRoles('COUNSELLOR')
  endReferralEarly(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlEndReferralEarlyInput,
    @Args('idempotencyKey') key: string,
  ): Answer {
    return this.command(principal, 'endReferralEarly', key, input, (tx, now) =>
      endReferralEarly(tx, principal, this.services, input, now),
    );
  }
  @Mutation()
  @AllowRoles('COUNSELLOR')
  requestCancellation(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlRequestCancellationInput,
    @Args('idempotencyKey') key: string,
  ): Answer {
    return this.command(principal, 'requestCancellation', key, input, (tx, now) =>
      requestCancellation(tx, principal, this.services, input, now),
    );
  }
  @Mutation()
  @AllowRoles('PROVIDER_ADVISER')
  confirmCancellation(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlReferralIdInput,
    @Args('idempotencyKey') key: string,
  ): Answer {
    return this.command(principal, 'confirmCancellation', key, input, (tx, now) =>
      confirmCancellation(tx, principal, this.services, input, now),
    );
  }
  @Mutation()
  @AllowRoles('COUNSELLOR')
  markEnteredInError(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlMarkEnteredInErrorInput,
    @Args('idempotencyKey') key: string,
  ): Answer {
    return this.command(principal, 'markEnteredInError', key, input, (tx, now) =>
      markEnteredInError(tx, principal, this.services, input, now),
    );
  }
  @Mutation()
  @AllowRoles('COUNSELLOR')
  correctAssessment(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: GqlCorrectAssessmentInput,
    @Args('idempotencyKey') key: string,
  ): Answer {
    return this.command(principal, 'correctAssessment', key, input, (tx, now) =>
      correctAssessment(tx, principal, this.services, input, now),
    );
  }

  private command(
    principal: PartnerPrincipal,
    name: string,
    idempotencyKey: string,
    input: unknown,
    change: (tx: Tx, now: Date) => Promise<Referral>,
  ): Answer {
    const once = async (tx: Tx, now: Date): Promise<KeptReferral> =>
      keptOf(principal, this.services.disclosure, await change(tx, now));
    return this.edge.command(principal, { name, idempotencyKey, input }, once, (tx, kept, now) =>
      answerView(tx, principal, this.services, kept, name, now),
    );
  }
}
