import { isValidBIC, isValidIBAN, electronicFormatIBAN } from 'ibantools';
import { HubError, type Id } from '#libs/kernel/index.js';
import { listContracts, registrarOf } from '#libs/partners/index.js';
import type { PartnerPrincipal, Principal } from '#libs/platform/auth/principal.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { requirePerson } from '../domain/actor.js';
import { epcText } from '../domain/iso20022/epc-text.js';
import { confirmAccount, type PayeeAccount } from '../domain/payee-account.js';
import { appendHistory } from '../outbound/history.store.js';
import {
  insertPayeeAccount,
  lockPayeeAccount,
  replaceConfirmed,
  savePayeeAccount,
} from '../outbound/payee-accounts.store.js';
import { actorOf, dayOf, requireRole } from './actor-of.js';
import type { SettlementPorts } from './ports.js';

export interface ProposePayeeAccount {
  readonly iban: string;
  readonly bic?: string | null;
  readonly holder: string;
  /** Which authority is to pay there; left out where the provider has to do with one only. */
  readonly authorityId?: string | null;
}

/** An IBAN's owner's name as banks take it (EPC: at most 70 characters). */
const HOLDER_LENGTH_MAX = 70;
const CONTRACTS_MAX = 1_000;

/**
 * A provider says where it is paid, an authority from where it pays. No file uses it before a person of the authority, who is not the
 * one who proposed it, has confirmed it.
 *
 * Errors: `payee-account.iban`, `payee-account.bic`, `payee-account.holder`, `payee-account.authority`, and those of `epcText`.
 */
export async function proposePayeeAccount(
  tx: Tx,
  _ports: SettlementPorts,
  principal: Principal,
  command: ProposePayeeAccount,
  now: Date,
): Promise<PayeeAccount> {
  const partner = requireRole(principal, 'PROVIDER_FINANCE', 'CONTRACT_MANAGER');
  // A provider's system may say where it is paid; from where an authority pays, its people say.
  if (partner.organisationKind === 'PES') requirePerson(actorOf(principal), 'Proposing an account to pay from');
  const account: PayeeAccount = {
    id: newId<'PayeeAccount'>(),
    state: 'PROPOSED',
    authorityId: (await authorityOf(tx, partner, command)) as Id<'Organisation'>,
    providerId: partner.organisationId,
    ...checked(command),
    proposedBy: partner.actorId,
    confirmedBy: null,
    version: 1,
  };
  await insertPayeeAccount(tx, account);
  await remember(tx, account, 'PayeeAccountProposed', partner, now);
  return account;
}

/** Errors: `payee-account.not-found` and those of `confirmAccount`. */
export async function confirmPayeeAccount(
  tx: Tx,
  _ports: SettlementPorts,
  principal: Principal,
  command: { readonly accountId: string },
  now: Date,
): Promise<PayeeAccount> {
  const partner = requireRole(principal, 'CONTRACT_MANAGER');
  const account = await lockPayeeAccount(tx, command.accountId);
  if (account === undefined) {
    throw new HubError('payee-account.not-found', 'There is no such account.', { field: 'input.accountId' });
  }
  const confirmed = confirmAccount(account, actorOf(principal), await registrarOf(tx, account.proposedBy));
  await replaceConfirmed(tx, account.authorityId, account.providerId);
  await savePayeeAccount(tx, confirmed);
  await remember(tx, confirmed, 'PayeeAccountConfirmed', partner, now);
  return confirmed;
}

function checked(command: ProposePayeeAccount): Pick<PayeeAccount, 'iban' | 'bic' | 'holder'> {
  const iban = electronicFormatIBAN(command.iban);
  if (iban === null || !isValidIBAN(iban)) {
    throw new HubError('payee-account.iban', 'This is not an IBAN: country, check digits or length are wrong.', {
      field: 'input.iban',
    });
  }
  const bic = command.bic ?? null;
  if (bic !== null && !isValidBIC(bic)) {
    throw new HubError('payee-account.bic', 'This is not a BIC (8 or 11 characters, ISO 9362).', {
      field: 'input.bic',
    });
  }
  const holder = command.holder.trim();
  if (holder === '' || holder.length > HOLDER_LENGTH_MAX) {
    throw new HubError('payee-account.holder', `A holder of 1 to ${HOLDER_LENGTH_MAX} characters is required.`, {
      field: 'input.holder',
    });
  }
  // What no bank takes would hold up the payment of everybody else in the same file.
  epcText(holder, 'input.holder', HOLDER_LENGTH_MAX);
  return { iban, bic, holder };
}

/** An authority's own account is its own; a provider's belongs to the authority it has contracts with, named where there are several. */
async function authorityOf(tx: Tx, partner: PartnerPrincipal, command: ProposePayeeAccount): Promise<string> {
  if (partner.organisationKind === 'PES') return partner.organisationId;
  const contracts = await listContracts(tx, { after: null, limit: CONTRACTS_MAX });
  const authorities = new Set<string>(
    contracts.filter((each) => each.providerId === partner.organisationId).map((each) => each.authorityId),
  );
  const only = authorities.size === 1 ? [...authorities][0] : undefined;
  const authorityId = command.authorityId ?? only;
  if (authorityId === undefined || !authorities.has(authorityId)) {
    throw new HubError(
      'payee-account.authority',
      'Name the authority that is to pay there: one you have a contract with.',
      {
        field: 'input.authorityId',
      },
    );
  }
  return authorityId;
}

async function remember(
  tx: Tx,
  account: PayeeAccount,
  type: string,
  partner: PartnerPrincipal,
  now: Date,
): Promise<void> {
  await appendHistory(tx, [
    {
      subjectKind: 'payee-account',
      subjectId: account.id,
      authorityId: account.authorityId,
      providerId: account.providerId,
      type,
      effectiveOn: await dayOf(tx, partner.organisationId, now),
      body: { state: account.state },
    },
  ]);
}
