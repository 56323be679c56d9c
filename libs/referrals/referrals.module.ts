import { Global, Module } from '@nestjs/common';
import { PersonNames } from '#libs/cases/contract/person-names.js';
import { Disclosure } from '#libs/disclosure/index.js';
import { EventLog } from '#libs/platform/events/event-log.js';
import { Subscriptions } from '#libs/platform/events/subscriptions.js';
import { ReferralFigures } from './contract/referral-figures.js';
import { ReferralLookup } from './contract/referral-lookup.js';
import { TariffVersions } from './handlers/ports.js';
import { ReferralServices } from './handlers/services.js';
import { ReferralsResolver } from './inbound/referrals.resolver.js';
import { runAnswerClockWhenDayOpened } from './inbound/run-answer-clock-when-day-opened.reaction.js';
import { StoredReferralFigures } from './outbound/referral-figures.js';
import { StoredReferralLookup } from './outbound/referral-lookup.js';
import { PostgresReferralStore } from './outbound/referral.store.js';

@Global()
@Module({
  providers: [
    {
      provide: ReferralServices,
      useFactory: (events: EventLog, disclosure: Disclosure, names: PersonNames, tariffs: TariffVersions) =>
        new ReferralServices(new PostgresReferralStore(), events, disclosure, names, tariffs),
      inject: [EventLog, Disclosure, PersonNames, TariffVersions],
    },
    { provide: ReferralFigures, useFactory: () => new StoredReferralFigures() },
    { provide: ReferralLookup, useFactory: () => new StoredReferralLookup(new PostgresReferralStore()) },
  ],
  exports: [ReferralServices, ReferralLookup, ReferralFigures],
})
export class ReferralsCore {}

@Module({ imports: [ReferralsCore], providers: [ReferralsResolver] })
export class ReferralsApi {}

@Module({ imports: [ReferralsCore] })
export class ReferralsReactions {
  constructor(subscriptions: Subscriptions, services: ReferralServices) {
    subscriptions.add({ group: 'referrals', reactions: [runAnswerClockWhenDayOpened(services)] });
  }
}
