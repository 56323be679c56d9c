import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { root } from '#tests/house/files.js';

const released = join(root, 'schemas/released');

/** What a caller of the earlier schema would miss in the later one. */
async function breakingChanges(earlier: string, later: string): Promise<string[]> {
  const changes = await diff(buildSchema(earlier), buildSchema(later));
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message }) => message);
}

describe('the shared GraphQL schema', () => {
  const now = readFileSync(join(root, 'schemas/schema.generated.graphql'), 'utf8');
  const earlier = readdirSync(released).filter((name) => name.startsWith('graphql-'));

  it('has been released', () => {
    expect(earlier.length).toBeGreaterThan(0);
  });

  it.each(earlier)('takes nothing away from %s', async (name) => {
    expect(await breakingChanges(readFileSync(join(released, name), 'utf8'), now)).toEqual([]);
  });
});

describe('a change of the schema', () => {
  const schema = `
    directive @category(name: DataCategory!) on FIELD_DEFINITION
    enum DataCategory { NONE C1 }
    type Query { person(id: ID!): Person }
    type Person { name: String @category(name: C1) age: Int! @category(name: C1) }
    input PersonInput { name: String! }
  `;

  it.each([
    ['a field is gone', 'age: Int! @category(name: C1)', ''],
    ['a field may be null', 'age: Int!', 'age: Int'],
    ['a field has another type', 'name: String @', 'name: Int @'],
    ['an argument becomes required', 'person(id: ID!)', 'person(id: ID!, purpose: String!)'],
    ['an input field becomes required', 'name: String! }', 'name: String! age: Int! }'],
    ['an enum value is gone', 'NONE C1', 'C1'],
  ])('breaks callers: %s', async (_what, before, after) => {
    expect(schema).toContain(before);
    expect(await breakingChanges(schema, schema.replace(before, after))).not.toEqual([]);
  });

  it.each([
    ['a field is new', 'age: Int!', 'shoeSize: Int @category(name: C1) age: Int!'],
    ['an optional argument is new', 'person(id: ID!)', 'person(id: ID!, purpose: String)'],
    ['an optional input field is new', 'name: String! }', 'name: String! age: Int }'],
    ['an enum value is new', 'NONE C1', 'NONE C1 C2'],
  ])('breaks nobody: %s', async (_what, before, after) => {
    expect(await breakingChanges(schema, schema.replace(before, after))).toEqual([]);
  });
});
