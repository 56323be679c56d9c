import { daysBetween } from '#libs/kernel/index.js';
import type { Allocation } from './allocation.js';
import { compare } from './bank-lines.js';
import type { BankLeg, BankLine, Candidate, OrderedTransfer } from './model.js';
import { amount, candidate } from './stages.js';

/** How far the booking may be from the ordered day for a transfer to be proposed. */
export const PROPOSAL_WINDOW_DAYS = 10;
/** Sums are looked for among at most so many open transfers of one provider… */
export const SUM_TRANSFERS_MAX = 16;
/** …and for one line with at most so many steps; what takes longer is left to a person. */
export const SUM_STEPS_MAX = 100_000;

/**
 * Open transfers that may explain money out which nothing else explains: same account and amount within the window, nearest day first;
 * then the one set of a provider's transfers that adds up exactly, where there is only one.
 */
export function propose(line: BankLine, leg: BankLeg, allocation: Allocation): readonly Candidate[] {
  if (leg.amountMinor >= 0n) return [];
  const wanted = -leg.amountMinor;
  const near = allocation.transfers.filter(
    (one) =>
      allocation.isOpen(one) &&
      one.currency === line.currency &&
      (leg.counterpartyIban === null || leg.counterpartyIban === one.iban) &&
      daysOff(line, one) <= PROPOSAL_WINDOW_DAYS,
  );
  const single =
    leg.counterpartyIban === null
      ? []
      : near
          .filter(({ amountMinor }) => amountMinor === wanted)
          .sort((a, b) => daysOff(line, a) - daysOff(line, b) || compare(a.endToEndId, b.endToEndId))
          .map((one) => candidate(one, `same account and amount, ${daysOff(line, one)} days from the ordered day`));
  const providers = Map.groupBy(near, ({ providerId }) => providerId);
  const budget = { steps: SUM_STEPS_MAX };
  const sums = [...providers.values()]
    .map((ofProvider) => uniqueSum(ofProvider, wanted, budget))
    .filter((found) => found !== undefined);
  return [
    ...single,
    ...sums.map((found) => ({
      endToEndIds: found.map(({ endToEndId }) => endToEndId),
      why: `the only transfers of one provider that add up to it: ${found.map(amount).join(' + ')}`,
    })),
  ];
}

const daysOff = (line: BankLine, { executionDate }: OrderedTransfer): number =>
  line.bookedOn === null ? 0 : Math.abs(daysBetween(executionDate, line.bookedOn));

/** The only two or more transfers whose amounts add up to `wanted`; undefined where there are none or several, or too many to try. */
function uniqueSum(
  transfers: readonly OrderedTransfer[],
  wanted: bigint,
  budget: { steps: number },
): readonly OrderedTransfer[] | undefined {
  if (transfers.length > SUM_TRANSFERS_MAX) return undefined;
  const found: (readonly OrderedTransfer[])[] = [];
  const search = (from: number, left: bigint, chosen: readonly OrderedTransfer[]): void => {
    budget.steps -= 1;
    if (found.length > 1 || budget.steps < 0) return;
    if (left === 0n) {
      if (chosen.length > 1) found.push(chosen);
      return;
    }
    transfers.slice(from).forEach((transfer, at) => {
      if (transfer.amountMinor <= left) search(from + at + 1, left - transfer.amountMinor, [...chosen, transfer]);
    });
  };
  search(0, wanted, []);
  return budget.steps >= 0 && found.length === 1 ? found[0] : undefined;
}
