import { HubError, isUuid } from '#libs/kernel/index.js';
import { pageOf, type Page } from '#libs/platform/graphql/connection.js';

type Size = number | null | undefined;
type Cursor = string | null | undefined;

/** A page of a list in the order of ids. Errors: `page.first`, `page.after`. */
export function idPageOf(first: Size, after: Cursor): Page {
  const page = pageOf(first, after);
  if (page.after !== null && !isUuid(page.after)) throw notOfThisList();
  return page;
}

/** A page of the queue, in the order of age: a position is `day id`. */
export function itemPageOf(first: Size, after: Cursor): Page {
  const page = pageOf(first, after);
  const [day = '', id = ''] = page.after?.split(' ') ?? [];
  if (page.after !== null && !(/^\d{4}-\d{2}-\d{2}$/.test(day) && isUuid(id))) throw notOfThisList();
  return page;
}

const notOfThisList = (): HubError => new HubError('page.after', 'Not a cursor of this list.', { field: 'after' });
