import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { Kind, parse, type TypeNode } from 'graphql';
import { checkInput, checkSaysSomething, isIdField, PAIRWISE } from './input-rules.js';

const ID = '0190a0a0-0000-7000-8000-000000000001';
const refusal = (input: unknown): unknown => {
  try {
    checkInput(input);
    checkSaysSomething(input);
    return null;
  } catch (error) {
    const { code, field } = error as { code: string; field: string };
    return { code, field };
  }
};

describe('an input', () => {
  it.each([
    ['an id', { referralId: ID, contractIds: [ID], tariffId: 'jobpath-ie', personId: 'p', note: null }, null],
    ['text for an id', { referralId: 'abc' }, { code: 'id.invalid', field: 'input.referralId' }],
    ['an id in capitals', { id: ID.toUpperCase() }, { code: 'id.invalid', field: 'input.id' }],
    ['one of several', { contractIds: [ID, 'x'] }, { code: 'id.invalid', field: 'input.contractIds.1' }],
    ['an empty text', { subject: '' }, { code: 'text.blank', field: 'input.subject' }],
    ['a blank one of several', { goals: ['a', ' \n'] }, { code: 'text.blank', field: 'input.goals.1' }],
    ['a name as long as may be', { name: 'x'.repeat(500), reason: 'x'.repeat(2_000), goals: ['x'.repeat(500)] }, null],
    ['a longer one', { sites: [{ name: 'x'.repeat(501) }] }, { code: 'text.too-long', field: 'input.sites.0.name' }],
    ['a longer reason', { reason: 'x'.repeat(2_001) }, { code: 'text.too-long', field: 'input.reason' }],
    ['a whole document', { content: 'x'.repeat(100_000) }, null],
    ['a NUL far inside', { terms: [{ name: 'a\0' }] }, { code: 'text.invalid', field: 'input.terms.0.name' }],
  ])('with %s', (_what, input, expected) => {
    expect(refusal(input)).toEqual(expected);
  });

  it('has its ids under names that say so, and nothing else under them', () => {
    const folder = fileURLToPath(new URL('../../../schemas/graphql', import.meta.url));
    const text = readdirSync(folder)
      .map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
      .join('\n');
    const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));
    const fields = parse(text).definitions.flatMap((definition) =>
      definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION ? (definition.fields ?? []) : [],
    );
    expect(fields.length).toBeGreaterThan(50);
    for (const { name, type } of fields)
      expect({ name: name.value, id: isIdField(name.value) }).toEqual({
        name: name.value,
        id: nameOf(type) === 'ID' && !PAIRWISE.includes(name.value),
      });
  });
});
