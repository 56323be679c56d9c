import { secret, url, ConfigurationProblem, readConfig } from '#libs/platform/config/config.js';
import { createDataSource, prepareRoles } from '#libs/platform/postgres/index.js';
import { migrations } from '../database.js';

/** Makes the roles and brings the database to this version, as its owner; before the other processes start. Ends by itself. */
async function migrate(): Promise<void> {
  const config = readConfig(
    {
      LIAISON_OWNER_URL: { ...url(['postgres:', 'postgresql:']), secret: true },
      /** Of the login `liaison_app`, which the other processes use. */
      LIAISON_APP_PASSWORD: secret(),
    },
    process.env,
  );
  await prepareRoles(config.LIAISON_OWNER_URL, config.LIAISON_APP_PASSWORD);
  const owner = await createDataSource({ url: config.LIAISON_OWNER_URL, migrations }).initialize();
  const done = await owner.runMigrations();
  await owner.destroy();
  console.log(done.length === 0 ? 'The database is up to date' : `Ran ${done.length} migrations`);
}

migrate().catch((error: unknown) => {
  console.error(error instanceof ConfigurationProblem ? error.message : error);
  process.exit(1);
});
