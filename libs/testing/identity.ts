import { generateKeyPairSync, webcrypto } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HUB_CLIENT_ID, startIdentity, type Identity, type IdentityOptions } from '#apps/identity/identity.js';
import { freePort } from './free-port.js';

/** The embedded OpenID provider beside a hub under test, and what the hub needs to know of it. */
export interface TestIdentity extends Identity {
  readonly hubClient: { readonly clientId: string; readonly clientKey: webcrypto.CryptoKey };
}

/** Starts the provider on a free port, its keys in a folder that `stop` removes. */
export async function startTestIdentity(
  options: Pick<IdentityOptions, 'audience' | 'accounts' | 'findClient'> & { readonly publicUrl: string },
): Promise<TestIdentity> {
  const keysDir = await mkdtemp(join(tmpdir(), 'liaison-identity-'));
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const clientKey = await webcrypto.subtle.importKey('jwk', privateKey.export({ format: 'jwk' }), algorithm, false, [
    'sign',
  ]);
  const identity = await startIdentity({
    ...options,
    port: await freePort(),
    keysDir,
    redirectUris: [new URL('/sign-in/callback', options.publicUrl).href],
    hubPublicJwk: publicKey.export({ format: 'jwk' }),
  });
  return {
    issuer: identity.issuer,
    hubClient: { clientId: HUB_CLIENT_ID, clientKey },
    stop: async () => {
      await identity.stop();
      await rm(keysDir, { recursive: true, force: true });
    },
  };
}
