import { InvalidArgumentError } from 'commander';
import { isUuid } from '#libs/kernel/index.js';

/** An option that is an id. */
export function readId(text: string): string {
  if (!isUuid(text)) throw new InvalidArgumentError('An id is a lower-case UUID.');
  return text;
}
