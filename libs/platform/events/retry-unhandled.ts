import { HubError } from '#libs/kernel/index.js';
import type { HubPrincipal } from '../auth/principal.js';
import type { UnitOfWork } from '../postgres/unit-of-work.js';
import type { Subscription } from './event-log.js';
import { isTransient } from './failure.js';
import { causeOf, react } from './slice-handling.js';
import { buryUnhandled, postponeUnhandled, removeUnhandled, takeDue } from './unhandled.store.js';

const BATCH_MAX = 50;

/** Tries parked events that are due again, oldest first within a key, each in a transaction of its own. Answers how many passed. */
export async function retryUnhandled(unitOfWork: UnitOfWork, subscription: Subscription): Promise<number> {
  const principal: HubPrincipal = { kind: 'reaction', actorId: subscription.group };
  const failed: bigint[] = [];
  let passed = 0;
  while (passed + failed.length < BATCH_MAX) {
    let taken: bigint | undefined;
    try {
      await unitOfWork.transaction(principal, async (tx, now) => {
        const due = await takeDue(tx, subscription.group, failed);
        taken = due?.id;
        if (due === undefined) return;
        const reaction = subscription.reactions.find(({ name }) => name === due.reaction);
        // While versions change, another process may know it.
        if (reaction === undefined || due.envelope === null)
          throw new HubError('event.no-reaction', 'Nothing reacts under this name.', { retriable: true });
        await removeUnhandled(tx, due.id);
        await react(tx, reaction, due.envelope, now);
      });
      if (taken === undefined) break;
      passed += 1;
    } catch (error) {
      if (taken === undefined) throw error;
      const id = taken;
      failed.push(id);
      const end = isTransient(error) ? postponeUnhandled : buryUnhandled;
      await unitOfWork.transaction(principal, (tx) => end(tx, id, causeOf(error)));
    }
  }
  return passed;
}
