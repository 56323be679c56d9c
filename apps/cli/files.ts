import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HubError } from '#libs/kernel/index.js';

/** Largest file a command reads at once. Facts of a programme are streamed and have no such limit. */
const FILE_BYTES_MAX = 20_000_000;

/** The bytes of a file the user named, for formats that say their own encoding. Errors: `cli.file`, `cli.file-size`. */
export function readBytes(path: string): Buffer {
  try {
    const { size } = statSync(path);
    if (size > FILE_BYTES_MAX) {
      const message = `${path} has ${size} bytes: a file of at most ${FILE_BYTES_MAX} is read.`;
      throw new HubError('cli.file-size', message, { field: path });
    }
    return readFileSync(path);
  } catch (error) {
    if (error instanceof HubError) throw error;
    throw unreadable(path, error);
  }
}

/** The system does not give a file. */
export const unreadable = (path: string, error: unknown): HubError =>
  new HubError('cli.file', `${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}.`, {
    field: path,
    cause: error,
  });

/** The text of a file the user named, without its byte order mark. Errors: as of `readBytes`, and `cli.encoding`. */
export function readText(path: string): string {
  const bytes = readBytes(path);
  try {
    if (!bytes.includes(0)) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // The decoder says no more than that it could not.
  }
  throw new HubError('cli.encoding', `${path} is no text in UTF-8: save it with that encoding.`, { field: path });
}

/** A JSON file the user named. Errors: as of `readText`, and `cli.json` with what is wrong where. */
export function readJson(path: string): unknown {
  const text = readText(path);
  if (text.trim() === '') throw new HubError('cli.json', `${path} is empty.`, { field: path });
  try {
    return exactJson(text);
  } catch (error) {
    throw new HubError('cli.json', `${path} is not JSON: ${(error as Error).message}`, { field: path, cause: error });
  }
}

type ExactReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const keepSource: ExactReviver = (_key, value, { source }) =>
  typeof value === 'number' && !Number.isSafeInteger(value) ? source : value;

/**
 * JSON whose numbers with a point stay text, as they were written: no binary fraction touches money. Error: a `SyntaxError`, also for
 * a key that stands twice in one object: which one was meant nobody knows.
 */
export function exactJson(text: string): unknown {
  const body: unknown = JSON.parse(text, keepSource as Parameters<typeof JSON.parse>[1]);
  refuseTwins(text);
  return body;
}

const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g;

/** Looks at keys and braces only: that the rest is JSON is known already. */
function refuseTwins(text: string): void {
  const open: Set<string>[] = [];
  for (const { 0: token, 1: colon, index } of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(token.slice(0, -colon.length)) as string;
      if (open.at(-1)?.has(key) === true)
        throw new SyntaxError(`line ${text.slice(0, index).split('\n').length}: the key "${key}" stands twice.`);
      open.at(-1)?.add(key);
    }
  }
}

/** A folder of the checkout, from the sources as from `dist`. */
export function projectFolder(name: string): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, name))) return join(folder, name);
  }
  throw new HubError('cli.file', `There is no folder "${name}" beside the program.`);
}
