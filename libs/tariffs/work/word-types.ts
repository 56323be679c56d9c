import { COMMON_EVENTS } from '../compile/tariff-names.js';
import type { Formula, TariffDocument } from '../document/document.js';
import { SPELL_FIELDS } from '../language/fields.js';
import { FUNCTIONS } from '../language/functions.js';
import { parseFormula, type Ast } from '../language/parse.js';
import { typeOfKind } from '../language/read-value.js';
import type { Type } from '../language/value.js';
import { own } from '../own.js';

const PAYMENT_TYPES: Readonly<Record<string, Type>> = { on: 'date', periodStart: 'date', periodEnd: 'date' };

/** What the formulas of a document are about, as far as the choice of words needs it: a day is "before", a number "below". */
export class WordTypes {
  private readonly ofValues = new Map<string, Type | undefined>();
  private readonly events: ReadonlySet<string>;

  constructor(private readonly document: TariffDocument) {
    this.events = new Set([...COMMON_EVENTS, ...(document.events ?? [])]);
  }

  /** Whether the document itself gives the name a meaning that is not an event. */
  declares(name: string): boolean {
    const { terms, attributes, parameters, values, days, tables, bands, amounts, details } = this.document;
    return [terms, attributes, parameters, values, days, tables, bands, amounts, details].some(
      (section) => section !== undefined && Object.hasOwn(section, name),
    );
  }

  /** Undefined where nothing depends on it. */
  of(ast: Ast): Type | undefined {
    switch (ast.kind) {
      case 'number':
      case 'text':
      case 'date':
      case 'duration':
        return ast.kind;
      case 'word':
        return ast.word === 'true' || ast.word === 'false' ? 'truth' : undefined;
      case 'name':
        return this.ofName(ast.name);
      case 'call':
        return this.ofCall(ast.name, ast.args);
      case 'at':
        return this.of(ast.what);
      case 'between':
      case 'in':
        return 'truth';
      case 'unary':
        return ast.operator === 'not' ? 'truth' : 'number';
      case 'binary':
        return this.ofBinary(ast);
      case 'if':
        return this.of(ast.yes) ?? this.of(ast.no);
      case 'cell':
      case 'where':
        return undefined;
    }
  }

  private ofBinary({ operator, left }: Ast & { kind: 'binary' }): Type {
    if (operator === '+' || operator === '-') return this.of(left) === 'date' ? 'date' : 'number';
    return operator === '*' || operator === '/' ? 'number' : 'truth';
  }

  private ofCall(name: string, args: readonly Ast[]): Type | undefined {
    const type = own(FUNCTIONS, name)?.type;
    if (type !== 'same') return type;
    return args.map((arg) => this.of(arg)).find((each) => each !== undefined);
  }

  private ofName(name: string): Type | undefined {
    const { terms, attributes, details, values } = this.document;
    const declared = own(terms, name) ?? own(attributes, name);
    if (declared !== undefined) return typeOfKind(declared.kind);
    const value = own(values, name);
    if (value !== undefined) return this.ofValue(name, value);
    const detail = own(details, name);
    if (detail !== undefined) return detail;
    if (this.events.has(name)) return 'date';
    return own(PAYMENT_TYPES, name) ?? own(SPELL_FIELDS, name.replace(/^job\./, ''))?.type;
  }

  private ofValue(name: string, formula: Formula): Type | undefined {
    if (!this.ofValues.has(name)) {
      // A value that is defined by itself has no type.
      this.ofValues.set(name, undefined);
      this.ofValues.set(name, this.of(parseFormula(String(formula))));
    }
    return this.ofValues.get(name);
  }
}
