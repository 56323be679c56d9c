import {
  getNamedType,
  GraphQLError,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type ASTNode,
  type ASTVisitor,
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { LIMITS } from './limits.js';

/** Refuses a document that is larger than `LIMITS` allows; each answer names the limit. */
export const limitRules: readonly ValidationRule[] = [
  (context) =>
    countingRule(
      context,
      'aliases',
      LIMITS.queryAliases,
      (node) => node.kind === Kind.FIELD && node.alias !== undefined,
    ),
  (context) => countingRule(context, 'directives', LIMITS.queryDirectives, (node) => node.kind === Kind.DIRECTIVE),
  sizeRule,
];

function countingRule(
  context: ValidationContext,
  what: string,
  max: number,
  counts: (node: ASTNode) => boolean,
): ASTVisitor {
  let count = 0;
  return {
    enter(node) {
      if (!counts(node)) return;
      count += 1;
      if (count === max + 1) context.reportError(tooMuch(`A document has at most ${max} ${what}.`, node));
    },
  };
}

const tooMuch = (message: string, nodes: ASTNode): GraphQLError =>
  new GraphQLError(message, { nodes, extensions: { code: 'LIMIT' } });

/** Depth and cost of each operation, measured in one walk that ends where either is passed. */
function sizeRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      const root = context.getSchema().getRootType(operation.operation);
      const size = { cost: 0, depth: 0 };
      if (root != null)
        measure(context, size, { set: operation.selectionSet, of: root, factor: 1, depth: 1, spreads: 0 });
      if (size.depth > LIMITS.queryDepth) {
        context.reportError(tooMuch(`Fields are nested at most ${LIMITS.queryDepth} deep.`, operation));
      } else if (size.cost > LIMITS.queryCost) {
        context.reportError(
          tooMuch(
            `This operation may cost more than ${LIMITS.queryCost}: ask for smaller pages or fewer fields.`,
            operation,
          ),
        );
      }
    },
  };
}

interface Place {
  readonly set: SelectionSetNode;
  readonly of: GraphQLNamedType;
  /** Product of the page sizes above. */
  readonly factor: number;
  readonly depth: number;
  /** Fragments spread into each other so far: more than there can be without a circle, and the walk ends. */
  readonly spreads: number;
}

function measure(context: ValidationContext, size: { cost: number; depth: number }, place: Place): void {
  size.depth = Math.max(size.depth, place.depth);
  if (place.spreads > LIMITS.queryTokens) size.cost = Infinity;
  for (const selection of place.set.selections) {
    if (size.cost > LIMITS.queryCost || size.depth > LIMITS.queryDepth) return;
    if (selection.kind === Kind.FIELD) {
      size.cost += place.factor;
      const field = fieldOf(place.of, selection);
      const type = field === undefined ? undefined : getNamedType(field.type);
      if (selection.selectionSet === undefined || field === undefined || !isCompositeType(type)) continue;
      const factor = place.factor * pageSize(field, selection);
      measure(context, size, { ...place, set: selection.selectionSet, of: type, factor, depth: place.depth + 1 });
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      const of = typeNamed(context, selection.typeCondition?.name.value) ?? place.of;
      measure(context, size, { ...place, set: selection.selectionSet, of });
    } else {
      const fragment = context.getFragment(selection.name.value);
      const of = typeNamed(context, fragment?.typeCondition.name.value);
      if (fragment == null || of === undefined) continue;
      measure(context, size, { ...place, set: fragment.selectionSet, of, spreads: place.spreads + 1 });
    }
  }
}

const typeNamed = (context: ValidationContext, name: string | undefined): GraphQLNamedType | undefined =>
  name === undefined ? undefined : context.getSchema().getType(name);

const fieldOf = (type: GraphQLNamedType, node: FieldNode): GraphQLField<unknown, unknown> | undefined =>
  isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;

/** How many items a connection may answer: what is asked for, else its default page; a variable may ask for the largest. */
function pageSize(field: GraphQLField<unknown, unknown>, node: FieldNode): number {
  const parameter = field.args.find((argument) => argument.name === 'first');
  if (parameter === undefined) return 1;
  const given = node.arguments?.find((argument) => argument.name.value === 'first')?.value;
  if (given === undefined)
    return typeof parameter.defaultValue === 'number' ? parameter.defaultValue : LIMITS.pageItems;
  const asked = given.kind === Kind.INT ? Number(given.value) : LIMITS.pageItems;
  return Math.min(Math.max(asked, 1), LIMITS.pageItems);
}
