import type { HubPrincipal } from '#libs/platform/auth/principal.js';
import type { Reaction } from '#libs/platform/events/event-log.js';
import type { EventTypes } from '../contract/events.generated.js';
import { actingFor } from '../handlers/change-outcome.js';
import { recordVerification } from '../handlers/record-verification.handler.js';
import type { RegisterServices } from '../handlers/services.js';

/** What a person answered counts like a register's answer: about the job as it stood then, of the rung that was open. */
export const recordEvidenceWhenGiven = (services: RegisterServices): Reaction => {
  const name = 'record-evidence-when-given';
  const by: HubPrincipal = { kind: 'reaction', actorId: name };
  return {
    name,
    types: ['liaison.evidence.given.v1'],
    handle: async (tx, event, now) => {
      const { outcomeId, authorityId, rung, answer, spell } = event.data as EventTypes['liaison.evidence.given.v1'];
      const { today: asOf } = await actingFor(tx, by, authorityId, now);
      await recordVerification(
        tx,
        by,
        services,
        { outcomeId, about: spell, rung, answer, reason: 'NOT_KNOWN', asOf },
        now,
      );
    },
  };
};
