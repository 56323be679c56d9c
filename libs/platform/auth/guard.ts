import {
  createParamDecorator,
  ForbiddenException,
  Injectable,
  SetMetadata,
  UnauthorizedException,
  type CanActivate,
  type CustomDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { GqlExecutionContext, type GqlContextType } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { Authenticator } from './authenticator.js';
import type { PartnerPrincipal, Role } from './principal.js';

const ROLES_KEY = 'liaison:roles';

/** Who may use a root field or a route. Without it nobody may: a house test finds a field that lacks it. */
export const AllowRoles = (...roles: readonly [Role, ...Role[]]): CustomDecorator => SetMetadata(ROLES_KEY, roles);

/** Everybody who is signed in, whatever the role: for what is about nobody. */
export const AllowSignedIn = (): CustomDecorator => SetMetadata(ROLES_KEY, 'SIGNED_IN');

/** No sign-in needed: health, sign-in itself, the API's own limits. */
export const AllowAnybody = (): CustomDecorator => SetMetadata(ROLES_KEY, 'ANYBODY');

export type Allowed = readonly Role[] | 'SIGNED_IN' | 'ANYBODY';

export const allowedOf = (reflector: Reflector, context: ExecutionContext): Allowed | undefined =>
  reflector.get<Allowed | undefined>(ROLES_KEY, context.getHandler());

const isGraphql = (context: ExecutionContext): boolean => context.getType<GqlContextType>() === 'graphql';

export const requestOf = (context: ExecutionContext): FastifyRequest =>
  isGraphql(context)
    ? GqlExecutionContext.create(context).getContext<{ reply: { request: FastifyRequest } }>().reply.request
    : context.switchToHttp().getRequest<FastifyRequest>();

/** Who sends a request is asked once: its root fields run side by side, and a proof of possession is good once. */
const asked = new WeakMap<FastifyRequest, Promise<PartnerPrincipal | undefined>>();
const principals = new WeakMap<FastifyRequest, PartnerPrincipal>();

/** Default deny on every root field and route: sign-in first, then the role. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const allowed = allowedOf(this.reflector, context);
    if (allowed === 'ANYBODY') return true;
    const request = requestOf(context);
    const asking = asked.get(request) ?? this.authenticator.authenticate(request);
    asked.set(request, asking);
    const principal = await asking;
    if (principal === undefined) throw unauthenticated(context);
    principals.set(request, principal);
    if (allowed === 'SIGNED_IN') return true;
    if (allowed === undefined || !allowed.some((role) => principal.roles.includes(role))) throw forbidden(context);
    return true;
  }
}

function unauthenticated(context: ExecutionContext): Error {
  const message = 'Sign in first.';
  return isGraphql(context)
    ? new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED' } })
    : new UnauthorizedException(message);
}

function forbidden(context: ExecutionContext): Error {
  const message = 'None of your roles may do this.';
  return isGraphql(context)
    ? new GraphQLError(message, { extensions: { code: 'FORBIDDEN' } })
    : new ForbiddenException(message);
}

/** The signed-in caller of a root field or route. */
export const CurrentPrincipal = createParamDecorator((_data: unknown, context: ExecutionContext): PartnerPrincipal => {
  const principal = principals.get(requestOf(context));
  if (principal === undefined) throw new Error('There is no principal where the guard did not run.');
  return principal;
});
