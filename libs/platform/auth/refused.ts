import { errors } from 'jose';

/** A token, proof or cookie that is not good. Its reason helps an operator and would help an attacker: logged, never answered. */
export class Refused extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Refused';
  }
}

/** What `jose` finds wrong with a token is a refusal; keys that cannot be fetched are a failure of ours. */
export const isRefusal = (error: unknown): error is Error =>
  error instanceof Refused || (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout));
