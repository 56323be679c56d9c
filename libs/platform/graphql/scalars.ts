import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { HubError, localDate } from '#libs/kernel/index.js';

function scalar(
  name: string,
  description: string,
  parse: (text: string) => unknown,
  serialize: (value: unknown) => string,
): GraphQLScalarType {
  const checked = (value: unknown): unknown => {
    if (typeof value !== 'string') throw new GraphQLError(`${name} is text: ${description}`);
    try {
      return parse(value);
    } catch (error) {
      throw new GraphQLError(error instanceof HubError ? error.message : `Not a ${name}: ${description}`);
    }
  };
  return new GraphQLScalarType({
    name,
    description,
    serialize,
    parseValue: checked,
    parseLiteral: (node) => {
      if (node.kind !== Kind.STRING) throw new GraphQLError(`${name} is text: ${description}`, { nodes: node });
      return checked(node.value);
    },
  });
}

export const DateScalar = scalar('Date', 'a calendar day, YYYY-MM-DD', localDate, (value) => localDate(String(value)));

export const DateTimeScalar = scalar(
  'DateTime',
  'a moment, RFC 3339, for example 2018-03-01T08:00:00Z',
  (text) => {
    if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.test(text)) throw new Error('syntax');
    localDate(text.slice(0, 10));
    return new Date(text).toISOString();
  },
  (value) => new Date(value as string | Date).toISOString(),
);

export const MinorScalar = scalar(
  'Minor',
  'an exact amount in minor units, as digits',
  (text) => {
    if (!/^-?\d{1,18}$/.test(text)) throw new Error('syntax');
    return BigInt(text).toString();
  },
  (value) => (value as bigint | string).toString(),
);
