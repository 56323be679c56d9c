export interface Token {
  readonly kind: 'number' | 'date' | 'text' | 'name' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
}

const TOKEN =
  /\s*(?:(\d{4}-\d{2}-\d{2})|(\d+(?:\.\d+)?%?)|'([^']*)'|"([^"]*)"|([A-Za-z]\w*(?:-[A-Za-z0-9]+)*(?:\.[A-Za-z]\w*)*)|(<=|>=|!=|[-+*/()[\]<>=,]))/y;
const KINDS = ['date', 'number', 'text', 'text', 'name', 'symbol'] as const;

const FORMULA_LENGTH_MAX = 4000;

/** Splits a formula. A name with hyphens is one name (`plan-agreed`): a minus has blanks around it. */
export function tokenize(text: string, wrong: (at: number, message: string) => Error): readonly Token[] {
  if (text.length > FORMULA_LENGTH_MAX) throw wrong(0, `a formula has at most ${FORMULA_LENGTH_MAX} characters.`);
  const tokens: Token[] = [];
  const length = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) {
      const at = start + (text.slice(start).length - text.slice(start).trimStart().length);
      throw wrong(at, `"${text[at] ?? ''}" cannot be read here.`);
    }
    const groups: readonly (string | undefined)[] = match;
    const index = groups.findIndex((group, position) => position > 0 && group !== undefined);
    const found = match[index] ?? '';
    const kind = KINDS[index - 1] ?? 'symbol';
    const quotes = kind === 'text' ? 2 : 0;
    tokens.push({ kind, text: found, at: TOKEN.lastIndex - found.length - quotes });
  }
  return tokens;
}
