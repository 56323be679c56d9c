import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below what systems give to outgoing connections: one of those may take a port in the moment before it is used. */
const FROM = 15_000;
const TO = 32_000;
const ATTEMPTS_MAX = 50;

/** A TCP port of the loopback interface that was free a moment ago. */
export const freePort = (): Promise<number> => freePorts(1);

/** The first of `count` ports in a row that were free a moment ago. */
export async function freePorts(count: number): Promise<number> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const first = randomInt(FROM, TO);
    const bound = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)));
    if (bound.every(Boolean)) return first;
  }
  throw new Error(`There are no ${count} free ports in a row.`);
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
