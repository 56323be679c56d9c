import { Args, Query, Resolver } from '@nestjs/graphql';
import { HubError } from '#libs/kernel/index.js';
import { AllowRoles, CurrentPrincipal } from '#libs/platform/auth/guard.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { decodeCursor, encodeCursor, pageOf } from '#libs/platform/graphql/connection.js';
import { GraphqlEdge } from '#libs/platform/graphql/edge.js';
import type { GqlChangePage } from '#libs/platform/graphql/schema.generated.js';
import { sql, type Tx } from '#libs/platform/postgres/index.js';
import { subjectShown } from './subject-shown.js';
import { DeliveryServices } from '../handlers/services.js';

interface ChangeRow {
  readonly position: bigint;
  readonly type: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly at: Date;
}

/** The feed a partner's system polls: it says that something changed, and by which id to ask for it. */
@Resolver()
export class ChangesResolver {
  constructor(
    private readonly edge: GraphqlEdge,
    private readonly services: DeliveryServices,
  ) {}

  @Query()
  @AllowRoles(
    'PROVIDER_ADVISER',
    'PROVIDER_FINANCE',
    'MUNICIPALITY_WORKER',
    'SOCIAL_WORKER',
    'COUNSELLOR',
    'CONTRACT_MANAGER',
  )
  changes(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Args('after') after: string | null,
    @Args('first') first: number,
  ): Promise<GqlChangePage> {
    return this.edge.query(principal, 'changes', async (tx) => {
      const page = pageOf(first, null);
      const from = after == null ? 0n : positionOf(after);
      if (from > 0n) await checkReached(tx, principal, from);
      const rows = await sql<ChangeRow>(
        tx,
        `select position, type, subject_kind as "subjectKind", subject_id as "subjectId", at from deliveries.change
         where organisation_id = $1 and position > $2 order by position limit $3`,
        [principal.organisationId, from, page.limit],
      );
      const shown = rows.slice(0, page.first);
      return {
        changes: shown.map((row) => ({
          cursor: encodeCursor(row.position.toString()),
          subjectKind: row.subjectKind,
          subjectId: subjectShown(this.services.disclosure, principal, row),
          type: row.type,
          at: row.at,
        })),
        endCursor: encodeCursor((shown.at(-1)?.position ?? from).toString()),
        hasMore: rows.length > page.first,
      };
    });
  }
}

const NOT_THIS_FEED = 'Not a cursor of this feed; leave `after` out to read it from its beginning.';

/** Error: `page.after`. To read from the beginning instead would send a partner everything again. */
function positionOf(cursor: string): bigint {
  const text = decodeCursor(cursor);
  if (!/^\d{1,18}$/.test(text)) throw new HubError('page.after', NOT_THIS_FEED, { field: 'after' });
  return BigInt(text);
}

/** A cursor beyond the newest change (of another hub, of a database since restored) would wait in silence: it is refused. */
async function checkReached(tx: Tx, principal: PartnerPrincipal, from: bigint): Promise<void> {
  const [row] = await sql<{ newest: bigint | null }>(
    tx,
    'select max(position) as newest from deliveries.change where organisation_id = $1',
    [principal.organisationId],
  );
  if (from > (row?.newest ?? 0n)) throw new HubError('page.after', NOT_THIS_FEED, { field: 'after' });
}
