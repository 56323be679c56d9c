import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { NationalIds } from '#libs/cases/contract/person-names.js';
import { Disclosure } from '#libs/disclosure/index.js';
import { EventLog } from '#libs/platform/events/event-log.js';
import { Subscriptions } from '#libs/platform/events/subscriptions.js';
import { Jobs } from '#libs/platform/jobs/jobs.js';
import { UnitOfWork } from '#libs/platform/postgres/index.js';
import { ReferralLookup } from '#libs/referrals/contract/referral-lookup.js';
import { OutcomeFigures } from './contract/outcome-figures.js';
import { OutcomeServices, RegisterServices } from './handlers/services.js';
import { OutcomesResolver } from './inbound/outcomes.resolver.js';
import { outcomesSubscription } from './inbound/reactions.js';
import { registerJobs } from './inbound/register.jobs.js';
import { StoredOutcomeFigures } from './outbound/outcome-figures.js';
import { PostgresOutcomeStore } from './outbound/outcome.store.js';
import { HttpRegisters, type RegisterUrls } from './outbound/register.client.js';
import {
  PostgresReferralProjection,
  PostgresRegisterFeedStore,
  PostgresVerificationStore,
} from './outbound/register-feed.store.js';

@Global()
@Module({
  providers: [
    {
      provide: OutcomeServices,
      useFactory: (events: EventLog, referrals: ReferralLookup, disclosure: Disclosure) =>
        new OutcomeServices(new PostgresOutcomeStore(), events, referrals, disclosure),
      inject: [EventLog, ReferralLookup, Disclosure],
    },
    { provide: OutcomeFigures, useFactory: () => new StoredOutcomeFigures() },
  ],
  exports: [OutcomeServices, OutcomeFigures],
})
export class OutcomesCore {}

@Module({ imports: [OutcomesCore], providers: [OutcomesResolver] })
export class OutcomesApi {}

@Module({})
export class OutcomesReactions implements OnApplicationShutdown {
  constructor(
    subscriptions: Subscriptions,
    jobs: Jobs,
    services: RegisterServices,
    private readonly registers: HttpRegisters,
  ) {
    subscriptions.add(outcomesSubscription(services));
    for (const job of registerJobs(services)) jobs.register(job);
  }

  /** @param registers where the register of each authority is; an authority without one gets its evidence by the lower rungs. */
  static forRoot(registers: RegisterUrls): DynamicModule {
    return {
      module: OutcomesReactions,
      imports: [OutcomesCore],
      providers: [
        { provide: HttpRegisters, useFactory: () => new HttpRegisters(registers) },
        {
          provide: RegisterServices,
          useFactory: (
            events: EventLog,
            persons: NationalIds,
            http: HttpRegisters,
            unitOfWork: UnitOfWork,
            jobs: Jobs,
          ) =>
            new RegisterServices(
              new PostgresOutcomeStore(),
              new PostgresReferralProjection(),
              new PostgresRegisterFeedStore(),
              new PostgresVerificationStore(),
              events,
              persons,
              http,
              unitOfWork,
              jobs,
            ),
          inject: [EventLog, NationalIds, HttpRegisters, UnitOfWork, Jobs],
        },
      ],
    };
  }

  onApplicationShutdown(): void {
    this.registers.shutdown();
  }
}
