import type { Reaction } from '#libs/platform/events/event-log.js';
import { CASE_EVENT_TYPES, type Received } from '../domain/shared-case.js';
import type { CaseServices } from '../handlers/services.js';
import { updateSharedCase } from '../handlers/update-shared-case.handler.js';

export const updateSharedCaseWhenSomethingHappened = (services: CaseServices): Reaction => ({
  name: 'update-shared-case-when-something-happened',
  types: CASE_EVENT_TYPES,
  handle: (tx, event) => updateSharedCase(tx, services, event as unknown as Received),
});
