import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { AllowRoles, AllowSignedIn, CurrentPrincipal } from '#libs/platform/auth/guard.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { connectionOf, pageOf, type Connection } from '#libs/platform/graphql/connection.js';
import { GraphqlEdge, type Refusal } from '#libs/platform/graphql/edge.js';
import type {
  GqlClient,
  GqlContract,
  GqlMe,
  GqlOrganisation,
  GqlStaff,
} from '#libs/platform/graphql/schema.generated.js';
import type { Contract } from '../domain/partner.js';
import {
  concludeContract,
  subcontract,
  type ConcludeContract,
  type SubcontractCommand,
} from '../handlers/conclude-contract.handler.js';
import { PublishedTariffs } from '../handlers/ports.js';
import {
  registerClient,
  registerStaff,
  revokeClient,
  type RegisterClient,
  type RegisterStaff,
} from '../handlers/register-account.handler.js';
import { registerOrganisation, type RegisterOrganisation } from '../handlers/register-organisation.handler.js';
import type { ClientRow } from '../outbound/accounts.store.js';
import { findOrganisation, listContracts, listOrganisations } from '../outbound/partners.store.js';
import { contractViews, organisationView } from './view.js';

const clientView = (client: ClientRow): GqlClient & { __typename: 'Client' } => ({
  __typename: 'Client',
  id: client.id,
  organisationId: client.organisationId,
  name: client.name,
  roles: client.roles,
  revokedAt: client.revokedAt,
});

@Resolver()
export class PartnersResolver {
  constructor(
    private readonly edge: GraphqlEdge,
    private readonly tariffs: PublishedTariffs,
  ) {}

  @Query()
  @AllowSignedIn()
  me(@CurrentPrincipal() principal: PartnerPrincipal): Promise<GqlMe> {
    return this.edge.query(principal, 'me', async (tx) => {
      const organisation = await findOrganisation(tx, principal.organisationId);
      if (organisation === undefined) throw new Error('The account is of no organisation.');
      return { organisation: organisationView(organisation), actorId: principal.actorId, roles: principal.roles };
    });
  }

  @Query()
  @AllowSignedIn()
  organisations(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('kind') kind: string | null,
    @Args('first') first: number,
    @Args('after') after: string | null,
  ): Promise<Connection<GqlOrganisation>> {
    return this.edge.query(principal, 'organisations', async (tx) => {
      const page = pageOf(first, after);
      const rows = await listOrganisations(tx, { ...page, kind: kind ?? null });
      return connectionOf(rows, page, (row) => row.id, organisationView);
    });
  }

  @Query()
  @AllowSignedIn()
  contracts(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('first') first: number,
    @Args('after') after: string | null,
  ): Promise<Connection<GqlContract>> {
    return this.edge.query(principal, 'contracts', async (tx) => {
      const page = pageOf(first, after);
      const rows = (await listContracts(tx, page)).map((contract) => ownPart(contract, principal));
      const views = await contractViews(tx, rows);
      return connectionOf(
        rows,
        page,
        (row) => row.id,
        (row) => views.get(row.id) as GqlContract,
      );
    });
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER', 'OPERATOR')
  registerOrganisation(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: RegisterOrganisation,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<(GqlOrganisation & { __typename: 'Organisation' }) | Refusal> {
    return this.edge.command(principal, { name: 'registerOrganisation', idempotencyKey, input }, async (tx, now) => ({
      __typename: 'Organisation' as const,
      ...organisationView(await registerOrganisation(tx, principal, input, now)),
    }));
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER')
  concludeContract(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: ConcludeContract,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlContract | Refusal> {
    return this.edge.command(principal, { name: 'concludeContract', idempotencyKey, input }, async (tx, now) => {
      const contract = await concludeContract(tx, principal, input, now, this.tariffs);
      return {
        __typename: 'Contract' as const,
        ...((await contractViews(tx, [contract])).get(contract.id) as GqlContract),
      };
    });
  }

  @Mutation()
  @AllowRoles('PROVIDER_FINANCE')
  subcontract(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: SubcontractCommand,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlContract | Refusal> {
    return this.edge.command(principal, { name: 'subcontract', idempotencyKey, input }, async (tx) => {
      const contract = await subcontract(tx, principal, input);
      return {
        __typename: 'Contract' as const,
        ...((await contractViews(tx, [contract])).get(contract.id) as GqlContract),
      };
    });
  }

  @Mutation()
  @AllowSignedIn()
  registerClient(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: RegisterClient,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlClient | Refusal> {
    return this.edge.command(principal, { name: 'registerClient', idempotencyKey, input }, async (tx) =>
      clientView(await registerClient(tx, principal, input)),
    );
  }

  @Mutation()
  @AllowSignedIn()
  revokeClient(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: { readonly clientId: string },
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlClient | Refusal> {
    return this.edge.command(principal, { name: 'revokeClient', idempotencyKey, input }, async (tx, now) =>
      clientView(await revokeClient(tx, principal, input, now)),
    );
  }

  @Mutation()
  @AllowRoles('CONTRACT_MANAGER', 'OPERATOR', 'PROVIDER_FINANCE')
  registerStaff(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: RegisterStaff,
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<GqlStaff | Refusal> {
    return this.edge.command(principal, { name: 'registerStaff', idempotencyKey, input }, async (tx) => ({
      __typename: 'Staff' as const,
      ...(await registerStaff(tx, principal, input)),
    }));
  }
}

/** A sub-contractor sees its own part of a contract, not the other parts. */
function ownPart(contract: Contract, principal: PartnerPrincipal): Contract {
  const party = contract.authorityId === principal.organisationId || contract.providerId === principal.organisationId;
  return party
    ? contract
    : {
        ...contract,
        subcontracts: contract.subcontracts.filter((part) => part.providerId === principal.organisationId),
      };
}
