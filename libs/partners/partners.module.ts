import { Global, Module } from '@nestjs/common';
import { PrincipalDirectory } from '#libs/platform/auth/authenticator.js';
import { UnitOfWork } from '#libs/platform/postgres/index.js';
import { HomeController } from './inbound/home.controller.js';
import { PartnersResolver } from './inbound/partners.resolver.js';
import { PostgresPrincipalDirectory } from './outbound/principal-directory.js';

@Global()
@Module({
  providers: [
    {
      provide: PrincipalDirectory,
      useFactory: (unitOfWork: UnitOfWork) => new PostgresPrincipalDirectory(unitOfWork),
      inject: [UnitOfWork],
    },
  ],
  exports: [PrincipalDirectory],
})
export class PartnersCore {}

@Module({ imports: [PartnersCore], controllers: [HomeController], providers: [PartnersResolver] })
export class PartnersApi {}
