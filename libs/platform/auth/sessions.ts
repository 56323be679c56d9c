import { createHash, randomBytes } from 'node:crypto';
import { sql } from '../postgres/transaction.js';
import type { UnitOfWork } from '../postgres/unit-of-work.js';
import type { HubPrincipal } from './principal.js';

const IDLE_MAX_MINUTES = 30;
const AGE_MAX_HOURS = 8;
const SIGN_IN_MAX_MINUTES = 10;
const SIGN_IN: HubPrincipal = { kind: 'job', actorId: 'sign-in' };

const hash = (secret: string): Buffer => createHash('sha256').update(secret).digest();

export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly returnTo: string;
}

/** Sessions of signed-in people, kept on the server: the browser has a random cookie and no token. */
export class Sessions {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Answers the cookie's value. */
  async open(issuer: string, subject: string): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    await this.unitOfWork.transaction(SIGN_IN, (tx) =>
      sql(
        tx,
        `with gone as (delete from platform.session where created_at < clock_timestamp() - make_interval(hours => $4))
         insert into platform.session (id_hash, issuer, subject) values ($1, $2, $3)`,
        [hash(secret), issuer, subject, AGE_MAX_HOURS],
      ),
    );
    return secret;
  }

  /** Who is behind a cookie; undefined after 30 idle minutes or 8 hours. */
  async find(secret: string): Promise<{ readonly issuer: string; readonly subject: string } | undefined> {
    return this.unitOfWork.transaction(SIGN_IN, async (tx) => {
      const rows = await sql<{ issuer: string; subject: string }>(
        tx,
        `update platform.session set last_used_at = clock_timestamp()
         where id_hash = $1 and last_used_at > clock_timestamp() - make_interval(mins => $2)
           and created_at > clock_timestamp() - make_interval(hours => $3)
         returning issuer, subject`,
        [hash(secret), IDLE_MAX_MINUTES, AGE_MAX_HOURS],
      );
      return rows[0];
    });
  }

  async close(secret: string): Promise<void> {
    await this.unitOfWork.transaction(SIGN_IN, (tx) =>
      sql(tx, `delete from platform.session where id_hash = $1`, [hash(secret)]),
    );
  }

  async begin(signIn: PendingSignIn): Promise<void> {
    await this.unitOfWork.transaction(SIGN_IN, (tx) =>
      sql(
        tx,
        `with gone as (delete from platform.sign_in where created_at < clock_timestamp() - make_interval(mins => $5))
         insert into platform.sign_in (state, nonce, code_verifier, return_to) values ($1, $2, $3, $4)`,
        [signIn.state, signIn.nonce, signIn.codeVerifier, signIn.returnTo, SIGN_IN_MAX_MINUTES],
      ),
    );
  }

  /** The sign-in that was begun with this state, once. */
  async finish(state: string): Promise<PendingSignIn | undefined> {
    return this.unitOfWork.transaction(SIGN_IN, async (tx) => {
      const rows = await sql<PendingSignIn>(
        tx,
        `delete from platform.sign_in where state = $1 and created_at > clock_timestamp() - make_interval(mins => $2)
         returning state, nonce, code_verifier as "codeVerifier", return_to as "returnTo"`,
        [state, SIGN_IN_MAX_MINUTES],
      );
      return rows[0];
    });
  }
}
