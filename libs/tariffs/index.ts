/** The tariff language: a tariff is a document; pricing is a pure function from facts to fees. */
export type * from './contract/fact.js';
export type * from './contract/fee.js';
export type * from './contract/terms.js';
