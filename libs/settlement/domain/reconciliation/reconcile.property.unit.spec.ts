import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, localDate } from '#libs/kernel/index.js';
import type { BankLine, LineBatch, OrderedTransfer, RecordedMatch } from './model.js';
import { reconcile } from './reconcile.js';

const start = localDate('2018-03-01');
const asOf = localDate('2018-06-01');

/** Few amounts, references and providers, so that everything that can collide does. */
const transfers = fc
  .array(
    fc.record({
      reference: fc.constantFrom('RF1', 'RF2', 'RF3', 'RF4'),
      amountMinor: fc.constantFrom(100n, 200n, 300n, 500n),
      provider: fc.constantFrom('1', '2'),
      block: fc.constantFrom('A', 'B', 'C'),
      day: fc.nat(20),
      rejected: fc.boolean(),
    }),
    { maxLength: 14 },
  )
  .map((rows) =>
    rows.map(({ reference, amountMinor, provider, block, day, rejected }, at): OrderedTransfer => ({
      endToEndId: `E${at}`,
      messageId: `F${block}`,
      paymentInfoId: `F${block}-1`,
      reference,
      amountMinor,
      currency: 'EUR',
      iban: `IBAN${provider}`,
      providerId: provider,
      executionDate: addDays(start, day),
      rejected: rejected && at % 3 === 0,
    })),
  );

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 3 });
const endToEndId = fc.nat(15).map((n) => `E${n}`);

const legs = fc.record({
  amount: fc.constantFrom(-100n, -200n, -300n, -500n, -600n, 100n, 200n, 500n),
  endToEndId: optional(endToEndId),
  reference: optional(fc.constantFrom('RF1', 'RF2', 'RF9')),
  iban: optional(fc.constantFrom('IBAN1', 'IBAN2', 'IBAN9')),
  returned: optional(fc.constant({ reason: 'AC04' })),
});
const batches: fc.Arbitrary<LineBatch> = fc.record({
  endToEndIds: fc.oneof(fc.constant([]), fc.uniqueArray(endToEndId, { maxLength: 4 })),
  paymentInfoIds: fc.constantFrom<readonly string[]>([], ['FA-1'], ['FB-1']),
  messageIds: fc.constantFrom<readonly string[]>([], ['FC']),
  count: fc.constant(null),
});
const lines = fc
  .array(
    fc.record({
      legs: fc.array(legs, { minLength: 1, maxLength: 3 }),
      batch: optional(batches),
      day: fc.nat(20),
      doubt: fc.nat(9),
    }),
    { maxLength: 12 },
  )
  .map((rows) =>
    rows.map((row, at): BankLine => ({
      key: `L${at}`,
      account: 'A',
      statementId: 'S',
      path: '/',
      bankReference: null,
      bookedOn: addDays(start, row.day),
      amountMinor: row.legs.reduce((sum, { amount }) => sum + amount, 0n),
      currency: 'EUR',
      legs: row.legs.map((one, leg) => ({
        leg,
        amountMinor: one.amount,
        endToEndId: one.endToEndId,
        references: one.reference === null ? [] : [one.reference],
        counterpartyIban: one.iban,
        returned: one.returned,
      })),
      batch: row.legs.length === 1 ? row.batch : null,
      doubt: row.doubt === 0 ? 'does not add up' : null,
    })),
  );

/** Lines that tell about real transfers: whole, by reference, in a batch, with errors; so that many stages have work. */
const world = fc
  .tuple(transfers, lines, fc.array(fc.nat(5), { minLength: 14, maxLength: 14 }))
  .map(([ordered, noise, kinds]) => {
    const told = ordered.flatMap((one, at): BankLine[] => {
      const kind = kinds[at] ?? 0;
      if (kind > 3) return [];
      const base = noise[0] ?? undefined;
      return [
        {
          key: `T${at}`,
          account: 'A',
          statementId: 'S',
          path: '/',
          bankReference: null,
          bookedOn: addDays(one.executionDate, kind),
          amountMinor: -one.amountMinor,
          currency: 'EUR',
          legs: [
            {
              leg: 0,
              amountMinor: -one.amountMinor,
              endToEndId: kind < 2 ? one.endToEndId : null,
              references: kind < 3 ? [one.reference] : [],
              counterpartyIban: kind === 3 ? one.iban : null,
              returned: null,
            },
          ],
          batch: kind === 3 ? (base?.batch ?? null) : null,
          doubt: null,
        },
      ];
    });
    return { ordered, lines: [...noise, ...told] };
  });

const record = (matches: readonly Omit<RecordedMatch, 'undone'>[]): RecordedMatch[] =>
  matches.map((match) => ({ ...match, undone: false }));
const property = (check: (ordered: OrderedTransfer[], booked: BankLine[]) => void): void =>
  fc.assert(
    fc.property(world, ({ ordered, lines: booked }) => check(ordered, booked)),
    { numRuns: 400 },
  );

describe('reconciliation, for any lines and transfers', () => {
  it('uses no leg and no transfer twice', () => {
    property((ordered, booked) => {
      const { matches } = reconcile(booked, ordered, [], asOf);
      const legsUsed = matches.map(({ lineKey, leg }) => `${lineKey}#${leg}`);
      const sides = matches.map(({ endToEndId: id, kind }) => `${id}>${kind}`);
      expect(new Set(legsUsed).size).toBe(matches.length);
      expect(new Set(sides).size).toBe(matches.length);
    });
  });

  it('matches whole amounts only: what is matched of a line is its legs to the cent', () => {
    property((ordered, booked) => {
      const { matches } = reconcile(booked, ordered, [], asOf);
      for (const [key, ofLine] of Map.groupBy(matches, ({ lineKey }) => lineKey)) {
        const line = booked.find((one) => one.key === key)!;
        const sum = ofLine.reduce(
          (total, { kind, amountMinor }) => total + (kind === 'PAYMENT' ? -amountMinor : amountMinor),
          0n,
        );
        const legNumbers = new Set(ofLine.map(({ leg }) => leg));
        const told = line.legs
          .filter(({ leg }) => legNumbers.has(leg))
          .reduce((total, { amountMinor }) => total + amountMinor, 0n);
        expect(sum).toBe(told);
      }
      for (const { kind, endToEndId: id } of matches) {
        if (kind === 'RETURN')
          expect(matches.some((one) => one.kind === 'PAYMENT' && one.endToEndId === id)).toBe(true);
      }
    });
  });

  it('leaves nothing out: every leg is matched or a break, and only one of the two', () => {
    property((ordered, booked) => {
      const { matches, breaks } = reconcile(booked, ordered, [], asOf);
      const batched = new Set(matches.filter(({ rule }) => rule === 'batch-booking').map(({ lineKey }) => lineKey));
      const told = [
        ...matches.filter(({ lineKey }) => !batched.has(lineKey)),
        ...breaks.filter(({ leg }) => leg !== null),
      ];
      const keys = [...told.map(({ lineKey, leg }) => `${lineKey}#${leg}`), ...[...batched].map((key) => `${key}#0`)];
      expect(keys.sort()).toEqual(booked.flatMap((line) => line.legs.map(({ leg }) => `${line.key}#${leg}`)).sort());
      expect(new Set(breaks.map(({ key }) => key)).size).toBe(breaks.length);
    });
  });

  it('does not depend on the order of lines or transfers, nor on a line told twice', () => {
    property((ordered, booked) => {
      const turned = reconcile([...booked, ...booked].reverse(), [...ordered].reverse(), [], asOf);
      expect(turned).toEqual(reconcile(booked, ordered, [], asOf));
    });
  });

  it('is idempotent: with its matches on record it finds no new one and the same breaks', () => {
    property((ordered, booked) => {
      const first = reconcile(booked, ordered, [], asOf);
      const second = reconcile(booked, ordered, record(first.matches), asOf);
      expect(second).toEqual({ matches: [], breaks: first.breaks });
    });
  });

  it('matches nothing of a line in doubt', () => {
    property((ordered, booked) => {
      const doubtful = new Set(booked.filter(({ doubt }) => doubt !== null).map(({ key }) => key));
      expect(reconcile(booked, ordered, [], asOf).matches.filter(({ lineKey }) => doubtful.has(lineKey))).toEqual([]);
    });
  });

  it('finds something of each kind in this world, so that the properties above have work', () => {
    const rules = new Set<string>();
    const kinds = new Set<string>();
    for (const { ordered, lines: booked } of fc.sample(world, { numRuns: 2_000, seed: 7 })) {
      const { matches, breaks } = reconcile(booked, ordered, [], asOf);
      for (const { rule } of matches) rules.add(rule);
      for (const { kind } of breaks) kinds.add(kind);
    }
    expect([...rules].sort()).toEqual(['batch-booking', 'creditor-reference', 'end-to-end-id', 'return']);
    expect([...kinds].sort()).toEqual([
      'amount-difference',
      'duplicate',
      'return',
      'unmatched-bank',
      'unmatched-ledger',
      'wrong-party',
    ]);
  });
});
