import { connect } from 'node:net';
import { Controller, Get, Module } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { freePort } from '#libs/testing/free-port.js';
import { HealthModule } from './health.js';
import { createHttpApp, stopHttpApp } from './http-app.js';

/** A request that is under way until the test lets it end. */
const work = { begun: () => undefined as unknown, end: () => undefined as unknown };

@Controller()
class WorkController {
  @Get('work')
  async work(): Promise<string> {
    const done = new Promise<void>((resolve) => (work.end = resolve));
    work.begun();
    await done;
    return 'done';
  }
}

const parts = { database: true };
const database = (): Promise<void> => (parts.database ? Promise.resolve() : Promise.reject(new Error('secret reason')));

@Module({ imports: [HealthModule.forRoot({ database })], controllers: [WorkController] })
class WorkModule {}

describe('the HTTP server', () => {
  let app: NestFastifyApplication;
  let url: string;

  beforeEach(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${String(port)}`;
    app = await createHttpApp(WorkModule, { publicUrl: 'https://liaison.example' });
    await app.listen(port, '127.0.0.1');
  });
  afterEach(() => stopHttpApp(app));

  it('lets a request under way end when it is stopped, and takes no other', async () => {
    const begun = new Promise<void>((resolve) => (work.begun = resolve));
    const answer = fetch(`${url}/work`);
    await begun;
    const stopped = stopHttpApp(app);
    await refusedBy(url);
    work.end();
    const response = await answer;
    expect(await response.text()).toBe('done');
    expect(response.headers.get('connection')).toBe('close');
    await stopped;
  });

  it('gives a sender a bounded time, and no more header than it needs', async () => {
    const server = app.getHttpServer();
    expect(server.headersTimeout).toBe(10_000);
    expect(server.requestTimeout).toBe(15_000);
    expect((await fetch(`${url}/health/live`, { headers: { 'x-long': 'x'.repeat(20_000) } })).status).toBe(431);
  });

  it('tells a browser to stay on TLS where callers reach it so', async () => {
    const { headers } = await fetch(`${url}/health/live`);
    expect(headers.get('strict-transport-security')).toMatch(/max-age=31536000/);
  });

  it('is not ready while a part is down, says which, and not why', async () => {
    parts.database = false;
    const down = await fetch(`${url}/health/ready`);
    expect([down.status, await down.json()]).toEqual([503, { status: 'down', parts: { database: 'down' } }]);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    parts.database = true;
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  });
});

/** Resolves when nobody takes a connection any more. */
async function refusedBy(url: string): Promise<void> {
  const port = Number(new URL(url).port);
  const taken = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  while (await taken());
}
