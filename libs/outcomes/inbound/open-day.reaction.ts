import type { HubPrincipal } from '#libs/platform/auth/principal.js';
import type { Reaction } from '#libs/platform/events/event-log.js';
import type { EventTypes } from '#libs/platform/events/events.generated.js';
import { openDay } from '../handlers/open-day.handler.js';
import type { RegisterServices } from '../handlers/services.js';

/** Reads the feeds, asks what is due, lets lapse what was never proven. */
export const askRegistersWhenDayOpened = (services: RegisterServices): Reaction => {
  const name = 'ask-registers-when-day-opened';
  const by: HubPrincipal = { kind: 'reaction', actorId: name };
  return {
    name,
    types: ['liaison.platform.day-opened.v1'],
    handle: (tx, event, now) =>
      openDay(tx, by, services, (event.data as EventTypes['liaison.platform.day-opened.v1']).day, now),
  };
};
