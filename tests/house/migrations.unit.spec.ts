import { describe, expect, it } from '@jest/globals';
import { projectFiles, textOf } from './files.js';

/** Classes of a migration file: a name, the day it was written and its number, by which TypeORM orders them. */
const MIGRATION = /export class (\w+?)(20\d{6})(\d{5}) implements MigrationInterface/g;

describe('the migrations of the house', () => {
  const written = projectFiles()
    .filter((path) => /\/migrations\/[^/]+\.ts$/.test(path))
    .flatMap((path) =>
      [...textOf(path).matchAll(MIGRATION)].map(([, name = '', day = '', number = '']) => ({
        path,
        name: name + day + number,
        number,
      })),
    );
  const list = /export const migrations[^[]*\[\][^[]*\[([^\]]*)\]/.exec(textOf('apps/database.ts'))?.[1] ?? '';
  const listed = list.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));

  it('are all in the one list, in the order they run', () => {
    expect(written.length).toBeGreaterThan(0);
    expect(listed).toEqual(
      [...written]
        .sort((a, b) => Number(BigInt(a.name.slice(-13)) - BigInt(b.name.slice(-13))))
        .map(({ name }) => name),
    );
  });

  it('have a number each, which their file name begins with', () => {
    expect(new Set(written.map(({ number }) => number)).size).toBe(written.length);
    const misnamed = written.filter(({ path, number }) => !path.includes(`/migrations/${number.slice(1)}-`));
    expect(misnamed.map(({ path }) => path)).toEqual([]);
  });
});
