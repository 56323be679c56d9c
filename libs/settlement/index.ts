/** What is owed, and how it is paid: claims, statements, payables, payment files, bank statements, reconciliation, recovery. */
export { Ledger, Pricing, SettlementPorts, type OpenQuestion, type Priced } from './handlers/ports.js';
export { settlementSubscription } from './inbound/settlement-subscription.js';
export { SettlementApi, SettlementCore, SettlementReactions } from './settlement.module.js';
