import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { HubError } from '#libs/kernel/index.js';
import { exactJson, readJson, unreadable } from './files.js';

/** A line of facts is a case; longer ones are refused. */
const LINE_LENGTH_MAX = 2_000_000;

/** One case of a programme's facts, and where it stands. */
export interface PlacedCase {
  readonly place: string;
  readonly body: unknown;
}

/**
 * The cases of a file, as "tariff facts" writes them: one a line, read as a stream, or one JSON list. Errors: `cli.file`, `case.shape`
 * with the line of what is no JSON, and for a file in which there is nobody.
 */
export async function* casesOf(file: string): AsyncGenerator<PlacedCase> {
  let number = 0;
  let found = false;
  try {
    for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
      number += 1;
      // A byte order mark is a blank, too.
      const text = line.trim();
      if (text === '') continue;
      if (!found && text.startsWith('[')) {
        yield* listed(file);
        return;
      }
      found = true;
      yield parsed(text, `${file}:${number}`);
    }
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall === undefined ? error : unreadable(file, error);
  }
  if (!found) throw nobodyIn(file);
}

function parsed(line: string, place: string): PlacedCase {
  if (line.length > LINE_LENGTH_MAX)
    throw new HubError('case.shape', `${place}: longer than ${LINE_LENGTH_MAX} characters.`);
  try {
    return { place, body: exactJson(line) };
  } catch (error) {
    throw new HubError('case.shape', `${place} is not JSON: ${(error as Error).message}`);
  }
}

function* listed(file: string): Generator<PlacedCase> {
  const list = readJson(file) as readonly unknown[];
  if (list.length === 0) throw nobodyIn(file);
  for (const [index, body] of list.entries()) yield { place: `${file}: case ${index + 1}`, body };
}

const nobodyIn = (file: string): HubError =>
  new HubError('case.shape', `There is nobody in ${file}: it holds no case.`);
