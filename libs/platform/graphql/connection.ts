import { HubError } from '#libs/kernel/index.js';
import { LIMITS } from './limits.js';

export interface Page {
  /** What the cursor of the last item seen stands for. */
  readonly after: string | null;
  /** One more than was asked for: its presence says that there is a next page. */
  readonly limit: number;
  readonly first: number;
}

/** Reads Relay paging arguments; cursors are opaque to callers. Errors: `page.first`, `page.after`. */
export function pageOf(first: number | null | undefined, after: string | null | undefined): Page {
  const size = first ?? 50;
  if (!Number.isInteger(size) || size < 1 || size > LIMITS.pageItems) {
    throw new HubError('page.first', `A page has 1 to ${LIMITS.pageItems} items.`, { field: 'first' });
  }
  return { after: after == null ? null : decodeCursor(after), limit: size + 1, first: size };
}

const PREFIX = 'l1:';

export const encodeCursor = (position: string): string => Buffer.from(PREFIX + position, 'utf8').toString('base64url');

export function decodeCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!text.startsWith(PREFIX) || text.length > 200)
    throw new HubError('page.after', 'Not a cursor of this list.', { field: 'after' });
  return text.slice(PREFIX.length);
}

export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** A Relay connection of at most `first` rows; `positionOf` says where a row stands in the list. */
export function connectionOf<Row, Node>(
  rows: readonly Row[],
  page: Page,
  positionOf: (row: Row) => string,
  nodeOf: (row: Row) => Node,
): Connection<Node> {
  const edges = rows.slice(0, page.first).map((row) => ({ cursor: encodeCursor(positionOf(row)), node: nodeOf(row) }));
  return { edges, pageInfo: { hasNextPage: rows.length > page.first, endCursor: edges.at(-1)?.cursor ?? null } };
}
