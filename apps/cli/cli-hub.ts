import type { EventLog } from '#libs/platform/events/event-log.js';
import type { UnitOfWork } from '#libs/platform/postgres/index.js';

/** What a command needs of the hub: its database, through the one way to open a transaction. */
export interface CliHub {
  readonly unitOfWork: UnitOfWork;
  readonly events: EventLog;
  /** The folder `schemas`. */
  readonly schemaFolder: string;
  close(): Promise<void>;
}

/** Connects when a command really needs it, so that `--help` and wrong usage need no database. */
export type ConnectHub = () => Promise<CliHub>;

/** What every command answers to the shell. */
export const EXIT = { done: 0, refused: 1, usage: 2, unavailable: 3 } as const;

/** Connects, works, and closes whatever happens. */
export async function withHub<Answer>(connect: ConnectHub, work: (hub: CliHub) => Promise<Answer>): Promise<Answer> {
  const hub = await connect();
  try {
    return await work(hub);
  } finally {
    await hub.close();
  }
}
