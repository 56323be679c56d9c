import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { startProbe, type ProbeApp } from '#tests/support/probe/probe-app.js';

/** The audits by name are known before a server runs; each is given the server's address when its turn comes. */
const server = { url: '' };
const audits = serverAudits({ url: () => server.url });

describe('GraphQL over HTTP', () => {
  let probe: ProbeApp;

  beforeAll(async () => {
    // Some audits ask for a type by its name, to see that letters arrive as they were sent.
    probe = await startProbe({ introspection: true });
    server.url = new URL('/graphql', probe.url).href;
  });
  afterAll(() => probe.stop());

  it('has audits of every level', () => {
    const levels = new Set(audits.map(({ name }) => name.split(' ')[0]));
    expect([...levels].sort()).toEqual(['MAY', 'MUST', 'SHOULD']);
  });

  it.each(audits.filter(({ name }) => !name.startsWith('MAY')))('$name', async ({ fn }) => {
    const result = await fn();
    expect({ status: result.status, reason: 'reason' in result ? result.reason : undefined }).toEqual({ status: 'ok' });
  });
});
