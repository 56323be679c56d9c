import { HubError, isUuid } from '#libs/kernel/index.js';
import { LIMITS } from './limits.js';

/** Names that end like an id and are words of somebody else: a tariff, a national register, a partner's own numbering. */
const WORDS: readonly string[] = ['tariffId', 'nationalId', 'externalId', 'feeId', 'endToEndId'];
/** Each organisation knows a person by an id of its own, which says nothing to anybody else and is no UUID. */
export const PAIRWISE: readonly string[] = ['personId'];
const OTHERS: ReadonlySet<string> = new Set([...WORDS, ...PAIRWISE]);

/** Does a field of an input hold a UUID (or several) that the hub has given? A house rule holds the schema to these names. */
export const isIdField = (name: string): boolean => /(?:^i|[a-z]I)ds?$/.test(name) && !OTHERS.has(name);

/** Texts that say more than a name does. */
const LONG: readonly string[] = ['reason', 'answer', 'note', 'publicJwk'];
/** Whole documents: the size of the request limits them. */
const DOCUMENTS: readonly string[] = ['document', 'content'];

function lengthMax(name: string): number {
  if (DOCUMENTS.includes(name)) return LIMITS.bodyBytes;
  return LONG.includes(name) ? LIMITS.longTextCharacters : LIMITS.textCharacters;
}

/**
 * What is wrong with an input whatever it is about: an id that is none, the one character that PostgreSQL keeps in no text, and more
 * text than anybody reads. Errors: `id.invalid`, `text.invalid`, `text.too-long`, each with its field.
 */
export const checkInput = (input: unknown): void =>
  eachText(input, 'input', '', (text, path, name) => {
    if (isIdField(name) && !isUuid(text))
      throw new HubError('id.invalid', 'An id is a lower-case UUID, as the hub gave it.', { field: path });
    if (text.includes('\0')) throw new HubError('text.invalid', 'Text holds no NUL character.', { field: path });
    if (text.length > lengthMax(name))
      throw new HubError('text.too-long', `This text has at most ${lengthMax(name)} characters.`, { field: path });
  });

/** Error: `text.blank`, with its field. */
export const checkSaysSomething = (input: unknown): void =>
  eachText(input, 'input', '', (text, path) => {
    if (text.trim() === '')
      throw new HubError('text.blank', 'This text is empty: say something, or leave an optional field out.', {
        field: path,
      });
  });

/** Calls for each text of an input, with where it stands and the name of the field that it, or its list, stands under. */
function eachText(
  value: unknown,
  path: string,
  name: string,
  check: (text: string, path: string, name: string) => void,
): void {
  if (typeof value === 'string') check(value, path, name);
  else if (Array.isArray(value)) value.forEach((each, index) => eachText(each, `${path}.${index}`, name, check));
  else if (typeof value === 'object' && value !== null)
    for (const [key, each] of Object.entries(value)) eachText(each, `${path}.${key}`, key, check);
}
