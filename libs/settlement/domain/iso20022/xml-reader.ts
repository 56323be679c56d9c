import { SaxesParser } from 'saxes';
import { HubError } from '#libs/kernel/index.js';

/** About 100,000 bookings; the statement of a busier day comes in pages. */
export const BANK_FILE_MAX_CHARACTERS = 100_000_000;
/** The messages are 12 elements deep, in an envelope some more. */
const DEPTH_MAX = 40;
/** The longest text of the messages has 500 characters, a signature in an envelope some thousand. */
const TEXT_MAX_CHARACTERS = 20_000;

/** An element with its place in the file. Names are without their prefix. */
export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly parent: XmlElement | undefined;
  readonly children: readonly XmlElement[];
  readonly text: string;
  readonly line: number;
  /** For example `/Document/BkToCstmrStmt/Stmt[2]/Ntry[17]/Amt`. */
  readonly path: string;
}

/** A file as text, whole or in pieces of any size. */
export type XmlContent = string | Iterable<string>;

/** An element while it is read: it grows, and says its path only when asked. */
class Growing implements XmlElement {
  readonly children: Growing[] = [];
  text = '';
  readonly #nth: number;
  #counts: Map<string, number> | undefined;

  constructor(
    readonly name: string,
    readonly namespace: string,
    readonly attributes: Readonly<Record<string, string>>,
    readonly parent: Growing | undefined,
    readonly line: number,
  ) {
    this.#nth = parent?.adopt(this) ?? 1;
  }

  get path(): string {
    return `${this.parent?.path ?? ''}/${this.name}${this.#nth > 1 ? `[${this.#nth}]` : ''}`;
  }

  /** What stood before a child is indentation: the messages have no mixed content. */
  adopt(child: Growing): number {
    this.text = '';
    this.children.push(child);
    this.#counts ??= new Map();
    const nth = (this.#counts.get(child.name) ?? 0) + 1;
    this.#counts.set(child.name, nth);
    return nth;
  }
}

/**
 * Reads an XML file in one pass and answers its root. `onElement` is called as each element ends; where it answers true the element is
 * forgotten by its parent, so that memory holds one record and not the file.
 *
 * A document type is refused (no entity of a file is ever expanded), and so is what is larger than the limits above.
 * Errors: `bank-file.empty`, `bank-file.not-xml`, `bank-file.truncated`, `bank-file.document-type`, `bank-file.too-large`; each with
 * `facts.line` and `facts.column`.
 */
export function readXml(content: XmlContent, onElement: (element: XmlElement) => boolean = () => false): XmlElement {
  const parser = new SaxesParser({ xmlns: true });
  let root: Growing | undefined;
  let open: Growing | undefined;
  let depth = 0;
  let begun = false;
  let ending = false;
  const refuse = (code: string, message: string): never => {
    const place = { line: parser.line, column: parser.column };
    throw new HubError(code, `Line ${place.line}, column ${place.column}: ${message}`, { facts: place });
  };
  parser.on('error', () =>
    ending && begun
      ? refuse('bank-file.truncated', `the file ends before ${open?.path ?? '/'} is closed.`)
      : refuse('bank-file.not-xml', 'the file is not well-formed XML.'),
  );
  parser.on('doctype', () =>
    refuse('bank-file.document-type', 'a document type (DTD) is not accepted in a bank file.'),
  );
  parser.on('opentagstart', () => (begun = true));
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > DEPTH_MAX) refuse('bank-file.too-large', `elements are nested deeper than ${DEPTH_MAX}.`);
    open = new Growing(tag.local, tag.uri, attributesOf(tag.attributes), open, parser.line);
    root ??= open;
  });
  const addText = (text: string): void => {
    if (open === undefined) return;
    if (open.text.length + text.length > TEXT_MAX_CHARACTERS) {
      refuse('bank-file.too-large', `the text of ${open.path} is longer than ${TEXT_MAX_CHARACTERS} characters.`);
    }
    open.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const closed = open;
    depth -= 1;
    open = closed?.parent;
    if (closed !== undefined && onElement(closed)) open?.children.pop();
  });
  let characters = 0;
  for (const piece of typeof content === 'string' ? pieces(content) : content) {
    characters += piece.length;
    if (characters > BANK_FILE_MAX_CHARACTERS) {
      refuse('bank-file.too-large', `the file has more than ${BANK_FILE_MAX_CHARACTERS} characters.`);
    }
    parser.write(piece);
  }
  if (characters === 0) refuse('bank-file.empty', 'the file is empty.');
  ending = true;
  parser.close();
  return root ?? refuse('bank-file.not-xml', 'the file has no element.');
}

/** The parser keeps what it was given until it has read it: pieces keep that small. */
const PIECE_CHARACTERS = 65_536;
function* pieces(content: string): Generator<string> {
  for (let at = 0; at < content.length; at += PIECE_CHARACTERS) yield content.slice(at, at + PIECE_CHARACTERS);
}

type Attributes = Readonly<Record<string, { readonly local: string; readonly value: string }>>;
const NO_ATTRIBUTES: Readonly<Record<string, string>> = {};

/** By their names without prefix. */
function attributesOf(attributes: Attributes): Readonly<Record<string, string>> {
  const given = Object.values(attributes);
  return given.length === 0 ? NO_ATTRIBUTES : Object.fromEntries(given.map(({ local, value }) => [local, value]));
}

/** All children of one name. */
export const all = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((child) => child.name === name);

/** The first element down a path of names. */
export function find(element: XmlElement, ...names: readonly string[]): XmlElement | undefined {
  let found: XmlElement | undefined = element;
  for (const name of names) found = found?.children.find((child) => child.name === name);
  return found;
}

/** The text of the first element down a path of names, without blanks around it; null where there is none. */
export function textAt(element: XmlElement, ...names: readonly string[]): string | null {
  const text = find(element, ...names)?.text.trim();
  return text === undefined || text === '' ? null : text;
}

/** The text down a path, which must be there. Error: `bank-file.missing`, with the path and the line. */
export function requiredText(element: XmlElement, ...names: readonly string[]): string {
  const text = textAt(element, ...names);
  if (text !== null) return text;
  throw invalid(element, 'bank-file.missing', `${[element.path, ...names].join('/')} is missing`, names);
}

/** An error that names the place: path and line. */
export function invalid(
  element: XmlElement,
  code: string,
  message: string,
  below: readonly string[] = [],
  facts: Readonly<Record<string, string | number>> = {},
): HubError {
  const field = [element.path, ...below].join('/');
  return new HubError(code, `Line ${element.line}: ${message}.`, { field, facts: { ...facts, line: element.line } });
}

/**
 * The text of a file's bytes: by its byte order mark, else as its XML declaration says, else UTF-8.
 *
 * Errors: `bank-file.encoding` for bytes that the named encoding does not have, or an encoding nobody knows.
 */
export function decodeXml(bytes: Uint8Array): string {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const declared = /^<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(start)?.[1] ?? 'utf-8';
  const encoding = start.startsWith('\u00FE\u00FF')
    ? 'utf-16be'
    : start.startsWith('\u00FF\u00FE')
      ? 'utf-16le'
      : declared;
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new HubError('bank-file.encoding', `The file is not text in ${encoding}, which it says it is.`, { cause });
  }
}
