import { daysBetween, type LocalDate } from '#libs/kernel/index.js';
import { Allocation, ledgerKey, legKey } from './allocation.js';
import { compare, inBankOrder } from './bank-lines.js';
import type { BankLeg, BankLine, Break, OrderedTransfer, RecordedMatch, Reconciliation } from './model.js';
import { CANDIDATES_MAX, propose, type Proposable } from './proposals.js';
import { byBatch, byCreditorReference, byEndToEndId, byReturn, type Doubt, type Stage } from './stages.js';

/** In this order; these alone match without a person. */
const STAGES: readonly Stage[] = [byEndToEndId, byCreditorReference, byBatch, byReturn];
/** A transfer that no line shows so many days after its ordered day is asked about. */
export const LEDGER_GRACE_DAYS = 7;
/** Lines that get proposals in one run, the oldest first; a statement full of strangers needs none. */
export const PROPOSED_LINES_MAX = 200;

/**
 * Compares booked lines with ordered transfers and answers the new matches and everything that did not match by itself.
 *
 * Deterministic: the order of lines and transfers does not matter, all lines go through a stage before the next one, and the stages
 * run until nothing new is found. Exclusive: no leg and no transfer is used twice. Exact: whole amounts only. Running it again with
 * its own matches on record finds no new match and the same breaks, so a statement may be imported as often as one likes.
 *
 * `lines` may be one statement's or, where statements came out of order, all that are not yet matched. `transfers` holds what may
 * appear in them, those already seen paid included. `asOf` is the day up to which the account has been told. `settled` names the legs
 * (`legKey`) that a person settled as something else.
 */
export function reconcile(
  lines: readonly BankLine[],
  transfers: readonly OrderedTransfer[],
  recorded: readonly RecordedMatch[],
  asOf: LocalDate,
  settled: readonly string[] = [],
): Reconciliation {
  const allocation = new Allocation(transfers, recorded, settled);
  const legs = inBankOrder(lines).flatMap((line) => line.legs.map((leg) => ({ line, leg })));
  let doubts = new Map<string, Doubt>();
  for (let before = -1; before < allocation.made.length;) {
    before = allocation.made.length;
    doubts = pass(legs, allocation);
  }
  const among = allocation.transfers.flatMap((transfer): Proposable[] => {
    if (allocation.isReturned(transfer)) return [{ transfer, standing: 'returned' }];
    return allocation.isPaid(transfer) ? [] : [{ transfer, standing: transfer.rejected ? 'refused' : 'open' }];
  });
  const unmatched = legs
    .filter(({ line, leg }) => !allocation.isTaken(line, leg))
    .map(({ line, leg }, at) => {
      const doubt = doubts.get(legKey(line.key, leg.leg)) ?? unexplained(leg);
      const mayPropose = doubt.candidates.length === 0 && at < PROPOSED_LINES_MAX;
      const candidates = mayPropose ? propose(line, leg, among) : doubt.candidates.slice(0, CANDIDATES_MAX);
      return breakOf(line, leg, { ...doubt, candidates }, asOf);
    });
  const matches = [...allocation.made].sort((a, b) => compare(a.lineKey, b.lineKey) || a.leg - b.leg);
  return { matches, breaks: [...unmatched, ...overdue(allocation, asOf)] };
}

interface OpenLeg {
  readonly line: BankLine;
  readonly leg: BankLeg;
}

/** Every leg that is not taken goes through every stage; answers what the stages are sure is wrong. */
function pass(legs: readonly OpenLeg[], allocation: Allocation): Map<string, Doubt> {
  const doubts = new Map<string, Doubt>();
  for (const stage of STAGES) {
    for (const { line, leg } of legs) {
      const key = legKey(line.key, leg.leg);
      if (allocation.isTaken(line, leg) || doubts.has(key)) continue;
      const verdict = stage(line, leg, allocation);
      if (verdict === undefined) continue;
      if ('matches' in verdict) allocation.make(verdict.matches);
      else doubts.set(key, verdict);
    }
  }
  return doubts;
}

const unexplained = ({ amountMinor }: BankLeg): Doubt => ({
  kind: 'unmatched-bank',
  why: `Money ${amountMinor < 0n ? 'out' : 'in'} that no end-to-end id, reference, batch or return of ours explains.`,
  candidates: [],
});

const breakOf = (line: BankLine, leg: BankLeg, { kind, why, candidates }: Doubt, asOf: LocalDate): Break => ({
  key: legKey(line.key, leg.leg),
  kind,
  lineKey: line.key,
  leg: leg.leg,
  endToEndId: null,
  amountMinor: leg.amountMinor,
  currency: line.currency,
  since: line.bookedOn ?? asOf,
  why,
  candidates,
});

/** Transfers the bank should have booked by now. */
function overdue(allocation: Allocation, asOf: LocalDate): readonly Break[] {
  return allocation.transfers
    .filter((one) => allocation.isOpen(one) && daysBetween(one.executionDate, asOf) > LEDGER_GRACE_DAYS)
    .map((one: OrderedTransfer) => ({
      key: ledgerKey(one.endToEndId),
      kind: 'unmatched-ledger',
      lineKey: null,
      leg: null,
      endToEndId: one.endToEndId,
      amountMinor: -one.amountMinor,
      currency: one.currency,
      since: one.executionDate,
      why: `Ordered for ${one.executionDate}; no line up to ${asOf} shows it.`,
      candidates: [],
    }));
}
