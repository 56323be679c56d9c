import type { LocalDate } from '#libs/kernel/index.js';
import type { Reaction } from '#libs/platform/events/event-log.js';
import { principalOf } from '#libs/platform/postgres/index.js';
import { runAnswerClock } from '../handlers/answer-clock.handler.js';
import type { ReferralServices } from '../handlers/services.js';

export const runAnswerClockWhenDayOpened = (services: ReferralServices): Reaction => ({
  name: 'run-answer-clock-when-day-opened',
  types: ['liaison.platform.day-opened.v1'],
  handle: (tx, event, now) =>
    runAnswerClock(tx, principalOf(tx), services, (event.data as { day: LocalDate }).day, now),
});
