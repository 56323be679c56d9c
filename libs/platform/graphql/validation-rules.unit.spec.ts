import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema, parse, validate } from 'graphql';
import { LIMITS } from './limits.js';
import { limitRules } from './validation-rules.js';

const schema = buildSchema(`
  type Query { items(first: Int = 50): [Item!]! one: Item! }
  type Item { name: String! items(first: Int = 10): [Item!]! parent: Item! }
`);

const findings = (document: string): string[] =>
  validate(schema, parse(document), limitRules).map(({ message }) => message);

interface Selected {
  readonly text: string;
  readonly cost: number;
  readonly depth: number;
}

/** Selections of every shape, with what they cost counted beside the rule: a page of connections multiplies what is below it. */
const selection: fc.Arbitrary<Selected> = fc.letrec<{ selection: Selected }>((tie) => ({
  selection: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.constant({ text: 'name', cost: 1, depth: 1 }),
    fc
      .tuple(tie('selection'), fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }))
      .map(([below, first]) => ({
        text: `items${first === undefined ? '' : `(first: ${String(first)})`} { ${below.text} }`,
        cost: 1 + (first ?? 10) * below.cost,
        depth: 1 + below.depth,
      })),
    tie('selection').map((below) => ({
      text: `parent { ${below.text} }`,
      cost: 1 + below.cost,
      depth: 1 + below.depth,
    })),
    tie('selection').map((below) => ({ ...below, text: `... on Item { ${below.text} }` })),
    fc.tuple(tie('selection'), tie('selection')).map(([left, right]) => ({
      text: `${left.text} ${right.text}`,
      cost: left.cost + right.cost,
      depth: Math.max(left.depth, right.depth),
    })),
  ),
})).selection;

describe('the limits on a document', () => {
  it('hold cost and depth exactly, whatever the shape', () => {
    fc.assert(
      fc.property(selection, ({ text, cost, depth }) => {
        const found = findings(`{ one { ${text} } }`);
        if (1 + depth > LIMITS.queryDepth) expect(found).toEqual([expect.stringMatching(/8 deep|may cost/)]);
        else if (1 + cost > LIMITS.queryCost) expect(found).toEqual([expect.stringMatching(/may cost more than 5000/)]);
        else expect(found).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('count a fragment wherever it is spread', () => {
    const fragment = 'fragment F on Item { items(first: 100) { name } }';
    expect(findings(`{ ${'one { ...F } '.repeat(49)} } ${fragment}`)).toEqual([]);
    expect(findings(`{ ${'one { ...F } '.repeat(50)} } ${fragment}`)).toEqual([expect.stringMatching(/may cost/)]);
  });

  it('count a variable as the largest page, and the default page where nothing is asked', () => {
    const pages = (first: string, fields: number): string[] =>
      findings(`query ($n: Int) { items${first} { ${'name '.repeat(fields)} } }`);
    expect(pages('(first: $n)', 49)).toEqual([]);
    expect(pages('(first: $n)', 50)).toHaveLength(1);
    expect(pages('', 99)).toEqual([]);
    expect(pages('', 100)).toHaveLength(1);
  });

  it('end with fragments that spread each other in a circle, or double each time', () => {
    expect(findings('{ one { ...A } } fragment A on Item { ...B } fragment B on Item { ...A }')).toHaveLength(1);
    const doubling = Array.from(
      { length: 40 },
      (_, n) => `fragment F${String(n)} on Item { ...F${String(n + 1)} ...F${String(n + 1)} }`,
    );
    expect(findings(`{ one { ...F0 } } ${doubling.join(' ')} fragment F40 on Item { name }`)).toHaveLength(1);
  });

  it('say each limit once', () => {
    const aliases = Array.from({ length: 40 }, (_, index) => `a${String(index)}: one { name }`).join(' ');
    expect(findings(`{ ${aliases} }`)).toEqual(['A document has at most 15 aliases.']);
    expect(findings(`{ one ${'@skip(if: false) '.repeat(20)} { name } }`)).toContain(
      'A document has at most 10 directives.',
    );
  });
});
