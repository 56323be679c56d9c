import { decimal, HubError, type Decimal } from '#libs/kernel/index.js';

/** A number (exact), a text or day, a truth, or nothing. */
export type Value = Decimal | string | boolean | null;

/** Where names get their values. */
export interface Scope {
  name(name: string): Value;
  call(name: string, args: readonly Value[]): Value;
}

export type Expression = (scope: Scope) => Value;

export class ExpressionError extends HubError {
  constructor(text: string, at: number, message: string) {
    super('tariff.expression', `In "${text}", at character ${at + 1}: ${message}`);
  }
}

type Token = {
  readonly kind: 'number' | 'text' | 'name' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
};

const TOKEN = /\s*(?:(\d+(?:\.\d+)?%?)|'([^']*)'|([A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)*)|(<=|>=|!=|[-+*/()<>=,]))/y;

/**
 * Compiles arithmetic that a person can read: `if group = 'raised' then voucherValue else 2500`, `m + max(0, index - 0.5) * 2 * (M - m)`,
 * `weeklyHours >= 15 and insured`, `contractType in ('OPEN_ENDED', 'APPRENTICESHIP')`. Numbers are exact; nothing is rounded here.
 * A name with hyphens is one name: put blanks around a minus.
 */
export function compileExpression(text: string): Expression {
  return new Parser(text).whole();
}

class Parser {
  private readonly tokens: readonly Token[];
  private position = 0;

  constructor(private readonly text: string) {
    this.tokens = tokenize(text);
  }

  whole(): Expression {
    const expression = this.choice();
    if (this.peek.kind !== 'end') throw this.error('nothing more is expected here.');
    return expression;
  }

  private get peek(): Token {
    return this.tokens[this.position] ?? { kind: 'end', text: '', at: this.text.length };
  }

  private error(message: string): ExpressionError {
    return new ExpressionError(this.text, this.peek.at, message);
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

  private choice(): Expression {
    if (this.accept('if') === undefined) return this.or();
    const condition = this.or();
    this.expect('then');
    const yes = this.choice();
    this.expect('else');
    const no = this.choice();
    return (scope) => (truth(condition(scope)) ? yes(scope) : no(scope));
  }

  private or(): Expression {
    let left = this.and();
    while (this.accept('or') !== undefined) {
      const [a, b] = [left, this.and()];
      left = (scope) => truth(a(scope)) || truth(b(scope));
    }
    return left;
  }

  private and(): Expression {
    let left = this.not();
    while (this.accept('and') !== undefined) {
      const [a, b] = [left, this.not()];
      left = (scope) => truth(a(scope)) && truth(b(scope));
    }
    return left;
  }

  private not(): Expression {
    if (this.accept('not') === undefined) return this.comparison();
    const inner = this.not();
    return (scope) => !truth(inner(scope));
  }

  private comparison(): Expression {
    const left = this.sum();
    const operator = this.accept('=', '!=', '<=', '>=', '<', '>', 'in');
    if (operator === undefined) return left;
    if (operator === 'in') {
      this.expect('(');
      const options = this.list();
      return (scope) => {
        const value = left(scope);
        return options.some((option) => equal(value, option(scope)));
      };
    }
    const right = this.sum();
    return (scope) => compare(operator, left(scope), right(scope));
  }

  private sum(): Expression {
    let left = this.product();
    for (let operator = this.accept('+', '-'); operator !== undefined; operator = this.accept('+', '-')) {
      const [a, b, plus] = [left, this.product(), operator === '+'];
      left = (scope) => (plus ? number(a(scope)).add(number(b(scope))) : number(a(scope)).sub(number(b(scope))));
    }
    return left;
  }

  private product(): Expression {
    let left = this.unary();
    for (let operator = this.accept('*', '/'); operator !== undefined; operator = this.accept('*', '/')) {
      const [a, b, times] = [left, this.unary(), operator === '*'];
      left = (scope) => (times ? number(a(scope)).mul(number(b(scope))) : divide(number(a(scope)), number(b(scope))));
    }
    return left;
  }

  private unary(): Expression {
    if (this.accept('-') === undefined) return this.primary();
    const inner = this.unary();
    return (scope) => number(inner(scope)).neg();
  }

  private primary(): Expression {
    const token = this.peek;
    if (this.accept('(') !== undefined) {
      const inner = this.choice();
      this.expect(')');
      return inner;
    }
    this.position += 1;
    if (token.kind === 'number') return constant(percentOrNumber(token.text));
    if (token.kind === 'text') return constant(token.text);
    if (token.kind !== 'name') {
      this.position -= 1;
      throw this.error('a number, a name, a text in quotes or "(" is expected.');
    }
    if (token.text === 'true' || token.text === 'false') return constant(token.text === 'true');
    if (token.text === 'none') return constant(null);
    if (this.accept('(') === undefined) return (scope) => scope.name(token.text);
    const args = this.list();
    return (scope) =>
      scope.call(
        token.text,
        args.map((argument) => argument(scope)),
      );
  }

  /** Expressions up to the closing bracket. */
  private list(): readonly Expression[] {
    const items: Expression[] = [];
    if (this.accept(')') !== undefined) return items;
    do items.push(this.choice());
    while (this.accept(',') !== undefined);
    this.expect(')');
    return items;
  }
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new ExpressionError(text, start, 'this cannot be read.');
    const [whole, digits, quoted, name, symbol] = match;
    const at = start + whole.length - whole.trimStart().length;
    if (digits !== undefined) tokens.push({ kind: 'number', text: digits, at });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted, at });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, at });
    else tokens.push({ kind: 'symbol', text: symbol ?? '', at });
  }
  return tokens;
}

const constant =
  (value: Value): Expression =>
  () =>
    value;

const percentOrNumber = (text: string): Decimal =>
  text.endsWith('%') ? decimal(text.slice(0, -1)).div(100) : decimal(text);

/** A number, or a text that is one: terms and attributes come as text. */
export function number(value: Value): Decimal {
  if (typeof value === 'string') return decimal(value);
  if (value === null || typeof value === 'boolean') {
    throw new HubError(
      'tariff.type',
      `A number is needed where there is ${value === null ? 'nothing' : 'a yes or no'}.`,
    );
  }
  return value;
}

export function truth(value: Value): boolean {
  if (typeof value !== 'boolean')
    throw new HubError('tariff.type', 'A yes or no is needed: compare the value with something.');
  return value;
}

function divide(a: Decimal, b: Decimal): Decimal {
  if (b.equals(0)) throw new HubError('tariff.division', 'Division by zero.');
  return a.div(b);
}

/** Numbers by size, texts and days as written; nothing equals nothing only. */
function equal(a: Value, b: Value): boolean {
  if (isNumber(a) || isNumber(b)) return a !== null && b !== null && number(a).equals(number(b));
  return a === b;
}

function compare(operator: string, a: Value, b: Value): boolean {
  if (operator === '=') return equal(a, b);
  if (operator === '!=') return !equal(a, b);
  // What is not known is neither more nor less than anything.
  if (a === null || b === null) return false;
  const order = isNumber(a) || isNumber(b) ? number(a).compare(number(b)) : a < b ? -1 : a > b ? 1 : 0;
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}

const isNumber = (value: Value): value is Decimal => typeof value === 'object' && value !== null;
