import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { UnitOfWork } from '../postgres/unit-of-work.js';
import { Authenticator, PrincipalDirectory } from './authenticator.js';
import { AccessGuard } from './guard.js';
import { PassportAuthenticator, type PassportOptions } from './passport-authenticator.js';
import { Sessions } from './sessions.js';
import { SIGN_IN_OPTIONS, SignInController, type SignInOptions } from './sign-in.controller.js';
import { SystemTokens, type TokenOptions } from './system-token.js';

export interface AuthOptions extends SignInOptions, TokenOptions, PassportOptions {}

/** Who calls, and may they. The directory of accounts comes from `partners`. */
@Module({})
export class AuthModule {
  static forRoot(options: AuthOptions): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      controllers: [SignInController],
      providers: [
        { provide: SIGN_IN_OPTIONS, useValue: options },
        { provide: Sessions, useFactory: (unitOfWork: UnitOfWork) => new Sessions(unitOfWork), inject: [UnitOfWork] },
        {
          provide: SystemTokens,
          useFactory: (unitOfWork: UnitOfWork) => new SystemTokens(unitOfWork, options),
          inject: [UnitOfWork],
        },
        {
          provide: Authenticator,
          useFactory: (directory: PrincipalDirectory, sessions: Sessions, tokens: SystemTokens) =>
            new PassportAuthenticator(directory, sessions, tokens, options),
          inject: [PrincipalDirectory, Sessions, SystemTokens],
        },
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
      exports: [Authenticator, Sessions],
    };
  }
}
