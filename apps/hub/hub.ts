import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { PrincipalDirectory } from '#libs/platform/auth/authenticator.js';
import { Clock } from '#libs/platform/clock/clock.js';
import { createHttpApp, stopHttpApp } from '#libs/platform/http/http-app.js';
import { Engine } from '#libs/platform/platform.module.js';
import { APP_LOGIN, createDataSource, prepareRoles, UnitOfWork } from '#libs/platform/postgres/index.js';
import { entities, migrations } from '../database.js';
import { AUDIENCE, HUB_CLIENT_ID, startIdentity, type IdentityAccount } from '../identity/identity.js';
import { HubModule } from './hub.module.js';
import type { Secrets } from '../local/secrets.js';
import type { RunningHub } from '../local/running-hub.js';

export interface HubSettings {
  /** The owner's URL of an empty or migrated database. */
  readonly ownerUrl: string;
  readonly port: number;
  readonly identityPort: number;
  readonly schemaFolder: string;
  readonly keysDir: string;
  /** IANA name: days of business time begin in it. */
  readonly timeZone: string;
  readonly secrets: Secrets;
  readonly accounts: readonly IdentityAccount[];
  /** Registers the authorities of this hub, and answers where the register of each one is. */
  readonly prepare: (unitOfWork: UnitOfWork, issuer: string) => Promise<Readonly<Record<string, string>>>;
  readonly logger: Logger;
  readonly onProgress: (line: string) => void;
}

export interface Hub extends RunningHub {
  readonly app: NestFastifyApplication;
}

/** Migrates, starts the embedded identity provider and the hub itself on loopback; stops what it started when it fails. */
export async function startHub(settings: HubSettings): Promise<Hub> {
  const parts: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const part of parts.toReversed()) await part.stop();
  };
  try {
    return { ...(await startParts(settings, parts)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Each part that runs is added to the list, so that the caller can stop it whatever becomes of the next one. */
async function startParts(settings: HubSettings, parts: { stop(): Promise<void> }[]): Promise<Omit<Hub, 'stop'>> {
  const dataSource = await openDatabase(settings);
  parts.push({ stop: () => dataSource.destroy() });
  const url = `http://127.0.0.1:${settings.port}`;
  const issuer = `http://127.0.0.1:${settings.identityPort}`;
  const { secrets, logger } = settings;
  const registers = await settings.prepare(new UnitOfWork(dataSource), issuer);
  const app = await createHttpApp(
    HubModule.forRoot({
      platform: { dataSource, schemaFolder: settings.schemaFolder, timeZone: settings.timeZone, logger },
      auth: {
        issuer,
        clientId: HUB_CLIENT_ID,
        clientKey: secrets.hubKey.privateKey,
        publicUrl: url,
        audience: AUDIENCE,
        onRefused: (reason) => logger.info({ reason }, 'sign-in refused'),
      },
      pairwiseKey: secrets.pairwiseKey,
      registers,
      // The demonstration and the tests run on the tariffs that ship, which are drafts.
      draftTariffs: 'on',
    }),
    { publicUrl: url },
  );
  settings.onProgress(`Starting the identity provider on port ${settings.identityPort}`);
  const directory = app.get(PrincipalDirectory);
  const identity = await startIdentity({
    port: settings.identityPort,
    keysDir: settings.keysDir,
    audience: AUDIENCE,
    redirectUris: [`${url}/sign-in/callback`],
    hubPublicJwk: secrets.hubKey.publicJwk,
    accounts: settings.accounts,
    findClient: (clientId) => directory.findClient(clientId),
  });
  parts.push(identity);
  settings.onProgress(`Starting the hub on port ${settings.port}`);
  // Before it listens: what turns the event log begins when the server does, and is stopped with it.
  parts.push({ stop: () => stopHttpApp(app) });
  await app.listen(settings.port, '127.0.0.1');
  return {
    url,
    issuer,
    app,
    unitOfWork: app.get(UnitOfWork),
    clock: app.get(Clock),
    settled: () => app.get(Engine).settled(),
  };
}

/** Roles, migrations as the owner, then the apps' own login, which owns nothing. */
async function openDatabase(settings: HubSettings): Promise<DataSource> {
  const { ownerUrl, secrets } = settings;
  await prepareRoles(ownerUrl, secrets.databasePassword);
  const owner = await createDataSource({ url: ownerUrl, migrations }).initialize();
  const pending = await owner.showMigrations();
  if (pending) settings.onProgress('Migrating the database');
  await owner.runMigrations();
  await owner.destroy();
  const login = new URL(ownerUrl);
  login.username = APP_LOGIN;
  login.password = secrets.databasePassword;
  return createDataSource({ url: login.href, entities }).initialize();
}
