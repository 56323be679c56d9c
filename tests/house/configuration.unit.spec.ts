import { describe, expect, it } from '@jest/globals';
import { projectFiles, textOf } from './files.js';

/** What is read: settings by their name as a key, and the environment itself. */
const READ = [
  /^\s*((?:LIAISON|KAFKA|OTEL)_[A-Z_]+): (?:\{|[a-zA-Z]+\()/gm,
  /\bprocess\.env(?:\[')?\.?((?:LIAISON|KAFKA|OTEL)_[A-Z_]+)/g,
];

const namesIn = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

describe('docs/configuration.md', () => {
  const read = new Set(
    projectFiles()
      .filter((path) => /^(?:apps|libs|deploy|tests)\/.*\.(?:ts|mjs)$/.test(path))
      .flatMap((path) => READ.flatMap((pattern) => namesIn(textOf(path), pattern))),
  );
  const told = new Set(namesIn(textOf('docs/configuration.md'), /`((?:LIAISON|KAFKA|OTEL)_[A-Z_]+)`/g));

  it('names every setting that is read', () => {
    expect(read.size).toBeGreaterThan(30);
    expect([...read].filter((name) => !told.has(name.replace(/_FILE$/, '')))).toEqual([]);
  });

  it('names no setting that nothing reads', () => {
    expect([...told].filter((name) => !read.has(name))).toEqual([]);
  });
});
