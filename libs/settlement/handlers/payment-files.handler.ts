import { HubError, localDate, type LocalDate } from '#libs/kernel/index.js';
import { findOrganisations, type Organisation } from '#libs/partners/index.js';
import type { PartnerPrincipal, Principal } from '#libs/platform/auth/principal.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import type { PaymentFileId } from '../contract/ids.js';
import { requirePerson, requireSecondPerson } from '../domain/actor.js';
import {
  writeCreditTransfers,
  type AccountHolder,
  type PostalAddress,
} from '../domain/iso20022/credit-transfer-file.js';
import { applyToPayable, endToEndIdOf, type Payable } from '../domain/payable.js';
import type { PayeeAccount } from '../domain/payee-account.js';
import { questionedPayables } from '../outbound/bank.store.js';
import { appendHistory } from '../outbound/history.store.js';
import { lockOpenPayables, lockPayables, savePayables } from '../outbound/payables.store.js';
import { confirmedAccounts } from '../outbound/payee-accounts.store.js';
import {
  insertPaymentFile,
  lockPaymentFile,
  nextMessageId,
  saveTransfers,
  setFileState,
  transfersOfFile,
  type PaymentFile,
  type Transfer,
} from '../outbound/payment-files.store.js';
import { actorOf, dayOf, requireRole } from './actor-of.js';
import type { SettlementPorts } from './ports.js';

/** What is left over goes into the next file. */
export const PAYABLES_PER_FILE_MAX = 5_000;

/** One payable on its way into a file. */
interface Order {
  readonly before: Payable;
  readonly payable: Payable;
  readonly account: PayeeAccount;
  readonly endToEndId: string;
}

/**
 * Puts every open payable whose provider has a confirmed account into one pain.001 document, frozen as it will be sent. Those that may
 * have been paid already (a line in the queue names them) wait.
 *
 * Errors: `settlement.role-required`, `payment-file.date`, `payment-file.debtor`, `payment-file.nothing-to-pay`, and those of
 * `writeCreditTransfers`.
 */
export async function preparePaymentFile(
  tx: Tx,
  _ports: SettlementPorts,
  principal: Principal,
  command: { readonly executionDate: string },
  now: Date,
): Promise<PaymentFile> {
  const manager = requireRole(principal, 'CONTRACT_MANAGER');
  requirePerson(actorOf(principal), 'Preparing a payment file');
  const executionDate = await laterDay(tx, manager, command.executionDate, now);
  const fileId = newId<'PaymentFile'>() as PaymentFileId;
  const { orders, debtor } = await collect(tx, manager.organisationId, fileId);
  const parties = await findOrganisations(tx, [
    manager.organisationId,
    ...orders.map((order) => order.payable.providerId),
  ]);
  const currency = orders[0]?.payable.currency ?? '';
  const written = writeCreditTransfers({
    messageId: await nextMessageId(tx),
    createdAt: now,
    currency,
    debtor: holderOf(debtor, parties.get(manager.organisationId)),
    batchBooking: false,
    transfers: orders.map(({ payable, account, endToEndId }) => ({
      endToEndId,
      executionDate,
      amountMinor: payable.amountMinor,
      creditor: holderOf(account, parties.get(payable.providerId)),
      remittance: { reference: payable.reference },
    })),
  });
  const file: PaymentFile = {
    id: fileId,
    messageId: written.messageId,
    paymentInfoId: written.blocks[0]?.paymentInfoId ?? '',
    state: 'PREPARED',
    authorityId: manager.organisationId,
    executionDate,
    count: written.count,
    sumMinor: written.sumMinor,
    currency,
    debtorIban: debtor.iban,
    preparedBy: manager.actorId,
    releasedBy: null,
    content: written.content,
  };
  await insertPaymentFile(
    tx,
    file,
    orders.map((order) => transferOf(order, fileId)),
  );
  await savePayables(
    tx,
    orders.map((order) => order.payable),
    orders.map((order) => order.before),
  );
  await remember(tx, file, 'PaymentFilePrepared', executionDate);
  return file;
}

/**
 * A second person sends it off. Refused where an account was replaced or closed since, or a line came that may be an earlier payment of the
 * same: the file is discarded and prepared anew.
 *
 * Errors: `payment-file.not-found`, `payment-file.illegal-move`, `payment-file.account-changed`, `payable.questioned`,
 * `settlement.same-person`, `settlement.person-required`.
 */
export async function releasePaymentFile(
  tx: Tx,
  _ports: SettlementPorts,
  principal: Principal,
  command: { readonly paymentFileId: string },
  now: Date,
): Promise<PaymentFile> {
  const manager = requireRole(principal, 'CONTRACT_MANAGER');
  const file = await preparedFile(tx, command.paymentFileId, 'released');
  requireSecondPerson(actorOf(principal), file.preparedBy, 'Releasing a payment file');
  const transfers = await transfersOfFile(tx, file.id);
  const accounts = await confirmedAccounts(
    tx,
    file.authorityId,
    transfers.map((transfer) => transfer.providerId),
  );
  if (transfers.some((transfer) => accounts.get(transfer.providerId)?.id !== transfer.accountId)) {
    throw new HubError('payment-file.account-changed', 'An account in this file was changed since it was prepared.', {
      facts: { paymentFileId: file.id },
    });
  }
  const payableIds = transfers.map((transfer) => transfer.payableId);
  const [questioned] = await questionedPayables(tx, file.authorityId, payableIds);
  if (questioned !== undefined) {
    throw new HubError(
      'payable.questioned',
      'A payable in this file may have been paid before: an item in the queue of unmatched lines names it.',
      { facts: { paymentFileId: file.id, payableId: questioned } },
    );
  }
  await setFileState(tx, file.id, 'RELEASED', manager.actorId);
  await remember(tx, file, 'PaymentFileReleased', await dayOf(tx, manager.organisationId, now));
  return { ...file, state: 'RELEASED', releasedBy: manager.actorId };
}

/** Nothing was sent: its payables are open again, their next attempt has other end-to-end ids. */
export async function discardPaymentFile(
  tx: Tx,
  _ports: SettlementPorts,
  principal: Principal,
  command: { readonly paymentFileId: string },
  now: Date,
): Promise<PaymentFile> {
  const manager = requireRole(principal, 'CONTRACT_MANAGER');
  requirePerson(actorOf(principal), 'Discarding a payment file');
  const file = await preparedFile(tx, command.paymentFileId, 'discarded');
  const transfers = await transfersOfFile(tx, file.id);
  const payables = await lockPayables(
    tx,
    transfers.map((transfer) => transfer.payableId),
  );
  await savePayables(
    tx,
    payables.map((payable) => applyToPayable({ do: 'leave-file' }, payable)),
    payables,
  );
  await saveTransfers(
    tx,
    transfers.map((transfer) => ({ ...transfer, state: 'DISCARDED' })),
  );
  await setFileState(tx, file.id, 'DISCARDED', null);
  await remember(tx, file, 'PaymentFileDiscarded', await dayOf(tx, manager.organisationId, now));
  return { ...file, state: 'DISCARDED' };
}

async function laterDay(tx: Tx, manager: PartnerPrincipal, text: string, now: Date): Promise<LocalDate> {
  const day = localDate(text);
  if (day >= (await dayOf(tx, manager.organisationId, now))) return day;
  throw new HubError('payment-file.date', 'The bank executes no file in the past.', { field: 'input.executionDate' });
}

async function collect(tx: Tx, authorityId: string, fileId: PaymentFileId) {
  const open = await lockOpenPayables(tx, authorityId, PAYABLES_PER_FILE_MAX);
  const accounts = await confirmedAccounts(tx, authorityId, [
    authorityId,
    ...open.map((payable) => payable.providerId),
  ]);
  const debtor = accounts.get(authorityId);
  if (debtor === undefined) {
    throw new HubError('payment-file.debtor', 'The authority has no confirmed account to pay from.');
  }
  const questioned = await questionedPayables(
    tx,
    authorityId,
    open.map((payable) => payable.id),
  );
  const payable = open.filter(({ id, providerId }) => accounts.has(providerId) && !questioned.has(id));
  const orders = payable.flatMap((before): Order[] => {
    const account = accounts.get(before.providerId);
    if (account === undefined || before.currency !== payable[0]?.currency) return [];
    const endToEndId = endToEndIdOf(before.reference, before.attempts + 1);
    return [
      { before, payable: applyToPayable({ do: 'put-in-file', fileId, endToEndId }, before), account, endToEndId },
    ];
  });
  if (orders.length > 0) return { orders, debtor };
  throw new HubError(
    'payment-file.nothing-to-pay',
    open.length === 0
      ? 'No payable is open.'
      : 'No open payable has a confirmed account of its provider and is beyond doubt: confirm accounts, and match what may be its payment.',
    { facts: { open: open.length, questioned: questioned.size } },
  );
}

const transferOf = ({ payable, account, endToEndId }: Order, fileId: PaymentFileId): Transfer => ({
  endToEndId,
  fileId,
  payableId: payable.id,
  authorityId: payable.authorityId,
  providerId: payable.providerId,
  amountMinor: payable.amountMinor,
  currency: payable.currency,
  reference: payable.reference,
  iban: account.iban,
  accountId: account.id,
  state: 'IN_FILE',
  reason: null,
});

const holderOf = (account: PayeeAccount, organisation: Organisation | undefined): AccountHolder => ({
  name: account.holder,
  iban: account.iban,
  bic: account.bic,
  address: addressOf(organisation),
});

function addressOf(organisation: Organisation | undefined): PostalAddress | null {
  const site = organisation?.sites[0];
  if (organisation === undefined || site === undefined) return null;
  const { street, buildingNumber, postCode, town } = site;
  return { street, buildingNumber, postCode, town, country: organisation.country };
}

async function preparedFile(tx: Tx, id: string, what: string): Promise<PaymentFile> {
  const file = await lockPaymentFile(tx, id);
  if (file === undefined) {
    throw new HubError('payment-file.not-found', 'There is no such payment file.', { field: 'input.paymentFileId' });
  }
  if (file.state === 'PREPARED') return file;
  throw new HubError('payment-file.illegal-move', `A payment file that is ${file.state} cannot be ${what}.`, {
    facts: { paymentFileId: file.id, state: file.state, allowed: ['PREPARED'] },
  });
}

async function remember(tx: Tx, file: PaymentFile, type: string, effectiveOn: LocalDate): Promise<void> {
  await appendHistory(tx, [
    {
      subjectKind: 'payment-file',
      subjectId: file.id,
      authorityId: file.authorityId,
      providerId: null,
      type,
      effectiveOn,
      body: { messageId: file.messageId, count: file.count, sumMinor: file.sumMinor },
    },
  ]);
}
