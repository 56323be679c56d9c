import type { Reaction } from '#libs/platform/events/event-log.js';
import { noteChange } from '../handlers/note-change.handler.js';

export const noteChangeWhenSomethingHappened = (types: readonly string[]): Reaction => ({
  name: 'note-change-when-something-happened',
  types,
  handle: (tx, event) => noteChange(tx, event),
});
