import type { FastifyRequest } from 'fastify';
import { Passport } from 'passport';
import { Strategy as CustomStrategy } from 'passport-custom';
import type { Strategy } from 'passport';
import { Authenticator, type PrincipalDirectory } from './authenticator.js';
import type { PartnerPrincipal } from './principal.js';
import { readCookie } from './cookie.js';
import type { Sessions } from './sessions.js';
import type { SystemTokens } from './system-token.js';

/** A header no page of another site can set: with it, a cookie alone is not enough to change anything. */
export const CONSOLE_HEADER = 'x-liaison-console';

/**
 * Two strategies behind passport: `person` (session cookie) and `system` (bound token). What they prove is an account; organisation
 * and roles are read from the directory each time, so a revoked account is refused from the commit that revoked it.
 */
export class PassportAuthenticator extends Authenticator {
  private readonly passport = new Passport();

  constructor(
    directory: PrincipalDirectory,
    sessions: Sessions,
    tokens: SystemTokens,
    onRefused: (reason: string) => void,
  ) {
    super();
    this.passport.use(
      'person',
      strategy((request) => personOf(request, directory, sessions), onRefused),
    );
    this.passport.use(
      'system',
      strategy((request) => systemOf(request, directory, tokens), onRefused),
    );
  }

  override authenticate(request: FastifyRequest): Promise<PartnerPrincipal | undefined> {
    return new Promise((resolve, reject) => {
      const done = (error: unknown, principal: PartnerPrincipal | false | null | undefined): void => {
        if (error != null) reject(error instanceof Error ? error : new Error('Sign-in failed.'));
        else resolve(principal === false || principal == null ? undefined : principal);
      };
      // With a callback of ours passport neither redirects nor answers: it needs no response.
      const middleware = this.passport.authenticate(['person', 'system'], { session: false }, done) as (
        request: FastifyRequest,
        response: object,
        next: (error?: unknown) => void,
      ) => void;
      middleware(request, {}, (error) => done(error, undefined));
    });
  }
}

function strategy(
  find: (request: FastifyRequest) => Promise<PartnerPrincipal | undefined>,
  onRefused: (reason: string) => void,
): Strategy {
  return new CustomStrategy((request, done) => {
    find(request as unknown as FastifyRequest).then(
      (principal) => done(null, principal ?? false),
      (error: unknown) => {
        // Why a token was refused helps an operator, and would help an attacker: it is logged, not answered.
        onRefused(error instanceof Error ? error.message : 'unknown');
        done(null, false);
      },
    );
  });
}

async function personOf(
  request: FastifyRequest,
  directory: PrincipalDirectory,
  sessions: Sessions,
): Promise<PartnerPrincipal | undefined> {
  const secret = readCookie(request);
  if (secret === undefined) return undefined;
  if (request.method !== 'GET' && request.headers[CONSOLE_HEADER] === undefined)
    throw new Error(`A cookie needs the header ${CONSOLE_HEADER}.`);
  const session = await sessions.find(secret);
  return session === undefined ? undefined : directory.findStaff(session.issuer, session.subject);
}

async function systemOf(
  request: FastifyRequest,
  directory: PrincipalDirectory,
  tokens: SystemTokens,
): Promise<PartnerPrincipal | undefined> {
  if (request.headers.authorization === undefined) return undefined;
  const found = await directory.findClient(await tokens.clientIdOf(request));
  if (found === undefined) return undefined;
  const { kind, actorId, organisationId, organisationKind, roles } = found;
  return { kind, actorId, organisationId, organisationKind, roles };
}
