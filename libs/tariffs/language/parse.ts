import { HubError } from '#libs/kernel/index.js';
import { tokenize, type Token } from './tokens.js';

/** A formula as it was written. `at` is the character it begins with. */
export type Ast =
  | { readonly kind: 'number'; readonly text: string; readonly at: number }
  | { readonly kind: 'text'; readonly text: string; readonly at: number }
  | { readonly kind: 'date'; readonly text: string; readonly at: number }
  | { readonly kind: 'duration'; readonly count: number; readonly unit: string; readonly at: number }
  | { readonly kind: 'word'; readonly word: 'true' | 'false' | 'none' | 'unknown'; readonly at: number }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Ast[]; readonly at: number }
  | { readonly kind: 'cell'; readonly name: string; readonly args: readonly Ast[]; readonly at: number }
  | { readonly kind: 'at'; readonly what: Ast; readonly when: Ast; readonly at: number }
  | { readonly kind: 'where'; readonly days: Ast; readonly condition: Ast; readonly at: number }
  | { readonly kind: 'unary'; readonly operator: '-' | 'not'; readonly inner: Ast; readonly at: number }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Ast;
      readonly right: Ast;
      readonly at: number;
    }
  | { readonly kind: 'between'; readonly what: Ast; readonly low: Ast; readonly high: Ast; readonly at: number }
  | { readonly kind: 'in'; readonly what: Ast; readonly options: readonly Ast[]; readonly at: number }
  | { readonly kind: 'if'; readonly test: Ast; readonly yes: Ast; readonly no: Ast; readonly at: number };

export type BinaryOperator = 'or' | 'and' | '=' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/';

const CURRENCY = 'the currency stands at the top of the document, here stands the number alone';

/** What people write as they would elsewhere, after which text, and what it is here. */
const ELSEWHERE: readonly (readonly [after: RegExp, found: RegExp, right: string])[] = [
  [/=\s*$/, /^=/, 'write = for "is equal to"'],
  [/=\s*$/, /^>/, 'write >='],
  [/=\s*$/, /^</, 'write <='],
  [/$/, /^≥/, 'write >='],
  [/$/, /^≤/, 'write <='],
  [/$/, /^≠/, 'write !='],
  [/$/, /^×/, 'write *'],
  [/$/, /^÷/, 'write /'],
  [/$/, /^[–−]/, 'write - with blanks around it'],
  [/$/, /^(AND|&&?)(?!\w)/i, 'write and'],
  [/$/, /^(OR|\|\|?)(?!\w)/i, 'write or'],
  [/\d\s+$/, /^%/, 'write the % right after the number'],
  [/$/, /^\p{Sc}/u, CURRENCY],
  [/\d\s*$/, /^[A-Z]{3}(?!\w)/, CURRENCY],
];

const THOUSANDS = { before: /\d{1,3}(?:[ ,]\d{3})*[ ,]?$/, after: /^,?\d{3}(?:[ ,]\d{3})*(?!\d)/ };

/** What would be right at a place where a formula cannot go on; undefined where nobody can say what was meant. */
function meantAt(text: string, at: number): string | undefined {
  const [before, rest] = [text.slice(0, at), text.slice(at)];
  const [start] = THOUSANDS.before.exec(before) ?? [];
  const [end] = THOUSANDS.after.exec(rest) ?? [];
  if (start !== undefined && end !== undefined) return `write ${`${start}${end}`.replace(/[ ,]/g, '')}, digits only`;
  return ELSEWHERE.find(([after, found]) => after.test(before) && found.test(rest))?.[2];
}

export class FormulaError extends HubError {
  constructor(text: string, at: number, message: string) {
    super('tariff.formula', `In "${around(text, at)}", at character ${at + 1}: ${message}`);
  }
}

/** What is shown of a long formula: what stands before and after the place. */
const SHOWN = { whole: 120, before: 40, after: 60 };

function around(text: string, at: number): string {
  if (text.length <= SHOWN.whole) return text;
  const [from, to] = [Math.max(0, at - SHOWN.before), at + SHOWN.after];
  return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
}

/** The deepest nesting of a formula: brackets, if, not. */
const DEPTH_MAX = 60;

/** Reads a formula, for example `50% of paid(placement)`, `if on <= 2016-12-31 then 2 * bonus else bonus`. Error: `tariff.formula`. */
export function parseFormula(text: string): Ast {
  return new Parser(text).whole();
}

class Parser {
  private readonly tokens: readonly Token[];
  private position = 0;
  private depth = 0;

  constructor(private readonly text: string) {
    this.tokens = tokenize(text, (at, message) => this.error(message, at));
  }

  whole(): Ast {
    const formula = this.choice();
    if (this.peek.kind !== 'end') throw this.error(`"${this.peek.text}" is not expected here.`);
    return formula;
  }

  private get peek(): Token {
    return this.tokens[this.position] ?? { kind: 'end', text: '', at: this.text.length };
  }

  private error(message: string, at = this.peek.at): FormulaError {
    const meant = meantAt(this.text, at);
    return new FormulaError(this.text, at, meant === undefined ? message : `${message.replace(/\.$/, '')}: ${meant}.`);
  }

  private accept(...texts: readonly string[]): string | undefined {
    const { kind, text } = this.peek;
    if ((kind !== 'symbol' && kind !== 'name') || !texts.includes(text)) return undefined;
    this.position += 1;
    return text;
  }

  private expect(text: string): void {
    if (this.accept(text) === undefined) throw this.error(`"${text}" is expected.`);
  }

  private choice(): Ast {
    this.depth += 1;
    if (this.depth > DEPTH_MAX) throw this.error(`nested deeper than ${DEPTH_MAX}: give parts of it a name.`);
    const { at } = this.peek;
    const result: Ast = this.accept('if') === undefined ? this.either() : this.conditional(at);
    this.depth -= 1;
    return result;
  }

  private conditional(at: number): Ast {
    const test = this.either();
    this.expect('then');
    const yes = this.choice();
    this.expect('else');
    return { kind: 'if', test, yes, no: this.choice(), at };
  }

  private either(): Ast {
    return this.leftToRight(['or'], () => this.leftToRight(['and'], () => this.negation()));
  }

  private leftToRight(operators: readonly BinaryOperator[], operand: () => Ast): Ast {
    let left = operand();
    for (;;) {
      const { at } = this.peek;
      const operator = this.accept(...operators) as BinaryOperator | undefined;
      if (operator === undefined) return left;
      left = { kind: 'binary', operator, left, right: operand(), at };
    }
  }

  private negation(): Ast {
    const { at } = this.peek;
    if (this.accept('not') === undefined) return this.comparison();
    this.depth += 1;
    if (this.depth > DEPTH_MAX) throw this.error(`nested deeper than ${DEPTH_MAX}: give parts of it a name.`);
    const inner = this.negation();
    this.depth -= 1;
    return { kind: 'unary', operator: 'not', inner, at };
  }

  private comparison(): Ast {
    const left = this.sum();
    const { at } = this.peek;
    const operator = this.accept('=', '!=', '<=', '>=', '<', '>', 'in', 'between');
    if (operator === undefined) return left;
    if (operator === 'in') {
      this.expect('(');
      return { kind: 'in', what: left, options: this.list(')'), at };
    }
    if (operator === 'between') {
      const low = this.sum();
      this.expect('and');
      return { kind: 'between', what: left, low, high: this.sum(), at };
    }
    return { kind: 'binary', operator: operator as BinaryOperator, left, right: this.sum(), at };
  }

  private sum(): Ast {
    return this.leftToRight(['+', '-'], () => this.product());
  }

  private product(): Ast {
    let left = this.unary();
    for (;;) {
      const { at } = this.peek;
      const operator = this.accept('*', '/', 'of');
      if (operator === undefined) return left;
      left = { kind: 'binary', operator: operator === '/' ? '/' : '*', left, right: this.unary(), at };
    }
  }

  private unary(): Ast {
    const { at } = this.peek;
    if (this.accept('-') === undefined) return this.suffixed();
    return { kind: 'unary', operator: '-', inner: this.suffixed(), at };
  }

  /** `wage at started`, `employment where (insured)`. */
  private suffixed(): Ast {
    let inner = this.primary();
    for (;;) {
      const { at } = this.peek;
      if (this.accept('at') !== undefined) inner = { kind: 'at', what: inner, when: this.primary(), at };
      else if (this.accept('where') !== undefined) {
        this.expect('(');
        inner = { kind: 'where', days: inner, condition: this.choice(), at };
        this.expect(')');
      } else return inner;
    }
  }

  private primary(): Ast {
    const token = this.peek;
    const { at } = token;
    if (this.accept('(') !== undefined) {
      const inner = this.choice();
      this.expect(')');
      return inner;
    }
    if (token.kind === 'symbol' || token.kind === 'end')
      throw this.error('a number, a day, a name, a text in quotes or "(" is expected.');
    this.position += 1;
    switch (token.kind) {
      case 'number':
        return this.counted(token);
      case 'date':
        return { kind: 'date', text: token.text, at };
      case 'text':
        return { kind: 'text', text: token.text, at };
      case 'name':
        return this.named(token.text, at);
    }
  }

  /** A number, or a number of days, weeks, … */
  private counted(token: Token): Ast {
    const next = this.peek;
    const unit = /^(day|week|month|quarter|year)s?$/.exec(next.text)?.[1];
    if (next.kind === 'name' && unit !== undefined && /^\d{1,5}$/.test(token.text)) {
      this.position += 1;
      return { kind: 'duration', count: Number(token.text), unit, at: token.at };
    }
    const after = this.tokens[this.position + 1];
    if (next.text === 'working' && /^days?$/.test(after?.text ?? '') && /^\d{1,5}$/.test(token.text)) {
      this.position += 2;
      return { kind: 'duration', count: Number(token.text), unit: 'working day', at: token.at };
    }
    return { kind: 'number', text: token.text, at: token.at };
  }

  private named(name: string, at: number): Ast {
    if (name === 'true' || name === 'false' || name === 'none' || name === 'unknown')
      return { kind: 'word', word: name, at };
    if (RESERVED.has(name)) throw this.error(`"${name}" cannot stand here.`, at);
    if (this.accept('(') !== undefined) return { kind: 'call', name, args: this.list(')'), at };
    if (this.accept('[') !== undefined) return { kind: 'cell', name, args: this.list(']'), at };
    return { kind: 'name', name, at };
  }

  private list(closing: ')' | ']'): readonly Ast[] {
    const items: Ast[] = [];
    if (this.accept(closing) !== undefined) return items;
    do items.push(this.choice());
    while (this.accept(',') !== undefined);
    this.expect(closing);
    return items;
  }
}

/** Words of the language: nothing that a tariff declares may be called so. */
export const RESERVED: ReadonlySet<string> = new Set([
  ...[
    'if',
    'then',
    'else',
    'and',
    'or',
    'not',
    'in',
    'between',
    'of',
    'at',
    'where',
    'true',
    'false',
    'none',
    'unknown',
  ],
]);
