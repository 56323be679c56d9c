import { generateKeyPairSync, type webcrypto } from 'node:crypto';
import {
  allowInsecureRequests,
  clientCredentialsGrant,
  discovery,
  fetchProtectedResource,
  getDPoPHandle,
  PrivateKeyJwt,
  randomDPoPKeyPair,
  type Configuration,
  type DPoPHandle,
} from 'openid-client';

/** A key pair of a partner's system, as the partner would make it. */
export function newClientKey(): { readonly privateJwk: webcrypto.JsonWebKey; readonly publicJwk: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    privateJwk: privateKey.export({ format: 'jwk' }),
    publicJwk: JSON.stringify(publicKey.export({ format: 'jwk' })),
  };
}

export interface GraphqlAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** Sends GraphQL documents as somebody; throws on any GraphQL error, so that a caller sees only data. */
export abstract class GraphqlClient {
  async ask<Data = Record<string, never>>(
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
  ): Promise<Data> {
    const answer = await this.send<Data>(query, variables);
    if (answer.errors !== undefined || answer.data == null) {
      throw new Error(
        answer.errors?.map((error) => `${error.extensions?.code ?? 'ERROR'}: ${error.message}`).join('; ') ?? 'no data',
      );
    }
    return answer.data;
  }

  /** The whole answer, errors included. */
  abstract send<Data>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<GraphqlAnswer<Data>>;
}

/** The answer of the API; whatever else answered, a proxy or a broken route, is an error of the transport. */
async function answerOf<Data>(response: Response): Promise<GraphqlAnswer<Data>> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.includes('json')) throw new Error(`HTTP ${response.status} with ${type === '' ? 'no content' : type}.`);
  return (await response.json()) as GraphqlAnswer<Data>;
}

const TOKEN_REUSE_MS = 240_000;

/** A partner's system: client credentials with `private_key_jwt`, DPoP-bound tokens, as the guide for partners says. */
export class SystemClient extends GraphqlClient {
  private token: { readonly value: string; readonly until: number } | undefined;

  private constructor(
    private readonly url: string,
    private readonly configuration: Configuration,
    private readonly dpop: DPoPHandle,
  ) {
    super();
  }

  static async connect(options: {
    readonly url: string;
    readonly issuer: string;
    readonly clientId: string;
    readonly privateJwk: webcrypto.JsonWebKey;
  }): Promise<SystemClient> {
    const key = await crypto.subtle.importKey(
      'jwk',
      options.privateJwk,
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['sign'],
    );
    const configuration = await discovery(new URL(options.issuer), options.clientId, undefined, PrivateKeyJwt(key), {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to make it stand out; here it is for loopback alone
      execute: options.issuer.startsWith('http:') ? [allowInsecureRequests] : [],
    });
    const keys = await randomDPoPKeyPair('ES256');
    return new SystemClient(options.url, configuration, getDPoPHandle(configuration, keys));
  }

  override async send<Data>(
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
  ): Promise<GraphqlAnswer<Data>> {
    const response = await fetchProtectedResource(
      this.configuration,
      await this.accessToken(),
      new URL('/graphql', this.url),
      'POST',
      JSON.stringify({ query, variables }),
      new Headers({ 'content-type': 'application/json' }),
      { DPoP: this.dpop },
    );
    return answerOf<Data>(response);
  }

  private async accessToken(): Promise<string> {
    if (this.token === undefined || this.token.until < Date.now()) {
      const answer = await clientCredentialsGrant(this.configuration, { scope: 'hub' }, { DPoP: this.dpop });
      this.token = { value: answer.access_token, until: Date.now() + TOKEN_REUSE_MS };
    }
    return this.token.value;
  }
}

/** A person at a browser: signs in through the identity provider's page and then works with the session cookie. */
export class PersonClient extends GraphqlClient {
  private constructor(
    private readonly url: string,
    private readonly cookie: string,
  ) {
    super();
  }

  static async signIn(url: string, login: string, password: string): Promise<PersonClient> {
    const browser = new Browser();
    const page = await browser.open(new URL('/sign-in', url));
    const action = /action="([^"]+)"/.exec(await page.text())?.[1];
    if (action === undefined) throw new Error('There is no sign-in form.');
    await browser.open(new URL(action, page.url), new URLSearchParams({ login, password }));
    const cookie = browser.cookieOf(new URL(url).origin);
    if (cookie === undefined || !/(?:^|; )(?:__Host-)?liaison=/.test(cookie)) throw new Error('Sign-in was refused.');
    return new PersonClient(url, cookie);
  }

  override async send<Data>(
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
  ): Promise<GraphqlAnswer<Data>> {
    const response = await fetch(new URL('/graphql', this.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: this.cookie, 'x-liaison-console': '1' },
      body: JSON.stringify({ query, variables }),
    });
    return answerOf<Data>(response);
  }
}

const REDIRECTS_MAX = 10;

/** As much of a browser as a sign-in needs: cookies for each origin, redirects followed. */
class Browser {
  private readonly jars = new Map<string, Map<string, string>>();

  async open(start: URL, form?: URLSearchParams): Promise<Response> {
    let url = start;
    let body = form;
    for (let step = 0; step < REDIRECTS_MAX; step += 1) {
      const cookie = this.cookieOf(url.origin);
      const response = await fetch(url, {
        redirect: 'manual',
        method: body === undefined ? 'GET' : 'POST',
        headers: cookie === undefined ? {} : { cookie },
        ...(body === undefined ? {} : { body }),
      });
      this.keep(url.origin, response);
      const location = response.headers.get('location');
      if (location === null) return response;
      url = new URL(location, url);
      // The hub is reached; what it shows there is not needed.
      if (body === undefined && url.pathname === '/' && step > 0) return response;
      body = undefined;
    }
    throw new Error('Too many redirects.');
  }

  cookieOf(origin: string): string | undefined {
    const jar = this.jars.get(origin);
    return jar === undefined || jar.size === 0
      ? undefined
      : [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private keep(origin: string, response: Response): void {
    const jar = this.jars.get(origin) ?? new Map<string, string>();
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    this.jars.set(origin, jar);
  }
}
