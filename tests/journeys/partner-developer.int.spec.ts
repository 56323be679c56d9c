import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { newClientKey, SystemClient, type GraphqlClient } from '#libs/testing/client.js';
import { command, openProgramme, referPerson, succeed, type Programme } from '../support/programme.js';
import { startTestHub, type TestHub } from '../support/test-hub.js';

interface ChangePage {
  readonly changes: readonly {
    readonly cursor: string;
    readonly subjectKind: string;
    readonly subjectId: string;
    readonly type: string;
  }[];
  readonly endCursor: string;
  readonly hasMore: boolean;
}

/** The documents of the partner's guide, by the name in their comment line: what the page shows is what runs here. */
function guide(): ReadonlyMap<string, string> {
  const page = readFileSync(fileURLToPath(new URL('../../docs/partners.md', import.meta.url)), 'utf8');
  const blocks = [...page.matchAll(/```graphql\n# ([\w-]+)\n([\s\S]*?)```/g)];
  return new Map(blocks.map(([, name = '', text = '']) => [name, text]));
}

describe('a partner’s developer', () => {
  let hub: TestHub;
  let programme: Programme;
  let referralId: string;
  const documents = guide();
  const document = (name: string): string => documents.get(name) ?? `There is no document ${name} in the guide.`;
  beforeAll(async () => {
    hub = await startTestHub(['bridge-finance']);
    programme = await openProgramme(hub);
    ({ referralId } = await referPerson(programme, 'IE-2001'));
    await hub.settled();
  }, 60_000);
  afterAll(() => hub.stop());

  const changes = async (client: GraphqlClient, after: string | null, first = 100): Promise<ChangePage> =>
    (await client.ask<{ changes: ChangePage }>(document('poll'), { after, first })).changes;

  it('gets a key registered and signs in with it', async () => {
    const { privateJwk, publicJwk } = newClientKey();
    const input = {
      organisationId: programme.provider.id,
      name: 'case system',
      roles: ['PROVIDER_ADVISER'],
      publicJwk,
    };
    const { registerClient } = await programme.manager.ask<{ registerClient: { id: string } }>(
      document('register-client'),
      { input, key: 'guide-1' },
    );
    const client = await SystemClient.connect({
      url: hub.url,
      issuer: hub.issuer,
      clientId: registerClient.id,
      privateJwk,
    });
    const { me } = await client.ask<{ me: { organisation: { name: string }; roles: string[] } }>(document('me'));
    expect(me).toEqual({ organisation: { name: 'Bridge to Work' }, roles: ['PROVIDER_ADVISER'] });
  });

  it('is told what is wrong with a key, by field and rule', async () => {
    const input = {
      organisationId: programme.provider.id,
      name: 'x',
      roles: ['PROVIDER_ADVISER'],
      publicJwk: '{"kty":"RSA"}',
    };
    expect(await command(programme.manager, 'registerClient', 'Client', input)).toMatchObject({
      code: 'client.public-key',
      field: 'publicJwk',
    });
    const stranger = {
      ...input,
      organisationId: hub.authorityId.replace(/.$/, '0'),
      publicJwk: newClientKey().publicJwk,
    };
    expect(await command(programme.manager, 'registerClient', 'Client', stranger)).toMatchObject({
      code: 'organisation.not-found',
    });
  });

  it('polls the first change, asks for what it names, and sends the first mutation', async () => {
    const { adviser } = programme.provider;
    const first = await changes(adviser, null);
    expect(first.changes).toEqual([
      {
        cursor: first.endCursor,
        subjectKind: 'referral',
        subjectId: referralId,
        type: 'liaison.referral.requested.v1',
      },
    ]);
    const { referral } = await adviser.ask<{ referral: { state: string; answerBy: string } }>(document('read'), {
      id: referralId,
    });
    expect(referral).toMatchObject({ state: 'REQUESTED', answerBy: '2018-03-08' });
    const accept = { input: { referralId, ownReference: 'A-1' }, key: 'accept-1' };
    const answered = await adviser.ask<{ acceptReferral: { state: string; version: number } }>(
      document('accept'),
      accept,
    );
    expect(answered.acceptReferral).toMatchObject({ state: 'ACCEPTED' });
    expect(await adviser.ask(document('accept'), accept)).toEqual(answered);
    const other = await adviser.ask<{ acceptReferral: { code: string } }>(document('accept'), {
      ...accept,
      input: { referralId, ownReference: 'B-2' },
    });
    expect(other.acceptReferral.code).toBe('idempotency.key-reused');
  });

  it('goes on from where it was: in order, nothing twice, nothing left out, however small the pages', async () => {
    const { adviser } = programme.provider;
    await succeed(adviser, 'startReferral', 'Referral', { referralId, startedOn: '2018-03-01' });
    await succeed(adviser, 'agreePlan', 'Plan', { referralId, agreedOn: '2018-03-01', goals: ['Work'] }, 'version');
    await hub.settled();
    const all = (await changes(adviser, null)).changes.map(({ cursor }) => cursor);
    const paged: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page: ChangePage = await changes(adviser, after, 1);
      paged.push(...page.changes.map(({ cursor }) => cursor));
      [after, more] = [page.endCursor, page.hasMore];
    }
    expect(paged).toEqual(all);
    expect(new Set(all).size).toBe(all.length);
    const last = await changes(adviser, all.at(-1) ?? null);
    expect(last).toMatchObject({ changes: [], endCursor: all.at(-1), hasMore: false });
    // A cursor of another list, or of a time that a restored hub has not reached, would skip or repeat in silence.
    for (const position of ['999999999', 'a-name', '-1']) {
      const wrong = Buffer.from(`l1:${position}`, 'utf8').toString('base64url');
      await expect(changes(adviser, wrong)).rejects.toThrow(/Not a cursor of this feed/);
    }
  });

  it('sees only what concerns its organisation, and nothing of anybody', async () => {
    expect((await changes(programme.otherProvider.adviser, null)).changes).toEqual([]);
    const page = JSON.stringify(await changes(programme.provider.adviser, null));
    expect(page).not.toMatch(/Aoife|Byrne|IE-2001/);
    const { referral } = await programme.otherProvider.adviser.ask<{ referral: object | null }>(document('read'), {
      id: referralId,
    });
    expect(referral).toBeNull();
  });

  it('is told the limits, and is refused beyond them with the limit’s name', async () => {
    const { limits } = await programme.provider.adviser.ask<{ limits: { name: string }[] }>(document('limits'));
    expect(limits.map(({ name }) => name)).toContain('pageItems');
    const answer = await programme.provider.adviser.send(document('poll'), { after: null, first: 101 });
    expect(answer.errors?.[0]?.message).toContain('1 to 100');
  });

  it('is locked out in the moment its key is revoked', async () => {
    const { privateJwk, publicJwk } = newClientKey();
    const registered = await succeed(programme.manager, 'registerClient', 'Client', {
      organisationId: programme.provider.id,
      name: 'old',
      roles: ['PROVIDER_ADVISER'],
      publicJwk,
    });
    const client = await SystemClient.connect({
      url: hub.url,
      issuer: hub.issuer,
      clientId: registered.id,
      privateJwk,
    });
    await client.ask(document('me'));
    await succeed(programme.manager, 'revokeClient', 'Client', { clientId: registered.id });
    expect((await client.send(document('me'))).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  });
});
