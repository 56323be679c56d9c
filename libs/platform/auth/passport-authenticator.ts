import type { FastifyRequest } from 'fastify';
import { Passport } from 'passport';
import { Strategy as CustomStrategy } from 'passport-custom';
import type { Strategy } from 'passport';
import { Authenticator, type PrincipalDirectory } from './authenticator.js';
import type { PartnerPrincipal } from './principal.js';
import { readCookie } from './cookie.js';
import { isRefusal, Refused } from './refused.js';
import type { Sessions } from './sessions.js';
import type { SystemTokens } from './system-token.js';

/** A header no page of another site can set: with it, a cookie alone is not enough to change anything. */
export const CONSOLE_HEADER = 'x-liaison-console';

export interface PassportOptions {
  /** Where browsers reach us: requests with a cookie come from this origin. */
  readonly publicUrl: string;
  /** Told why a token or cookie was refused; the caller is not. */
  readonly onRefused: (reason: string) => void;
}

/**
 * Two strategies behind passport: `person` (session cookie) and `system` (bound token). What they prove is an account; organisation
 * and roles are read from the directory each time, so a revoked account is refused from the commit that revoked it.
 */
export class PassportAuthenticator extends Authenticator {
  private readonly passport = new Passport();

  constructor(
    private readonly directory: PrincipalDirectory,
    private readonly sessions: Sessions,
    private readonly tokens: SystemTokens,
    private readonly options: PassportOptions,
  ) {
    super();
    this.passport.use(
      'person',
      this.strategy((request) => this.personOf(request)),
    );
    this.passport.use(
      'system',
      this.strategy((request) => this.systemOf(request)),
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

  private strategy(find: (request: FastifyRequest) => Promise<PartnerPrincipal | undefined>): Strategy {
    return new CustomStrategy((request, done) => {
      find(request as unknown as FastifyRequest).then(
        (principal) => done(null, principal ?? false),
        (error: unknown) => {
          if (!isRefusal(error)) {
            done(error);
            return;
          }
          this.options.onRefused(error.message);
          done(null, false);
        },
      );
    });
  }

  private async personOf(request: FastifyRequest): Promise<PartnerPrincipal | undefined> {
    const { publicUrl } = this.options;
    const secret = readCookie(request, publicUrl, 'session');
    if (secret === undefined) return undefined;
    const { origin } = request.headers;
    if (origin !== undefined && origin !== new URL(publicUrl).origin)
      throw new Refused('A cookie came from a page of another site.');
    if (request.method !== 'GET' && request.headers[CONSOLE_HEADER] === undefined)
      throw new Refused(`A cookie needs the header ${CONSOLE_HEADER}.`);
    const session = await this.sessions.find(secret);
    return session === undefined ? undefined : this.directory.findStaff(session.issuer, session.subject);
  }

  private async systemOf(request: FastifyRequest): Promise<PartnerPrincipal | undefined> {
    if (request.headers.authorization === undefined) return undefined;
    const found = await this.directory.findClient(await this.tokens.clientIdOf(request));
    if (found === undefined) throw new Refused('The token names a client that is unknown or revoked.');
    const { kind, actorId, organisationId, organisationKind, roles } = found;
    return { kind, actorId, organisationId, organisationKind, roles };
  }
}
