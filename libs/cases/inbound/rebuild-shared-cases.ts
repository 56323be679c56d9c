import type { HubPrincipal } from '#libs/platform/auth/principal.js';
import type { UnitOfWork } from '#libs/platform/postgres/index.js';
import type { PersonStore, ReceivedStore } from '../handlers/ports.js';
import { rebuildSharedCases } from '../handlers/update-shared-case.handler.js';

/** Folds every shared case anew, some hundred persons a transaction; answers how many. Stopped and run again, it does no harm. */
export async function rebuildAllSharedCases(
  unitOfWork: UnitOfWork,
  by: HubPrincipal,
  stores: { readonly persons: PersonStore; readonly received: ReceivedStore },
): Promise<number> {
  let rebuilt = 0;
  let after: string | null = null;
  for (;;) {
    const from: string | null = after;
    const pass: Awaited<ReturnType<typeof rebuildSharedCases>> = await unitOfWork.transaction(by, (tx) =>
      rebuildSharedCases(tx, stores, from),
    );
    rebuilt += pass.rebuilt;
    if (pass.next === undefined) return rebuilt;
    after = pass.next;
  }
}
