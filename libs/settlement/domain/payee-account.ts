import { HubError, type Id } from '#libs/kernel/index.js';
import type { PayeeAccountId } from '../contract/ids.js';
import { requirePerson, requireSecondPerson, type Actor } from './actor.js';

export type PayeeAccountState = 'PROPOSED' | 'CONFIRMED' | 'REPLACED' | 'CLOSED';

/** Where an organisation is paid (a provider) or pays from (an authority), as one authority has confirmed it. */
export interface PayeeAccount {
  readonly id: PayeeAccountId;
  readonly state: PayeeAccountState;
  readonly authorityId: Id<'Organisation'>;
  /** The account's owner: a provider, or the authority itself. */
  readonly providerId: Id<'Organisation'>;
  readonly iban: string;
  readonly bic: string | null;
  readonly holder: string;
  readonly proposedBy: string;
  readonly confirmedBy: string | null;
  readonly version: number;
}

/**
 * A second person, of the authority, confirms the account: only then may a payment file use it. Whoever gave the proposer its account
 * could be the proposer, and so is not a second person.
 *
 * Errors: `payee-account.illegal-move`, `payee-account.not-the-authority`, `settlement.person-required`, `settlement.same-person`.
 */
export function confirmAccount(account: PayeeAccount, actor: Actor, registrar: string | undefined): PayeeAccount {
  if (account.state !== 'PROPOSED') {
    throw new HubError('payee-account.illegal-move', `An account that is ${account.state} cannot be confirmed.`, {
      facts: { accountId: account.id, state: account.state, allowed: ['PROPOSED'] },
    });
  }
  requirePerson(actor, 'Confirming an account');
  if (actor.organisationId !== account.authorityId) {
    throw new HubError('payee-account.not-the-authority', 'The authority that pays confirms an account.', {
      facts: { accountId: account.id },
    });
  }
  requireSecondPerson(actor, account.proposedBy, 'Confirming an account');
  if (registrar !== undefined)
    requireSecondPerson(actor, registrar, 'Confirming an account of somebody you registered');
  return { ...account, state: 'CONFIRMED', confirmedBy: actor.actorId, version: account.version + 1 };
}
