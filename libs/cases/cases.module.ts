import { Global, Module } from '@nestjs/common';
import { Disclosure } from '#libs/disclosure/index.js';
import { EventLog } from '#libs/platform/events/event-log.js';
import { Subscriptions } from '#libs/platform/events/subscriptions.js';
import { ReferralLookup } from '#libs/referrals/contract/referral-lookup.js';
import { NationalIds, PersonNames } from './contract/person-names.js';
import { CaseServices } from './handlers/services.js';
import { CasesResolver } from './inbound/cases.resolver.js';
import { updateSharedCaseWhenSomethingHappened } from './inbound/update-shared-case-when-something-happened.reaction.js';
import { PostgresNationalIds, PostgresPersonNames } from './outbound/names.js';
import { PostgresPersonStore, PostgresPlanStore, PostgresReceivedStore } from './outbound/person.store.js';

@Global()
@Module({
  providers: [
    { provide: PersonNames, useFactory: () => new PostgresPersonNames() },
    { provide: NationalIds, useFactory: () => new PostgresNationalIds() },
    {
      provide: CaseServices,
      useFactory: (referrals: ReferralLookup, events: EventLog, disclosure: Disclosure) =>
        new CaseServices(
          new PostgresPersonStore(),
          new PostgresPlanStore(),
          new PostgresReceivedStore(),
          referrals,
          events,
          disclosure,
        ),
      inject: [ReferralLookup, EventLog, Disclosure],
    },
  ],
  exports: [PersonNames, NationalIds, CaseServices],
})
export class CasesCore {}

@Module({ imports: [CasesCore], providers: [CasesResolver] })
export class CasesApi {}

@Module({ imports: [CasesCore] })
export class CasesReactions {
  constructor(subscriptions: Subscriptions, services: CaseServices) {
    subscriptions.add({ group: 'cases', reactions: [updateSharedCaseWhenSomethingHappened(services)] });
  }
}
