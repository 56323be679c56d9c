// schemas/graphql/*.graphql → one merged schema and its TypeScript types.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import { mergeTypeDefs } from '@graphql-tools/merge';
import { buildASTSchema, parse, print } from 'graphql';
import { root } from './node24.mjs';

const NOTICE = 'Generated from schemas/graphql by `npm run generate`. Do not edit.';

/** Answers [path, text] of every file that is generated from the GraphQL schema. */
export async function generateGraphql() {
  const folder = join(root, 'schemas/graphql');
  const files = (await readdir(folder))
    .filter((name) => name.endsWith('.graphql') && !name.endsWith('.generated.graphql'))
    .sort();
  const documents = await Promise.all(files.map(async (name) => parse(await readFile(join(folder, name), 'utf8'))));
  const merged = mergeTypeDefs(documents);
  buildASTSchema(merged);
  const types = await codegen({
    filename: 'schema.generated.ts',
    schema: merged,
    documents: [],
    plugins: [{ typescript: {} }],
    pluginMap: { typescript },
    config: {
      enumsAsTypes: true,
      immutableTypes: true,
      useTypeImports: true,
      avoidOptionals: { field: true },
      typesPrefix: 'Gql',
      nonOptionalTypename: false,
      scalars: {
        Date: 'LocalDate',
        DateTime: { input: 'string', output: 'Date | string' },
        Minor: { input: 'string', output: 'bigint | string' },
      },
    },
  });
  return [
    ['schemas/schema.generated.graphql', `# ${NOTICE}\n\n${print(merged)}\n`],
    [
      'libs/platform/graphql/schema.generated.ts',
      `// ${NOTICE}\nimport type { LocalDate } from '#libs/kernel/index.js';\n\n${types}`,
    ],
  ];
}

export async function writeGraphql() {
  for (const [path, text] of await generateGraphql()) await writeFile(join(root, path), text);
}
