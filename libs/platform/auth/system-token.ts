import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import {
  calculateJwkThumbprint,
  createRemoteJWKSet,
  EmbeddedJWK,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { sql } from '../postgres/transaction.js';
import type { UnitOfWork } from '../postgres/unit-of-work.js';
import type { HubPrincipal } from './principal.js';
import { Refused } from './refused.js';

export interface TokenOptions {
  readonly issuer: string;
  /** The one API that tokens are for: this one. */
  readonly audience: string;
  /** Where callers reach us: proofs are made for this origin. */
  readonly publicUrl: string;
}

const TOKEN_AGE_MAX_S = 300;
const PROOF_AGE_MAX_S = 60;
const CLOCK_SKEW_S = 30;
const ISSUER_TIMEOUT_MS = 5_000;
const JTI_LENGTH_MAX = 200;
const OLD_PROOFS_AT_ONCE = 100;
const SIGN_IN: HubPrincipal = { kind: 'job', actorId: 'sign-in' };

/**
 * Checks a system's access token (RFC 9068, at most 300 s) and its proof of possession (DPoP, RFC 9449): a stolen token is of no
 * use without the key it is bound to, and a proof is good once.
 */
export class SystemTokens {
  private discovered: Promise<JWTVerifyGetKey> | undefined;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly options: TokenOptions,
  ) {}

  /** The client id that the request proves; throws `Refused` (or a finding of `jose`) when token or proof is not good. */
  async clientIdOf(request: FastifyRequest): Promise<string> {
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'dpop' || token === undefined) throw new Refused('A DPoP-bound token is required.');
    const { payload } = await jwtVerify(token, await this.issuerKeys(), {
      issuer: this.options.issuer,
      audience: this.options.audience,
      algorithms: ['ES256', 'PS256', 'EdDSA'],
      typ: 'at+jwt',
      requiredClaims: ['exp', 'iat', 'client_id'],
      maxTokenAge: TOKEN_AGE_MAX_S,
      clockTolerance: CLOCK_SKEW_S,
    });
    if (Number(payload.exp) - Number(payload.iat) > TOKEN_AGE_MAX_S) throw new Refused('The token lives too long.');
    if (Array.isArray(payload.aud) && payload.aud.length > 1) throw new Refused('The token is for several APIs.');
    const thumbprint = (payload['cnf'] as { jkt?: unknown } | undefined)?.jkt;
    if (typeof thumbprint !== 'string') throw new Refused('The token is not bound to a key.');
    const clientId = payload['client_id'];
    if (typeof clientId !== 'string') throw new Refused('The token names no client.');
    await this.checkProof(request, token, thumbprint);
    return clientId;
  }

  private async checkProof(request: FastifyRequest, token: string, thumbprint: string): Promise<void> {
    const proof = request.headers['dpop'];
    if (typeof proof !== 'string') throw new Refused('Exactly one DPoP proof is required.');
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      algorithms: ['ES256'],
      typ: 'dpop+jwt',
      requiredClaims: ['iat', 'jti'],
      maxTokenAge: PROOF_AGE_MAX_S,
      clockTolerance: CLOCK_SKEW_S,
    });
    const { jwk } = protectedHeader;
    if (jwk === undefined || (await calculateJwkThumbprint(jwk, 'sha256')) !== thumbprint)
      throw new Refused('The proof is by another key.');
    if (payload['htm'] !== request.method || !this.isForThis(request, payload))
      throw new Refused('The proof is for another request.');
    if (payload['ath'] !== createHash('sha256').update(token).digest('base64url'))
      throw new Refused('The proof is for another token.');
    if (typeof payload.jti !== 'string' || payload.jti.length > JTI_LENGTH_MAX)
      throw new Refused('The proof has no usable jti.');
    await this.useOnce(payload.jti, thumbprint);
  }

  private isForThis(request: FastifyRequest, payload: JWTPayload): boolean {
    const url = new URL(request.url, this.options.publicUrl);
    const target = typeof payload['htu'] === 'string' ? URL.parse(payload['htu']) : null;
    return target?.origin === url.origin && target.pathname === url.pathname;
  }

  private async useOnce(jti: string, thumbprint: string): Promise<void> {
    const fresh = await this.unitOfWork.transaction(SIGN_IN, (tx) =>
      sql(
        tx,
        `with old as (select jti_hash from platform.used_proof where expires_at < clock_timestamp()
                      order by expires_at limit $3 for update skip locked),
              gone as (delete from platform.used_proof where jti_hash in (select jti_hash from old))
         insert into platform.used_proof (jti_hash, expires_at) values ($1, clock_timestamp() + make_interval(secs => $2))
         on conflict do nothing returning 1`,
        [
          createHash('sha256').update(`${thumbprint}/${jti}`).digest(),
          PROOF_AGE_MAX_S + 2 * CLOCK_SKEW_S,
          OLD_PROOFS_AT_ONCE,
        ],
      ),
    );
    if (fresh.length === 0) throw new Refused('The proof was used before.');
  }

  /** The issuer's keys, found where it says they are. */
  private issuerKeys(): Promise<JWTVerifyGetKey> {
    this.discovered ??= this.discover().catch((error: unknown) => {
      this.discovered = undefined;
      throw error;
    });
    return this.discovered;
  }

  private async discover(): Promise<JWTVerifyGetKey> {
    const { issuer } = this.options;
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await fetch(url, { signal: AbortSignal.timeout(ISSUER_TIMEOUT_MS), redirect: 'error' });
    const metadata = (await response.json()) as { readonly issuer?: unknown; readonly jwks_uri?: unknown };
    if (metadata.issuer !== issuer || typeof metadata.jwks_uri !== 'string')
      throw new Error(`The identity provider does not say that it is ${issuer}.`);
    return createRemoteJWKSet(new URL(metadata.jwks_uri), { timeoutDuration: ISSUER_TIMEOUT_MS });
  }
}
