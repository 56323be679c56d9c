import type { Tx } from '#libs/platform/postgres/index.js';
import { foldCase, type Received } from '../domain/shared-case.js';
import type { PersonStore, ReceivedStore } from './ports.js';

/** Keeps what was received and folds the person's page anew: any order of events ends in the same page. */
export async function updateSharedCase(
  tx: Tx,
  stores: { readonly persons: PersonStore; readonly received: ReceivedStore },
  event: Received,
): Promise<void> {
  const personId = event.data.personId;
  await stores.received.append(tx, personId, event);
  await stores.persons.savePage(tx, personId, foldCase(await stores.received.of(tx, personId)));
}

const PERSONS_A_PASS = 200;

/** Folds one pass of persons anew; answers where to go on, or undefined when all are done. Run again after a crash: no harm. */
export async function rebuildSharedCases(
  tx: Tx,
  stores: { readonly persons: PersonStore; readonly received: ReceivedStore },
  after: string | null,
): Promise<{ readonly rebuilt: number; readonly next: string | undefined }> {
  const ids = await stores.received.personIds(tx, after, PERSONS_A_PASS);
  for (const id of ids) await stores.persons.savePage(tx, id, foldCase(await stores.received.of(tx, id)));
  return { rebuilt: ids.length, next: ids.length < PERSONS_A_PASS ? undefined : ids.at(-1) };
}
