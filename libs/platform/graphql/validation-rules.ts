import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type SelectionNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { LIMITS } from './limits.js';

/** Refuses a document with more aliases, directives or estimated cost than `LIMITS` allows; each answer names the limit. */
export const limitRules: readonly ValidationRule[] = [
  (context) =>
    countingRule(
      context,
      'aliases',
      LIMITS.queryAliases,
      (node) => node.kind === Kind.FIELD && 'alias' in node && node.alias != null,
    ),
  (context) => countingRule(context, 'directives', LIMITS.queryDirectives, (node) => node.kind === Kind.DIRECTIVE),
  costRule,
];

function countingRule(
  context: ValidationContext,
  what: string,
  max: number,
  counts: (node: { kind: Kind }) => boolean,
): ASTVisitor {
  let count = 0;
  return {
    enter(node) {
      if (!counts(node)) return;
      count += 1;
      if (count === max + 1)
        context.reportError(
          new GraphQLError(`A document has at most ${max} ${what}.`, { nodes: node, extensions: { code: 'LIMIT' } }),
        );
    },
  };
}

/**
 * Cost: one for each field, times the page size of each connection above it (the default page where `first` is a variable or left
 * out), fragments included where they are spread.
 */
function costRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      const cost = costOf(context, operation.selectionSet.selections, 1, 0);
      if (cost > LIMITS.queryCost) {
        context.reportError(
          new GraphQLError(
            `This operation may cost ${cost}; at most ${LIMITS.queryCost}. Ask for smaller pages or fewer fields.`,
            {
              nodes: operation,
              extensions: { code: 'LIMIT' },
            },
          ),
        );
      }
    },
  };
}

const FRAGMENT_DEPTH_MAX = 20;

function costOf(
  context: ValidationContext,
  selections: readonly SelectionNode[],
  factor: number,
  depth: number,
): number {
  if (depth > FRAGMENT_DEPTH_MAX) return LIMITS.queryCost + 1;
  let cost = 0;
  for (const selection of selections) {
    if (cost > LIMITS.queryCost) break;
    if (selection.kind === Kind.FIELD) {
      const first = selection.arguments?.find((argument) => argument.name.value === 'first');
      const page =
        first?.value.kind === Kind.INT ? Number(first.value.value) : first === undefined ? 1 : LIMITS.pageItems;
      cost += factor;
      if (selection.selectionSet !== undefined)
        cost += costOf(context, selection.selectionSet.selections, factor * Math.max(1, page), depth + 1);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      cost += costOf(context, selection.selectionSet.selections, factor, depth + 1);
    } else {
      const fragment = context.getFragment(selection.name.value);
      if (fragment != null) cost += costOf(context, fragment.selectionSet.selections, factor, depth + 1);
    }
  }
  return cost;
}
