import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { HubError } from '#libs/kernel/index.js';
import { AllowRoles, AllowSignedIn, CurrentPrincipal } from '#libs/platform/auth/guard.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { connectionOf, pageOf, type Connection } from '#libs/platform/graphql/connection.js';
import { GraphqlEdge, type Refusal } from '#libs/platform/graphql/edge.js';
import { sql } from '#libs/platform/postgres/index.js';

interface Probe {
  readonly actorId: string;
  readonly organisationId: string;
}
interface Count {
  readonly __typename: 'Count';
  readonly amountMinor: bigint;
}
interface Nested {
  readonly name: string;
  readonly nested: () => Nested;
}

const NUMBERS = Array.from({ length: 250 }, (_, index) => index);
const nested = (): Nested => ({ name: 'nested', nested });

/** What a person wrote and no log may hold. */
export const SECRET = 'Maria Huber, 1985-03-04';

/** Root fields of every sort a capability has, and the failures it may have. */
@Resolver()
export class ProbeResolver {
  constructor(private readonly edge: GraphqlEdge) {}

  @Query()
  @AllowSignedIn()
  me(@CurrentPrincipal() principal: PartnerPrincipal): Promise<Probe> {
    return this.edge.query(principal, 'me', () => Promise.resolve(probeOf(principal)));
  }

  @Query()
  @AllowRoles('AUDITOR')
  auditorsOnly(@CurrentPrincipal() principal: PartnerPrincipal): Probe {
    return probeOf(principal);
  }

  /** Nobody said who may: nobody may. */
  @Query()
  undeclared(@CurrentPrincipal() principal: PartnerPrincipal): Probe {
    return probeOf(principal);
  }

  @Query()
  @AllowSignedIn()
  counts(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('first') first: number,
    @Args('after') after: string | null,
  ): Promise<Connection<Omit<Count, '__typename'>>> {
    return this.edge.query(principal, 'counts', () => {
      const page = pageOf(first, after);
      const rows = NUMBERS.filter((number) => page.after === null || number > Number(page.after)).slice(0, page.limit);
      return Promise.resolve(connectionOf(rows, page, String, (number) => ({ amountMinor: BigInt(number) })));
    });
  }

  @Query()
  @AllowSignedIn()
  refused(@CurrentPrincipal() principal: PartnerPrincipal): Promise<Probe> {
    return this.edge.query(principal, 'refused', () => {
      throw new HubError('probe.refused', 'The probe refuses.', { field: 'probe' });
    });
  }

  /** A driver's error repeats what it was given. */
  @Query()
  @AllowSignedIn()
  broken(@CurrentPrincipal() principal: PartnerPrincipal): Promise<Probe> {
    return this.edge.query(principal, 'broken', async (tx) => {
      await sql(tx, `select $1::int as number`, [SECRET]);
      return probeOf(principal);
    });
  }

  @Query()
  @AllowSignedIn()
  brokenField(): { readonly actorId: string } {
    return {
      get actorId(): string {
        throw new TypeError(`cannot read ${SECRET}`);
      },
    };
  }

  /** Against its own schema, which says that there is always something. */
  @Query()
  @AllowSignedIn()
  nothing(): null {
    return null;
  }

  @Query()
  @AllowSignedIn()
  slow(@CurrentPrincipal() principal: PartnerPrincipal): Promise<Probe> {
    return this.edge.query(principal, 'slow', async (tx) => {
      await sql(tx, `select pg_sleep(60)`);
      return probeOf(principal);
    });
  }

  @Query()
  @AllowSignedIn()
  nested(): Nested {
    return nested();
  }

  @Query()
  @AllowSignedIn()
  day(@Args('on') on: string): string {
    return on;
  }

  @Mutation()
  @AllowSignedIn()
  count(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('input') input: { readonly amountMinor: string },
    @Args('idempotencyKey') idempotencyKey: string,
  ): Promise<Count | Refusal> {
    return this.edge.command(principal, { name: 'count', idempotencyKey, input }, () => {
      const amountMinor = BigInt(input.amountMinor);
      if (amountMinor < 0n)
        throw new HubError('probe.negative', 'An amount is not negative.', {
          field: 'input.amountMinor',
          facts: { amountMinor: input.amountMinor },
        });
      return Promise.resolve({ __typename: 'Count' as const, amountMinor: amountMinor + 1n });
    });
  }
}

const probeOf = (principal: PartnerPrincipal): Probe => ({
  actorId: principal.actorId,
  organisationId: principal.organisationId,
});
