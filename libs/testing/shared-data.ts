import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url));
const said = new Set<string>();

/**
 * The absolute path of a real sample, for example `sharedData('05-iso20022/xsd')`, or undefined with one line on the console where
 * the samples are absent: they are not part of the product. They stand in `../shared/data` beside the checkout, or where
 * `LIAISON_SHARED_DATA` says. Throws where `CI` is `true`: there nothing may be skipped.
 */
export function sharedData(path: string): string | undefined {
  const given = process.env['LIAISON_SHARED_DATA'];
  const folder = given === undefined || given === '' ? join(CHECKOUT, '..', 'shared', 'data') : resolve(given);
  if (isAbsolute(path) || path.split('/').includes('..')) throw new Error(`"${path}" leaves the folder of samples.`);
  const found = join(folder, path);
  if (existsSync(found)) return found;
  const message = `Skipped: no real samples at ${found} (set LIAISON_SHARED_DATA to the folder that holds them).`;
  if (process.env['CI'] === 'true') throw new Error(message);
  if (!said.has(path)) process.stderr.write(`${message}\n`);
  said.add(path);
  return undefined;
}
