import { describe, expect, it } from '@jest/globals';
import { HubError } from '#libs/kernel/index.js';
import { isTransient } from './failure.js';

const coded = (code: string): Error => Object.assign(new Error('x'), { code });

describe('whether the same event can pass later', () => {
  it.each([
    ['no connection of the pool was free', new Error('timeout exceeded when trying to connect')],
    ['a connection was lost', new Error('Connection terminated unexpectedly')],
    ['the host has no address just now', coded('EAI_AGAIN')],
    ['the network is gone', coded('EHOSTUNREACH')],
    ['a deadlock', { driverError: { code: '40P01' } }],
    ['our own word for it', new HubError('x', 'x', { retriable: true })],
  ])('yes: %s', (_what, error) => {
    expect(isTransient(error)).toBe(true);
  });

  it.each([
    ['a fault of a reaction', new TypeError('x is undefined')],
    ['a value that the database refuses', { driverError: { code: '22021' } }],
    ['our own refusal', new HubError('x', 'x')],
    ['nothing known', undefined],
  ])('no: %s', (_what, error) => {
    expect(isTransient(error)).toBe(false);
  });
});
