import { createServer, type Server } from 'node:http';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider, { type ClientMetadata, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { memoryAdapters } from './memory-adapter.js';
import { errorPage, loginPage } from './login-page.js';

/** A person who can sign in. */
export interface IdentityAccount {
  readonly subject: string;
  readonly login: string;
  readonly password: string;
}

export interface IdentityOptions {
  readonly port: number;
  /** Keys are made here on the first start, readable by the owner only. */
  readonly keysDir: string;
  /** The one API that tokens are for. */
  readonly audience: string;
  /** Where the hub's sign-in comes back to. */
  readonly redirectUris: readonly string[];
  /** The hub's own public key, for `private_key_jwt` in the code flow. */
  readonly hubPublicJwk: JWK;
  readonly accounts: readonly IdentityAccount[];
  /** Systems of partners by client id: looked up each time, so that a revoked one is refused at once. */
  readonly findClient: (clientId: string) => Promise<{ readonly publicJwk: object } | undefined>;
}

export interface Identity {
  readonly issuer: string;
  stop(): Promise<void>;
}

/** The client id of the hub itself at the provider. */
export const HUB_CLIENT_ID = 'liaison-hub';
/** The one API that its tokens are for. */
export const AUDIENCE = 'urn:liaison:hub';
const TOKEN_TTL_S = 300;
const SESSION_TTL_S = 8 * 3_600;

/**
 * An OpenID provider on loopback, for development, demonstration and tests: the code flow with PKCE for people, client credentials
 * with `private_key_jwt` and DPoP-bound tokens for systems. In production the hub points at the authority's own provider instead.
 */
export async function startIdentity(options: IdentityOptions): Promise<Identity> {
  const issuer = `http://127.0.0.1:${options.port}`;
  const provider = new Provider(issuer, await configuration(options));
  // Loopback without TLS: the cookies of the provider must work there.
  provider.proxy = false;
  const callback = provider.callback();
  const server = createServer((request, response) => {
    const match = /^\/interaction\/([\w-]+)$/.exec(new URL(request.url ?? '/', issuer).pathname);
    if (match === null) return void callback(request, response);
    void interact(provider, options.accounts, request, response).catch(() => {
      response.statusCode = 400;
      sendPage(response, errorPage());
    });
  });
  await listen(server, options.port);
  return {
    issuer,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

async function interact(
  provider: Provider,
  accounts: readonly IdentityAccount[],
  request: Parameters<ReturnType<Provider['callback']>>[0],
  response: Parameters<ReturnType<Provider['callback']>>[1],
): Promise<void> {
  const { uid } = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    sendPage(response, loginPage(uid));
    return;
  }
  const form = new URLSearchParams(await bodyOf(request));
  const account = accounts.find((candidate) => candidate.login === form.get('login'));
  // The same work for an unknown login, so that the time says nothing.
  const same = timingSafeEqual(digest(form.get('password') ?? ''), digest(account?.password ?? ''));
  if (account === undefined || !same) {
    sendPage(response, loginPage(uid, 'The login or the password is wrong.'));
    return;
  }
  await provider.interactionFinished(
    request,
    response,
    { login: { accountId: account.subject } },
    { mergeWithLastSubmission: false },
  );
}

const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

function sendPage(response: Parameters<ReturnType<Provider['callback']>>[1], page: string): void {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader('content-security-policy', PAGE_POLICY);
  response.end(page);
}

const FORM_BYTES_MAX = 4_096;

async function bodyOf(request: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > FORM_BYTES_MAX) throw new Error('The form is too long.');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function configuration(options: IdentityOptions): Promise<Configuration> {
  const keys = await keysOf(options.keysDir);
  return {
    adapter: memoryAdapters(async (id) => partnerClient(id, await options.findClient(id))),
    clients: [hubClient(options)],
    jwks: { keys: [keys.signing] },
    cookies: { keys: keys.cookies, short: { signed: true }, long: { signed: true } },
    pkce: { required: () => true },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => Promise.resolve({ sub }) }),
    loadExistingGrant,
    renderError: (ctx) => {
      ctx.type = 'html';
      ctx.set('content-security-policy', PAGE_POLICY);
      ctx.body = errorPage();
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    clientAuthMethods: ['private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['ES256'], idTokenSigningAlgValues: ['ES256'] },
    scopes: ['openid', 'hub'],
    ttl: {
      ClientCredentials: TOKEN_TTL_S,
      AccessToken: TOKEN_TTL_S,
      IdToken: TOKEN_TTL_S,
      Session: SESSION_TTL_S,
      Grant: SESSION_TTL_S,
      Interaction: 600,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => options.audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'hub',
          audience: options.audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: TOKEN_TTL_S,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  };
}

const hubClient = (options: IdentityOptions): ClientMetadata => ({
  client_id: HUB_CLIENT_ID,
  redirect_uris: [...options.redirectUris],
  response_types: ['code'],
  grant_types: ['authorization_code'],
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: 'ES256',
  id_token_signed_response_alg: 'ES256',
  jwks: { keys: [options.hubPublicJwk] },
});

/** A partner's system: client credentials only, tokens bound to its key. */
function partnerClient(
  clientId: string,
  found: { readonly publicJwk: object } | undefined,
): ClientMetadata | undefined {
  if (found === undefined) return undefined;
  return {
    client_id: clientId,
    redirect_uris: [],
    response_types: [],
    grant_types: ['client_credentials'],
    scope: 'hub',
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    id_token_signed_response_alg: 'ES256',
    dpop_bound_access_tokens: true,
    jwks: { keys: [found.publicJwk] },
  };
}

/** The hub is the only client people sign in to: nobody is asked whether it may know who they are. */
async function loadExistingGrant(ctx: KoaContextWithOIDC): Promise<InstanceType<Provider['Grant']> | undefined> {
  const { client, session, provider } = ctx.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid');
  await grant.save();
  return grant;
}

interface Keys {
  readonly signing: JWK & { kty: 'EC' };
  readonly cookies: string[];
}

async function keysOf(folder: string): Promise<Keys> {
  const file = join(folder, 'identity-keys.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Keys;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const signing = {
    ...(await exportJWK(privateKey)),
    use: 'sig',
    alg: 'ES256',
    kid: randomBytes(8).toString('hex'),
  } as Keys['signing'];
  const keys: Keys = { signing, cookies: [randomBytes(32).toString('hex')] };
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
