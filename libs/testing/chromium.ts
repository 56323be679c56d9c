import { existsSync } from 'node:fs';
import chromium from '@sparticuz/chromium';

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * Where a Chromium is, in this order: `LIAISON_CHROMIUM`, the npm package (Linux on x64), one that is installed. Where there is none
 * it says so in one line and answers undefined; in CI that is an error.
 */
export async function chromiumPath(): Promise<string | undefined> {
  const given = process.env['LIAISON_CHROMIUM'];
  if (given !== undefined && given !== '') return given;
  if (process.platform === 'linux' && process.arch === 'x64') return chromium.executablePath();
  const installed = INSTALLED.find((path) => existsSync(path));
  if (installed !== undefined) return installed;
  const sentence = 'Journeys at a browser did not run: set LIAISON_CHROMIUM to the path of a Chromium or Chrome.';
  if (process.env['CI'] === 'true') throw new Error(sentence);
  process.stderr.write(`${sentence}\n`);
  return undefined;
}
