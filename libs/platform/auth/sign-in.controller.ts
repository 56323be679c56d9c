import type { webcrypto } from 'node:crypto';
import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  AuthorizationResponseError,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientError,
  discovery,
  PrivateKeyJwt,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  ResponseBodyError,
  type Configuration,
} from 'openid-client';
import { PrincipalDirectory } from './authenticator.js';
import { readCookie, setCookie } from './cookie.js';
import { AllowAnybody } from './guard.js';
import { Sessions, type PendingSignIn } from './sessions.js';

export interface SignInOptions {
  readonly issuer: string;
  /** Of the hub itself, at the identity provider. */
  readonly clientId: string;
  readonly clientKey: webcrypto.CryptoKey;
  readonly publicUrl: string;
  /** Told why a sign-in came to nothing; the person gets one sentence. */
  readonly onRefused: (reason: string) => void;
}

export const SIGN_IN_OPTIONS = Symbol('SIGN_IN_OPTIONS');

const PROVIDER_TIMEOUT_S = 5;
const AGAIN = 'Begin again at /sign-in.';

/** Sign-in of people: OpenID Connect code flow with PKCE; tokens stay on the server, the browser gets a session cookie. */
@Controller()
export class SignInController {
  private discovered: Promise<Configuration> | undefined;

  constructor(
    @Inject(SIGN_IN_OPTIONS) private readonly options: SignInOptions,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(PrincipalDirectory) private readonly directory: PrincipalDirectory,
  ) {}

  @Get('sign-in')
  @AllowAnybody()
  async signIn(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const provider = await this.provider();
    const returnTo = localPath((request.query as { to?: unknown }).to);
    const pending = { state: randomState(), nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier(), returnTo };
    await this.sessions.begin(pending);
    const url = buildAuthorizationUrl(provider, {
      redirect_uri: this.callbackUrl,
      scope: 'openid',
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await calculatePKCECodeChallenge(pending.codeVerifier),
      code_challenge_method: 'S256',
      // Desks are shared: who signs in proves it, even if the provider still knows who sat here before.
      prompt: 'login',
    });
    await reply.header('set-cookie', this.cookie('sign-in', pending.state)).redirect(url.href, 303);
  }

  /** Only the browser that began a sign-in ends it: nobody can be signed in, by a link, as somebody else. */
  @Get('sign-in/callback')
  @AllowAnybody()
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const url = new URL(request.url, this.options.publicUrl);
    const state = url.searchParams.get('state') ?? '';
    const begun = readCookie(request, this.options.publicUrl, 'sign-in') === state;
    const pending = begun ? await this.sessions.finish(state) : undefined;
    reply.header('set-cookie', this.cookie('sign-in', ''));
    if (pending === undefined) return say(reply, 400, `This sign-in has expired. ${AGAIN}`);
    const subject = await this.subjectOf(url, pending);
    if (subject === undefined) return say(reply, 400, `The sign-in did not succeed. ${AGAIN}`);
    const { issuer } = this.options;
    if ((await this.directory.findStaff(issuer, subject)) === undefined)
      return say(reply, 403, 'You are not registered here. Ask your organisation to register you.');
    const secret = await this.sessions.open(issuer, subject);
    await reply.header('set-cookie', this.cookie('session', secret)).redirect(pending.returnTo, 303);
  }

  /** For a program 204; whoever sent a form sees where a sign-in begins. */
  @Post('sign-out')
  @AllowAnybody()
  async signOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const secret = readCookie(request, this.options.publicUrl, 'session');
    if (secret !== undefined) await this.sessions.close(secret);
    reply.header('set-cookie', this.cookie('session', ''));
    if (request.headers.accept?.includes('text/html') === true) await reply.redirect('/', 303);
    else await reply.code(204).send();
  }

  private cookie(name: 'session' | 'sign-in', value: string): string {
    return setCookie(this.options.publicUrl, name, value);
  }

  /** Whom the provider names; undefined when it refuses, or when its answer does not belong to this sign-in. */
  private async subjectOf(url: URL, pending: PendingSignIn): Promise<string | undefined> {
    try {
      const tokens = await authorizationCodeGrant(await this.provider(), url, {
        pkceCodeVerifier: pending.codeVerifier,
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        idTokenExpected: true,
      });
      return tokens.claims()?.sub;
    } catch (error) {
      const refusal =
        error instanceof AuthorizationResponseError ||
        error instanceof ResponseBodyError ||
        error instanceof ClientError;
      if (!refusal) throw error;
      this.options.onRefused(`sign-in: ${error.code ?? error.name}`);
      return undefined;
    }
  }

  private get callbackUrl(): string {
    return new URL('/sign-in/callback', this.options.publicUrl).href;
  }

  private provider(): Promise<Configuration> {
    const { issuer, clientId, clientKey } = this.options;
    const loopback = new URL(issuer).protocol === 'http:';
    this.discovered ??= discovery(new URL(issuer), clientId, undefined, PrivateKeyJwt(clientKey), {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to make it stand out; here it is for loopback alone
      execute: loopback ? [allowInsecureRequests] : [],
      timeout: PROVIDER_TIMEOUT_S,
    }).catch((error: unknown) => {
      this.discovered = undefined;
      throw error;
    });
    return this.discovered;
  }
}

async function say(reply: FastifyReply, status: number, sentence: string): Promise<void> {
  await reply.code(status).type('text/plain; charset=utf-8').send(sentence);
}

/** A path of ours and nothing else: a sign-in must not send people to another site. */
const localPath = (to: unknown): string =>
  typeof to === 'string' && /^\/(?![/\\])[\w\-./?=&%]{0,300}$/.test(to) ? to : '/';
