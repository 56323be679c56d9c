import { own } from '../own.js';
import type { Formula, TariffDocument } from './document.js';

/** The kinds of the spells whose days are in a set, as far as the document names them. */
export function kindsOf(document: TariffDocument, set: Formula | undefined): readonly string[] {
  const { spells, union, overlap, days } = own(document.days, String(set)) ?? {};
  const sources = [union ?? [], overlap ?? [], days ?? []].flat();
  return [...new Set([spells ?? [], ...sources.map((source) => kindsOf(document, source))].flat())];
}

/** Whether spells of these kinds are called jobs. Whatever is no employment alone is called by its kinds. */
export const areJobs = (kinds: readonly string[]): boolean =>
  kinds.every((kind) => kind === 'employment' || kind === 'past-employment');
