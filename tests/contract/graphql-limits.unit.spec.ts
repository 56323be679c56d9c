import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, getNamedType, isObjectType, isUnionType, parse, validate, type GraphQLNamedType } from 'graphql';
import { LIMITS } from '#libs/platform/graphql/limits.js';
import { limitRules } from '#libs/platform/graphql/validation-rules.js';
import { root } from '#tests/house/files.js';

const schema = buildSchema(readFileSync(join(root, 'schemas/schema.generated.graphql'), 'utf8'));

/** Everything below a type, once: what a caller gets who asks for all there is. */
function everythingOf(type: GraphQLNamedType, above: ReadonlySet<string>): string {
  if (isUnionType(type)) {
    const parts = type.getTypes().map((part) => `... on ${part.name} ${everythingOf(part, above)}`);
    return `{ __typename ${parts.join(' ')} }`;
  }
  if (!isObjectType(type)) return '';
  const seen = new Set([...above, type.name]);
  const fields = Object.values(type.getFields())
    .filter((field) => !seen.has(getNamedType(field.type).name))
    .map((field) => `${field.name} ${everythingOf(getNamedType(field.type), seen)}`);
  return `{ ${fields.join(' ')} }`;
}

describe('the limits let through what the schema is for', () => {
  it.each(Object.values(schema.getQueryType()?.getFields() ?? {}))('all of $name, a default page of it', (field) => {
    const document = parse(`{ ${field.name} ${everythingOf(getNamedType(field.type), new Set())} }`, {
      maxLexicalTokens: LIMITS.queryTokens,
    });
    expect(validate(schema, document, limitRules).map(({ message }) => message)).toEqual([]);
  });

  it.each(Object.values(schema.getMutationType()?.getFields() ?? {}))('all that $name answers', (field) => {
    const document = parse(`mutation { ${field.name} ${everythingOf(getNamedType(field.type), new Set())} }`, {
      maxLexicalTokens: LIMITS.queryTokens,
    });
    expect(validate(schema, document, limitRules).map(({ message }) => message)).toEqual([]);
  });
});
