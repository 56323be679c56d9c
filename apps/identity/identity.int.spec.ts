import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  calculateJwkThumbprint,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
} from 'jose';
import { randomUUID } from 'node:crypto';
import { freePort } from '#libs/testing/free-port.js';
import { newClientKey } from '#libs/testing/client.js';
import { AUDIENCE, startProbe, type ProbeApp, type RegisteredClient } from '#tests/support/probe/probe-app.js';
import { startIdentity } from './identity.js';

let probe: ProbeApp;
let client: RegisteredClient;

beforeAll(async () => {
  probe = await startProbe();
  client = await probe.registerClient(['PROVIDER_ADVISER']);
});
afterAll(() => probe.stop());

interface TokenAnswer {
  readonly access_token?: string;
  readonly token_type?: string;
  readonly error?: string;
}

async function assertion(of: RegisteredClient, claims: object = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const standard = { iss: of.clientId, sub: of.clientId, aud: probe.identity.issuer, iat: now, exp: now + 60 };
  return new SignJWT({ ...standard, jti: randomUUID(), ...claims })
    .setProtectedHeader({ alg: 'ES256' })
    .sign(await importJWK({ ...of.privateJwk, kty: 'EC' }, 'ES256'));
}

async function askForToken(clientAssertion: string, bound = true): Promise<TokenAnswer & { readonly jkt: string }> {
  const key = await generateKeyPair('ES256');
  const jwk = await exportJWK(key.publicKey);
  const url = `${probe.identity.issuer}/token`;
  const proof = await new SignJWT({ htu: url, htm: 'POST', jti: randomUUID() })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
    .setIssuedAt()
    .sign(key.privateKey);
  const response = await fetch(url, {
    method: 'POST',
    headers: bound ? { dpop: proof } : {},
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'hub',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: clientAssertion,
    }),
  });
  return { ...((await response.json()) as TokenAnswer), jkt: await calculateJwkThumbprint(jwk, 'sha256') };
}

describe('the embedded OpenID provider', () => {
  it('says what it does', async () => {
    const response = await fetch(`${probe.identity.issuer}/.well-known/openid-configuration`);
    expect(await response.json()).toMatchObject({
      issuer: probe.identity.issuer,
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      dpop_signing_alg_values_supported: expect.arrayContaining(['ES256']) as unknown,
    });
  });

  it('gives a system a token for one API, of five minutes, bound to the key it proved', async () => {
    const answer = await askForToken(await assertion(client));
    expect(answer.token_type).toBe('DPoP');
    const token = answer.access_token ?? '';
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    const { aud, client_id, cnf, exp = 0, iat = 0 } = decodeJwt(token);
    expect({ aud, client_id, cnf, seconds: exp - iat }).toEqual({
      aud: AUDIENCE,
      client_id: client.clientId,
      cnf: { jkt: answer.jkt },
      seconds: 300,
    });
  });

  it.each<[string, () => Promise<string>]>([
    ['signed by another key', () => assertion({ ...client, privateJwk: newClientKey().privateJwk })],
    ['of a client nobody knows', () => assertion({ ...client, clientId: randomUUID() })],
    ['that has expired', () => assertion(client, { iat: 1, exp: 2 })],
    ['for another provider', () => assertion(client, { aud: 'https://elsewhere.example' })],
  ])('refuses an assertion %s', async (_what, made) => {
    const answer = await askForToken(await made());
    expect(answer).toMatchObject({ error: 'invalid_client' });
    expect(answer.access_token).toBeUndefined();
  });

  it('refuses an assertion the second time, and a request that proves no key', async () => {
    const once = await assertion(client);
    expect((await askForToken(once)).access_token).toBeDefined();
    expect((await askForToken(once)).error).toBe('invalid_client');
    expect((await askForToken(await assertion(client), false)).error).toBe('invalid_grant');
  });

  it('sends people only where the hub said, and only with a code challenge', async () => {
    const query = {
      client_id: 'liaison-hub',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: `${probe.url}/sign-in/callback`,
    };
    const ask = (changes: object): Promise<Response> =>
      fetch(`${probe.identity.issuer}/auth?${new URLSearchParams({ ...query, ...changes }).toString()}`, {
        redirect: 'manual',
      });
    const withoutChallenge = await ask({});
    expect(withoutChallenge.headers.get('location')).toMatch(/error=invalid_request.*PKCE/);
    const elsewhere = await ask({ redirect_uri: 'https://elsewhere.example/' });
    expect([elsewhere.status, elsewhere.headers.get('location')]).toEqual([400, null]);
  });

  it('keeps its keys in a file of its own, so that a restart ends no session', async () => {
    const keysDir = await mkdtemp(join(tmpdir(), 'liaison-keys-'));
    const kidOf = async (): Promise<string | undefined> => {
      const identity = await startIdentity({
        port: await freePort(),
        keysDir,
        audience: AUDIENCE,
        redirectUris: ['http://127.0.0.1:1/sign-in/callback'],
        hubPublicJwk: JSON.parse(newClientKey().publicJwk) as object,
        accounts: [],
        findClient: () => Promise.resolve(undefined),
      });
      const { keys } = (await (await fetch(`${identity.issuer}/jwks`)).json()) as {
        keys: { kid: string; d?: string }[];
      };
      expect(keys.map(({ d }) => d)).toEqual([undefined]);
      await identity.stop();
      return keys[0]?.kid;
    };
    const first = await kidOf();
    expect(first).toBeDefined();
    expect(await kidOf()).toBe(first);
    expect(statSync(join(keysDir, 'identity-keys.json')).mode & 0o777).toBe(0o600);
    await rm(keysDir, { recursive: true });
  });
});

describe('a system whose account is revoked', () => {
  it('is refused from that moment on, with the token it has and for a new one', async () => {
    const revoked = await probe.registerClient(['PROVIDER_ADVISER']);
    const system = await probe.system(revoked);
    await expect(system.ask('{ me { actorId } }')).resolves.toEqual({ me: { actorId: revoked.clientId } });
    await probe.database.asOwner('update partners.client set revoked_at = now() where id = $1', [revoked.clientId]);
    await expect(system.ask('{ me { actorId } }')).rejects.toThrow('UNAUTHENTICATED');
    expect(probe.refusals.at(-1)).toMatch(/unknown or revoked/);
    expect((await askForToken(await assertion(revoked))).error).toBe('invalid_client');
  });

  it('loses a role at the next request', async () => {
    const auditor = await probe.registerClient(['AUDITOR']);
    const system = await probe.system(auditor);
    await expect(system.ask('{ auditorsOnly { actorId } }')).resolves.toBeDefined();
    await probe.database.asOwner(`update partners.client set roles = '{PROVIDER_ADVISER}' where id = $1`, [
      auditor.clientId,
    ]);
    await expect(system.ask('{ auditorsOnly { actorId } }')).rejects.toThrow('FORBIDDEN');
  });
});
