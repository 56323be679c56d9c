import type { Decimal } from '#libs/kernel/index.js';
import type { Cells, Formula, TariffDocument } from '../document/document.js';
import type { Value } from '../language/value.js';

/** Something in a tariff that is probably, or certainly, not meant. */
export interface Finding {
  /** An error can never be right; a warning may. */
  readonly level: 'error' | 'warning';
  /** Path in the document. */
  readonly place: string;
  readonly message: string;
}

export const error = (place: string, message: string): Finding => ({ level: 'error', place, message });
export const warning = (place: string, message: string): Finding => ({ level: 'warning', place, message });

export const isNumber = (value: Value | undefined): value is Decimal =>
  typeof value === 'object' && value !== null && 'd' in value;

/** What stands in the cells of a table. */
export const leavesOf = (cells: Cells): readonly Formula[] =>
  Object.values(cells).flatMap((cell) => (typeof cell === 'object' ? leavesOf(cell) : [cell]));

const NO_RULES: ReadonlySet<string> = new Set(['examples', 'sources', 'open', 'title']);

export interface PlacedText {
  readonly place: string;
  readonly text: string;
}

/** Every text of a document that may be a rule, with the path of what it stands in. */
export const rulesOf = (document: TariffDocument): readonly PlacedText[] =>
  textsOf(Object.fromEntries(Object.entries(document).filter(([key]) => !NO_RULES.has(key))), []);

/** A note of something declared; deeper, or for the declared itself, the word is a name. */
export const isNote = (path: readonly string[]): boolean => path.length === 3 && path[2] === 'note';

const PROSE: ReadonlySet<string> = new Set(['title', 'note', 'unknown']);

/** For readers only: titles, notes, why something is unknown, and why a condition is not met. */
const isProse = (path: readonly string[]): boolean =>
  path.length === 3 ? PROSE.has(path[2] ?? '') : path[2] === 'provided' && path.at(-1) === 'else';

function textsOf(node: unknown, path: readonly string[]): readonly PlacedText[] {
  if (typeof node === 'string') return [{ place: path.join('.').replace(/\.\d+$/, ''), text: node }];
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    isProse([...path, key]) ? [] : textsOf(value, [...path, key]),
  );
}
