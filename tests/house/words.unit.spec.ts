import { describe, expect, it } from '@jest/globals';
import { projectFiles, textOf } from './files.js';

/** One letter of each word stands in brackets, so that this file does not find itself. */
const FORBIDDEN: readonly { what: string; pattern: RegExp; where: RegExp }[] = [
  {
    what: 'a path of one machine',
    pattern: /(?:^|[\s'"`(=:])\/(?:wor[k]|roo[t]|hom[e]|User[s])\/\w/,
    where: /\.(ts|mjs|cjs|json|md|graphql|yaml|yml|sh)$|^\.ci\/run$/,
  },
  { what: 'unfinished work', pattern: /\b(?:TO[D]O|FIX[M]E|XX[X])\b/, where: /\.(ts|mjs|cjs|md)$/ },
  {
    what: 'a test that runs alone or not at all',
    // Chosen by what the machine has (`broker === undefined ? describe.ski… : describe`) is another thing than written off.
    pattern: /\b(?:it|test|describe)\.(?:onl[y]\b|tod[o]\b|ski[p]\()|\b[fx](?:it|describe)\(/,
    where: /\.spec\.ts$/,
  },
  { what: 'a registry of one machine', pattern: /"resolve[d]": "http/, where: /^package-lock\.json$/ },
  { what: 'a silenced type error', pattern: /@ts-(?:ignor[e]|nochec[k])/, where: /\.ts$/ },
  {
    what: 'a clock or a random source in a pure folder',
    pattern:
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandom(?:UUID|Bytes|Int)\b|\bgetRandomValues\b|\bprocess\./,
    where: /^libs\/(?:kernel|tariffs|[^/]+\/domain)\/(?!.*\.spec\.ts$).*\.ts$/,
  },
];

describe('the words of the house', () => {
  const files = projectFiles();

  it.each(FORBIDDEN)('never hold $what', ({ pattern, where }) => {
    const read = files.filter((path) => where.test(path));
    expect(read).not.toEqual([]);
    const found = read.flatMap((path) =>
      textOf(path)
        .split('\n')
        .flatMap((line, index) =>
          pattern.test(line) ? [`${path}:${String(index + 1)}: ${line.trim().slice(0, 100)}`] : [],
        ),
    );
    expect(found).toEqual([]);
  });
});
