/** Tariffs as data, priced by pure functions. Nothing here knows a scheme: amounts and rules stand in `schemas/tariffs`. */
export { TariffCatalogue } from './catalogue.js';
export { checkFacts, checkTerms } from './check.js';
export type { Tariff } from './compile.js';
export { runExamples, type ExampleResult } from './examples.js';
export type { AsOf, ContractType, Fact, LockedTerms, SpellFact } from './facts.js';
export { loadTariff } from './load.js';
export { price, type Fee } from './price.js';
