/** The double-entry ledger. Called directly, by settlement alone, which owns the chart of accounts. */
export type { AccountClass, Journal, Line } from './domain/journal.js';
export { post } from './post.js';
export { seal, sumOfBooks, trialBalance, type AccountBalance } from './read.js';
export { reverse } from './reverse.js';
export { verify, type Finding, type Verification } from './verify.js';
