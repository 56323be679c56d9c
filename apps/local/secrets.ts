import { createPrivateKey, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

/** What only the hub may know, each in a file that only its owner can read; made on the first start. */
export interface Secrets {
  readonly databasePassword: string;
  readonly pairwiseKey: Buffer;
  readonly hubKey: {
    readonly privateKey: CryptoKeyOf;
    readonly publicJwk: JWK;
    /** PKCS #8, for a process that is told it as a setting. */
    readonly pem: string;
  };
  /** Any further secret by its name, made where it is missing. */
  text(name: string): string;
}

const KEY_BYTES = 32;

type CryptoKeyOf = Exclude<Awaited<ReturnType<typeof importJWK>>, Uint8Array>;

export async function openSecrets(folder: string): Promise<Secrets> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const text = (name: string): string =>
    readOrMake(join(folder, name), () => randomBytes(KEY_BYTES).toString('base64url'));
  const stored = join(folder, 'hub-key.json');
  if (!existsSync(stored)) {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    write(
      stored,
      JSON.stringify({ ...(await exportJWK(privateKey)), alg: 'ES256', kid: randomBytes(8).toString('hex') }),
    );
  }
  const key = JSON.parse(readFileSync(stored, 'utf8')) as JWK;
  const publicJwk = Object.fromEntries(Object.entries(key).filter(([name]) => name !== 'd'));
  const privateKey = await importJWK(key, 'ES256');
  if (privateKey instanceof Uint8Array) throw new Error('The hub key is not a private key.');
  const pairwiseKey = Buffer.from(text('pairwise-key'), 'base64url');
  if (pairwiseKey.length < KEY_BYTES) throw new Error('The pairwise key is too short.');
  return {
    databasePassword: text('database-password'),
    pairwiseKey,
    hubKey: { privateKey, publicJwk, pem: pemOf(key) },
    text,
  };
}

function readOrMake(file: string, make: () => string): string {
  if (!existsSync(file)) write(file, make());
  return readFileSync(file, 'utf8').trim();
}

const write = (file: string, content: string): void => writeFileSync(file, `${content}\n`, { mode: 0o600 });

const pemOf = (key: JWK): string =>
  createPrivateKey({ key, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }).toString();
