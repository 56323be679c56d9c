import { ConfigurationProblem, jsonFile, readConfig, secret, url } from '#libs/platform/config/config.js';
import { APP_LOGIN, createDataSource, prepareRoles, UnitOfWork } from '#libs/platform/postgres/index.js';
import { registerAuthority, type Authority } from '../authorities.js';
import { migrations } from '../database.js';

/** Makes the roles and brings the database to this version, as its owner; before the other processes start. Ends by itself. */
async function migrate(): Promise<void> {
  const config = readConfig(
    {
      LIAISON_OWNER_URL: { ...url(['postgres:', 'postgresql:']), secret: true },
      /** Of the login `liaison_app`, which the other processes use. */
      LIAISON_APP_PASSWORD: secret(),
      /** A JSON file: the authorities of this hub, and the identity provider that their staff sign in at. */
      LIAISON_AUTHORITIES: jsonFile('an issuer and its authorities', authoritiesIn, { fallback: undefined }),
    },
    process.env,
  );
  await prepareRoles(config.LIAISON_OWNER_URL, config.LIAISON_APP_PASSWORD);
  const owner = await createDataSource({ url: config.LIAISON_OWNER_URL, migrations }).initialize();
  const done = await owner.runMigrations();
  await owner.destroy();
  console.log(done.length === 0 ? 'The database is up to date' : `Ran ${done.length} migrations`);
  if (config.LIAISON_AUTHORITIES !== undefined)
    await registerAuthorities(config.LIAISON_AUTHORITIES, config.LIAISON_OWNER_URL, config.LIAISON_APP_PASSWORD);
}

interface Authorities {
  readonly issuer: string;
  readonly authorities: readonly Authority[];
}

function authoritiesIn(json: unknown): Authorities | undefined {
  const { issuer, authorities } = (json ?? {}) as Readonly<Record<string, unknown>>;
  return typeof issuer === 'string' && Array.isArray(authorities) ? (json as Authorities) : undefined;
}

/** Each once, whenever it is told again; prints the id that `LIAISON_REGISTERS` names it by. */
async function registerAuthorities(told: Authorities, ownerUrl: string, password: string): Promise<void> {
  const login = new URL(ownerUrl);
  login.username = APP_LOGIN;
  login.password = password;
  const dataSource = await createDataSource({ url: login.href }).initialize();
  const unitOfWork = new UnitOfWork(dataSource);
  for (const authority of told.authorities)
    console.log(`${await registerAuthority(unitOfWork, told.issuer, authority)} ${authority.name}`);
  await dataSource.destroy();
}

migrate().catch((error: unknown) => {
  console.error(error instanceof ConfigurationProblem ? error.message : error);
  process.exit(1);
});
