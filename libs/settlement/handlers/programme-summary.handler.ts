import type { OutcomeFigures } from '#libs/outcomes/contract/outcome-figures.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { ReferralFigures } from '#libs/referrals/contract/referral-figures.js';
import { summaryRows, type MoneySum } from '../outbound/summary.store.js';
import { requireRole } from './actor-of.js';
import type { SettlementPorts } from './ports.js';

/** Counts that other capabilities hold. */
export interface Figures {
  readonly referrals: ReferralFigures;
  readonly outcomes: OutcomeFigures;
}

/** The programme of the asking authority in figures: what row-level security shows it is what is counted. */
export async function programmeSummary(tx: Tx, ports: SettlementPorts, figures: Figures, principal: Principal) {
  requireRole(principal, 'CONTRACT_MANAGER');
  return {
    people: await figures.referrals.people(tx),
    referralsAccepted: await figures.referrals.accepted(tx),
    referralsByState: await figures.referrals.byState(tx),
    outcomesByKind: await figures.outcomes.byKind(tx),
    ...(await summaryRows(tx)),
    // From the books, and so a second opinion on what the claims and the payables say.
    owed: negated(await ports.ledger.balanceOf(tx, 'provider-payable')),
    inTransit: negated(await ports.ledger.balanceOf(tx, 'bank-clearing')),
    toRecover: await ports.ledger.balanceOf(tx, 'recovery-receivable'),
    writtenOff: await ports.ledger.balanceOf(tx, 'recovery-written-off'),
    trialBalance: await ports.ledger.trialBalance(tx),
  };
}

/** Credits less debits, where the chart's sign is the other one. */
const negated = (sums: readonly MoneySum[]): readonly MoneySum[] =>
  sums.map(({ currency, amountMinor }) => ({ currency, amountMinor: -amountMinor }));
