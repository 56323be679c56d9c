import { describe, expect, it } from '@jest/globals';
import { asCurrency, type Id } from '#libs/kernel/index.js';
import type { PayableId, PayeeAccountId, PaymentFileId, ProviderStatementId } from '../contract/ids.js';
import type { Actor } from './actor.js';
import { applyToPayable, endToEndIdOf, type Payable, type PayableCommand } from './payable.js';
import { confirmAccount, type PayeeAccount } from './payee-account.js';

const authorityId = 'authority' as Id<'Organisation'>;
const providerId = 'provider' as Id<'Organisation'>;

const open: Payable = {
  id: 'payable' as PayableId,
  state: 'OPEN',
  authorityId,
  providerId,
  statementId: 'statement' as ProviderStatementId,
  statementNumber: 'S-000001',
  amountMinor: 137400n,
  currency: asCurrency('EUR'),
  reference: 'RF18539007547034',
  endToEndId: null,
  fileId: null,
  reason: null,
  attempts: 0,
  version: 1,
};
const inFile: PayableCommand = { do: 'put-in-file', fileId: 'file' as PaymentFileId, endToEndId: 'RF18539007547034-1' };
const after = (...commands: readonly PayableCommand[]): Payable =>
  commands.reduce((payable, command) => applyToPayable(command, payable), open);

describe('a payable', () => {
  it('goes from open to reconciled, and back when a match is undone', () => {
    expect(after(inFile, { do: 'execute' }, { do: 'reconcile' }).state).toBe('RECONCILED');
    expect(after(inFile, { do: 'execute' }, { do: 'reconcile' }, { do: 'undo-reconcile' }).state).toBe('EXECUTED');
  });

  it('given the bank returned it, then it waits until the cause is cleared, and its next attempt has a new end-to-end id', () => {
    const held = after(
      inFile,
      { do: 'execute' },
      { do: 'reconcile' },
      { do: 'hold', because: 'RETURNED', reason: 'AC04' },
    );
    expect(held).toMatchObject({ state: 'HELD', reason: 'AC04', attempts: 1 });
    expect(() => applyToPayable(inFile, held)).toThrow(expect.objectContaining({ code: 'payable.illegal-move' }));
    const again = applyToPayable({ do: 'release' }, held);
    expect(again).toMatchObject({ state: 'OPEN', reason: null, fileId: null });
    expect(endToEndIdOf(again.reference, again.attempts + 1)).toBe('RF18539007547034-2');
  });

  it('given the bank booked what it had refused, then it is reconciled, held or released since; not while another attempt is under way', () => {
    const held = after(inFile, { do: 'hold', because: 'REJECTED', reason: 'AM04' });
    expect(applyToPayable({ do: 'reconcile-refused' }, held)).toMatchObject({ state: 'RECONCILED', reason: null });
    const released = applyToPayable({ do: 'release' }, held);
    expect(applyToPayable({ do: 'reconcile-refused' }, released).state).toBe('RECONCILED');
    expect(() => applyToPayable({ do: 'reconcile-refused' }, applyToPayable(inFile, released))).toThrow(
      expect.objectContaining({ code: 'payable.illegal-move' }),
    );
  });

  it('refuses what its state does not allow', () => {
    for (const command of [{ do: 'execute' }, { do: 'reconcile' }, { do: 'release' }] as const) {
      expect(() => applyToPayable(command, open)).toThrow(expect.objectContaining({ code: 'payable.illegal-move' }));
    }
  });
});

describe('a payee account', () => {
  const account: PayeeAccount = {
    id: 'account' as PayeeAccountId,
    state: 'PROPOSED',
    authorityId,
    providerId,
    iban: 'IE29AIBK93115212345678',
    bic: null,
    holder: 'Provider',
    proposedBy: 'finance-1',
    confirmedBy: null,
    version: 1,
  };
  const manager: Actor = { kind: 'person', actorId: 'manager-1', organisationId: authorityId };

  it('is confirmed by another person, of the authority', () => {
    expect(confirmAccount(account, manager, 'operator')).toMatchObject({
      state: 'CONFIRMED',
      confirmedBy: 'manager-1',
    });
    expect(() => confirmAccount(account, manager, 'manager-1')).toThrow(
      expect.objectContaining({ code: 'settlement.same-person' }),
    );
    expect(() => confirmAccount({ ...account, proposedBy: 'manager-1' }, manager, 'operator')).toThrow(
      expect.objectContaining({ code: 'settlement.same-person' }),
    );
    expect(() => confirmAccount(account, { ...manager, organisationId: providerId }, 'operator')).toThrow(
      expect.objectContaining({ code: 'payee-account.not-the-authority' }),
    );
    expect(() => confirmAccount({ ...account, state: 'CLOSED' }, manager, 'operator')).toThrow(
      expect.objectContaining({ code: 'payee-account.illegal-move' }),
    );
  });
});
