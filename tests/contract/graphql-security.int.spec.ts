import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LIMITS } from '#libs/platform/graphql/limits.js';
import type { SystemClient } from '#libs/testing/client.js';
import { startProbe, type ProbeApp } from '#tests/support/probe/probe-app.js';
import { SECRET } from '#tests/support/probe/probe.resolver.js';

interface Answered {
  readonly status: number;
  readonly body: {
    readonly data?: unknown;
    readonly errors?: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
  };
}

let probe: ProbeApp;
let system: SystemClient;

beforeAll(async () => {
  probe = await startProbe();
  system = await probe.system(await probe.registerClient(['PROVIDER_ADVISER']));
});
afterAll(() => probe.stop());

async function post(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
  const response = await fetch(new URL('/graphql', probe.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answered['body'] };
}

const ask = (query: string, variables?: object): Promise<Answered> => post({ query, variables });
const firstError = ({ body }: Answered): { message?: string | undefined; code?: unknown } => ({
  message: body.errors?.[0]?.message,
  code: body.errors?.[0]?.extensions?.['code'],
});

describe('a document that asks for too much is refused before anything runs', () => {
  const alias = (index: number): string => `a${String(index)}: limits { name }`;

  it.each([
    [
      'aliases',
      `{ ${Array.from({ length: LIMITS.queryAliases + 1 }, (_, index) => alias(index)).join(' ')} }`,
      /15 aliases/,
    ],
    ['directives', `{ limits ${'@include(if: true) '.repeat(LIMITS.queryDirectives + 1)} { name } }`, /10 directives/],
    ['tokens', `{ limits { ${'name '.repeat(LIMITS.queryTokens)} } }`, /1000 tokens/],
    ['depth', `{ nested ${'{ nested '.repeat(8)} { name } ${'} '.repeat(8)} }`, /8 deep/],
    [
      'depth through fragments',
      `query { nested { ...A } } fragment A on Nested { nested { nested { nested { ...B } } } } fragment B on Nested { nested { nested { nested { nested { name } } } } }`,
      /8 deep/,
    ],
    [
      'cost',
      `{ ${Array.from({ length: 10 }, (_, index) => `c${String(index)}: counts(first: 100) { edges { cursor node { amountMinor } } pageInfo { hasNextPage endCursor } }`).join(' ')} }`,
      /5000/,
    ],
    ['cost of default pages', `{ ${'counts { edges { cursor node { amountMinor } } } '.repeat(30)} }`, /5000/],
  ])('%s', async (_what, document, sentence) => {
    const answer = await ask(document);
    expect(answer.status).toBe(400);
    expect(answer.body.data).toBeUndefined();
    expect(answer.body.errors?.map(({ message }) => message).join(' ')).toMatch(sentence);
  });

  it('a circle of fragments', async () => {
    const answer = await ask(
      '{ nested { ...A } } fragment A on Nested { nested { ...B } } fragment B on Nested { ...A }',
    );
    expect(answer.status).toBe(400);
    expect(firstError(answer).message).toMatch(/spread|deep|cost/);
  });

  it('a body', async () => {
    const answer = await ask(`{ limits { name } } # ${'x'.repeat(LIMITS.bodyBytes)}`);
    expect(answer).toMatchObject({ status: 413 });
    expect(firstError(answer)).toEqual({ message: 'A request has at most 262144 bytes.', code: 'LIMIT' });
  });

  it('but what is within the limits is answered, and they are said', async () => {
    const { status, body } = await ask(`{ ${Array.from({ length: 15 }, (_, index) => alias(index)).join(' ')} }`);
    expect(status).toBe(200);
    expect(body.errors).toBeUndefined();
    const said = await ask('{ limits { name value unit } }');
    expect(said.body.data).toEqual({
      limits: expect.arrayContaining([
        { name: 'queryDepth', value: 8, unit: 'count' },
        { name: 'bodyBytes', value: 262_144, unit: 'bytes' },
      ]) as unknown,
    });
  });
});

describe('a request that another site could send is not read', () => {
  const url = (): URL => new URL('/graphql', probe.url);

  it('GET, for a query as for a mutation', async () => {
    for (const query of [
      '{ limits { name } }',
      'mutation { count(input: { amountMinor: "1" }, idempotencyKey: "a") { __typename } }',
    ]) {
      const target = url();
      target.searchParams.set('query', query);
      const response = await fetch(target);
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST');
    }
  });

  it.each([
    ['application/x-www-form-urlencoded', 'query=%7Blimits%7Bname%7D%7D'],
    ['text/plain', '{"query":"{limits{name}}"}'],
    ['application/graphql', '{ limits { name } }'],
    ['multipart/form-data; boundary=x', '--x--'],
  ])('%s', async (type, body) => {
    const response = await fetch(url(), { method: 'POST', headers: { 'content-type': type }, body });
    expect(response.status).toBe(415);
    expect(await response.text()).not.toContain('bodyBytes');
  });

  it('batches', async () => {
    const answer = await post([{ query: '{ limits { name } }' }, { query: '{ limits { name } }' }]);
    expect(answer.status).toBe(400);
    expect(firstError(answer).message).toMatch(/batches are not taken/);
  });

  it.each([
    ['a syntax tree instead of a document', { query: JSON.stringify({ kind: 'Document', definitions: [] }) }],
    ['a number as document', { query: 7 }],
    ['no document', {}],
    ['a list of variables', { query: '{ limits { name } }', variables: [1] }],
    ['a JSON scalar', 'true'],
    ['no JSON', '{'],
  ])('%s', async (_what, body) => {
    expect((await post(body)).status).toBe(400);
  });
});

describe('a stranger learns nothing of the schema', () => {
  it('by introspection', async () => {
    for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Probe") { name } }']) {
      const answer = await ask(query);
      expect(answer.status).toBe(400);
      expect(firstError(answer).message).toMatch(/introspection/i);
    }
  });

  it('by suggestions', async () => {
    const wrong = [
      await ask('{ limit { name } }'),
      await ask('{ limits { nam } }'),
      await ask('query ($mood: CountMod) { limits { name } }'),
      await ask('mutation ($i: CountInput!) { count(input: $i, idempotencyKey: "a") { __typename } }', {
        i: { amountMinor: '1', mood: 'CHEERFULL', amountMinr: '2' },
      }),
    ];
    for (const { status, body } of wrong) {
      expect(status).toBe(400);
      expect(JSON.stringify(body)).not.toMatch(/Did you mean|"CHEERFUL"|limits|amountMinor\?/);
    }
  });

  it('by a page for trying queries, or by tracing', async () => {
    expect((await fetch(new URL('/graphiql', probe.url))).status).toBe(404);
    expect((await ask('{ limits { name } }')).body).not.toHaveProperty('extensions');
  });
});

describe('who may', () => {
  it('is nobody who is not signed in, whatever else is asked', async () => {
    const answer = await ask('{ me { actorId } limits { name } }');
    expect(firstError(answer)).toEqual({ message: 'Sign in first.', code: 'UNAUTHENTICATED' });
    expect(answer.body.data).toBeNull();
  });

  it('is nobody where nobody was named, and nobody in another role', async () => {
    for (const field of ['undeclared', 'auditorsOnly']) {
      const { errors } = await system.send(`{ ${field} { actorId } }`);
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });

  it('is the same under another name, through a fragment and beside an allowed field', async () => {
    const { errors } = await system.send(
      'query { me { actorId } ...F } fragment F on Query { hidden: auditorsOnly { actorId } }',
    );
    expect(errors).toMatchObject([{ path: ['hidden'], extensions: { code: 'FORBIDDEN' } }]);
  });

  it('is asked once for root fields side by side: a proof is good once', async () => {
    const data = await system.ask<{ a: object; b: object; c: object }>(
      '{ a: me { actorId } b: me { actorId } c: me { actorId } }',
    );
    expect(data.a).toEqual(data.b);
    expect(data.b).toEqual(data.c);
  });
});

describe('what goes wrong', () => {
  it('on purpose is said with its code', async () => {
    const { errors } = await system.send('{ refused { actorId } }');
    expect(errors).toMatchObject([
      { message: 'The probe refuses.', extensions: { code: 'probe.refused', field: 'probe' } },
    ]);
    const { count } = await system.ask<{ count: object }>(
      `mutation { count(input: { amountMinor: "-5" }, idempotencyKey: "negative") {
         ... on Refusal { code message field facts { name value } } } }`,
    );
    expect(count).toEqual({
      code: 'probe.negative',
      message: 'An amount is not negative.',
      field: 'amountMinor',
      facts: [{ name: 'amountMinor', value: '-5' }],
    });
  });

  it.each(['broken', 'brokenField', 'nothing'])('otherwise says no more than where to look: %s', async (field) => {
    const before = probe.unexpected.length;
    const answer = await system.send(`{ ${field} { actorId } }`);
    const [error] = answer.errors ?? [];
    expect(error?.message).toMatch(/on our side/);
    expect(probe.unexpected).toHaveLength(before + 1);
    const reported = probe.unexpected.at(-1);
    expect(error?.extensions).toEqual({ code: 'INTERNAL', errorId: reported?.errorId });
    expect(reported?.error.frames.length).toBeGreaterThan(0);
    expect(JSON.stringify([answer, reported])).not.toContain(SECRET);
  });

  it('in a variable is said without a stack', async () => {
    const { errors } = await system.send('query ($on: Date!) { day(on: $on) }', { on: '2018-02-30' });
    expect(errors?.[0]?.message).toMatch(/2018-02-30|day/);
    expect(errors?.[0]?.extensions?.code).toBe('BAD_REQUEST');
    expect(JSON.stringify(errors)).not.toMatch(/\bat .*\.(js|ts)/);
  });
});

describe('what takes too long', () => {
  it(
    'is answered before it ends, and ended in the database too',
    async () => {
      const { errors } = await system.send('{ slow { actorId } }');
      expect(errors).toMatchObject([{ extensions: { code: 'TIMEOUT' } }]);
      const running = `select from pg_stat_activity where datname = current_database() and query like '%pg_sleep%' and pid <> pg_backend_pid() and state = 'active'`;
      while ((await probe.database.asOwner(running)).length > 0);
    },
    3 * LIMITS.executionMs,
  );
});

describe('a list', () => {
  const page =
    'query ($first: Int, $after: String) { counts(first: $first, after: $after) { edges { node { amountMinor } } pageInfo { hasNextPage endCursor } } }';
  interface Page {
    counts: {
      edges: { node: { amountMinor: string } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
  }

  it('is walked by cursors that say nothing, each item once', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (let more = true; more;) {
      const { counts }: Page = await system.ask<Page>(page, { first: 100, after });
      seen.push(...counts.edges.map(({ node }) => node.amountMinor));
      after = counts.pageInfo.endCursor;
      more = counts.pageInfo.hasNextPage;
    }
    expect(seen).toEqual(Array.from({ length: 250 }, (_, index) => String(index)));
    expect(after).not.toMatch(/249/);
  });

  it.each([
    [{ first: 101 }, 'page.first'],
    [{ first: 0 }, 'page.first'],
    [{ first: 5, after: 'bm90IG91cnM' }, 'page.after'],
  ])('refuses %j', async (variables, code) => {
    const { errors } = await system.send(page, variables);
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });
});

describe('a mutation', () => {
  const count = (amountMinor: string, key: string): Promise<{ count: object }> =>
    system.ask(
      'mutation ($input: CountInput!, $key: ID!) { count(input: $input, idempotencyKey: $key) { __typename ... on Count { amountMinor } ... on Refusal { code } } }',
      { input: { amountMinor }, key },
    );

  it('is answered alike when it is sent again, and refused when its key was used for something else', async () => {
    const first = await count('41', 'one');
    expect(first.count).toEqual({ __typename: 'Count', amountMinor: '42' });
    expect(await count('41', 'one')).toEqual(first);
    expect((await count('42', 'one')).count).toEqual({ __typename: 'Refusal', code: 'idempotency.key-reused' });
    expect((await count('42', '')).count).toMatchObject({ code: 'idempotency.key-missing' });
  });
});

describe('the edge of HTTP', () => {
  const get = async (path: string): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(new URL(path, probe.url));
    return { status: response.status, body: await response.json() };
  };

  it('denies a route to a stranger, declared or not', async () => {
    for (const path of ['/probe/auditors', '/probe/undeclared'])
      expect(await get(path)).toEqual({ status: 401, body: { message: 'Sign in first.' } });
    expect((await get('/nowhere')).status).toBe(404);
  });

  it('hides what goes wrong behind a route', async () => {
    const answer = await get('/probe/broken');
    const reported = probe.unexpected.at(-1);
    expect(answer).toMatchObject({ status: 500, body: { code: 'INTERNAL', errorId: reported?.errorId } });
    expect(reported?.error.type).toBe('SyntaxError');
    expect(JSON.stringify([answer, reported])).not.toContain(SECRET);
  });

  it('tells browsers what they may do, on every answer', async () => {
    for (const path of ['/graphql', '/health/live', '/nowhere', '/sign-in/callback']) {
      const { headers } = await fetch(new URL(path, probe.url), { redirect: 'manual' });
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      expect(headers.has('access-control-allow-origin')).toBe(false);
      expect(headers.has('x-powered-by')).toBe(false);
    }
  });

  it('says whether it lives and whether it can work', async () => {
    expect(await (await fetch(new URL('/health/live', probe.url))).json()).toEqual({ status: 'up' });
    const ready = await fetch(new URL('/health/ready', probe.url));
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'up', parts: { database: 'up' } }]);
  });
});
