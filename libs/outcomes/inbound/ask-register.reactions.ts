import type { EventTypes as CaseEvents } from '#libs/cases/contract/events.generated.js';
import type { HubPrincipal } from '#libs/platform/auth/principal.js';
import type { Reaction } from '#libs/platform/events/event-log.js';
import type { EventTypes } from '../contract/events.generated.js';
import { takeUpVerification, type VerificationServices } from '../handlers/answer-verification.handler.js';
import { actingFor } from '../handlers/change-outcome.js';
import type { Registers } from '../handlers/ports.js';

/** Puts a question of pricing to the register. */
export const askRegisterWhenVerificationAsked = (services: VerificationServices): Reaction => {
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
export const readRegisterWhenPersonRegistered = (
  services: VerificationServices & { readonly registers: Registers },
): Reaction => {
  const name = 'read-register-when-person-registered';
  const by: HubPrincipal = { kind: 'reaction', actorId: name };
  return {
    name,
    types: ['liaison.person.registered.v1'],
    handle: async (tx, event, now) => {
      const { personId, authorityId } = event.data as CaseEvents['liaison.person.registered.v1'];
      if (services.registers.of(authorityId) === undefined) return;
      const { today: asOf } = await actingFor(tx, by, authorityId, now);
      await services.jobs.add(tx, 'read-register-of-person', { authorityId, personId, asOf });
    },
  };
};
