import { fileURLToPath } from 'node:url';
import type { Subscription } from '#libs/platform/events/event-log.js';
import { EventSchemas } from '#libs/platform/events/event-schemas.js';
import { OutboxEventLog } from '#libs/platform/events/outbox.js';
import { LogPump } from '#libs/platform/events/postgres/log-pump.js';
import { listUnhandled } from '#libs/platform/events/unhandled.store.js';
import type { TestDatabase } from './postgres.js';

const SCHEMAS = fileURLToPath(new URL('../../schemas/events', import.meta.url));

export interface TestEvents {
  readonly log: OutboxEventLog;
  readonly pump: LogPump;
  /** Sequences and handles until nothing is left; fails when an event could not be handled. */
  drain(): Promise<void>;
}

/** The event log on a test database, turned by hand: `await drain()` after a command. */
export function startTestEvents(database: TestDatabase, subscriptions: readonly Subscription[] = []): TestEvents {
  const pump = new LogPump(database.unitOfWork, subscriptions, (error) => {
    throw error;
  });
  return {
    log: new OutboxEventLog(new EventSchemas(SCHEMAS)),
    pump,
    drain: async () => {
      await pump.drain();
      const unhandled = await database.unitOfWork.transaction({ kind: 'operator', actorId: 'test' }, (tx) =>
        listUnhandled(tx, { states: ['PARKED', 'QUEUED', 'DEAD'], limit: 10 }),
      );
      if (unhandled.length > 0) throw new Error(unhandled.map((row) => `${row.reaction}: ${row.cause}`).join('\n'));
    },
  };
}
