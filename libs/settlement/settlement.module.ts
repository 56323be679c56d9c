import { Global, Module } from '@nestjs/common';
import { EventLog } from '#libs/platform/events/event-log.js';
import { Subscriptions } from '#libs/platform/events/subscriptions.js';
import { TariffCatalogue } from '#libs/tariffs/index.js';
import { Ledger, Pricing, SettlementPorts } from './handlers/ports.js';
import { BankResolver } from './inbound/bank.resolver.js';
import { ClaimsResolver } from './inbound/claims.resolver.js';
import { PaymentsResolver } from './inbound/payments.resolver.js';
import { VersionChangesResolver } from './inbound/version-changes.resolver.js';
import { settlementSubscription } from './inbound/settlement-subscription.js';
import { BooksLedger } from './outbound/books-ledger.js';
import { TariffPricing } from './outbound/tariff-pricing.js';

@Global()
@Module({
  providers: [
    {
      provide: Pricing,
      useFactory: (tariffs: TariffCatalogue) => new TariffPricing(tariffs),
      inject: [TariffCatalogue],
    },
    { provide: Ledger, useFactory: () => new BooksLedger() },
    {
      provide: SettlementPorts,
      useFactory: (events: EventLog, pricing: Pricing, ledger: Ledger) => new SettlementPorts(events, pricing, ledger),
      inject: [EventLog, Pricing, Ledger],
    },
  ],
  exports: [SettlementPorts],
})
export class SettlementCore {}

@Module({
  imports: [SettlementCore],
  providers: [ClaimsResolver, PaymentsResolver, BankResolver, VersionChangesResolver],
})
export class SettlementApi {}

@Module({ imports: [SettlementCore] })
export class SettlementReactions {
  constructor(subscriptions: Subscriptions, ports: SettlementPorts) {
    subscriptions.add(settlementSubscription(ports));
  }
}
