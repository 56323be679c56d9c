import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { registerAuthority, type Authority } from '#apps/authorities.js';
import { startHub, type Hub } from '#apps/hub/hub.js';
import { openSecrets } from '#apps/local/secrets.js';
import { beginBusinessTimeAt } from '#libs/platform/clock/clock.js';
import { newClientKey, PersonClient, SystemClient } from '#libs/testing/client.js';
import { freePort } from '#libs/testing/free-port.js';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import { startStandInRegister, type StandInRegister } from './stand-in-register/stand-in-register.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export const AUTHORITY: Authority = {
  name: 'Department of Work, Ireland',
  country: 'IE',
  timeZone: 'Europe/Dublin',
  site: { street: 'Store Street', buildingNumber: '1', postCode: 'D01 X001', town: 'Dublin' },
  staff: [
    { subject: 'counsellor', roles: ['COUNSELLOR'] },
    { subject: 'manager-1', roles: ['CONTRACT_MANAGER'] },
    { subject: 'manager-2', roles: ['CONTRACT_MANAGER'] },
  ],
};

/** A whole hub on a database of its own: real sign-in, real HTTP, the register as a program of its own. */
export interface TestHub extends Hub {
  readonly database: TestDatabase;
  readonly register: StandInRegister;
  readonly authorityId: string;
  /** Signs a member of staff in through the identity provider's page. */
  person(subject: string): Promise<PersonClient>;
  /** A system of an organisation, registered by one of its people or by the authority's manager. */
  system(by: { ask: PersonClient['ask'] }, organisationId: string, roles: readonly string[]): Promise<SystemClient>;
  /** Sets business time, opens the days that begin and waits until everything is handled. */
  day(moment: string): Promise<void>;
}

export async function startTestHub(subjects: readonly string[] = []): Promise<TestHub> {
  const folder = mkdtempSync(join(tmpdir(), 'liaison-hub-'));
  const database = await startPostgres();
  const register = await startStandInRegister(join(folder, 'register.jsonl'));
  let authorityId = '';
  const secrets = { ...(await openSecrets(join(folder, 'secrets'))), databasePassword: 'test-only' };
  const hub = await startHub({
    ownerUrl: database.ownerUrl,
    port: await freePort(),
    identityPort: await freePort(),
    schemaFolder: join(root, 'schemas'),
    keysDir: join(folder, 'secrets'),
    timeZone: 'Europe/Dublin',
    secrets,
    accounts: [...AUTHORITY.staff.map(({ subject }) => subject), ...subjects].map((subject) => ({
      subject,
      login: subject,
      password: subject,
    })),
    prepare: async (unitOfWork, issuer) => {
      await beginBusinessTimeAt(unitOfWork, new Date('2018-01-01T08:00:00Z'));
      authorityId = await registerAuthority(unitOfWork, issuer, AUTHORITY);
      return { [authorityId]: register.url('ie') };
    },
    logger: pino({ level: 'error' }),
    onProgress: () => undefined,
  });
  return {
    ...hub,
    database,
    register,
    authorityId,
    person: (subject) => PersonClient.signIn(hub.url, subject, subject),
    system: async (by, organisationId, roles) => {
      const { privateJwk, publicJwk } = newClientKey();
      const { registerClient } = await by.ask<{ registerClient: { id: string; code?: string } }>(
        `mutation ($input: RegisterClientInput!, $key: ID!) {
           registerClient(input: $input, idempotencyKey: $key) { ... on Client { id } ... on Refusal { code message } } }`,
        { input: { organisationId, name: 'test', roles, publicJwk }, key: crypto.randomUUID() },
      );
      return SystemClient.connect({ url: hub.url, issuer: hub.issuer, clientId: registerClient.id, privateJwk });
    },
    day: async (moment) => {
      await hub.clock.set(new Date(moment));
      while ((await hub.clock.openDays()).length > 0) await hub.settled();
      await hub.settled();
    },
    stop: async () => {
      await hub.stop();
      await register.stop();
      await database.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
