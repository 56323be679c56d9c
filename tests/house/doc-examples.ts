/** A block of a page that a test runs: the shell lines, and what they must print where the page shows it. */
export interface DocExample {
  /** Line of the marker in the page, from 1. */
  readonly line: number;
  readonly shell: string;
  readonly expected: string | undefined;
}

/**
 * Finds the examples of a page: a `sh` block right below a line `<!-- run -->` is run, and a `text` block right below that is
 * what it prints. `…` at the end of a line stands for whatever follows there.
 */
export function examplesOf(page: string): DocExample[] {
  const marked = /^<!-- run -->\n+```sh\n([\s\S]*?)^```(?:\n+```text\n([\s\S]*?)^```)?/gm;
  return [...page.matchAll(marked)].map((match) => ({
    line: page.slice(0, match.index).split('\n').length,
    shell: match[1] ?? '',
    expected: match[2],
  }));
}

/** Says whether what was printed is what the page shows. */
export function isAsShown(printed: string, expected: string): boolean {
  const lines = (text: string) => text.trimEnd().split('\n');
  const [is, shown] = [lines(printed), lines(expected)];
  return (
    is.length === shown.length &&
    shown.every((line, index) =>
      line.endsWith('…') ? is[index]?.startsWith(line.slice(0, -1)) === true : is[index] === line,
    )
  );
}
