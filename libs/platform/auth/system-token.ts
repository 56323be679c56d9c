import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { calculateJwkThumbprint, createRemoteJWKSet, EmbeddedJWK, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { sql } from '../postgres/transaction.js';
import type { UnitOfWork } from '../postgres/unit-of-work.js';
import type { HubPrincipal } from './principal.js';

export interface TokenOptions {
  readonly issuer: string;
  readonly audience: string;
  /** Where callers reach us: proofs are made for this origin. */
  readonly publicUrl: string;
}

const TOKEN_AGE_MAX_S = 300;
const PROOF_AGE_MAX_S = 60;
const CLOCK_SKEW_S = 30;
const SIGN_IN: HubPrincipal = { kind: 'job', actorId: 'sign-in' };

/**
 * Checks a system's access token (RFC 9068, at most 300 s) and its proof of possession (DPoP, RFC 9449): a stolen token is of no
 * use without the key it is bound to, and a proof is good once.
 */
export class SystemTokens {
  private readonly keys: JWTVerifyGetKey;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly options: TokenOptions,
  ) {
    this.keys = createRemoteJWKSet(new URL('/jwks', options.issuer), { timeoutDuration: 5_000 });
  }

  /** The client id that the request proves; throws when something about the token or the proof is wrong. */
  async clientIdOf(request: FastifyRequest): Promise<string> {
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'dpop' || token === undefined) throw new Error('A DPoP-bound token is required.');
    const { payload } = await jwtVerify(token, this.keys, {
      issuer: this.options.issuer,
      audience: this.options.audience,
      algorithms: ['ES256'],
      typ: 'at+jwt',
      maxTokenAge: TOKEN_AGE_MAX_S,
      clockTolerance: CLOCK_SKEW_S,
    });
    const thumbprint = (payload['cnf'] as { jkt?: unknown } | undefined)?.jkt;
    if (typeof thumbprint !== 'string') throw new Error('The token is not bound to a key.');
    await this.checkProof(request, token, thumbprint);
    const clientId = payload['client_id'];
    if (typeof clientId !== 'string') throw new Error('The token names no client.');
    return clientId;
  }

  private async checkProof(request: FastifyRequest, token: string, thumbprint: string): Promise<void> {
    const proof = request.headers['dpop'];
    if (typeof proof !== 'string') throw new Error('Exactly one DPoP proof is required.');
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      algorithms: ['ES256'],
      typ: 'dpop+jwt',
      maxTokenAge: PROOF_AGE_MAX_S,
      clockTolerance: CLOCK_SKEW_S,
    });
    if (
      protectedHeader.jwk === undefined ||
      (await calculateJwkThumbprint(protectedHeader.jwk, 'sha256')) !== thumbprint
    ) {
      throw new Error('The proof is by another key.');
    }
    const url = new URL(request.url, this.options.publicUrl);
    const target = typeof payload['htu'] === 'string' ? new URL(payload['htu']) : undefined;
    if (payload['htm'] !== request.method || target?.origin !== url.origin || target.pathname !== url.pathname) {
      throw new Error('The proof is for another request.');
    }
    if (payload['ath'] !== createHash('sha256').update(token).digest('base64url'))
      throw new Error('The proof is for another token.');
    await this.useOnce(String(payload.jti), thumbprint);
  }

  private async useOnce(jti: string, thumbprint: string): Promise<void> {
    const fresh = await this.unitOfWork.transaction(SIGN_IN, (tx) =>
      sql(
        tx,
        `with gone as (delete from platform.used_proof where expires_at < clock_timestamp())
         insert into platform.used_proof (jti_hash, expires_at) values ($1, clock_timestamp() + make_interval(secs => $2))
         on conflict do nothing returning 1`,
        [createHash('sha256').update(`${thumbprint}/${jti}`).digest(), PROOF_AGE_MAX_S + 2 * CLOCK_SKEW_S],
      ),
    );
    if (fresh.length === 0) throw new Error('The proof was used before.');
  }
}
