import { describe, expect, it } from '@jest/globals';
import { localDate } from '#libs/kernel/index.js';
import { matchByHand, matchesToUndo } from './by-hand.js';
import type { BankLeg, BankLine, OrderedTransfer, RecordedMatch } from './model.js';
import { LEDGER_GRACE_DAYS, reconcile } from './reconcile.js';

const day = localDate('2018-03-15');
const paidTo = 'DE89370400440532013000';

const transfer = (number: number, change: Partial<OrderedTransfer> = {}): OrderedTransfer => ({
  endToEndId: `E-${number}`,
  messageId: 'PF-1',
  paymentInfoId: 'PF-1-1',
  reference: `RF-${number}`,
  amountMinor: 1000n * BigInt(number),
  currency: 'EUR',
  iban: paidTo,
  providerId: 'provider-1',
  executionDate: day,
  rejected: false,
  ...change,
});
const leg = (amountMinor: bigint, change: Partial<BankLeg> = {}): BankLeg => ({
  leg: 0,
  amountMinor,
  endToEndId: null,
  references: [],
  counterpartyIban: null,
  returned: null,
  ...change,
});
const line = (key: string, legs: readonly BankLeg[], change: Partial<BankLine> = {}): BankLine => ({
  key,
  account: 'DE02120300000000202051',
  statementId: 'S-1',
  path: '/Document/BkToCstmrStmt/Stmt/Ntry',
  bankReference: key,
  bookedOn: day,
  amountMinor: legs.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
  currency: 'EUR',
  legs: legs.map((one, at) => ({ ...one, leg: at })),
  batch: null,
  doubt: null,
  ...change,
});
const record = (matches: readonly Omit<RecordedMatch, 'undone'>[], undone = false): RecordedMatch[] =>
  matches.map((match) => ({ ...match, undone }));
const run = (lines: BankLine[], transfers: OrderedTransfer[], recorded: RecordedMatch[] = [], asOf = day) =>
  reconcile(lines, transfers, recorded, asOf);

const paid = line('L1', [leg(-1000n, { endToEndId: 'E-1', counterpartyIban: paidTo })]);
const onlyBreak = (...args: Parameters<typeof run>) => {
  const { matches, breaks } = run(...args);
  expect(matches).toEqual([]);
  expect(breaks).toHaveLength(1);
  return breaks[0]!;
};

describe('what matches by itself', () => {
  it('by end-to-end id, and says why', () => {
    expect(run([paid], [transfer(1)])).toEqual({
      matches: [
        {
          lineKey: 'L1',
          leg: 0,
          endToEndId: 'E-1',
          kind: 'PAYMENT',
          amountMinor: 1000n,
          rule: 'end-to-end-id',
          why: 'The end-to-end id E-1 is that of the transfer, 10.00 EUR: equal.',
          returnReason: null,
        },
      ],
      breaks: [],
    });
  });

  it('by the structured creditor reference with the exact amount, where the bank lost the end-to-end id', () => {
    const { matches } = run([line('L1', [leg(-1000n, { references: ['RF-1'] })])], [transfer(1), transfer(2)]);
    expect(matches).toEqual([expect.objectContaining({ endToEndId: 'E-1', rule: 'creditor-reference' })]);
  });

  it('by reference for the second attempt, once the first was paid and returned', () => {
    const again = transfer(1, { endToEndId: 'E-1b' });
    const { matches } = run([paid, line('L2', [leg(-1000n, { references: ['RF-1'] })])], [transfer(1), again]);
    expect(matches.map(({ lineKey, endToEndId, rule }) => [lineKey, endToEndId, rule])).toEqual([
      ['L1', 'E-1', 'end-to-end-id'],
      ['L2', 'E-1b', 'creditor-reference'],
    ]);
  });

  it.each([
    ['by payment information', { paymentInfoIds: ['PF-1-1'] }],
    ['by file', { messageIds: ['PF-1'] }],
    ['by the list of end-to-end ids', { endToEndIds: ['E-1', 'E-2'] }],
  ])('one line for many, %s: what is open of it adds up', (_, ids) => {
    const batch = { endToEndIds: [], paymentInfoIds: [], messageIds: [], count: 2, ...ids };
    const other = transfer(4, { paymentInfoId: 'PF-2-1', messageId: 'PF-2' });
    const rejected = transfer(3, { rejected: true });
    const { matches, breaks } = run(
      [line('L1', [leg(-3000n)], { batch })],
      [transfer(1), transfer(2), rejected, other],
    );
    expect(matches.map(({ leg: at, endToEndId, rule }) => [at, endToEndId, rule])).toEqual([
      [0, 'E-1', 'batch-booking'],
      [1, 'E-2', 'batch-booking'],
    ]);
    expect(breaks).toEqual([]);
  });

  it('each transaction of a line with many', () => {
    const many = line('L1', [leg(-1000n, { endToEndId: 'E-1' }), leg(-2000n, { endToEndId: 'E-2' })]);
    expect(run([many], [transfer(1), transfer(2)]).matches.map(({ leg: at, endToEndId }) => [at, endToEndId])).toEqual([
      [0, 'E-1'],
      [1, 'E-2'],
    ]);
  });

  it('a return of what was paid, with the reason of the bank', () => {
    const back = line('L0', [leg(1000n, { endToEndId: 'E-1', returned: { reason: 'AC04' } })]);
    expect(run([back, paid], [transfer(1)])).toEqual({
      matches: [
        expect.objectContaining({ lineKey: 'L0', kind: 'RETURN', rule: 'return', returnReason: 'AC04' }),
        expect.objectContaining({ lineKey: 'L1', kind: 'PAYMENT' }),
      ],
      breaks: [],
    });
    const earlier = record(run([paid], [transfer(1)]).matches);
    expect(run([back], [transfer(1)], earlier).matches).toHaveLength(1);
  });
});

describe('what does not match is a break of a kind, with the best candidates', () => {
  it('another amount', () => {
    expect(onlyBreak([line('L1', [leg(-999n, { endToEndId: 'E-1' })])], [transfer(1)])).toMatchObject({
      kind: 'amount-difference',
      key: 'L1#0',
      why: 'The end-to-end id E-1 is that of the transfer, but 9.99 EUR was booked for 10.00 EUR.',
      candidates: [{ endToEndIds: ['E-1'] }],
    });
  });

  it('another account', () => {
    const astray = line('L1', [leg(-1000n, { endToEndId: 'E-1', counterpartyIban: 'DE02500105170137075030' })]);
    const found = onlyBreak([astray], [transfer(1)]);
    expect(found.kind).toBe('wrong-party');
    expect(
      JSON.stringify(found, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain('DE0250');
  });

  it('another currency', () => {
    expect(onlyBreak([{ ...paid, currency: 'SEK' }], [transfer(1)]).kind).toBe('currency');
  });

  it('the same transfer paid twice', () => {
    const twice = line('L2', [leg(-1000n, { endToEndId: 'E-1' })]);
    const { matches, breaks } = run([twice, paid], [transfer(1)]);
    expect(matches.map(({ lineKey }) => lineKey)).toEqual(['L1']);
    expect(breaks).toEqual([expect.objectContaining({ kind: 'duplicate', key: 'L2#0' })]);
  });

  it('a transfer the bank had refused', () => {
    expect(onlyBreak([paid], [transfer(1, { rejected: true })])).toMatchObject({
      kind: 'unmatched-bank',
      why: expect.stringContaining('refused'),
    });
  });

  it('a batch that does not add up proposes the only part of it that does', () => {
    const batch = { endToEndIds: [], paymentInfoIds: ['PF-1-1'], messageIds: [], count: null };
    const short = line('L1', [leg(-3000n)], { batch });
    expect(onlyBreak([short], [transfer(1), transfer(2), transfer(4)])).toMatchObject({
      kind: 'amount-difference',
      candidates: [{ endToEndIds: ['E-1', 'E-2'] }],
    });
  });

  it('a batch of what the bank had refused, in whole or in part, names what may have been paid', () => {
    const batch = { endToEndIds: [], paymentInfoIds: ['PF-1-1'], messageIds: [], count: null };
    const both = line('L1', [leg(-3000n)], { batch });
    const refused = { rejected: true };
    expect(onlyBreak([both], [transfer(1, refused), transfer(2, refused)])).toMatchObject({
      kind: 'unmatched-bank',
      why: expect.stringContaining('refused'),
      candidates: [{ endToEndIds: ['E-1', 'E-2'] }],
    });
    expect(onlyBreak([both], [transfer(1, refused), transfer(2)])).toMatchObject({
      kind: 'amount-difference',
      why: expect.stringContaining('refused 1 more'),
      candidates: [{ endToEndIds: ['E-1', 'E-2'] }],
    });
    const seen = record(run([both], [transfer(1), transfer(2)]).matches);
    const again = line('L2', [leg(-3000n)], { batch });
    expect(run([again], [transfer(1), transfer(2)], seen).breaks).toMatchObject([
      { kind: 'duplicate', candidates: [] },
    ]);
  });

  it('a line without any id that may be the payment of what the bank had refused', () => {
    const silent = line('L1', [leg(-1000n, { counterpartyIban: paidTo })]);
    expect(onlyBreak([silent], [transfer(1, { rejected: true })]).candidates).toEqual([
      { endToEndIds: ['E-1'], why: 'same account and amount, ordered for 2018-03-15, which the bank said it refused' },
    ]);
  });

  it('of what the bank had refused nothing is left out, however many and however long ago', () => {
    const silent = line('L1', [leg(-1000n)]);
    const refused = [1, 2, 3, 4, 5, 6].map((number) =>
      transfer(1, { endToEndId: `R-${number}`, rejected: true, executionDate: localDate('2018-01-02') }),
    );
    expect(onlyBreak([silent], refused).candidates).toHaveLength(6);
  });

  it.each([
    ['of what was never seen paid', { endToEndId: 'E-1', returned: { reason: 'AC04' } }, 'return'],
    ['that is not marked as one', { endToEndId: 'E-1' }, 'return'],
    ['that does not say of what', { returned: { reason: null } }, 'return'],
    ['from a stranger', {}, 'unmatched-bank'],
  ])('money in %s', (_, change, kind) => {
    expect(onlyBreak([line('L1', [leg(1000n, change)])], [transfer(1)]).kind).toBe(kind);
  });

  it('a return that keeps a charge back, or comes twice', () => {
    const back = (key: string, amount: bigint) =>
      line(key, [leg(amount, { endToEndId: 'E-1', returned: { reason: 'AC04' } })]);
    expect(run([paid, back('L2', 950n)], [transfer(1)]).breaks[0]!.kind).toBe('amount-difference');
    expect(run([paid, back('L2', 1000n), back('L3', 1000n)], [transfer(1)]).breaks).toEqual([
      expect.objectContaining({ kind: 'duplicate', key: 'L3#0' }),
    ]);
  });

  it('same account and amount near the ordered day only proposes', () => {
    const silent = line('L1', [leg(-1000n, { counterpartyIban: paidTo })]);
    const near = transfer(1, { executionDate: localDate('2018-03-13') });
    const nearer = transfer(1, { endToEndId: 'E-9', executionDate: localDate('2018-03-14') });
    const far = transfer(1, { endToEndId: 'E-8', executionDate: localDate('2018-01-02') });
    expect(run([silent], [near, nearer, far]).breaks[0]).toMatchObject({
      kind: 'unmatched-bank',
      candidates: [
        { endToEndIds: ['E-9'], why: 'same account and amount, ordered for 2018-03-14' },
        { endToEndIds: ['E-1'] },
      ],
    });
  });

  it('the only sum within one provider is proposed; one of two is not', () => {
    const sum = line('L1', [leg(-7000n)]);
    const others = [transfer(5, { providerId: 'provider-2' }), transfer(2, { endToEndId: 'E-2x', providerId: 'p-3' })];
    const unique = onlyBreak([sum], [transfer(1), transfer(2), transfer(4), ...others]);
    expect(unique.candidates).toEqual([
      {
        endToEndIds: ['E-1', 'E-2', 'E-4'],
        why: 'the only open transfers of one provider that add up to it: 10.00 EUR + 20.00 EUR + 40.00 EUR',
      },
    ]);
    expect(onlyBreak([sum], [transfer(1), transfer(2), transfer(4), transfer(5), transfer(6)]).candidates).toEqual([]);
    expect(onlyBreak([sum], [transfer(1), transfer(2), transfer(4), transfer(7)]).candidates).toEqual([]);
  });

  it('a transfer that no line shows in time', () => {
    const later = localDate(`2018-03-${15 + LEDGER_GRACE_DAYS + 1}`);
    expect(onlyBreak([], [transfer(1)], [], later)).toMatchObject({
      key: 'transfer:E-1',
      kind: 'unmatched-ledger',
      endToEndId: 'E-1',
      amountMinor: -1000n,
      since: day,
    });
    const onTime = localDate(`2018-03-${15 + LEDGER_GRACE_DAYS}`);
    expect(run([], [transfer(1)], [], onTime).breaks).toEqual([]);
    expect(run([], [transfer(1, { rejected: true })], [], later).breaks).toEqual([]);
  });

  it('nothing of a statement that does not add up is matched without a person', () => {
    expect(onlyBreak([{ ...paid, doubt: 'Opening … is not closing ….' }], [transfer(1)])).toMatchObject({
      kind: 'unmatched-bank',
      why: 'A person decides: Opening … is not closing ….',
      candidates: [{ endToEndIds: ['E-1'] }],
    });
  });
});

describe('a person', () => {
  const silent = line('L1', [leg(-3000n)]);
  const two = [transfer(1), transfer(2)];

  it('matches what adds up, of any account, and the matches are undone together', () => {
    const matches = matchByHand(silent, 0, two, [], 'named in the letter of 3 March');
    expect(matches.map(({ leg: at, endToEndId, rule }) => [at, endToEndId, rule])).toEqual([
      [0, 'E-1', 'sum-by-hand'],
      [1, 'E-2', 'sum-by-hand'],
    ]);
    expect(run([silent], two, record(matches))).toEqual({ matches: [], breaks: [] });
    expect(matchesToUndo('L1', 1, record(matches))).toEqual(record(matches));
  });

  it('cannot match in part, twice, in another currency, or money back for what was not paid', () => {
    const refusal = (code: string) => expect.objectContaining({ code });
    const by =
      (chosen: OrderedTransfer[], recorded: RecordedMatch[] = [], one = silent, at = 0) =>
      () =>
        matchByHand(one, at, chosen, recorded, 'why');
    expect(by([transfer(2)])).toThrow(refusal('match.amount-difference'));
    expect(by([])).toThrow(refusal('match.one-transfer'));
    expect(by([transfer(3, { currency: 'SEK' })])).toThrow(refusal('match.currency'));
    expect(by(two, [], silent, 1)).toThrow(refusal('match.not-a-leg'));
    expect(by(two, record(run([paid], two).matches))).toThrow(refusal('match.taken'));
    expect(by(two, record(matchByHand(silent, 0, [transfer(3)], [], 'x')))).toThrow(refusal('match.taken'));
    expect(by([transfer(1)], [], line('L2', [leg(1000n)]))).toThrow(refusal('match.not-paid'));
  });

  it('undoes a match: it stays undone until a person makes it again', () => {
    const matches = run([paid], [transfer(1)]).matches;
    const undone = record(matchesToUndo('L1', 0, record(matches)), true);
    expect(onlyBreak([paid], [transfer(1)], undone)).toMatchObject({
      kind: 'unmatched-bank',
      why: 'This match was undone before: a person decides.',
      candidates: [{ endToEndIds: ['E-1'] }],
    });
    const again = matchByHand(paid, 0, [transfer(1)], undone, 'right after all');
    expect(run([paid], [transfer(1)], [...undone, ...record(again)])).toEqual({ matches: [], breaks: [] });
  });

  it('undoes a return before the payment it returned', () => {
    const back = line('L2', [leg(1000n, { endToEndId: 'E-1', returned: { reason: 'AC04' } })]);
    const matches = record(run([paid, back], [transfer(1)]).matches);
    expect(() => matchesToUndo('L1', 0, matches)).toThrow(expect.objectContaining({ code: 'match.returned-since' }));
    expect(matchesToUndo('L2', 0, matches).map(({ kind }) => kind)).toEqual(['RETURN']);
    expect(() => matchesToUndo('L3', 0, matches)).toThrow(expect.objectContaining({ code: 'match.not-found' }));
  });
});
