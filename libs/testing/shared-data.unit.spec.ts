import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedData } from './shared-data.js';

const before = { CI: process.env['CI'], LIAISON_SHARED_DATA: process.env['LIAISON_SHARED_DATA'] };

afterEach(() => {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
});

describe('shared data', () => {
  it('given the folder, then it answers the path of what is there and undefined for what is not', () => {
    const folder = mkdtempSync(join(tmpdir(), 'liaison-samples-'));
    mkdirSync(join(folder, '05-iso20022'));
    process.env['LIAISON_SHARED_DATA'] = folder;
    process.env['CI'] = 'false';
    expect(sharedData('05-iso20022')).toBe(join(folder, '05-iso20022'));
    expect(sharedData('01-vacancies')).toBeUndefined();
  });

  it('given CI, then a missing sample is an error that names it', () => {
    process.env['LIAISON_SHARED_DATA'] = join(tmpdir(), 'not-there');
    process.env['CI'] = 'true';
    expect(() => sharedData('05-iso20022')).toThrow(/05-iso20022/);
  });

  it('refuses a path that leaves the folder', () => {
    expect(() => sharedData('../secrets')).toThrow(/leaves/);
  });
});
