import { describe, expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { safeError } from './safe-error.js';

const NAME = 'Maria Huber';

describe('an unexpected error in the log', () => {
  it('keeps what helps to find it, and nothing of the data it was about', () => {
    const driver = Object.assign(new Error(`duplicate key value: (name)=(${NAME})`), {
      code: '23505',
      table: 'person',
      constraint: 'person_name_key',
      detail: `Key (name)=(${NAME}) already exists.`,
    });
    const error = new QueryFailedError(`insert into person values ('${NAME}')`, [NAME], driver);
    const safe = safeError(error);
    expect(safe).toMatchObject({
      type: 'QueryFailedError',
      code: '23505',
      table: 'person',
      constraint: 'person_name_key',
    });
    expect(safe.frames.length).toBeGreaterThan(0);
    expect(JSON.stringify(safe)).not.toContain(NAME);
  });

  it('keeps the sentence of our own errors only: a parser repeats its input', () => {
    expect(safeError(new Error('There is no principal where the guard did not run.')).message).toMatch(/no principal/);
    expect(safeError(new SyntaxError(`Unexpected "${NAME}"`))).not.toHaveProperty('message');
    expect(safeError(NAME)).toEqual({ type: 'string', frames: [] });
  });
});
