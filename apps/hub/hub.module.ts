import { join } from 'node:path';
import { Module, type DynamicModule } from '@nestjs/common';
import { CasesApi, CasesReactions } from '#libs/cases/index.js';
import { DeliveriesApi, DeliveriesReactions } from '#libs/deliveries/index.js';
import { DisclosureApi, DisclosureCore } from '#libs/disclosure/index.js';
import { OutcomesApi, OutcomesReactions, type RegisterUrls } from '#libs/outcomes/index.js';
import { PartnersApi } from '#libs/partners/index.js';
import { AuthModule, type AuthOptions } from '#libs/platform/auth/auth.module.js';
import { GraphqlModule } from '#libs/platform/graphql/graphql.module.js';
import { HealthModule } from '#libs/platform/http/health.js';
import { PlatformModule, type PlatformOptions } from '#libs/platform/platform.module.js';
import { ReferralsApi, ReferralsReactions } from '#libs/referrals/index.js';
import { SettlementApi, SettlementReactions } from '#libs/settlement/index.js';
import { VacanciesApi, VacanciesReactions } from '#libs/vacancies/index.js';
import { TariffsModule } from '../tariffs.module.js';

export interface HubOptions {
  readonly platform: PlatformOptions;
  readonly auth: AuthOptions;
  /** The key of pairwise ids, from a file. */
  readonly pairwiseKey: Buffer;
  /** Registers by authority: where a job that was reported is asked for. */
  readonly registers: RegisterUrls;
  /** Whether tariffs that nobody published are priced, too. */
  readonly draftTariffs: 'on' | 'off';
}

/** Every module in one process: what a newcomer starts, and what a small region can live on. */
@Module({})
export class HubModule {
  static forRoot(options: HubOptions): DynamicModule {
    const { schemaFolder, logger } = options.platform;
    return {
      module: HubModule,
      imports: [
        PlatformModule.postgresLog(options.platform),
        GraphqlModule.forRoot({ schemaFolder: join(schemaFolder, 'graphql'), introspection: true }),
        AuthModule.forRoot(options.auth),
        HealthModule.forRoot({ database: () => options.platform.dataSource.query('select 1') }),
        DisclosureCore.forRoot(options.pairwiseKey),
        TariffsModule.forRoot(join(schemaFolder, 'tariffs'), options.draftTariffs, logger),
        DisclosureApi,
        PartnersApi,
        ReferralsApi,
        ReferralsReactions,
        CasesApi,
        CasesReactions,
        VacanciesApi.forRoot({ schemaFolder }),
        VacanciesReactions,
        OutcomesApi,
        OutcomesReactions.forRoot(options.registers),
        SettlementApi,
        SettlementReactions,
        DeliveriesApi,
        DeliveriesReactions,
      ],
    };
  }
}
