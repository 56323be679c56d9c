import { parseFormula, type Ast } from '../language/parse.js';

/** Not every text is a formula. */
export function parsed(text: string): Ast | undefined {
  try {
    return parseFormula(text);
  } catch {
    return undefined;
  }
}

/** A formula and all that it consists of. */
export function partsOf(node: unknown): readonly Ast[] {
  if (typeof node !== 'object' || node === null) return [];
  const inner = Object.values(node).flatMap(partsOf);
  return 'kind' in node ? [node as Ast, ...inner] : inner;
}
