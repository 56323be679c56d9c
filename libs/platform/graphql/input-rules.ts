import { HubError, isUuid } from '#libs/kernel/index.js';

/** Names that end like an id and are words of somebody else: a tariff, a national register, a partner's own numbering. */
const WORDS: readonly string[] = ['tariffId', 'nationalId', 'externalId', 'feeId', 'endToEndId'];
/** Each organisation knows a person by an id of its own, which says nothing to anybody else and is no UUID. */
export const PAIRWISE: readonly string[] = ['personId'];
const OTHERS: ReadonlySet<string> = new Set([...WORDS, ...PAIRWISE]);

/** Does a field of an input hold a UUID (or several) that the hub has given? A house rule holds the schema to these names. */
export const isIdField = (name: string): boolean => /(?:^i|[a-z]I)ds?$/.test(name) && !OTHERS.has(name);

/**
 * What is wrong with an input whatever it is about: an id that is none, and the one character that PostgreSQL keeps in no text.
 * Errors: `id.invalid`, `text.invalid`, each with its field.
 */
export function checkInput(value: unknown, path = 'input', idField = false): void {
  if (typeof value === 'string') {
    if (idField && !isUuid(value))
      throw new HubError('id.invalid', 'An id is a lower-case UUID, as the hub gave it.', { field: path });
    if (value.includes('\0')) throw new HubError('text.invalid', 'Text holds no NUL character.', { field: path });
  } else if (Array.isArray(value)) {
    value.forEach((each, index) => checkInput(each, `${path}.${index}`, idField));
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, each] of Object.entries(value)) checkInput(each, `${path}.${name}`, isIdField(name));
  }
}
