import { describe, expect, it } from '@jest/globals';
import { checkGrant, type Grant } from './partner.js';

const manager = { kind: 'person', roles: ['CONTRACT_MANAGER'] } as const;
const adviser = { kind: 'person', roles: ['PROVIDER_ADVISER'] } as const;
const codeOf = (grant: Grant): string | null => {
  try {
    checkGrant(grant);
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const first = { own: false, managesItself: false };
const own = { own: true, managesItself: true };

describe('who may give whom an account', () => {
  it.each<[string, Grant, string | null]>([
    [
      'a manager gives a partner its first person',
      { to: 'person', roles: ['PROVIDER_FINANCE'], by: manager, ...first },
      null,
    ],
    [
      'a manager gives a partner its first system',
      { to: 'system', roles: ['PROVIDER_ADVISER'], by: manager, ...first },
      null,
    ],
    [
      'an adviser gives a system the adviser’s role',
      { to: 'system', roles: ['PROVIDER_ADVISER'], by: adviser, ...own },
      null,
    ],
    [
      'an adviser gives a system finance',
      { to: 'system', roles: ['PROVIDER_FINANCE'], by: adviser, ...own },
      'account.roles-beyond-own',
    ],
    [
      'a counsellor gives a system the manager’s role',
      { to: 'system', roles: ['CONTRACT_MANAGER'], by: { kind: 'person', roles: ['COUNSELLOR'] }, ...own },
      'account.roles-beyond-own',
    ],
    [
      'a system registers a person',
      { to: 'person', roles: ['PROVIDER_ADVISER'], by: { ...adviser, kind: 'client' }, ...own },
      'account.person-required',
    ],
    [
      'a manager registers a manager',
      { to: 'person', roles: ['CONTRACT_MANAGER'], by: manager, ...own },
      'account.manager-by-operator',
    ],
    [
      'a manager gives an account to a partner that manages itself',
      { to: 'system', roles: ['PROVIDER_FINANCE'], by: manager, own: false, managesItself: true },
      'account.partner-manages-itself',
    ],
    [
      'a counsellor gives a partner its first account',
      { to: 'system', roles: ['PROVIDER_FINANCE'], by: { kind: 'person', roles: ['COUNSELLOR'] }, ...first },
      'account.person-required',
    ],
    [
      'a manager’s system gives a partner its first account',
      { to: 'system', roles: ['PROVIDER_FINANCE'], by: { ...manager, kind: 'client' }, ...first },
      'account.person-required',
    ],
  ])('%s', (_what, grant, code) => {
    expect(codeOf(grant)).toBe(code);
  });
});
