import { HubError } from '#libs/kernel/index.js';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type ParsedNode } from 'yaml';

/** A document as plain data, and where each place of it stands in the file. */
export interface ReadDocument {
  readonly body: unknown;
  readonly lineOf: (path: readonly string[]) => number;
}

const TEXT_LENGTH_MAX = 500_000;
/** YAML ends a plain value at a comma there: the arguments of a function become keys. */
const COMMA_IN_BRACES = /\{.*\w\([^)'"]*,/;

/**
 * Reads YAML (or JSON). Numbers that are not whole stay text, exactly as they were written: no binary fraction touches money.
 * Error: `tariff.syntax`, with file and line.
 */
export function readDocument(text: string, fileName: string): ReadDocument {
  if (text.length > TEXT_LENGTH_MAX)
    throw new HubError('tariff.syntax', `${fileName}: longer than ${TEXT_LENGTH_MAX} characters.`);
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const broken = yaml.errors[0];
  if (broken !== undefined) {
    const line = broken.linePos?.[0].line ?? 1;
    const hint = COMMA_IN_BRACES.test(text.split('\n')[line - 1] ?? '')
      ? ' (inside { } a formula with a comma needs quotes)'
      : '';
    throw new HubError('tariff.syntax', `${fileName}:${line}: ${broken.message.split('\n')[0] ?? ''}${hint}`);
  }
  return { body: plain(yaml.contents, yaml), lineOf: (path) => lineOf(yaml, lines, path) };
}

function plain(node: unknown, yaml: Document.Parsed): unknown {
  if (isMap(node)) {
    return Object.fromEntries(node.items.map(({ key, value }) => [keyText(key), plain(value, yaml)]));
  }
  if (isSeq(node)) return node.items.map((item) => plain(item, yaml));
  if (isScalar(node)) return typeof node.value === 'number' ? exact(node.value, node.source) : node.value;
  const alias = node as { readonly resolve?: (document: Document.Parsed) => ParsedNode | undefined } | null;
  return alias?.resolve === undefined ? null : plain(alias.resolve(yaml), yaml);
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
