/** Tariffs as data, priced by pure functions. Nothing here knows a scheme: amounts and rules stand in `schemas/tariffs`. */
export { readCase, type Case } from './case.js';
export { TariffCatalogue } from './catalogue.js';
export { checkFacts } from './check-facts.js';
export { checkGivenTerms, checkTerms } from './check-terms.js';
export type { Tariff } from './compile/tariff.js';
export type { PublishedSeries } from './compile/tariff-names.js';
export { runExamples, type ExampleResult } from './examples.js';
export type { AsOf, Attributes, ContractType, Fact, LockedTerms, SpellFact } from './facts.js';
export { readDocument } from './document/read-document.js';
export { loadSeries, loadTariff } from './load.js';
export { strangersIn } from './strangers.js';
export { ceilingOf, price, type ClaimWindow, type Fee } from './price.js';
export { diffTariffs, type Change, type ChangedCondition, type ChangedExample, type TariffDiff } from './work/diff.js';
export { explainTariff } from './work/explain.js';
export type { Finding } from './work/finding.js';
export { lintTariff, lintVersions, type VersionFinding } from './work/lint.js';
export {
  checkPublished,
  publicationOf,
  publish,
  isCutShort,
  readPublications,
  sealOf,
  seriesNamedIn,
  type Publication,
  type Seal,
} from './work/publish.js';
export { pairNames, pairNotes } from './work/pair.js';
export { repricing, type Entry, type Repricing } from './work/reprice.js';
export { Simulation, type Refusal, type Simulated, type SimulatedLine } from './work/simulate.js';
