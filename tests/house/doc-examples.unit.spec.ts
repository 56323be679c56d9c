import { describe, expect, it } from '@jest/globals';
import { examplesOf, isAsShown } from './doc-examples.js';
import { projectFiles, textOf } from './files.js';

const PAGE = [
  'Text',
  '<!-- run -->',
  '',
  '```sh',
  'echo one',
  'echo two',
  '```',
  '',
  '```text',
  'one',
  't…',
  '```',
  '```sh',
  'never run',
  '```',
  '<!-- run -->',
  '```sh',
  'true',
  '```',
  '',
].join('\n');

describe('the examples of the pages', () => {
  it('are the marked blocks, each with what it prints', () => {
    expect(examplesOf(PAGE)).toEqual([
      { line: 2, shell: 'echo one\necho two\n', expected: 'one\nt…\n' },
      { line: 16, shell: 'true\n', expected: undefined },
    ]);
  });

  it('print what the page shows, line by line', () => {
    expect(isAsShown('one\ntwo\n', 'one\nt…\n')).toBe(true);
    expect(isAsShown('one\n', 'one\nt…\n')).toBe(false);
    expect(isAsShown('one\nwto\n', 'one\nt…\n')).toBe(false);
    expect(isAsShown('two\n', 'one\n')).toBe(false);
  });

  it('leave no marker without a block that can be run', () => {
    for (const path of projectFiles().filter((name) => name.endsWith('.md'))) {
      const page = textOf(path);
      const markers = page.split('\n').filter((line) => line.trim() === '<!-- run -->').length;
      expect(`${path}: ${String(examplesOf(page).length)}`).toBe(`${path}: ${String(markers)}`);
    }
  });

  it('name only files that exist', () => {
    const missing = projectFiles()
      .filter((name) => name.endsWith('.md'))
      .flatMap((path) => {
        const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
        const links = [...textOf(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) => match[1] ?? '');
        return links
          .map((link) => new URL(link, `file:///${folder}`).pathname.slice(1).replace(/\/$/, ''))
          .filter((target) => !projectFiles().some((file) => file === target || file.startsWith(`${target}/`)))
          .map((target) => `${path} → ${target}`);
      });
    expect(missing).toEqual([]);
  });
});
