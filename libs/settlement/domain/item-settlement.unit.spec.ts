import { describe, expect, it } from '@jest/globals';
import type { Actor } from './actor.js';
import { settle, type SettledAs } from './item-settlement.js';

const person = (actorId: string): Actor => ({ kind: 'person', actorId, organisationId: null });
const [ana, ben] = [person('ana'), person('ben')];
const line = { kind: 'unmatched-bank', bankLineId: 'line', settlement: null };
const said = (as: SettledAs, id = 'first') => ({ id, as, reason: 'A charge.' });

describe('settling an item of the queue', () => {
  it('given nothing was said, then it is proposed; given another person says the same, then it is so', () => {
    const proposed = settle(line, said('BANK_CHARGE'), ana);
    expect(proposed).toMatchObject({ id: 'first', as: 'BANK_CHARGE', proposedBy: 'ana', confirmedBy: null });
    const confirmed = settle({ ...line, settlement: proposed }, said('BANK_CHARGE', 'second'), ben);
    expect(confirmed).toEqual({ ...proposed, confirmedBy: 'ben' });
  });

  it.each([
    ['by the same person', line, 'BANK_CHARGE', ana, 'settlement.same-person'],
    ['as something else', line, 'OTHER_BUSINESS', ben, 'unmatched-item.settled-otherwise'],
    ['by a system', line, 'BANK_CHARGE', { ...ben, kind: 'client' }, 'settlement.person-required'],
  ] as const)('refuses a second word %s', (_what, item, as, actor, code) => {
    const settlement = settle(item, said('BANK_CHARGE'), ana);
    expect(() => settle({ ...item, settlement }, said(as), actor)).toThrow(expect.objectContaining({ code }));
  });

  it('given a payment that no line shows, then two people may say that it was not made', () => {
    const order = { ...line, kind: 'unmatched-ledger', bankLineId: null };
    const settlement = settle(order, said('NOT_PAID'), ana);
    expect(settle({ ...order, settlement }, said('NOT_PAID'), ben)).toMatchObject({ confirmedBy: 'ben' });
  });

  it.each([
    ['a bank line as noted', line, 'NOTED', 'unmatched-item.settled-as'],
    ['a bank line as a repayment of nothing', line, 'REPAYMENT', 'unmatched-item.settled-as'],
    [
      'a finding as a charge',
      { ...line, kind: 'statement-gap', bankLineId: null },
      'BANK_CHARGE',
      'unmatched-item.settled-as',
    ],
    [
      'a payment no line shows',
      { ...line, kind: 'unmatched-ledger', bankLineId: null },
      'NOTED',
      'unmatched-item.settled-as',
    ],
  ] as const)('refuses %s', (_what, item, as, code) => {
    expect(() => settle(item, said(as), ana)).toThrow(expect.objectContaining({ code }));
  });
});
