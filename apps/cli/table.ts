/** Text of a file on one line of a terminal: its line breaks and escapes are blanks. */
export const oneLine = (text: string): string => text.replace(/\s*[\p{Cc}\u2028\u2029]+\s*/gu, ' ');

/** Rows under a head, columns as wide as their widest cell; columns named in `right` are set to the right. */
export function table(
  head: readonly string[],
  body: readonly (readonly string[])[],
  right: readonly string[] = [],
): string[] {
  const rows = body.map((row) => row.map(oneLine));
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return right.includes(head[column] ?? '') ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
