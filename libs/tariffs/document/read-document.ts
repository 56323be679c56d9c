import { HubError } from '#libs/kernel/index.js';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Alias,
  type Document,
  type YAMLError,
} from 'yaml';

/** A document as plain data, and where each place of it stands in the file. */
export interface ReadDocument {
  readonly body: unknown;
  readonly lineOf: (path: readonly string[]) => number;
}

const TEXT_LENGTH_MAX = 500_000;
/** A few aliases that name each other stand for more values than a machine can hold. */
const VALUES_MAX = 100_000;
const ALIASES_MAX = 1_000;
/** YAML ends a plain value at a comma there: the arguments of a function become keys. */
const COMMA_IN_BRACES = /\{.*\w\([^)'"]*,/;
export const COMMA_SPLITS = 'inside { } a formula with a comma needs quotes';

/**
 * Reads YAML (or JSON). Numbers that are not whole stay text, exactly as they were written: no binary fraction touches money.
 * Error: `tariff.syntax`, with file and line.
 */
export function readDocument(text: string, fileName: string): ReadDocument {
  if (text.length > TEXT_LENGTH_MAX)
    throw new HubError('tariff.syntax', `${fileName}: longer than ${TEXT_LENGTH_MAX} characters.`);
  if (text.trim() === '') throw new HubError('tariff.syntax', `${fileName}:1: the file is empty.`);
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  // A tag that nobody knows is only a warning to the parser, and its value would be taken without it.
  const broken = yaml.errors[0] ?? yaml.warnings[0];
  if (broken !== undefined) {
    const line = broken.linePos?.[0].line ?? 1;
    throw new HubError('tariff.syntax', `${fileName}:${line}: ${saidOf(broken, text, line)}`);
  }
  const body = new Reading(yaml, (node, message) => {
    const line = lines.linePos((node as { readonly range?: readonly number[] }).range?.[0] ?? 0).line || 1;
    return new HubError('tariff.syntax', `${fileName}:${line}: ${message}`);
  }).plain(yaml.contents);
  return { body, lineOf: (path) => lineOf(yaml, lines, path) };
}

/** A second colon in one line is a key inside a value to YAML. */
const NESTED = /^(Block collections are not allowed within flow|Nested mappings are not allowed in compact)/;

/** What the parser found, in words for whoever writes tariffs. */
function saidOf({ code, message, pos: [start] }: YAMLError, text: string, line: number): string {
  const hint = COMMA_IN_BRACES.test(text.split('\n')[line - 1] ?? '') ? ` (${COMMA_SPLITS})` : '';
  if (NESTED.test(message))
    return "a text with a colon and a blank in it needs quotes, for example title: 'Course: passed'.";
  const key = /^[^\n:,}]*/.exec(text.slice(start))?.[0].trim() ?? '';
  if (code === 'DUPLICATE_KEY') return `the key ${key} stands twice${hint}.`;
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here: a file holds one ("---" parts documents).';
  // The parser is recursive: what is too deep for it is too deep for a tariff.
  if (message.startsWith('Maximum call stack')) return 'it is nested too deeply.';
  const [said = ''] = message.split('\n');
  return `${said.replace(/ at line \d+, column \d+:$/, '.')}${hint}`;
}

/** Makes plain data of a parsed document, within limits. */
class Reading {
  private values = 0;
  private aliases = 0;
  /** The aliased nodes that we are inside of. */
  private readonly inside = new Set<unknown>();

  constructor(
    private readonly yaml: Document.Parsed,
    private readonly refused: (node: object, message: string) => HubError,
  ) {}

  plain(node: unknown): unknown {
    this.values += 1;
    if (this.values > VALUES_MAX) throw this.refused(node ?? {}, `it holds more than ${VALUES_MAX} values.`);
    if (isMap(node)) return Object.fromEntries(node.items.map(({ key, value }) => [keyText(key), this.plain(value)]));
    if (isSeq(node)) return node.items.map((item) => this.plain(item));
    if (isScalar(node)) return typeof node.value === 'number' ? exact(node.value, node.source) : node.value;
    return isAlias(node) ? this.aliased(node) : null;
  }

  private aliased(alias: Alias): unknown {
    this.aliases += 1;
    if (this.aliases > ALIASES_MAX) throw this.refused(alias, `it holds more than ${ALIASES_MAX} aliases.`);
    const meant = alias.resolve(this.yaml);
    if (meant === undefined)
      throw this.refused(alias, `*${alias.source} names nothing: there is no &${alias.source} before it.`);
    if (this.inside.has(meant)) throw this.refused(alias, `*${alias.source} stands inside what it names.`);
    this.inside.add(meant);
    const body = this.plain(meant);
    this.inside.delete(meant);
    return body;
  }
}

/** A key as it was written: `0.5` stays `0.5`, a day stays a day. */
const keyText = (key: unknown): string => (isScalar(key) ? (key.source ?? String(key.value)) : String(key));

const exact = (value: number, source: string | undefined): number | string =>
  Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source) ? value : (source ?? String(value));

/** The line of the deepest node of the path that exists. */
function lineOf(yaml: Document.Parsed, lines: LineCounter, path: readonly string[]): number {
  let node: unknown = yaml.contents;
  let offset = 0;
  for (const step of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => keyText(item.key) === step);
      const start = (pair?.key as { readonly range?: readonly number[] } | undefined)?.range?.[0];
      if (pair === undefined || start === undefined) break;
      offset = start;
      next = pair.value;
    } else if (isSeq(node) && /^\d+$/.test(step)) {
      next = node.items[Number(step)];
      const start = (next as { readonly range?: readonly number[] } | undefined)?.range?.[0];
      if (start === undefined) break;
      offset = start;
    } else break;
    node = next;
  }
  return lines.linePos(offset).line || 1;
}
