import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root, textOf } from './files.js';

const folders = ['apps', 'libs'].flatMap((parent) =>
  readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${parent}/${entry.name}`),
);

describe('docs/architecture.md', () => {
  it.each(folders)('says what %s is', (folder) => {
    expect(textOf('docs/architecture.md')).toContain(`\`${folder}\``);
  });
});
