import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { entities } from '#apps/database.js';
import { HubError } from '#libs/kernel/index.js';
import type { EventLog } from '#libs/platform/events/event-log.js';
import { EventSchemas } from '#libs/platform/events/event-schemas.js';
import { OutboxEventLog } from '#libs/platform/events/outbox.js';
import { EmbeddedError, findEmbedded, startEmbedded } from '#libs/platform/postgres/embedded.js';
import { createDataSource, UnitOfWork } from '#libs/platform/postgres/index.js';
import { projectFolder } from './files.js';

/** What a command needs of the hub: its database, through the one way to open a transaction. */
export interface CliHub {
  readonly unitOfWork: UnitOfWork;
  readonly events: EventLog;
  /** The folder `schemas`. */
  readonly schemaFolder: string;
  close(): Promise<void>;
}

/** Called when a command really needs it, so that `--help` and wrong usage need no database. */
export type ConnectHub = () => Promise<CliHub>;

const CONNECTIONS_MAX = 2;

/**
 * The hub's database: the one LIAISON_DATABASE_URL names, or the one in `var/postgres`, which is started for as long as the command
 * runs where no hub runs. Errors: `hub.database`.
 */
export const connectHub: ConnectHub = async () => {
  const schemaFolder = projectFolder('schemas');
  const database = await findDatabase(join(process.env['LIAISON_VAR'] ?? join(schemaFolder, '..', 'var'), 'postgres'));
  const dataSource = createDataSource({ url: database.url, entities, connectionsMax: CONNECTIONS_MAX });
  try {
    await dataSource.initialize();
  } catch (error) {
    await database.stop();
    const { code = 'unknown' } = error as { code?: string };
    throw new HubError('hub.database', `The database of the hub cannot be reached: ${code}.`, { cause: error });
  }
  return {
    unitOfWork: new UnitOfWork(dataSource),
    events: new OutboxEventLog(new EventSchemas(join(schemaFolder, 'events'))),
    schemaFolder,
    close: async () => {
      await dataSource.destroy();
      await database.stop();
    },
  };
};

async function findDatabase(folder: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const stay = (): Promise<void> => Promise.resolve();
  const given = process.env['LIAISON_DATABASE_URL'];
  if (given !== undefined && given !== '') return { url: given, stop: stay };
  if (!existsSync(join(folder, 'data'))) {
    throw new HubError(
      'hub.database',
      'There is no hub yet: run npm start first, or name its database in LIAISON_DATABASE_URL.',
    );
  }
  try {
    const running = findEmbedded(folder);
    if (running !== undefined) return { url: running, stop: stay };
    const started = await startEmbedded({ folder, port: 0, durable: true });
    return { url: started.ownerUrl, stop: () => started.stop() };
  } catch (error) {
    if (error instanceof EmbeddedError) throw new HubError('hub.database', error.message, { cause: error });
    throw error;
  }
}

/** Connects, works, and closes whatever happens. */
export async function withHub<Answer>(connect: ConnectHub, work: (hub: CliHub) => Promise<Answer>): Promise<Answer> {
  const hub = await connect();
  try {
    return await work(hub);
  } finally {
    await hub.close();
  }
}
