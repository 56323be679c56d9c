import { sql } from '#libs/platform/postgres/transaction.js';
import type { Reaction } from '#libs/platform/events/event-log.js';

export const PROBE_TYPE = 'liaison.case-team.left.v1';
export const PROBE_TOPIC = 'liaison.case-team.v1';
export const PROBE_GROUP = 'probe';

/** Written as the owner into a test database: what writers committed, and what the reaction did. */
export const PROBE_TABLES = `
create schema probe;
create table probe.state (id uuid primary key, version int not null);
create table probe.seen (event_id uuid, id uuid, version int, place bigint generated always as identity);
grant usage on schema probe to liaison_reactions;
grant select, insert, update on probe.state, probe.seen to liaison_reactions;`;

/** Notes the version of a key that an event tells; nothing keeps it from noting one twice but the log itself. */
export const noteWhenLeft: Reaction = {
  name: 'note-when-left',
  types: [PROBE_TYPE],
  handle: async (tx, event) => {
    const { personId, organisationId } = event.data as { personId: string; organisationId: string };
    const version = Number(organisationId.slice(-6));
    await sql(tx, 'insert into probe.seen (event_id, id, version) values ($1, $2, $3)', [event.id, personId, version]);
  },
};
