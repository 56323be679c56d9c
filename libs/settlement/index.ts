/** What is owed, and how it is paid: claims, statements, payables, payment files, bank statements, reconciliation, recovery. */
export { Ledger, Pricing, SettlementPorts, type OpenQuestion, type Priced } from './handlers/ports.js';
export { importBankFileFor, type ImportBankFile, type Importer } from './handlers/import-bank-file.handler.js';
export { programmeCases } from './handlers/programme-cases.handler.js';
export { settlementSubscription } from './inbound/settlement-subscription.js';
export { decodeXml } from './domain/iso20022/index.js';
export { SettlementApi, SettlementCore, SettlementReactions } from './settlement.module.js';
export { BooksLedger } from './outbound/books-ledger.js';
export { listItems as listUnmatchedItems, type UnmatchedItem } from './outbound/bank.store.js';
export { paysProviders, TariffPricing } from './outbound/tariff-pricing.js';
