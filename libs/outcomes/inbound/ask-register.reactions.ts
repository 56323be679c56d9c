import type { EventTypes as CaseEvents } from '#libs/cases/contract/events.generated.js';
import type { HubPrincipal } from '#libs/platform/auth/principal.js';
import type { Reaction } from '#libs/platform/events/event-log.js';
import type { EventTypes } from '../contract/events.generated.js';
import { takeUpVerification } from '../handlers/answer-verification.handler.js';
import { actingFor } from '../handlers/change-outcome.js';
import type { RegisterServices } from '../handlers/services.js';

type Pending = EventTypes['liaison.outcome.evidence-requested.v1'] | EventTypes['liaison.outcome.ended.v1'];

/** Puts a report to the register when its first rung opens, and again when what is pending changed. */
export const askRegisterWhenEvidenceRequested = (services: RegisterServices): Reaction => {
  const name = 'ask-register-when-evidence-requested';
  const by: HubPrincipal = { kind: 'reaction', actorId: name };
  return {
    name,
    types: ['liaison.outcome.evidence-requested.v1', 'liaison.outcome.ended.v1'],
    handle: async (tx, event, now) => {
      const data = event.data as Pending;
      const outcome = await services.outcomes.find(tx, data.outcomeId);
      if (outcome?.state !== 'EVIDENCE_PENDING' || ('rung' in data && data.rung !== 1)) return;
      const { today: asOf } = await actingFor(tx, by, outcome.authorityId, now);
      const question = { outcomeId: outcome.id, version: outcome.version, asOf };
      await services.addJob(tx, 'ask-register-for-outcome', question);
    },
  };
};

/** Puts a question of pricing to the register. */
export const askRegisterWhenVerificationAsked = (services: RegisterServices): Reaction => {
  const name = 'ask-register-when-verification-asked';
  const by: HubPrincipal = { kind: 'reaction', actorId: name };
  return {
    name,
    types: ['liaison.verification.asked.v1'],
    handle: async (tx, event, now) => {
      const { verificationId: id, ...asked } = event.data as EventTypes['liaison.verification.asked.v1'];
      await takeUpVerification(tx, by, services, { id, ...asked }, now);
    },
  };
};

/** Reads what a register told of a person before the hub knew the person: earlier employers matter to some tariffs. */
export const readRegisterWhenPersonRegistered = (services: RegisterServices): Reaction => {
  const name = 'read-register-when-person-registered';
  const by: HubPrincipal = { kind: 'reaction', actorId: name };
  return {
    name,
    types: ['liaison.person.registered.v1'],
    handle: async (tx, event, now) => {
      const { personId, authorityId } = event.data as CaseEvents['liaison.person.registered.v1'];
      if (services.registers.of(authorityId) === undefined) return;
      const { today: asOf } = await actingFor(tx, by, authorityId, now);
      await services.addJob(tx, 'read-register-of-person', { authorityId, personId, asOf });
    },
  };
};
