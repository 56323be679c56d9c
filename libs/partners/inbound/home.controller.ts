import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticator } from '#libs/platform/auth/authenticator.js';
import { AllowAnybody } from '#libs/platform/auth/guard.js';
import { UnitOfWork } from '#libs/platform/postgres/index.js';
import { findOrganisation } from '../outbound/partners.store.js';
import { HOME_POLICY, homePage, type Visitor } from './home-page.js';

/** The page at `/`, for a person at a browser: of whoever is signed in it tells the organisation and the roles, and no more. */
@Controller()
export class HomeController {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  @Get()
  @AllowAnybody()
  async home(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await reply
      .header('content-security-policy', HOME_POLICY)
      .type('text/html; charset=utf-8')
      .send(homePage(await this.visitorOf(request)));
  }

  private async visitorOf(request: FastifyRequest): Promise<Visitor | undefined> {
    const principal = await this.authenticator.authenticate(request);
    if (principal === undefined) return undefined;
    const organisation = await this.unitOfWork.transaction(principal, (tx) =>
      findOrganisation(tx, principal.organisationId),
    );
    return organisation === undefined ? undefined : { organisation: organisation.name, roles: principal.roles };
  }
}
