/** Bank lines against ordered transfers: what matches by itself and why, what does not and what it might be, by hand and undone. */
export { ledgerKey, legKey } from './allocation.js';
export { linesOf, statementDay } from './bank-lines.js';
export { matchByHand, matchesToUndo } from './by-hand.js';
export * from './model.js';
export { CANDIDATES_MAX, PROPOSAL_WINDOW_DAYS, SUM_STEPS_MAX, SUM_TRANSFERS_MAX } from './proposals.js';
export { LEDGER_GRACE_DAYS, PROPOSED_LINES_MAX, reconcile } from './reconcile.js';
