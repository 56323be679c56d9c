// Generated from schemas/events by `npm run generate`. Do not edit.

import type { LocalDate } from '#libs/kernel/index.js';

/**
 * A day of business time began. What waits for days reacts to it: answer clocks, named dates of pricing, statements.
 */
export interface DayOpened {
  day: LocalDate;
}

/** Data of each event type that this capability publishes. */
export interface EventTypes {
  'liaison.platform.day-opened.v1': DayOpened;
}

/** One of its events: the type literal decides the shape of the data. */
export type PublishedEvent = { [Type in keyof EventTypes]: { readonly type: Type; readonly data: EventTypes[Type] } }[keyof EventTypes];
