import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default async function globalTeardown() {
  await globalThis.stopTestPostgres?.();
  const run = process.env.LIAISON_TEST_RUN;
  if (run === undefined) return;
  // What the specs told each other of Kafka; the folders of its brokers go with them.
  for (const name of readdirSync(tmpdir()))
    if (name.startsWith(`liaison-test-kafka-${run}-`) && /\.problem\.json$|-said-/.test(name))
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
}
