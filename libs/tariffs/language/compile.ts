import { localDate } from '#libs/kernel/index.js';
import { durationOf, epochDay } from '../calendar.js';
import { allMissing, between, DaySet, mostOf, whyOpen, type Piece } from '../engine/day-set.js';
import type { Frame } from '../engine/frame.js';
import { number } from '../engine/person.js';
import { combine, constant, inWords, RANK, shown, type Code } from './code.js';
import { own } from '../own.js';
import { FUNCTIONS, type FunctionRule, type ParameterKind } from './functions.js';
import { binary, compareValues, fits, inBounds, refuseStrangers } from './operators.js';
import { FormulaError, parseFormula, type Ast } from './parse.js';
import { Missing, NONE, TYPE_WORDS, type Type, type Value } from './value.js';

/** Kinds of names that are given to functions as names: `paid(instalment-1)`, `sum(wages, …)`. */
export type NameKind = 'event' | 'amount' | 'fee' | 'field';

/** What the names of a tariff mean. */
export interface Names {
  /** A name that has a value. With `when`, its value on that day (`wage at started`). */
  readonly value: (name: string, when: Code | undefined) => Code | string;
  readonly cell: (name: string, keys: readonly Code[]) => Code | string;
  readonly has: (kind: NameKind, name: string) => boolean;
  /** Names that look like one, for an error that helps. */
  readonly similar: (name: string, kind?: NameKind) => readonly string[];
}

/** Compiles a formula that must be of a type. Error: `tariff.formula`, with the place and what would be right. */
export function compileFormula(text: string, asked: Type, names: Names): Code {
  const code = new FormulaCompiler(text, names).compile(parseFormula(text));
  if (!fits(code.type, asked))
    throw new FormulaError(text, 0, `${TYPE_WORDS[asked]} is needed here, and this is ${TYPE_WORDS[code.type]}.`);
  return code;
}

/** Compiles a formula of whatever type it has. */
export const compileAny = (text: string, names: Names): Code =>
  new FormulaCompiler(text, names).compile(parseFormula(text));

class FormulaCompiler {
  constructor(
    private readonly text: string,
    private readonly names: Names,
  ) {}

  compile(ast: Ast): Code {
    const code = this.node(ast);
    // What depends on nothing is computed once. A frame is never read there.
    if (code.depth !== 0 || code.rank === RANK.atom) return code;
    const value = code.run(undefined as unknown as Frame);
    return { ...code, run: () => value };
  }

  private wrong(ast: Ast, message: string): never {
    throw new FormulaError(this.text, ast.at, message);
  }

  private node(ast: Ast): Code {
    switch (ast.kind) {
      case 'number':
        return constant(
          'number',
          ast.text.endsWith('%') ? number(ast.text.slice(0, -1)).div(100) : number(ast.text),
          ast.text,
        );
      case 'text':
        return constant('text', ast.text);
      case 'date':
        return this.date(ast);
      case 'duration':
        return constant('duration', durationOf(ast.count, ast.unit));
      case 'word':
        return this.word(ast);
      case 'name':
        return this.name(ast, undefined);
      case 'at':
        return ast.what.kind === 'name'
          ? this.name(ast.what, this.typed(ast.when, 'date'))
          : this.wrong(ast, '"at" follows the name of a series or an attribute.');
      case 'cell':
        return this.found(
          ast,
          ast.name,
          this.names.cell(
            ast.name,
            ast.args.map((each) => this.compile(each)),
          ),
        );
      case 'call':
        return this.call(ast);
      case 'where':
        return this.where(ast);
      default:
        return this.operation(ast);
    }
  }

  private operation(ast: Extract<Ast, { kind: 'unary' | 'binary' | 'between' | 'in' | 'if' }>): Code {
    switch (ast.kind) {
      case 'unary':
        return ast.operator === '-' ? this.negative(ast) : this.not(ast);
      case 'binary':
        return this.binary(ast);
      case 'between':
        return this.between(ast);
      case 'in':
        return this.oneOf(ast);
      case 'if':
        return this.choice(ast);
    }
  }

  private binary(ast: Extract<Ast, { kind: 'binary' }>): Code {
    const left = this.compile(ast.left);
    return binary(ast.operator, left, this.beside(left, ast.right), (message) => this.wrong(ast, message));
  }

  /** What a text is compared with: a name that nothing declares is a text whose quotes were left out. */
  private beside({ type }: Code, ast: Ast): Code {
    if (type === 'text' && ast.kind === 'name' && this.names.value(ast.name, undefined) === '')
      return this.wrong(ast, `"${ast.name}" is not declared: a text stands in quotes, '${ast.name}'.`);
    return this.compile(ast);
  }

  private typed(ast: Ast, type: Type, code = this.compile(ast)): Code {
    return fits(code.type, type)
      ? code
      : this.wrong(ast, `${TYPE_WORDS[type]} is needed here, and this is ${TYPE_WORDS[code.type]}.`);
  }

  private date(ast: Extract<Ast, { kind: 'date' }>): Code {
    try {
      return constant('date', epochDay(localDate(ast.text)));
    } catch {
      return this.wrong(ast, `${ast.text} is not a day that exists.`);
    }
  }

  private word(ast: Extract<Ast, { kind: 'word' }>): Code {
    if (ast.word === 'none') return constant('none', NONE, 'nothing');
    if (ast.word === 'unknown') return constant('none', new Missing('unknown', 'the source does not say'), 'unknown');
    return constant('truth', ast.word === 'true');
  }

  private name(ast: Extract<Ast, { kind: 'name' }>, when: Code | undefined): Code {
    return this.found(ast, ast.name, this.names.value(ast.name, when));
  }

  private found(ast: Ast, name: string, found: Code | string): Code {
    if (typeof found !== 'string') return found;
    if (found !== '') return this.wrong(ast, found);
    if (this.names.has('fee', name))
      return this.wrong(ast, `"${name}" is a fee: write paid(${name}) for what it paid.`);
    const similar = this.names.similar(name);
    const hint = similar.length === 0 ? 'declare it in the document.' : `did you mean ${similar.join(' or ')}?`;
    return this.wrong(ast, `"${name}" is not declared: ${hint}`);
  }

  private negative(ast: Extract<Ast, { kind: 'unary' }>): Code {
    const inner = this.typed(ast.inner, 'number');
    return combine([inner], {
      type: 'number',
      rank: RANK.unary,
      run: (frame) => {
        const value = inner.run(frame);
        return value === null || value instanceof Missing ? value : (value as ReturnType<typeof number>).neg();
      },
      show: (frame) => `-${shown(inner, frame, RANK.unary)}`,
    });
  }

  private not(ast: Extract<Ast, { kind: 'unary' }>): Code {
    const inner = this.typed(ast.inner, 'truth');
    return combine([inner], {
      type: 'truth',
      rank: RANK.not,
      run: (frame) => {
        const value = inner.run(frame);
        return typeof value === 'boolean' ? !value : value;
      },
      show: (frame) => `not ${shown(inner, frame, RANK.not)}`,
    });
  }

  private between(ast: Extract<Ast, { kind: 'between' }>): Code {
    const wrong = (message: string): never => this.wrong(ast, message);
    const [what, low, high] = [this.compile(ast.what), this.compile(ast.low), this.compile(ast.high)];
    return binary('and', binary('>=', what, low, wrong), binary('<=', what, high, wrong), wrong);
  }

  private oneOf(ast: Extract<Ast, { kind: 'in' }>): Code {
    const what = this.compile(ast.what);
    const options = ast.options.map((option) => this.typed(option, what.type, this.beside(what, option)));
    for (const option of options) refuseStrangers(what, option, (message) => this.wrong(ast, message));
    return combine([what, ...options], {
      type: 'truth',
      rank: RANK.comparison,
      run: (frame) => {
        const value = what.run(frame);
        if (value === null || value instanceof Missing) return value;
        return options.some((option) => {
          const other = option.run(frame);
          return !(other instanceof Missing) && compareValues(value, other) === 0;
        });
      },
      show: (frame) => `${shown(what, frame, RANK.sum)} in (${options.map((option) => option.show(frame)).join(', ')})`,
    });
  }

  private choice(ast: Extract<Ast, { kind: 'if' }>): Code {
    const test = this.typed(ast.test, 'truth');
    const [yes, no] = [this.compile(ast.yes), this.compile(ast.no)];
    if (!fits(yes.type, no.type) && !fits(no.type, yes.type))
      this.wrong(ast, `"then" is ${TYPE_WORDS[yes.type]} and "else" is ${TYPE_WORDS[no.type]}: both must be the same.`);
    const chosen = (frame: Frame): Code | undefined => {
      const value = test.run(frame);
      return value === true ? yes : value === false ? no : undefined;
    };
    return combine([test, yes, no], {
      type: yes.type === 'none' ? no.type : yes.type,
      rank: RANK.choice,
      run: (frame) => {
        const value = test.run(frame);
        return value === true ? yes.run(frame) : value === false ? no.run(frame) : value;
      },
      show: (frame) => chosen(frame)?.show(frame) ?? inWords(test.run(frame)),
    });
  }

  /** Days of spells that also pass a condition: `employment where (employer = job.employer)`. */
  private where(ast: Extract<Ast, { kind: 'where' }>): Code {
    const days = this.typed(ast.days, 'days');
    const condition = this.typed(ast.condition, 'truth');
    const code = combine([days, condition], {
      type: 'days',
      run: (frame) => {
        const set = days.run(frame);
        return set instanceof DaySet ? filterSpells(set, condition, frame) : set;
      },
      show: () => 'days',
    });
    // The spells are those of the set: the condition needs none from outside, unless it names the job itself.
    return { ...code, needsSpell: days.needsSpell, ofPeriods: days.ofPeriods };
  }

  private call(ast: Extract<Ast, { kind: 'call' }>): Code {
    const rule = own(FUNCTIONS, ast.name);
    if (rule === undefined)
      return this.wrong(ast, `there is no function "${ast.name}": there are ${Object.keys(FUNCTIONS).join(', ')}.`);
    const fixed = rule.parameters.length;
    const [least, most] = [fixed - (rule.optional ?? 0), rule.more === true ? Infinity : fixed];
    if (ast.args.length < least || ast.args.length > most)
      this.wrong(ast, `${ast.name}(${rule.parameters.join(', ')}${rule.more === true ? ', …' : ''}) is asked for.`);
    const kinds = ast.args.map((_arg, index) => rule.parameters[Math.min(index, fixed - 1)] ?? 'number');
    const given = ast.args.map((arg, index) => this.argument(arg, kinds[index] ?? 'number', ast.name));
    const codes = given.filter((each) => typeof each !== 'string');
    const fees = given.flatMap((each, index) => (typeof each === 'string' && kinds[index] === 'fee' ? [each] : []));
    const type = rule.type === 'same' ? sameType(codes) : rule.type;
    if (rule.type === 'same' && codes.some((code) => !fits(code.type, type)))
      this.wrong(ast, `${ast.name} needs values of one kind.`);
    const code = combine(codes, {
      type,
      depth: rule.depth,
      fees,
      run: runner(rule, given),
      show: (frame) => inWords(runner(rule, given)(frame)),
    });
    if (type === 'days') return { ...code, ofPeriods: ofPeriods(ast.name, codes) };
    if (rule.needsJob === true) return { ...code, needsJob: true };
    // Without its days, what was paid is asked for until the day of the payment.
    return rule.depth === 2 && ast.args.length < fixed ? { ...code, asksPayment: true } : code;
  }

  private argument(ast: Ast, kind: ParameterKind, of: string): Code | string {
    if (kind !== 'event' && kind !== 'amount' && kind !== 'fee' && kind !== 'field')
      return kind === 'any' ? this.compile(ast) : this.typed(ast, kind);
    if (ast.kind !== 'name') return this.wrong(ast, `${of} asks for the name of ${NAME_WORDS[kind]}.`);
    if (this.names.has(kind, ast.name)) return ast.name;
    const similar = this.names.similar(ast.name, kind);
    const hint = similar.length === 0 ? '' : `: did you mean ${similar.join(' or ')}?`;
    return this.wrong(ast, `"${ast.name}" is not the name of ${NAME_WORDS[kind]}${hint}`);
  }
}

/** The pieces of a set come from the first that it is made of; of a union, from all. */
export const ofPeriods = (operation: string, sets: readonly Code[]): boolean =>
  (operation === 'union' ? sets : sets.slice(0, 1)).some((set) => set.ofPeriods === true);

const NAME_WORDS: Readonly<Record<NameKind, string>> = {
  event: 'an event',
  amount: 'an amount',
  fee: 'a fee',
  field: 'a number of a spell',
};

const sameType = (codes: readonly Code[]): Type => codes.find((code) => code.type !== 'none')?.type ?? 'number';

function runner(rule: FunctionRule, given: readonly (Code | string)[]): (frame: Frame) => Value {
  const run = rule.type !== 'days' && rule.parameters.includes('days') ? runEitherWay : runOnce;
  return (frame) => {
    const values: Value[] = [];
    for (const each of given) {
      if (typeof each === 'string') {
        values.push(each);
        continue;
      }
      const value = each.run(frame);
      if (rule.takesMissing !== true && (value === null || value instanceof Missing)) return value;
      values.push(value);
    }
    return run(rule, frame, values);
  };
}

const runOnce = (rule: FunctionRule, frame: Frame, values: readonly Value[]): Value =>
  inBounds(rule.run(frame, values));

/** What a question about sets comes to, whatever their undecided days turn out to be; else it is not known. */
function runEitherWay(rule: FunctionRule, frame: Frame, values: readonly Value[]): Value {
  const least = runOnce(rule, frame, values);
  const open = values.filter((value) => value instanceof DaySet && value.open !== null) as readonly DaySet[];
  if (open.length === 0) return least;
  const { used } = frame.person;
  // What the other way would rest on is no fact of this answer.
  frame.person.used = new Set(used);
  const most = runOnce(
    rule,
    frame,
    values.map((value) => (value instanceof DaySet ? mostOf(value) : value)),
  );
  frame.person.used = used;
  if (least instanceof Missing) return most instanceof Missing ? least : allMissing(whyOpen(open));
  if (!(most instanceof Missing) && most !== null && least !== null && compareValues(least, most) === 0) return least;
  return allMissing(whyOpen(open));
}

/** Spells that pass; of which it cannot be said, they are days that the set may have. */
export function filterSpells(set: DaySet, condition: Code, frame: Frame): DaySet {
  const undecided: Missing[] = [];
  const passing = (pieces: readonly Piece[], orUndecided: boolean): DaySet =>
    new DaySet(
      pieces.filter(({ spell }) => {
        if (spell === null) return false;
        const passes = condition.run({ ...frame, spell });
        if (!(passes instanceof Missing)) return passes === true;
        undecided.push(new Missing(passes.kind, `whether ${spell.id} counts: ${passes.reason}`));
        return orUndecided;
      }),
    );
  const least = passing(set.pieces, false);
  // The same set keeps what was found out about it.
  if (undecided.length === 0 && set.open === null) return least.pieces.length === set.pieces.length ? set : least;
  const most = passing(mostOf(set).pieces, true);
  return between(least, most, [...whyOpen([set]), ...undecided]);
}
