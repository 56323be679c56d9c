import type { Principal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { ProgrammeFigures } from '../contract/programme-figures.js';
import { summaryRows } from '../outbound/summary.store.js';
import { requireRole } from './actor-of.js';
import type { SettlementPorts } from './ports.js';

/** The programme of the asking authority in figures: what row-level security shows it is what is counted. */
export async function programmeSummary(
  tx: Tx,
  ports: SettlementPorts,
  figures: ProgrammeFigures,
  principal: Principal,
) {
  requireRole(principal, 'CONTRACT_MANAGER');
  return {
    people: await figures.people(tx),
    referralsByState: await figures.referralsByState(tx),
    outcomesByKind: await figures.outcomesByKind(tx),
    ...(await summaryRows(tx)),
    trialBalance: await ports.ledger.trialBalance(tx),
  };
}
