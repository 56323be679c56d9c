import type { Envelope } from '#libs/kernel/index.js';
import { sql, type Tx } from '#libs/platform/postgres/index.js';
import { namedIn, subjectKindOf } from '../domain/recipients.js';

/** Adds the event to the feed of each organisation that takes part in it; a repeated event adds nothing. */
export async function noteChange(tx: Tx, event: Envelope): Promise<void> {
  // In one order, so that two transactions that feed the same organisations cannot wait for each other.
  for (const organisationId of [...new Set(namedIn(event.data))].sort()) {
    await sql(
      tx,
      `with place as (
         insert into deliveries.feed (organisation_id, last_position)
         select $1::uuid, 1 where not exists (select from deliveries.change where organisation_id = $1 and event_id = $2)
         on conflict (organisation_id) do update set last_position = deliveries.feed.last_position + 1
         returning last_position
       )
       insert into deliveries.change (organisation_id, position, event_id, type, subject_kind, subject_id, at)
       select $1, last_position, $2, $3, $4, $5, $6 from place`,
      [organisationId, event.id, event.type, subjectKindOf(event.type), event.subject, event.time],
    );
  }
}
