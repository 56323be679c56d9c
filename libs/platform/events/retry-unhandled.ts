import type { HubPrincipal } from '../auth/principal.js';
import type { UnitOfWork } from '../postgres/unit-of-work.js';
import type { Subscription } from './event-log.js';
import { causeOf, react } from './slice-handling.js';
import { dueUnhandled, postponeUnhandled, removeUnhandled } from './unhandled.store.js';

const BATCH_MAX = 50;

/** Tries parked events that are due again, oldest first within a key, each in a transaction of its own. Answers how many passed. */
export async function retryUnhandled(unitOfWork: UnitOfWork, subscription: Subscription): Promise<number> {
  const principal: HubPrincipal = { kind: 'reaction', actorId: subscription.group };
  const due = await unitOfWork.transaction(principal, (tx) => dueUnhandled(tx, subscription.group, BATCH_MAX));
  let passed = 0;
  for (const { id, reaction: name, envelope } of due) {
    const reaction = subscription.reactions.find((candidate) => candidate.name === name);
    try {
      await unitOfWork.transaction(principal, async (tx, now) => {
        if (reaction === undefined || envelope === null) throw new Error('Nothing reacts under this name.');
        await react(tx, reaction, envelope, now);
        await removeUnhandled(tx, id);
      });
      passed += 1;
    } catch (error) {
      await unitOfWork.transaction(principal, (tx) => postponeUnhandled(tx, id, causeOf(error)));
    }
  }
  return passed;
}
