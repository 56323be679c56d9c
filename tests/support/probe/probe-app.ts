import { randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { PartnersCore } from '#libs/partners/index.js';
import { AuthModule, type AuthOptions } from '#libs/platform/auth/auth.module.js';
import { PrincipalDirectory } from '#libs/platform/auth/authenticator.js';
import type { Role } from '#libs/platform/auth/principal.js';
import { UnexpectedErrors } from '#libs/platform/graphql/edge.js';
import { GraphqlModule } from '#libs/platform/graphql/graphql.module.js';
import { HealthModule } from '#libs/platform/http/health.js';
import { createHttpApp, stopHttpApp } from '#libs/platform/http/http-app.js';
import { UnitOfWork } from '#libs/platform/postgres/index.js';
import type { SafeError } from '#libs/platform/telemetry/safe-error.js';
import { newClientKey, SystemClient } from '#libs/testing/client.js';
import { freePort } from '#libs/testing/free-port.js';
import { startTestIdentity, type TestIdentity } from '#libs/testing/identity.js';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import { ProbeController } from './probe.controller.js';
import { ProbeResolver } from './probe.resolver.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
export const AUDIENCE = 'urn:liaison:api';

/** Somebody of the embedded provider: what is typed on its page. */
export const PERSON = { subject: 'person-1', login: 'maria@provider.example', password: 'a long test password' };
/** Known to the provider and to nobody here. */
export const STRANGER = { subject: 'person-2', login: 'nobody@elsewhere.example', password: 'another test password' };

export interface UnexpectedError {
  readonly error: SafeError;
  readonly errorId: string;
  readonly operation: string;
}

/** The edges with one probe behind them: real database, real sign-in, real HTTP. */
export interface ProbeApp {
  readonly url: string;
  readonly database: TestDatabase;
  readonly identity: TestIdentity;
  readonly organisationId: string;
  /** Why tokens, cookies and sign-ins were refused, in order. */
  readonly refusals: readonly string[];
  readonly unexpected: readonly UnexpectedError[];
  registerClient(roles: readonly Role[]): Promise<RegisteredClient>;
  system(client: RegisteredClient): Promise<SystemClient>;
  stop(): Promise<void>;
}

export interface RegisteredClient {
  readonly clientId: string;
  readonly privateJwk: ReturnType<typeof newClientKey>['privateJwk'];
}

@Global()
@Module({})
class ProbePlatform {
  static forRoot(unitOfWork: UnitOfWork, unexpected: UnexpectedError[]): DynamicModule {
    const errors: UnexpectedErrors = {
      report: (error, errorId, operation) => void unexpected.push({ error, errorId, operation }),
    };
    return {
      module: ProbePlatform,
      providers: [
        { provide: UnitOfWork, useValue: unitOfWork },
        { provide: UnexpectedErrors, useValue: errors },
      ],
      exports: [UnitOfWork, UnexpectedErrors],
    };
  }
}

@Module({})
class ProbeModule {
  static forRoot(
    schemaFolder: string,
    auth: AuthOptions,
    database: TestDatabase,
    unexpected: UnexpectedError[],
    introspection: boolean,
  ): DynamicModule {
    return {
      module: ProbeModule,
      imports: [
        ProbePlatform.forRoot(database.unitOfWork, unexpected),
        PartnersCore,
        AuthModule.forRoot(auth),
        GraphqlModule.forRoot({ schemaFolder, introspection }),
        HealthModule.forRoot({ database: () => database.dataSource.query('select 1') }),
      ],
      controllers: [ProbeController],
      providers: [ProbeResolver],
    };
  }
}

export async function startProbe(options: { readonly introspection?: boolean } = {}): Promise<ProbeApp> {
  const database = await startPostgres();
  const url = `http://127.0.0.1:${String(await freePort())}`;
  const directory: { current?: PrincipalDirectory } = {};
  const identity = await startTestIdentity({
    audience: AUDIENCE,
    publicUrl: url,
    accounts: [PERSON, STRANGER],
    findClient: async (id) => directory.current?.findClient(id),
  });
  const schemaFolder = await probeSchema();
  const refusals: string[] = [];
  const unexpected: UnexpectedError[] = [];
  const auth: AuthOptions = {
    issuer: identity.issuer,
    audience: AUDIENCE,
    publicUrl: url,
    ...identity.hubClient,
    onRefused: (reason) => void refusals.push(reason),
  };
  const module = ProbeModule.forRoot(schemaFolder, auth, database, unexpected, options.introspection ?? false);
  const app = await createHttpApp(module, { publicUrl: url });
  await app.listen(new URL(url).port, '127.0.0.1');
  directory.current = app.get(PrincipalDirectory);
  const organisationId = await insertOrganisation(database);
  await insertStaff(database, organisationId, identity.issuer);
  return {
    url,
    database,
    identity,
    organisationId,
    refusals,
    unexpected,
    registerClient: (roles) => insertClient(database, organisationId, roles),
    system: (client) => SystemClient.connect({ url, issuer: identity.issuer, ...client }),
    stop: async () => {
      await stopHttpApp(app);
      await identity.stop();
      await database.stop();
      await rm(schemaFolder, { recursive: true, force: true });
    },
  };
}

async function probeSchema(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'liaison-probe-'));
  await copyFile(join(root, 'schemas/graphql/common.graphql'), join(folder, 'common.graphql'));
  await copyFile(join(root, 'tests/support/probe/probe.graphql'), join(folder, 'probe.graphql'));
  return folder;
}

async function insertOrganisation(database: TestDatabase): Promise<string> {
  const id = randomUUID();
  await database.asOwner(
    `insert into partners.organisation (id, kind, name, country, time_zone, created_at)
     values ($1, 'PROVIDER', 'Probe Training', 'IE', 'Europe/Dublin', now())`,
    [id],
  );
  return id;
}

async function insertStaff(database: TestDatabase, organisationId: string, issuer: string): Promise<void> {
  await database.asOwner(
    `insert into partners.staff (id, organisation_id, issuer, subject, roles, registered_by)
     values ($1, $2, $3, $4, '{PROVIDER_ADVISER}', $5)`,
    [randomUUID(), organisationId, issuer, PERSON.subject, randomUUID()],
  );
}

async function insertClient(
  database: TestDatabase,
  organisationId: string,
  roles: readonly Role[],
): Promise<RegisteredClient> {
  const clientId = randomUUID();
  const { privateJwk, publicJwk } = newClientKey();
  await database.asOwner(
    `insert into partners.client (id, organisation_id, name, roles, public_jwk, registered_by)
     values ($1, $2, 'Probe system', $3, $4::jsonb, $5)`,
    [clientId, organisationId, roles, publicJwk, randomUUID()],
  );
  return { clientId, privateJwk };
}
