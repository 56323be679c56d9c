import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const NOT_OURS: ReadonlySet<string> = new Set(['node_modules', 'dist', 'var', '.git']);
const FILE_BYTES_MAX = 1_000_000;

/** Every file of the project that a person wrote or reviews, as a path from the root. */
export function projectFiles(folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? projectFiles(path) : [path];
  });
}

export const textOf = (path: string): string =>
  statSync(join(root, path)).size > FILE_BYTES_MAX ? '' : readFileSync(join(root, path), 'utf8');
