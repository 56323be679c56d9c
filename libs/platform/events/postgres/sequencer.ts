import type { HubPrincipal } from '../../auth/principal.js';
import { LOCKS } from '../../postgres/locks.js';
import { sql } from '../../postgres/transaction.js';
import type { UnitOfWork } from '../../postgres/unit-of-work.js';

/** Of one transaction: each one counts and finds what is committed anew, which costs as much as some thousand rows. */
const BATCH_MAX = 10_000;
const SEQUENCER: HubPrincipal = { kind: 'job', actorId: 'event-sequencer' };

/**
 * Gives each committed outbox row the next dense offset of its partition. Only committed rows are seen, and writers of one key
 * are serialised by the state row they saved first, so a later event of a key is never seen before an earlier one. Ordering by
 * transaction id or trusting `id > last seen` would lose or swap events of transactions that commit late.
 */
export class Sequencer {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Moves one batch; answers how many rows. The lock makes a second sequencer wait rather than give the same offsets. */
  async pass(): Promise<number> {
    return this.unitOfWork.transaction(SEQUENCER, async (tx) => {
      const rows = await sql<{ moved: bigint }>(
        tx,
        `with turn as materialized (select pg_advisory_xact_lock(${LOCKS.sequencer})),
         moved as (
           delete from platform.outbox where position in
             (select position from platform.outbox, turn order by position limit ${BATCH_MAX}) returning *
         ), placed as (
           select m.*, h.next_offset + row_number() over (partition by m.partition order by m.position) - 1 as place
           from moved m join platform.log_head h using (partition)
         ), heads as (
           update platform.log_head h set next_offset = p.last + 1
           from (select partition, max(place) as last from placed group by partition) p where p.partition = h.partition
         ), logged as (
           insert into platform.event_log (partition, "offset", id, type, source, subject, time, traceparent, data)
           select partition, place, id, type, '/' || aggregatetype, aggregateid, time, traceparent, payload from placed
           returning 1
         )
         select count(*) as moved from logged`,
      );
      return Number(rows[0]?.moved ?? 0n);
    });
  }
}
