import type { FastifyRequest } from 'fastify';
import type { PartnerPrincipal } from './principal.js';

/** Says who sends a request: a signed-in person (session) or a system (sender-constrained token). Undefined: nobody it knows. */
export abstract class Authenticator {
  abstract authenticate(request: FastifyRequest): Promise<PartnerPrincipal | undefined>;
}

/** Who may act for whom: our own table. A token names an account; organisation and roles come from here, looked up each time. */
export abstract class PrincipalDirectory {
  abstract findClient(clientId: string): Promise<(PartnerPrincipal & { readonly publicJwk: object }) | undefined>;
  abstract findStaff(issuer: string, subject: string): Promise<PartnerPrincipal | undefined>;
}
