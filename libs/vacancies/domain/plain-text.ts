const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  aring: 'å',
  Aring: 'Å',
  aelig: 'æ',
  AElig: 'Æ',
  oslash: 'ø',
  Oslash: 'Ø',
  auml: 'ä',
  Auml: 'Ä',
  ouml: 'ö',
  Ouml: 'Ö',
  eacute: 'é',
  ndash: '–',
  hellip: '…',
};
const CODE_POINT_MAX = 0x10ffff;

/** The words of an HTML fragment as plain text: a line for each block, nothing that a browser would run. */
export function plainText(html: string): string {
  return html
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/<(?:br|\/p|\/li|\/h[1-6]|\/div|\/tr)\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, '')
    .replace(
      /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi,
      (whole, decimal?: string, hex?: string, name?: string) =>
        name === undefined
          ? character(Number.parseInt(hex ?? decimal ?? '', hex === undefined ? 10 : 16))
          : (ENTITIES[name] ?? whole),
    )
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ *\n[ \n]*/g, '\n')
    .trim();
}

const character = (code: number): string => (code > 0 && code <= CODE_POINT_MAX ? String.fromCodePoint(code) : '');

const MAIL = /[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu;
/** Eight digits or more, grouped as people write them; never a day such as 2018-12-02 or years such as 2018/2019. */
const PHONE =
  /(?<![\p{L}\d.,/-])(?!\d{4}-\d{2}-\d{2}(?!\d)|(?:19|20)\d{2}[/-](?:19|20)\d{2}(?!\d))(?:\+|00)?\d(?:[ ()/-]{0,2}\d){7,14}(?![\p{L}\d])/gu;

/** Takes the ways to reach a person out of a text: a mail address or a telephone number becomes `[at the source]`. */
export const withoutContacts = (text: string): string =>
  text.replace(MAIL, '[at the source]').replace(PHONE, '[at the source]');

const WORDS_MAX = 10;

/** The words of a search, lower-case, at most ten: `Elektriker, Oslo!` → `elektriker`, `oslo`. */
export const searchWords = (text: string): string[] =>
  (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, WORDS_MAX);
