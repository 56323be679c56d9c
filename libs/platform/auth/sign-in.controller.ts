import type { webcrypto } from 'node:crypto';
import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  PrivateKeyJwt,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type Configuration,
} from 'openid-client';
import { readCookie, sessionCookie } from './cookie.js';
import { AllowAnybody } from './guard.js';
import { Sessions } from './sessions.js';

export interface SignInOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientKey: webcrypto.CryptoKey;
  readonly publicUrl: string;
}

export const SIGN_IN_OPTIONS = Symbol('SIGN_IN_OPTIONS');

/** Sign-in of people: OpenID Connect code flow with PKCE; tokens stay on the server, the browser gets a session cookie. */
@Controller()
export class SignInController {
  private discovered: Promise<Configuration> | undefined;

  constructor(
    @Inject(SIGN_IN_OPTIONS) private readonly options: SignInOptions,
    private readonly sessions: Sessions,
  ) {}

  @Get('sign-in')
  @AllowAnybody()
  async signIn(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const codeVerifier = randomPKCECodeVerifier();
    const state = randomState();
    const nonce = randomNonce();
    await this.sessions.begin({
      state,
      nonce,
      codeVerifier,
      returnTo: localPath((request.query as { to?: unknown }).to),
    });
    const url = buildAuthorizationUrl(await this.provider(), {
      redirect_uri: this.callbackUrl,
      scope: 'openid',
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    });
    await reply.redirect(url.href, 303);
  }

  @Get('sign-in/callback')
  @AllowAnybody()
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const url = new URL(request.url, this.options.publicUrl);
    const pending = await this.sessions.finish(url.searchParams.get('state') ?? '');
    if (pending === undefined) {
      await reply.code(400).type('text/plain').send('This sign-in has expired. Begin again at /sign-in.');
      return;
    }
    const tokens = await authorizationCodeGrant(await this.provider(), url, {
      pkceCodeVerifier: pending.codeVerifier,
      expectedState: pending.state,
      expectedNonce: pending.nonce,
      idTokenExpected: true,
    });
    const subject = tokens.claims()?.sub;
    if (subject === undefined) throw new Error('The identity provider named nobody.');
    const cookie = sessionCookie(this.options.publicUrl, await this.sessions.open(this.options.issuer, subject));
    await reply.header('set-cookie', cookie).redirect(pending.returnTo, 303);
  }

  @Post('sign-out')
  @AllowAnybody()
  async signOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const secret = readCookie(request);
    if (secret !== undefined) await this.sessions.close(secret);
    await reply.header('set-cookie', sessionCookie(this.options.publicUrl, '')).code(204).send();
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
      timeout: 5,
    }).catch((error: unknown) => {
      this.discovered = undefined;
      throw error;
    });
    return this.discovered;
  }
}

/** A path of ours and nothing else: a sign-in must not send people to another site. */
const localPath = (to: unknown): string =>
  typeof to === 'string' && /^\/(?![/\\])[\w\-./?=&%]{0,300}$/.test(to) ? to : '/';
