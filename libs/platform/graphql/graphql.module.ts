import { join } from 'node:path';
import { Module, type DynamicModule } from '@nestjs/common';
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { NoSchemaIntrospectionCustomRule } from 'graphql';
import { AllowAnybody } from '../auth/guard.js';
import { GraphqlEdge } from './edge.js';
import { LIMITS, limitList } from './limits.js';
import { DateScalar, DateTimeScalar, MinorScalar } from './scalars.js';
import { limitRules } from './validation-rules.js';

export interface GraphqlOptions {
  /** The folder `schemas/graphql`. */
  readonly schemaFolder: string;
  /** Off in production: partners have the schema from us, strangers do not. */
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

/** The one schema, served by Mercurius. Its JIT stays off: it gives wrong data for absent variables and for several operations. */
@Module({})
export class GraphqlModule {
  static forRoot(options: GraphqlOptions): DynamicModule {
    return {
      module: GraphqlModule,
      global: true,
      imports: [
        GraphQLModule.forRoot<MercuriusDriverConfig>({
          driver: MercuriusDriver,
          typePaths: [join(options.schemaFolder, '*.graphql')],
          resolvers: { Date: DateScalar, DateTime: DateTimeScalar, Minor: MinorScalar },
          path: '/graphql',
          graphiql: false,
          jit: 0,
          queryDepth: LIMITS.queryDepth,
          allowBatchedQueries: false,
          validationRules: [...limitRules, ...(options.introspection ? [] : [NoSchemaIntrospectionCustomRule])],
          parseOptions: { maxTokens: LIMITS.queryTokens },
        } as MercuriusDriverConfig),
      ],
      providers: [GraphqlEdge, LimitsResolver],
      exports: [GraphqlEdge],
    };
  }
}
