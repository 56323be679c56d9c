import type { LocalDate } from '#libs/kernel/index.js';
import type { Reaction } from '#libs/platform/events/event-log.js';
import { priceDue } from '../handlers/price-due.handler.js';
import type { SettlementPorts } from '../handlers/ports.js';

/** Pricing named this day: what was not yet due may be now. */
export const priceAgainWhenDayOpened = (ports: SettlementPorts): Reaction => ({
  name: 'price-again-when-day-opened',
  types: ['liaison.platform.day-opened.v1'],
  handle: (tx, event, now) => priceDue(tx, ports, (event.data as { day: LocalDate }).day, now),
});
