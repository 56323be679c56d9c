const LETTERS_APART_MAX = 2;
const SIMILAR_MAX = 3;

/** Names that may have been meant: those that differ by a letter or two. */
export const similarTo = (name: string, names: readonly string[]): readonly string[] =>
  names.filter((other) => distance(name.toLowerCase(), other.toLowerCase()) <= LETTERS_APART_MAX).slice(0, SIMILAR_MAX);

/** How many letters differ (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
