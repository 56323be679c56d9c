import { createServer } from 'node:net';

/** A TCP port of the loopback interface that was free a moment ago. */
export const freePort = (): Promise<number> => bind(0);

const ATTEMPTS_MAX = 50;

/** The first of `count` ports in a row that were free a moment ago. */
export async function freePorts(count: number): Promise<number> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const first = await freePort();
    const rest = await Promise.allSettled(Array.from({ length: count - 1 }, (_, index) => bind(first + index + 1)));
    if (rest.every(({ status }) => status === 'fulfilled')) return first;
  }
  throw new Error(`There are no ${count} free ports in a row.`);
}

function bind(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('No port')),
      );
    });
  });
}
