import { HubError } from '#libs/kernel/index.js';
import { Allocation, legKey } from './allocation.js';
import type { BankLine, Match, OrderedTransfer, RecordedMatch } from './model.js';
import { matchOf } from './stages.js';

/**
 * A person says which transfers a leg stands for: one, or, where the line is one leg, several that add up to it. The account may differ
 * and the line may be doubtful (that is what a person decides); the amount may not.
 *
 * Errors: `match.taken`, `match.not-a-leg`, `match.one-transfer`, `match.currency`, `match.amount-difference`, `match.not-paid`.
 */
export function matchByHand(
  line: BankLine,
  legNumber: number,
  chosen: readonly OrderedTransfer[],
  recorded: readonly RecordedMatch[],
  why: string,
): readonly Match[] {
  const allocation = new Allocation(chosen, recorded);
  const facts = { line: line.path, leg: legNumber };
  const refuse = (code: string, message: string): never => {
    throw new HubError(code, message, { facts });
  };
  const leg = line.legs[legNumber];
  if (leg === undefined) return refuse('match.not-a-leg', `The line has ${line.legs.length} transactions.`);
  if (allocation.isTaken(line, leg)) return refuse('match.taken', 'This transaction is matched already.');
  if (chosen.length === 0 || (chosen.length > 1 && line.legs.length > 1)) {
    return refuse('match.one-transfer', 'One transaction of a line with several stands for exactly one transfer.');
  }
  if (chosen.some(({ currency }) => currency !== line.currency)) {
    return refuse('match.currency', `The line is in ${line.currency}; the transfers must be too.`);
  }
  const incoming = leg.amountMinor > 0n;
  const sum = chosen.reduce((total, { amountMinor }) => total + amountMinor, 0n);
  if (sum !== (incoming ? leg.amountMinor : -leg.amountMinor)) {
    return refuse(
      'match.amount-difference',
      'The transfers do not add up to the transaction: nothing is matched in part.',
    );
  }
  if (chosen.some(incoming ? allocation.isReturned : allocation.isPaid)) {
    return refuse('match.taken', `A chosen transfer is ${incoming ? 'returned' : 'paid'} by another line already.`);
  }
  if (incoming && !chosen.every(allocation.isPaid)) {
    return refuse('match.not-paid', 'Money comes back only for a transfer that a line shows as paid.');
  }
  return allocation.transfers.map((transfer, at) =>
    matchOf(
      line,
      line.legs.length > 1 ? legNumber : at,
      transfer,
      incoming ? 'RETURN' : 'PAYMENT',
      chosen.length > 1 ? 'sum-by-hand' : 'by-hand',
      why,
      leg.returned?.reason ?? null,
    ),
  );
}

/**
 * Which matches are undone when a person takes a leg's match apart: the leg's own; of a batch or a sum all of the line, because they add
 * up only together. The matches stay on record as undone, and are not made again by themselves.
 *
 * Errors: `match.not-found`, `match.returned-since` (the return is undone first).
 */
export function matchesToUndo(
  lineKey: string,
  leg: number,
  recorded: readonly RecordedMatch[],
): readonly RecordedMatch[] {
  const active = recorded.filter(({ undone }) => !undone);
  const ofLine = active.filter((match) => match.lineKey === lineKey);
  const target = ofLine.find((match) => match.leg === leg);
  if (target === undefined) {
    throw new HubError('match.not-found', 'There is no match to undo.', { facts: { match: legKey(lineKey, leg) } });
  }
  const together = target.rule === 'batch-booking' || target.rule === 'sum-by-hand' ? ofLine : [target];
  const returned = active.find(
    ({ kind, endToEndId }) =>
      kind === 'RETURN' && together.some((match) => match.kind === 'PAYMENT' && match.endToEndId === endToEndId),
  );
  if (returned !== undefined) {
    throw new HubError('match.returned-since', 'The payment was returned since: undo the return first.', {
      facts: { endToEndId: returned.endToEndId },
    });
  }
  return together;
}
