import { FUNCTIONS, type ParameterKind } from '../language/functions.js';
import type { Formula, TariffDocument } from '../document/document.js';
import { parseFormula, type Ast, type BinaryOperator } from '../language/parse.js';
import type { Type } from '../language/value.js';
import {
  fieldWords,
  FUNCTION_WORDS,
  listed,
  NAME_TRUTHS,
  NAME_WORDS,
  named,
  TRUTHS,
  WINDOWED,
} from './function-words.js';
import { own } from '../own.js';
import { WordTypes } from './word-types.js';

const COMPARED: Readonly<Partial<Record<BinaryOperator, readonly [number: string, day: string]>>> = {
  '=': ['is', 'is'],
  '!=': ['is not', 'is not'],
  '<': ['is below', 'is before'],
  '<=': ['is at most', 'is not after'],
  '>': ['is above', 'is after'],
  '>=': ['is at least', 'is not before'],
};
const SIGNS: Readonly<Partial<Record<BinaryOperator, string>>> = { '+': '+', '-': '−', '*': '×', '/': '÷' };

const isName = (ast: Ast | undefined, name: string): boolean => ast?.kind === 'name' && ast.name === name;

/** Functions whose words have an "or", an "and" or a "but" of their own. */
const isLoose = (ast: Ast): boolean => ast.kind === 'call' && /^(orElse|clamp|min|max|round)$/.test(ast.name);

/** Names of events, amounts and fees stand for themselves, whatever else has that name. */
const NAMES_THEMSELVES: ReadonlySet<ParameterKind | undefined> = new Set(['event', 'amount', 'fee']);

/** Says the formulas of one document in words, in brackets wherever there would be two readings. */
export class PlainWords {
  private readonly types: WordTypes;

  constructor(readonly document: TariffDocument) {
    this.types = new WordTypes(document);
  }

  /** A formula that stands at the end of its line: `a − b`, `a if c, else b`. */
  readonly of = (formula: Formula): string => this.say(parseFormula(String(formula)));

  /** A formula in the middle of a sentence: in brackets, unless it is a name, a number or one phrase. */
  readonly phrase = (formula: Formula): string => this.aside(parseFormula(String(formula)));

  /** A formula that answers yes or no, as a sentence: `a is above 3`, `b is true`. */
  readonly condition = (formula: Formula): string => this.sentence(parseFormula(String(formula)));

  /** A formula as lines: each branch of a choice between more than two has a line of its own. */
  readonly branches = (formula: Formula): readonly string[] => {
    const ast = parseFormula(String(formula));
    if (ast.kind !== 'if' || ast.no.kind !== 'if') return [this.say(ast)];
    const lines: string[] = [];
    let rest: Ast = ast;
    for (; rest.kind === 'if'; rest = rest.no)
      lines.push(`${this.argument(rest.yes)} if ${this.joined(rest.test, 'if')},`);
    return [...lines, this.argument(rest)].map((line, index) => (index === 0 ? line : `else ${line}`));
  };

  /** The parts that must all hold, each a sentence. */
  readonly conditions = (formula: Formula): readonly string[] => {
    const parts = (ast: Ast): readonly Ast[] =>
      ast.kind === 'binary' && ast.operator === 'and' ? [...parts(ast.left), ...parts(ast.right)] : [ast];
    return parts(parseFormula(String(formula))).map((part) => this.sentence(part));
  };

  readonly typeOf = (formula: Formula): Type | undefined => this.types.of(parseFormula(String(formula)));

  /** `1 payment`, `3 payments`, `(a + b) payments`. */
  readonly count = (formula: Formula, one: string, many = `${one}s`): string =>
    String(formula) === '1' ? `1 ${one}` : `${this.phrase(formula)} ${many}`;

  /** A window of days, with a blank before it: ` from started to ended`, ` from started on`, ` until ended`. */
  readonly span = (from: Formula | undefined, to: Formula | undefined): string => {
    if (from === undefined) return to === undefined ? '' : ` until ${this.phrase(to)}`;
    return to === undefined
      ? ` from ${this.phrase(from)} on`
      : this.window(parseFormula(String(from)), parseFormula(String(to)));
  };

  private say(ast: Ast): string {
    switch (ast.kind) {
      case 'number':
      case 'date':
        return ast.text;
      case 'text':
        return `"${ast.text}"`;
      case 'duration':
        return `${ast.count} ${ast.unit}${ast.count === 1 ? '' : 's'}`;
      case 'word':
        return ast.word === 'none' ? 'nothing' : ast.word;
      case 'name':
        return this.name(ast.name);
      case 'call':
        return this.call(ast);
      case 'cell':
        return `the cell of ${named(ast.name)} for ${listed(ast.args.map((arg) => this.argument(arg)))}`;
      case 'at':
        return `${this.argument(ast.what)} as of ${this.argument(ast.when)}`;
      case 'where':
        return `${this.argument(ast.days)} (where ${this.sentence(ast.condition)})`;
      case 'unary':
        return ast.operator === '-' ? `−${this.operand(ast.inner, true, true)}` : this.not(ast.inner);
      case 'binary':
        return this.binary(ast);
      case 'between':
        return `${this.side(ast.what)} is from ${this.side(ast.low)} to ${this.side(ast.high)}`;
      case 'in':
        return `${this.side(ast.what)} is one of (${ast.options.map((option) => this.say(option)).join(', ')})`;
      case 'if':
        return this.choice(ast, (part) =>
          part === ast.no && part.kind === 'if' ? this.say(part) : this.argument(part),
        );
    }
  }

  /** A part that answers yes or no. */
  private sentence(ast: Ast): string {
    if (ast.kind === 'if') return this.choice(ast, (part) => this.joined(part, 'if'));
    if (this.isSentence(ast)) return this.say(ast);
    if (ast.kind === 'word' && (ast.word === 'true' || ast.word === 'false'))
      return ast.word === 'true' ? 'it is so in any case' : 'it is never so';
    return `${this.argument(ast)} is true`;
  }

  private isSentence(ast: Ast): boolean {
    if (ast.kind === 'call') return own(TRUTHS, ast.name) !== undefined;
    if (ast.kind === 'name') return own(NAME_TRUTHS, ast.name) !== undefined;
    return ['between', 'in', 'unary'].includes(ast.kind) || (ast.kind === 'binary' && this.types.of(ast) === 'truth');
  }

  private not(ast: Ast): string {
    if (ast.kind === 'call') {
      const words = own(TRUTHS, ast.name)?.(...this.args(ast));
      if (words !== undefined) return words[1];
    }
    if (ast.kind === 'name') return own(NAME_TRUTHS, ast.name)?.[1] ?? `${this.name(ast.name)} is false`;
    return `it is not so that (${this.sentence(ast)})`;
  }

  private choice({ test, yes, no }: Ast & { kind: 'if' }, part: (ast: Ast) => string): string {
    return `${part(yes)} if ${this.joined(test, 'if')}, else ${part(no)}`;
  }

  /** A condition beside an "and", an "or" or an "if": in brackets where it has another one of them itself. */
  private joined(ast: Ast, around: 'and' | 'or' | 'if'): string {
    const words = this.sentence(ast);
    if (ast.kind === 'if') return `(${words})`;
    const own = ast.kind === 'binary' && (ast.operator === 'and' || ast.operator === 'or') ? ast.operator : undefined;
    return own === undefined || own === around || around === 'if' ? words : `(${words})`;
  }

  private binary(ast: Ast & { kind: 'binary' }): string {
    const { operator, left, right } = ast;
    if (operator === 'and' || operator === 'or')
      return `${this.joined(left, operator)} ${operator} ${this.joined(right, operator)}`;
    const compared = COMPARED[operator];
    if (compared !== undefined) {
      const isDay = this.types.of(left) === 'date' || this.types.of(right) === 'date';
      return `${this.side(left)} ${compared[isDay ? 1 : 0]} ${this.side(right)}`;
    }
    if (this.isShift(ast)) {
      const from = this.isShift(left) ? `(${this.say(left)})` : this.argument(left);
      return `${this.argument(right)} ${operator === '+' ? 'after' : 'before'} ${from}`;
    }
    const isProduct = operator === '*' || operator === '/';
    if (operator === '*' && left.kind === 'number' && left.text.endsWith('%'))
      return `${left.text} of ${this.operand(right, true)}`;
    // a − (b − c) and a ÷ (b ÷ c) keep their brackets.
    const after = operator === '-' ? this.operand(right, true) : this.operand(right, isProduct, operator === '/');
    return `${this.operand(left, isProduct)} ${SIGNS[operator] ?? operator} ${after}`;
  }

  /** A day some time before or after another. */
  private readonly isShift = (ast: Ast): boolean =>
    ast.kind === 'binary' &&
    (ast.operator === '+' || ast.operator === '-') &&
    (this.types.of(ast.right) === 'duration' || this.types.of(ast.left) === 'date');

  /** What is added or multiplied: a phrase of several words goes into brackets, and so does a sum inside a product. */
  private operand(ast: Ast, inProduct: boolean, alone = false): string {
    const words = this.say(ast);
    if (['number', 'date', 'duration', 'text', 'name', 'word'].includes(ast.kind)) return words;
    const isProduct = ast.kind === 'binary' && (ast.operator === '*' || ast.operator === '/');
    const isSum = ast.kind === 'binary' && (ast.operator === '+' || ast.operator === '-') && !this.isShift(ast);
    return !alone && (isProduct || (isSum && !inProduct)) ? words : `(${words})`;
  }

  /** What is compared. */
  private side(ast: Ast): string {
    const isWeak =
      ast.kind === 'if' || (ast.kind !== 'name' && this.isSentence(ast)) || this.isShift(ast) || isLoose(ast);
    return isWeak ? `(${this.say(ast)})` : this.say(ast);
  }

  /** An argument among words: only what is one word, or one phrase that ends with it, goes without brackets. */
  private argument(ast: Ast): string {
    const isOnePhrase = ast.kind === 'call' && ast.args.length === 1 && own(TRUTHS, ast.name) === undefined;
    const isPlain = ['number', 'date', 'duration', 'text', 'name', 'word', 'where'].includes(ast.kind);
    return isPlain || isOnePhrase ? this.say(ast) : `(${this.say(ast)})`;
  }

  /** The same, where "6 months after started" needs no brackets either. */
  private aside(ast: Ast): string {
    return this.isShift(ast) ? this.say(ast) : this.argument(ast);
  }

  private window(from: Ast, to: Ast): string {
    if (isName(from, 'periodStart') && isName(to, 'periodEnd')) return ' in the period';
    const [first, last] = [this.aside(from), this.aside(to)];
    return first === last ? ` on ${first}` : ` from ${first} to ${last}`;
  }

  private args({ name, args }: Ast & { kind: 'call' }): readonly string[] {
    const kinds = own(FUNCTIONS, name)?.parameters ?? [];
    const words = args.map((arg, index) => {
      if (arg.kind === 'name' && kinds[index] === 'field') return fieldWords(arg.name);
      if (arg.kind === 'name' && NAMES_THEMSELVES.has(kinds[index])) return named(arg.name);
      return this.argument(arg);
    });
    const [, from, to] = args;
    if (!WINDOWED.has(name) || from === undefined || to === undefined) return words;
    return [words[0] ?? '', this.window(from, to), ...words.slice(3)];
  }

  private call(ast: Ast & { kind: 'call' }): string {
    const args = this.args(ast);
    const truth = own(TRUTHS, ast.name)?.(...args);
    if (truth !== undefined) return truth[0];
    if (/^(min|max)$/.test(ast.name) && this.types.of(ast) === 'date')
      return `the ${ast.name === 'min' ? 'earliest' : 'latest'} of ${listed(args)}`;
    return own(FUNCTION_WORDS, ast.name)?.(...args) ?? `${ast.name}(${args.join(', ')})`;
  }

  /** A name, followed by its value where the document gives it a number. */
  private name(name: string): string {
    const parameter = own(this.document.parameters, name);
    const value = typeof parameter === 'object' ? parameter.value : parameter;
    if (value !== undefined && /^[\d.]+%?$/.test(String(value))) return `${named(name)} (${String(value)})`;
    if (this.types.declares(name)) return named(name);
    return (
      own(NAME_WORDS, name) ?? own(NAME_TRUTHS, name)?.[0] ?? (name.startsWith('job.') ? ofJob(name) : named(name))
    );
  }
}

const ofJob = (name: string): string => `the ${name.slice('job.'.length)} of the job`;
