import { createHash, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type GenerateKeyPairResult,
} from 'jose';
import { startPostgres, type TestDatabase } from '#libs/testing/postgres.js';
import { isRefusal } from './refused.js';
import { SystemTokens } from './system-token.js';

const AUDIENCE = 'urn:test:api';
const PUBLIC_URL = 'https://liaison.example';
const TARGET = `${PUBLIC_URL}/graphql`;

let database: TestDatabase;
let server: Server;
let issuer: string;
let issuerKey: GenerateKeyPairResult;
let clientKey: GenerateKeyPairResult;
let tokens: SystemTokens;

beforeAll(async () => {
  database = await startPostgres();
  issuerKey = await generateKeyPair('ES256', { extractable: true });
  clientKey = await generateKeyPair('ES256', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(issuerKey.publicKey)), kid: 'one', alg: 'ES256' }] };
  server = createServer((request, response) => {
    const metadata = { issuer, jwks_uri: `${issuer}/where/keys/are` };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url === '/where/keys/are' ? jwks : metadata));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  tokens = new SystemTokens(database.unitOfWork, { issuer, audience: AUDIENCE, publicUrl: PUBLIC_URL });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await database.stop();
});

const nowS = (): number => Math.floor(Date.now() / 1_000);
const hash = (token: string): string => createHash('sha256').update(token).digest('base64url');
const thumbprintOf = async (key: GenerateKeyPairResult): Promise<string> =>
  calculateJwkThumbprint(await exportJWK(key.publicKey), 'sha256');

interface Made {
  readonly claims?: object;
  readonly header?: { alg?: string; typ?: string; kid?: string };
  readonly key?: GenerateKeyPairResult;
}

async function token({ claims = {}, header = {}, key = issuerKey }: Made = {}): Promise<string> {
  const cnf = { jkt: await thumbprintOf(clientKey) };
  const standard = { iss: issuer, aud: AUDIENCE, client_id: 'client-1', iat: nowS(), exp: nowS() + 300, cnf };
  return new SignJWT({ ...standard, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'one', ...header })
    .sign(key.privateKey);
}

async function proof(of: string, { claims = {}, header = {}, key = clientKey }: Made = {}): Promise<string> {
  const standard = { htu: TARGET, htm: 'POST', iat: nowS(), jti: randomUUID(), ath: hash(of) };
  return new SignJWT({ ...standard, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(key.publicKey), ...header })
    .sign(key.privateKey);
}

const request = (accessToken: string, dpop: string | undefined, scheme = 'DPoP'): FastifyRequest =>
  ({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `${scheme} ${accessToken}`, dpop },
  }) as unknown as FastifyRequest;

/** Why it was refused; fails where it was not, or where something else went wrong. */
async function refusal(accessToken: string, dpop: string | undefined, scheme?: string): Promise<string> {
  const outcome = await tokens.clientIdOf(request(accessToken, dpop, scheme)).catch((error: unknown) => error);
  if (!isRefusal(outcome)) throw new Error(`Not refused: ${String(outcome)}`);
  return outcome.message;
}

describe('the token of a system', () => {
  it('proves a client when it is bound to the key that proves the request', async () => {
    const good = await token();
    await expect(tokens.clientIdOf(request(good, await proof(good)))).resolves.toBe('client-1');
  });

  it('is good for many requests, each proof for one', async () => {
    const good = await token();
    const once = await proof(good);
    await tokens.clientIdOf(request(good, once));
    await tokens.clientIdOf(request(good, await proof(good)));
    expect(await refusal(good, once)).toMatch(/used before/);
  });

  it('is refused with a proof that two requests use at the same moment: one of them passes', async () => {
    const good = await token();
    const once = await proof(good);
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => tokens.clientIdOf(request(good, once))));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  const past = 3_600;
  it.each<[string, () => Made, RegExp]>([
    ['expired', () => ({ claims: { iat: nowS() - past - 300, exp: nowS() - past } }), /exp/],
    ['from the future', () => ({ claims: { iat: nowS() + past, exp: nowS() + past + 300 } }), /iat/],
    ['of a day', () => ({ claims: { exp: nowS() + 86_400 } }), /lives too long/],
    ['without an end', () => ({ claims: { exp: undefined } }), /exp/],
    ['for another API', () => ({ claims: { aud: 'urn:other:api' } }), /aud/],
    ['for several APIs', () => ({ claims: { aud: [AUDIENCE, 'urn:other:api'] } }), /several/],
    ['of another issuer', () => ({ claims: { iss: 'https://elsewhere.example' } }), /iss/],
    ['bound to no key', () => ({ claims: { cnf: undefined } }), /not bound/],
    ['that names no client', () => ({ claims: { client_id: undefined } }), /client_id/],
    ['that is an ID token', () => ({ header: { typ: 'JWT' } }), /typ/],
    ['signed by an unknown key', () => ({ header: { kid: 'two' } }), /key/],
    ['signed by the client itself', () => ({ key: clientKey }), /signature/],
  ])('is refused: %s', async (_what, made, reason) => {
    const bad = await token(made());
    expect(await refusal(bad, await proof(bad))).toMatch(reason);
  });

  it('is refused unsigned, or with a shared secret as its signature', async () => {
    const claims = { client_id: 'client-1', cnf: { jkt: await thumbprintOf(clientKey) } };
    const unsigned = new UnsecuredJWT(claims)
      .setIssuer(issuer)
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setExpirationTime('5m')
      .encode();
    expect(await refusal(unsigned, await proof(unsigned))).toMatch(/alg|Invalid/i);
    const publicKeyAsSecret = new TextEncoder().encode(JSON.stringify(await exportJWK(issuerKey.publicKey)));
    const mixedUp = await new SignJWT({ ...claims, iss: issuer, aud: AUDIENCE, iat: nowS(), exp: nowS() + 300 })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'one' })
      .sign(publicKeyAsSecret);
    expect(await refusal(mixedUp, await proof(mixedUp))).toMatch(/alg/i);
  });

  it('is refused as a bearer, and with no proof or two', async () => {
    const good = await token();
    expect(await refusal(good, await proof(good), 'Bearer')).toMatch(/DPoP/);
    expect(await refusal(good, undefined)).toMatch(/Exactly one/);
    const two = request(good, undefined);
    Object.assign(two.headers, { dpop: [await proof(good), await proof(good)] });
    await expect(tokens.clientIdOf(two)).rejects.toThrow(/Exactly one/);
  });
});

describe('the proof of possession', () => {
  let thief: GenerateKeyPairResult;
  beforeAll(async () => {
    thief = await generateKeyPair('ES256', { extractable: true });
  });

  it.each<[string, () => Made, RegExp]>([
    ['by another key: the token was stolen', () => ({ key: thief }), /another key/],
    ['for another method', () => ({ claims: { htm: 'GET' } }), /another request/],
    ['for another place', () => ({ claims: { htu: `${PUBLIC_URL}/doors` } }), /another request/],
    ['for another host', () => ({ claims: { htu: 'https://elsewhere.example/graphql' } }), /another request/],
    ['for no place', () => ({ claims: { htu: undefined } }), /another request/],
    ['for another token', () => ({ claims: { ath: hash('another') } }), /another token/],
    ['for no token', () => ({ claims: { ath: undefined } }), /another token/],
    ['from long ago', () => ({ claims: { iat: nowS() - 600 } }), /iat|exp/],
    ['without a time', () => ({ claims: { iat: undefined } }), /iat/],
    ['without an identifier', () => ({ claims: { jti: undefined } }), /jti/],
    ['with an endless identifier', () => ({ claims: { jti: 'x'.repeat(500) } }), /jti/],
    ['that is another kind of token', () => ({ header: { typ: 'at+jwt' } }), /typ/],
  ])('is refused: %s', async (_what, made, reason) => {
    const good = await token();
    expect(await refusal(good, await proof(good, made()))).toMatch(reason);
  });

  it('is refused when its header holds a private key', async () => {
    const good = await token();
    const { d } = await exportJWK(clientKey.privateKey);
    const jwk = { ...(await exportJWK(clientKey.publicKey)), ...(d === undefined ? {} : { d }) };
    const leaky = await new SignJWT({ htu: TARGET, htm: 'POST', iat: nowS(), jti: randomUUID(), ath: hash(good) })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .sign(clientKey.privateKey);
    expect(await refusal(good, leaky)).toMatch(/public/);
  });
});

describe('an issuer that cannot be asked', () => {
  it('is a failure of ours, not a refusal of the caller', async () => {
    const unreachable = new SystemTokens(database.unitOfWork, {
      issuer: 'http://127.0.0.1:1',
      audience: AUDIENCE,
      publicUrl: PUBLIC_URL,
    });
    const good = await token();
    const outcome = await unreachable.clientIdOf(request(good, await proof(good))).catch((error: unknown) => error);
    expect(outcome).toHaveProperty('message');
    expect(isRefusal(outcome)).toBe(false);
  });
});
