import { formatMinor, asCurrency } from '#libs/kernel/index.js';
import type { Allocation } from './allocation.js';
import type { BankLeg, BankLine, BreakKind, Candidate, Match, MatchRule, OrderedTransfer } from './model.js';

/** What a stage says about a leg: matched, a break it is sure of, or nothing (the next stage may know). */
export type Verdict = { readonly matches: readonly Match[] } | Doubt | undefined;

export interface Doubt {
  readonly kind: BreakKind;
  readonly why: string;
  readonly candidates: readonly Candidate[];
}

export type Stage = (line: BankLine, leg: BankLeg, allocation: Allocation) => Verdict;

/** Money out that carries the end-to-end id of a transfer. */
export const byEndToEndId: Stage = (line, leg, allocation) => {
  if (leg.amountMinor >= 0n) return undefined;
  const transfer = allocation.transfer(leg.endToEndId);
  if (transfer === undefined) return undefined;
  const fact = `the end-to-end id ${transfer.endToEndId} is that of the transfer`;
  return payment(line, leg, transfer, 'end-to-end-id', fact, allocation);
};

/** Money out that carries the structured reference of exactly one transfer which is still open, with its exact amount. */
export const byCreditorReference: Stage = (line, leg, allocation) => {
  if (leg.amountMinor >= 0n) return undefined;
  const named = allocation.byReferences(leg.references);
  if (named.length === 0) return undefined;
  const open = named.filter(allocation.isOpen);
  const exact = open.filter(({ amountMinor }) => amountMinor === -leg.amountMinor);
  const [only = open[0] ?? named[0]] = exact;
  if (only === undefined) return undefined;
  const fact = `the creditor reference ${only.reference} is that of the transfer`;
  if (exact.length === 1 || open.length < 2) {
    return payment(line, leg, only, 'creditor-reference', fact, allocation);
  }
  return {
    kind: exact.length > 1 ? 'unmatched-bank' : 'amount-difference',
    why: `The creditor reference ${only.reference} is that of ${open.length} open transfers.`,
    candidates: open.map((one) => candidate(one, `same creditor reference, ${amount(one)}`)),
  };
};

/** One line for many transfers: those of the batch that are still open add up to it exactly. */
export const byBatch: Stage = (line, leg, allocation) => {
  const { batch } = line;
  if (batch === null || leg.amountMinor >= 0n) return undefined;
  const listed = batch.endToEndIds.flatMap((id) => allocation.transfer(id) ?? []);
  const of = (ids: readonly string[], pick: (one: OrderedTransfer) => string): readonly OrderedTransfer[] =>
    ids.length === 0 ? [] : allocation.transfers.filter((one) => ids.includes(pick(one)));
  const [named, by] = [
    [listed.length === batch.endToEndIds.length ? listed : [], 'the end-to-end ids'] as const,
    [
      of(batch.paymentInfoIds, (one) => one.paymentInfoId),
      `payment information ${batch.paymentInfoIds.join(', ')}`,
    ] as const,
    [of(batch.messageIds, (one) => one.messageId), `file ${batch.messageIds.join(', ')}`] as const,
  ].find(([found]) => found.length > 0) ?? [[], ''];
  if (named.length === 0) return undefined;
  const unpaid = named.filter((transfer) => !allocation.isPaid(transfer));
  const open = unpaid.filter(allocation.isOpen);
  const ids = unpaid.map(({ endToEndId }) => endToEndId);
  const candidates = unpaid.length === 0 ? [] : [{ endToEndIds: ids, why: `not seen paid, of ${by}` }];
  const sum = open.reduce((total, { amountMinor }) => total + amountMinor, 0n);
  const said = `The open transfers of ${by} are ${open.length} and add up to ${text(sum, line.currency)}, the line is ${text(-leg.amountMinor, line.currency)}`;
  if (unpaid.length === 0) {
    return { kind: 'duplicate', why: `All transfers of ${by} have been seen before.`, candidates };
  }
  if (unpaid.some(({ currency }) => currency !== line.currency)) {
    return { kind: 'currency', why: `The transfers of ${by} are not in ${line.currency}.`, candidates };
  }
  if (open.length === 0) {
    return { kind: 'unmatched-bank', why: `The bank said that it refused the transfers of ${by}.`, candidates };
  }
  if (sum !== -leg.amountMinor || (batch.count !== null && batch.count !== open.length)) {
    const counted = batch.count === null ? '' : ` for ${batch.count} transfers`;
    const why = `${said}${counted}.`;
    // Of open ones alone a part that adds up is looked for later.
    if (open.length === unpaid.length) return { kind: 'amount-difference', why, candidates: [] };
    const refused = `The bank had refused ${unpaid.length - open.length} more.`;
    return { kind: 'amount-difference', why: `${why} ${refused}`, candidates };
  }
  const matches = open.map((transfer, at) =>
    matchOf(line, at, transfer, 'PAYMENT', 'batch-booking', `${said}: equal.`, null),
  );
  return settle(line, matches, said, allocation);
};

/** Money back that carries the end-to-end id of a transfer which was seen paid. */
export const byReturn: Stage = (line, leg, allocation) => {
  if (leg.amountMinor <= 0n) return undefined;
  const transfer = allocation.transfer(leg.endToEndId);
  if (transfer === undefined) return leg.returned === null ? undefined : unknownReturn(line, leg, allocation);
  const found = [candidate(transfer, `same end-to-end id, ${amount(transfer)}`)];
  const reason = leg.returned?.reason ?? null;
  const because = reason === null ? '' : ` (${reason})`;
  const doubt = (kind: BreakKind, why: string): Doubt => ({ kind, why, candidates: found });
  if (leg.returned === null) {
    return doubt(
      'return',
      `Money in with the end-to-end id ${transfer.endToEndId} of ours, but not marked as a return.`,
    );
  }
  if (transfer.currency !== line.currency) {
    return doubt('currency', `The return is in ${line.currency}, the transfer was in ${transfer.currency}.`);
  }
  if (allocation.isReturned(transfer)) {
    return doubt('duplicate', `The transfer ${transfer.endToEndId} was returned before.`);
  }
  if (transfer.amountMinor !== leg.amountMinor) {
    const came = text(leg.amountMinor, line.currency);
    return doubt('amount-difference', `${came} came back of the transfer over ${amount(transfer)}${because}.`);
  }
  if (!allocation.isPaid(transfer)) {
    return doubt(
      'return',
      `The transfer ${transfer.endToEndId} came back${because}, but no line shows that it was paid.`,
    );
  }
  const why = `The bank returned${because} the transfer with the end-to-end id ${transfer.endToEndId}, ${amount(transfer)}: equal.`;
  return settle(line, [matchOf(line, leg.leg, transfer, 'RETURN', 'return', why, reason)], why, allocation);
};

function unknownReturn(line: BankLine, leg: BankLeg, allocation: Allocation): Doubt {
  const paid = allocation.transfers.filter((one) => allocation.isPaid(one) && !allocation.isReturned(one));
  const same = paid.filter(
    ({ amountMinor, currency, reference, iban }) =>
      amountMinor === leg.amountMinor &&
      currency === line.currency &&
      (leg.references.includes(reference) || leg.counterpartyIban === iban),
  );
  return {
    kind: 'return',
    why: 'The bank returns a payment and does not say which.',
    candidates: same.map((one) => candidate(one, `paid before, ${amount(one)}, same reference or account`)),
  };
}

/** What must be equal before a leg is taken for the payment of a transfer; the first difference names the break. */
function payment(
  line: BankLine,
  leg: BankLeg,
  transfer: OrderedTransfer,
  rule: MatchRule,
  fact: string,
  allocation: Allocation,
): Verdict {
  const booked = text(-leg.amountMinor, line.currency);
  const doubt = (kind: BreakKind, why: string): Doubt => ({
    kind,
    why: `${why[0]?.toUpperCase() ?? ''}${why.slice(1)}.`,
    candidates: [candidate(transfer, `${fact}, ${amount(transfer)}`)],
  });
  if (transfer.currency !== line.currency) {
    return doubt('currency', `${fact}, but the line is in ${line.currency} and the transfer in ${transfer.currency}`);
  }
  if (transfer.rejected) return doubt('unmatched-bank', `${fact}, but the bank said that it refused it`);
  if (allocation.isPaid(transfer)) return doubt('duplicate', `${fact}, which another line shows as paid`);
  if (transfer.amountMinor !== -leg.amountMinor) {
    return doubt('amount-difference', `${fact}, but ${booked} was booked for ${amount(transfer)}`);
  }
  if (leg.counterpartyIban !== null && leg.counterpartyIban !== transfer.iban) {
    return doubt('wrong-party', `${fact}, but the money went to another account`);
  }
  const why = `${fact[0]?.toUpperCase() ?? ''}${fact.slice(1)}, ${amount(transfer)}: equal.`;
  return settle(line, [matchOf(line, leg.leg, transfer, 'PAYMENT', rule, why, null)], why, allocation);
}

/** Nothing of a doubtful line, and nothing that a person took apart, is put together by itself. */
function settle(line: BankLine, matches: readonly Match[], fact: string, allocation: Allocation): Verdict {
  const undone = matches.some(allocation.wasUndone);
  if (line.doubt === null && !undone) return { matches };
  return {
    kind: 'unmatched-bank',
    why: undone ? 'This match was undone before: a person decides.' : `A person decides: ${line.doubt ?? ''}`,
    candidates: [{ endToEndIds: matches.map(({ endToEndId }) => endToEndId), why: fact }],
  };
}

export const matchOf = (
  line: BankLine,
  leg: number,
  { endToEndId, amountMinor }: OrderedTransfer,
  kind: Match['kind'],
  rule: MatchRule,
  why: string,
  returnReason: string | null,
): Match => ({ lineKey: line.key, leg, endToEndId, kind, amountMinor, rule, why, returnReason });

export const candidate = ({ endToEndId }: OrderedTransfer, why: string): Candidate => ({
  endToEndIds: [endToEndId],
  why,
});

const text = (amountMinor: bigint, currency: string): string =>
  `${formatMinor(amountMinor, asCurrency(currency))} ${currency}`;

export const amount = ({ amountMinor, currency }: OrderedTransfer): string => text(amountMinor, currency);
