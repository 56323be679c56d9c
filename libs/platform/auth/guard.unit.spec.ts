import { HttpException, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Authenticator } from './authenticator.js';
import { AccessGuard, AllowAnybody, AllowRoles, AllowSignedIn } from './guard.js';
import { ROLES, type PartnerPrincipal, type Role } from './principal.js';

const role = fc.constantFrom(...ROLES);
const roles = fc.uniqueArray(role);

class Answers extends Authenticator {
  asked = 0;
  constructor(private readonly answer: () => Promise<PartnerPrincipal | undefined>) {
    super();
  }
  override authenticate(): Promise<PartnerPrincipal | undefined> {
    this.asked += 1;
    return this.answer();
  }
}

const principal = (having: readonly Role[]): PartnerPrincipal => ({
  kind: 'person',
  actorId: 'actor',
  organisationId: 'organisation' as PartnerPrincipal['organisationId'],
  organisationKind: 'PROVIDER',
  roles: having,
});

/** A route whose method carries a decorator, or none. */
function route(
  decorate: ((target: object, key: string, descriptor: PropertyDescriptor) => unknown) | undefined,
  request: object = {},
): ExecutionContext {
  const handler = (): void => undefined;
  decorate?.({}, 'route', { value: handler });
  return {
    getHandler: () => handler,
    getType: () => 'http',
    switchToHttp: () => ({ getRequest: () => request }),
  } as unknown as ExecutionContext;
}

const outcome = async (context: ExecutionContext, authenticator: Authenticator): Promise<number> => {
  try {
    return (await new AccessGuard(new Reflector(), authenticator).canActivate(context)) ? 200 : 0;
  } catch (error) {
    if (error instanceof HttpException) return error.getStatus();
    throw error;
  }
};

describe('the guard', () => {
  it('lets in who has one of the roles named, and nobody else', async () => {
    await fc.assert(
      fc.asyncProperty(roles, fc.uniqueArray(role, { minLength: 1 }), async (having, named) => {
        const decorator = AllowRoles(...(named as [Role, ...Role[]]));
        const got = await outcome(route(decorator), new Answers(() => Promise.resolve(principal(having))));
        expect(got).toBe(named.some((one) => having.includes(one)) ? 200 : 403);
      }),
    );
  });

  it('lets in nobody where nothing was said, whatever the roles', async () => {
    await fc.assert(
      fc.asyncProperty(roles, async (having) => {
        expect(await outcome(route(undefined), new Answers(() => Promise.resolve(principal(having))))).toBe(403);
      }),
    );
  });

  it('lets in a stranger only where anybody may', async () => {
    const stranger = new Answers(() => Promise.resolve(undefined));
    expect(await outcome(route(AllowRoles('AUDITOR')), stranger)).toBe(401);
    expect(await outcome(route(AllowSignedIn()), stranger)).toBe(401);
    expect(await outcome(route(undefined), stranger)).toBe(401);
    expect(await outcome(route(AllowAnybody()), stranger)).toBe(200);
  });

  it('asks once who sends a request, however many fields it has', async () => {
    const authenticator = new Answers(() => Promise.resolve(principal(['AUDITOR'])));
    const request = {};
    await Promise.all([1, 2, 3].map(() => outcome(route(AllowSignedIn(), request), authenticator)));
    expect(authenticator.asked).toBe(1);
  });

  it('does not mistake an outage for a stranger, and lets nobody in during one', async () => {
    const failing = new Answers(() => Promise.reject(new Error('the directory does not answer')));
    await expect(outcome(route(AllowSignedIn()), failing)).rejects.toThrow('the directory does not answer');
  });
});
