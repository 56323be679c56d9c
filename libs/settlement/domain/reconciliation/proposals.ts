import { daysBetween } from '#libs/kernel/index.js';
import { compare } from './bank-lines.js';
import type { BankLeg, BankLine, Candidate, OrderedTransfer } from './model.js';
import { amount, candidate } from './stages.js';

/** Best candidates kept for a person. */
export const CANDIDATES_MAX = 5;
/** How far the booking may be from the ordered day for a transfer to be proposed. */
export const PROPOSAL_WINDOW_DAYS = 10;
/** Sums are looked for among at most so many open transfers of one provider… */
export const SUM_TRANSFERS_MAX = 16;
/** …and for one line with at most so many steps; what takes longer is left to a person. */
export const SUM_STEPS_MAX = 100_000;

/**
 * Transfers not seen paid that may explain money out which nothing else explains: same account and amount within the window, nearest day
 * first, those that the bank said it refused among them; then, of each provider, the open transfers that add up exactly, where there is
 * only one such set.
 */
export function propose(line: BankLine, leg: BankLeg, unpaid: readonly OrderedTransfer[]): readonly Candidate[] {
  if (leg.amountMinor >= 0n) return [];
  const wanted = -leg.amountMinor;
  const near = unpaid
    .filter(
      ({ amountMinor, currency, iban }) =>
        amountMinor <= wanted &&
        currency === line.currency &&
        (leg.counterpartyIban === null || leg.counterpartyIban === iban),
    )
    .map((transfer) => ({ transfer, days: daysOff(line, transfer) }))
    .filter(({ days }) => days <= PROPOSAL_WINDOW_DAYS);
  const same = leg.counterpartyIban === null ? [] : near.filter(({ transfer }) => transfer.amountMinor === wanted);
  const single = same
    .sort((a, b) => a.days - b.days || compare(a.transfer.endToEndId, b.transfer.endToEndId))
    .slice(0, CANDIDATES_MAX)
    .map(({ transfer }) => {
      const refused = transfer.rejected ? ', which the bank said it refused' : '';
      return candidate(transfer, `same account and amount, ordered for ${transfer.executionDate}${refused}`);
    });
  const open = near.filter(({ transfer }) => !transfer.rejected);
  const providers = Map.groupBy(open, ({ transfer }) => transfer.providerId);
  const budget = { steps: SUM_STEPS_MAX };
  const sums = [...providers.values()]
    .map((ofProvider) => ofProvider.map(({ transfer }) => transfer))
    .map((transfers) => uniqueSum(transfers, wanted, budget))
    .filter((found) => found !== undefined)
    // One transfer of the account that the line names is among the nearest already.
    .filter((found) => found.length > 1 || leg.counterpartyIban === null);
  return [
    ...single,
    ...sums.map((found) => ({
      endToEndIds: found.map(({ endToEndId }) => endToEndId),
      why: `the only open transfers of one provider that add up to it: ${found.map(amount).join(' + ')}`,
    })),
  ];
}

const daysOff = (line: BankLine, { executionDate }: OrderedTransfer): number =>
  line.bookedOn === null ? 0 : Math.abs(daysBetween(executionDate, line.bookedOn));

/** The only transfers, one or more, whose amounts add up to `wanted`; undefined where there are none or several, or too many to try. */
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
      found.push(chosen);
      return;
    }
    transfers.slice(from).forEach((transfer, at) => {
      if (transfer.amountMinor <= left) search(from + at + 1, left - transfer.amountMinor, [...chosen, transfer]);
    });
  };
  search(0, wanted, []);
  return budget.steps >= 0 && found.length === 1 ? found[0] : undefined;
}
