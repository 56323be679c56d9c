// node deploy/secrets.mjs [folder]: makes what compose.yaml needs and nobody else may know, each in a file of deploy/secrets; what is
// there already stays. Built-ins only.
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2] ?? join(here, 'secrets');
const PASSWORD_BYTES = 24;
const PAIRWISE_KEY_BYTES = 32;

// The folder is its owner's alone. What is in it can be read by whoever it is mounted for: inside a container that is another user.
mkdirSync(join(folder, 'realm'), { recursive: true });
chmodSync(folder, 0o700);
chmodSync(join(folder, 'realm'), 0o755);

function kept(name, make) {
  const file = join(folder, name);
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o400 });
  chmodSync(file, 0o444);
  return readFileSync(file, 'utf8').trim();
}

const password = () => randomBytes(PASSWORD_BYTES).toString('hex');
const privateKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });

/** The realm with the hub's public key and one password for all of its first users. */
function realm(clientKey, staffPassword) {
  const read = JSON.parse(readFileSync(join(here, 'keycloak', 'liaison-realm.json'), 'utf8'));
  const jwk = createPublicKey(createPrivateKey(clientKey)).export({ format: 'jwk' });
  const keys = [{ ...jwk, use: 'sig', alg: 'ES256', kid: 'liaison-hub' }];
  for (const client of read.clients) client.attributes['jwks.string'] = JSON.stringify({ keys });
  const credentials = [{ type: 'password', value: staffPassword, temporary: false }];
  return JSON.stringify({ ...read, users: read.users.map((user) => ({ ...user, credentials })) }, null, 2);
}

const ownerPassword = kept('owner-password', password);
const appPassword = kept('app-password', password);
kept('owner-url', () => `postgres://postgres:${ownerPassword}@postgres:5432/liaison`);
kept('database-url', () => `postgres://liaison_app:${appPassword}@postgres:5432/liaison`);
kept('pairwise-key', () => randomBytes(PAIRWISE_KEY_BYTES).toString('base64url'));
kept('keycloak-admin-password', password);
const clientKey = kept('client-key', privateKey);
const staffPassword = kept('staff-password', password);
kept('realm/liaison-realm.json', () => realm(clientKey, staffPassword));
console.log(`The secrets of compose.yaml are in ${folder}; staff-password is that of every first user.`);
