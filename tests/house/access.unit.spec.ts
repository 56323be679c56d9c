import { buildSchema, isObjectType, type GraphQLObjectType } from 'graphql';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { projectFiles, textOf } from './files.js';

const ALLOWANCES: ReadonlySet<string> = new Set(['AllowRoles', 'AllowSignedIn', 'AllowAnybody']);
const ROOT_FIELDS: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);
const ROUTES: ReadonlySet<string> = new Set(['Get', 'Post', 'Put', 'Patch', 'Delete', 'All']);
/** What a stranger reaches: the page that leads to sign-in, signing in and out, health, the API's own limits. Whoever adds to it says here that it is meant. */
/** Metrics and progress are counts of a process, about nobody; a proxy keeps them from outside (deploy/README.md). */
const OPEN_TO_STRANGERS = ['home', 'limits', 'signIn', 'callback', 'signOut', 'live', 'ready', 'metrics', 'progress'];

interface Entry {
  readonly path: string;
  readonly kind: 'root field' | 'route';
  readonly name: string;
  readonly allowances: readonly string[];
}

/** Every method that a caller reaches from outside: root fields of resolvers and routes of controllers. */
function entriesOf(path: string): Entry[] {
  const source = ts.createSourceFile(path, textOf(path), ts.ScriptTarget.ES2023, true);
  const entries: Entry[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isMethodDeclaration(node)) entries.push(...entryOf(path, node, source));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return entries;
}

function entryOf(path: string, method: ts.MethodDeclaration, source: ts.SourceFile): Entry[] {
  const decorators = (ts.getDecorators(method) ?? []).flatMap(({ expression }) =>
    ts.isCallExpression(expression)
      ? [{ name: expression.expression.getText(source), first: expression.arguments[0] }]
      : [],
  );
  const allowances = decorators.map(({ name }) => name).filter((name) => ALLOWANCES.has(name));
  const root = decorators.find(({ name }) => ROOT_FIELDS.has(name));
  const given =
    root?.first !== undefined && ts.isStringLiteral(root.first) ? root.first.text : method.name.getText(source);
  if (root !== undefined) return [{ path, kind: 'root field', name: given, allowances }];
  const route = decorators.some(({ name }) => ROUTES.has(name));
  return route ? [{ path, kind: 'route', name: method.name.getText(source), allowances }] : [];
}

describe('what a caller reaches', () => {
  const code = projectFiles().filter((path) => /^(libs|apps)\/.*(?<!\.spec|\.generated)\.ts$/.test(path));
  const entries = code.flatMap(entriesOf);
  const schema = buildSchema(textOf('schemas/schema.generated.graphql'));

  it('says who may use it, once', () => {
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.filter(({ allowances }) => allowances.length !== 1)).toEqual([]);
  });

  it('is open to strangers only where that is meant', () => {
    const open = entries.filter(({ allowances }) => allowances.includes('AllowAnybody')).map(({ name }) => name);
    expect(open.filter((name) => !OPEN_TO_STRANGERS.includes(name))).toEqual([]);
  });

  it('is every root field of the schema, each served once', () => {
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const published = roots.flatMap((type) => Object.keys(type?.getFields() ?? {})).sort();
    const served = entries.flatMap(({ kind, name }) => (kind === 'root field' ? [name] : [])).sort();
    expect(served).toEqual(published);
  });

  it('says of each field what it tells about a person', () => {
    const roots = new Set(['Query', 'Mutation', 'Subscription']);
    const types = Object.values(schema.getTypeMap()).filter(
      (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__') && !roots.has(type.name),
    );
    const silent = types.flatMap((type) =>
      Object.values(type.getFields())
        .filter(({ astNode }) => astNode?.directives?.filter(({ name }) => name.value === 'category').length !== 1)
        .map(({ name }) => `${type.name}.${name}`),
    );
    expect(types.length).toBeGreaterThan(0);
    expect(silent).toEqual([]);
  });
});
