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

/** A transfer that a line may pay: still open, or refused or returned, so that it should not be paid any more. */
export interface Proposable {
  readonly transfer: OrderedTransfer;
  readonly standing: 'open' | 'refused' | 'returned';
}

const STANDING: Readonly<Record<Proposable['standing'], string>> = {
  open: '',
  refused: ', which the bank said it refused',
  returned: ', which came back',
};

/**
 * Transfers that may explain money out which nothing else explains: same account and amount within the window, nearest day first; of what
 * the bank refused or returned the amount is enough, since whoever overlooks that pays twice. Then, of each provider, the open transfers
 * that add up exactly, where there is only one such set; or else, with those that it refused.
 */
export function propose(line: BankLine, leg: BankLeg, among: readonly Proposable[]): readonly Candidate[] {
  if (leg.amountMinor >= 0n) return [];
  const wanted = -leg.amountMinor;
  const near = among
    .filter(
      ({ transfer: { amountMinor, currency, iban } }) =>
        amountMinor <= wanted &&
        currency === line.currency &&
        (leg.counterpartyIban === null || leg.counterpartyIban === iban),
    )
    .map((each) => ({ ...each, days: daysOff(line, each.transfer) }))
    .filter(({ days, standing }) => days <= PROPOSAL_WINDOW_DAYS || standing !== 'open');
  const same = near.filter(
    ({ transfer, standing }) =>
      transfer.amountMinor === wanted && (standing !== 'open' || leg.counterpartyIban !== null),
  );
  const nearest = same.sort((a, b) => a.days - b.days || compare(a.transfer.endToEndId, b.transfer.endToEndId));
  // For choosing, a few are enough; of what must not be paid again none is left out.
  const few = nearest.filter(({ standing }) => standing === 'open').slice(0, CANDIDATES_MAX);
  const single = nearest
    .filter((each) => each.standing !== 'open' || few.includes(each))
    .map(({ transfer, standing }) => {
      const equal = leg.counterpartyIban === null ? 'same amount' : 'same account and amount';
      return candidate(transfer, `${equal}, ordered for ${transfer.executionDate}${STANDING[standing]}`);
    });
  const budget = { steps: SUM_STEPS_MAX };
  const open = sumsOf(
    near.filter(({ standing }) => standing === 'open'),
    wanted,
    budget,
  );
  const all =
    open.length > 0
      ? open
      : sumsOf(
          near.filter(({ standing }) => standing !== 'returned'),
          wanted,
          budget,
        );
  const sums = all
    // One transfer of the account that the line names is among the nearest already.
    .filter((found) => found.length > 1 || leg.counterpartyIban === null);
  return [
    ...single,
    ...sums.map((found) => ({
      endToEndIds: found.map(({ endToEndId }) => endToEndId),
      why: `the only ${open.length > 0 ? 'open transfers' : 'transfers, refused ones among them,'} of one provider that add up to it: ${found.map(amount).join(' + ')}`,
    })),
  ];
}

/** Of each provider the only transfers that add up. */
const sumsOf = (
  near: readonly Proposable[],
  wanted: bigint,
  budget: { steps: number },
): readonly (readonly OrderedTransfer[])[] =>
  [...Map.groupBy(near, ({ transfer }) => transfer.providerId).values()]
    .map((ofProvider) => ofProvider.map(({ transfer }) => transfer))
    .flatMap((transfers) => {
      const found = uniqueSum(transfers, wanted, budget);
      return found === undefined ? [] : [found];
    });

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
