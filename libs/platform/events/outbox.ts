import { afterCommit, nowOf, sql, type Tx } from '../postgres/transaction.js';
import { traceparent } from '../telemetry/tracing.js';
import { EventLog, type NewEvent } from './event-log.js';
import type { EventSchemas } from './event-schemas.js';
import { partitionOf } from './partition.js';

const EVENTS_MAX = 10_000;

/** Publishing in both modes: one insert into the outbox. The sequencer (or the relay) takes it from there after the commit. */
export class OutboxEventLog extends EventLog {
  /** Whoever moves events on in this very process need not wait until it looks by itself. */
  onCommitted: (() => void) | undefined;

  constructor(private readonly schemas: EventSchemas) {
    super();
  }

  override async publish(tx: Tx, events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    if (events.length > EVENTS_MAX) throw new RangeError(`At most ${EVENTS_MAX} events at once.`);
    for (const event of events) this.schemas.check(event);
    const rows = events.map((event) => ({
      ...event,
      partition: partitionOf(event.subject),
      capability: event.type.split('.')[1],
    }));
    await sql(
      tx,
      // Identity and position are given in the order of the array, which is the order in which things happened.
      `insert into platform.outbox (aggregatetype, aggregateid, type, payload, partition, time, traceparent)
       select e.capability, e.subject, e.type, e.data, e.partition, $2, $3
       from jsonb_to_recordset($1::jsonb) as e(capability text, subject text, type text, data jsonb, partition smallint)`,
      [JSON.stringify(rows), nowOf(tx), traceparent()],
    );
    if (this.onCommitted !== undefined) afterCommit(tx, this.onCommitted);
  }
}
