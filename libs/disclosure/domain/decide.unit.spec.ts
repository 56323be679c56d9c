import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ROLES } from '#libs/platform/auth/principal.js';
import { decideDisclosure, type AccessRow, type Permission } from './decide.js';
import { PURPOSES, PURPOSE_RULES, RELATIONSHIPS } from './purposes.js';

const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
const at = day('2018-06-01');
const open = (row: Partial<AccessRow>): AccessRow => ({
  relationship: 'CASE_TEAM',
  purpose: 'INTEGRATED_CASE',
  validFrom: day('2018-01-01'),
  validTo: null,
  ...row,
});
const permission = (effect: Permission['effect'], on = '2018-02-01', validTo: Date | null = null): Permission => ({
  purpose: 'INTEGRATED_CASE',
  effect,
  recordedAt: day(on),
  validTo,
});

describe('a municipality asks for a shared case', () => {
  const ask = (accesses: AccessRow[], permissions: Permission[], when = at) =>
    decideDisclosure({ roles: ['MUNICIPALITY_WORKER'], purpose: 'INTEGRATED_CASE', accesses, permissions, at: when });

  it('is denied without a relation', () => {
    expect(ask([], [permission('GIVEN')])).toEqual({ granted: false, reason: 'NO_RELATION' });
  });
  it('is denied when its relation is for another purpose', () => {
    expect(ask([open({ purpose: 'REFERRAL_DELIVERY' })], [permission('GIVEN')])).toMatchObject({
      reason: 'NO_RELATION',
    });
  });
  it('is denied without the permission of the person', () => {
    expect(ask([open({})], [])).toEqual({ granted: false, reason: 'PERMISSION_MISSING' });
  });
  it('is granted with relation and permission', () => {
    expect(ask([open({})], [permission('GIVEN')])).toMatchObject({ granted: true, relationship: 'CASE_TEAM' });
  });
  it('is denied from the moment of a withdrawal, of a refusal and of the end of a period', () => {
    expect(ask([open({})], [permission('GIVEN'), permission('WITHDRAWN', '2018-05-01')])).toMatchObject({
      reason: 'PERMISSION_MISSING',
    });
    expect(ask([open({})], [permission('GIVEN'), permission('REFUSED', '2018-05-01')])).toMatchObject({
      reason: 'PERMISSION_REFUSED',
    });
    expect(ask([open({})], [permission('GIVEN', '2018-02-01', at)])).toMatchObject({ reason: 'PERMISSION_MISSING' });
    expect(ask([open({ validTo: at })], [permission('GIVEN')])).toMatchObject({ reason: 'NO_RELATION' });
  });
});

describe('the authority that holds the case', () => {
  it('needs no permission, but a refusal on record binds it as well', () => {
    const ask = (permissions: Permission[]) =>
      decideDisclosure({
        roles: ['COUNSELLOR'],
        purpose: 'INTEGRATED_CASE',
        accesses: [open({ relationship: 'AUTHORITY' })],
        permissions,
        at,
      });
    expect(ask([])).toMatchObject({ granted: true });
    expect(ask([permission('REFUSED')])).toMatchObject({ reason: 'PERMISSION_REFUSED' });
  });
});

describe('the whole table', () => {
  it('grants exactly the listed categories, for every role, purpose and relationship (default deny)', () => {
    for (const role of ROLES) {
      for (const purpose of PURPOSES) {
        for (const relationship of RELATIONSHIPS) {
          const decision = decideDisclosure({
            roles: [role],
            purpose,
            accesses: [open({ relationship, purpose })],
            permissions: [{ ...permission('GIVEN'), purpose }],
            at,
          });
          const rule = PURPOSE_RULES[purpose];
          const listed = rule.relationships.includes(relationship) ? (rule.categories[role] ?? []) : [];
          expect(decision.granted ? [...decision.categories].sort() : []).toEqual([...listed].sort());
        }
      }
    }
  });

  it('never grants more because of what is irrelevant, and a latest refusal wins in any order', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([
          permission('GIVEN', '2018-02-01'),
          permission('GIVEN', '2018-03-01'),
          permission('WITHDRAWN', '2018-04-01'),
        ]),
        (earlier) => {
          const decision = decideDisclosure({
            roles: ['SOCIAL_WORKER'],
            purpose: 'INTEGRATED_CASE',
            accesses: [open({})],
            permissions: [...earlier, permission('REFUSED', '2018-05-01')],
            at,
          });
          expect(decision).toEqual({ granted: false, reason: 'PERMISSION_REFUSED' });
        },
      ),
    );
  });
});
