import { join } from 'node:path';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { NoSchemaIntrospectionCustomRule } from 'graphql';
import { AllowAnybody } from '../auth/guard.js';
import { ErrorFilter } from '../http/error-filter.js';
import { GraphqlEdge } from './edge.js';
import { formatErrors, UnexpectedErrors } from './errors.js';
import { LIMITS, limitList } from './limits.js';
import { routeHooks, takesResponseType } from './request-rules.js';
import { DateScalar, DateTimeScalar, MinorScalar } from './scalars.js';
import { limitRules } from './validation-rules.js';

export interface GraphqlOptions {
  /** The folder `schemas/graphql`. */
  readonly schemaFolder: string;
  /** Off in production, suggestions of names with it: partners have the schema from us, strangers do not. */
  readonly introspection: boolean;
}

@Resolver()
export class LimitsResolver {
  @Query()
  @AllowAnybody()
  limits(): { name: string; value: number; unit: string }[] {
    return limitList();
  }
}

const FINDINGS_MAX = 20;

/** The one schema, served by Mercurius. Its JIT stays off: it gives wrong data for absent variables and for several operations. */
const mercuriusOptions = (options: GraphqlOptions, unexpected: UnexpectedErrors): MercuriusDriverConfig => ({
  driver: MercuriusDriver,
  typePaths: [join(options.schemaFolder, '*.graphql')],
  resolvers: { Date: DateScalar, DateTime: DateTimeScalar, Minor: MinorScalar },
  path: '/graphql',
  graphiql: false,
  jit: 0,
  allowBatchedQueries: false,
  additionalRouteOptions: { ...routeHooks, bodyLimit: LIMITS.bodyBytes, handlerTimeout: LIMITS.executionMs },
  errorFormatter: (execution, { reply }) =>
    formatErrors(execution, unexpected, {
      suggestions: options.introspection,
      statusOfRequest: takesResponseType(reply.request),
    }),
  validationRules: [...limitRules, ...(options.introspection ? [] : [NoSchemaIntrospectionCustomRule])],
  graphql: {
    parseOptions: { maxLexicalTokens: LIMITS.queryTokens },
    validateOptions: { maxErrors: FINDINGS_MAX },
  },
});

@Module({})
export class GraphqlModule {
  static forRoot(options: GraphqlOptions): DynamicModule {
    return {
      module: GraphqlModule,
      global: true,
      imports: [
        GraphQLModule.forRootAsync<MercuriusDriverConfig>({
          driver: MercuriusDriver,
          inject: [UnexpectedErrors],
          useFactory: (unexpected: UnexpectedErrors) => mercuriusOptions(options, unexpected),
        }),
      ],
      providers: [GraphqlEdge, LimitsResolver, { provide: APP_FILTER, useClass: ErrorFilter }],
      exports: [GraphqlEdge],
    };
  }
}
