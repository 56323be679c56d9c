import { describe, expect, it } from '@jest/globals';
import { textOf } from './files.js';

/** The rows of the first table: the facts, and who says each. */
const rows = textOf('docs/facts.md')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => cells.length > 5);
const codes = (text: string): string[] => [...text.matchAll(/`([\w-]+)`/g)].map(([, code]) => code!);

describe('the page of facts', () => {
  it('lists each fact a tariff can read, and no other', () => {
    const facts = [...textOf('libs/tariffs/facts.ts').matchAll(/readonly type: '([^']+)'/g)].map(([, type]) => type!);
    expect(facts).not.toEqual([]);
    expect([...new Set(rows.map((cells) => codes(cells[1]!)[0]!))].sort()).toEqual([...new Set(facts)].sort());
  });

  it('names mutations that exist', () => {
    const schema = textOf('schemas/schema.generated.graphql');
    const mutations = rows.flatMap((cells) => codes(cells[3]!));
    expect(mutations).toContain('reportJob');
    expect(mutations.filter((name) => !new RegExp(`^  ${name}\\(`, 'm').test(schema))).toEqual([]);
  });
});
