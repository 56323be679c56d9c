import type { Disclosure } from '#libs/disclosure/index.js';
import { findOrganisations, type Organisation } from '#libs/partners/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type {
  GqlBankStatement,
  GqlClaim,
  GqlClaimBatch,
  GqlOrganisation,
  GqlPayable,
  GqlPayeeAccount,
  GqlPaymentFile,
  GqlProviderStatement,
  GqlRecovery,
  GqlUnmatchedItem,
} from '#libs/platform/graphql/schema.generated.js';
import type { Claim } from '../domain/claim.js';
import type { Payable } from '../domain/payable.js';
import type { PayeeAccount } from '../domain/payee-account.js';
import type { Recovery } from '../domain/recovery.js';
import type { BankStatementRow, UnmatchedItem } from '../outbound/bank.store.js';
import type { ClaimBatch } from '../outbound/batches.store.js';
import { paidMinorOf } from '../outbound/claims.store.js';
import { payablesOfStatements } from '../outbound/payables.store.js';
import type { PaymentFile } from '../outbound/payment-files.store.js';
import type { ProviderStatement } from '../outbound/statements.store.js';

/** What leaves, field by field, as `schemas/graphql/settlement.graphql` names it. Amounts stay bigints; the scalar writes them. */
type Providers = ReadonlyMap<string, Organisation>;
/** A mutation's answer says which member of the union it is. */
type Named<View, Name extends string> = View & { readonly __typename: Name };

const providersOf = (tx: Tx, rows: readonly { readonly providerId: string }[]): Promise<Providers> =>
  findOrganisations(
    tx,
    rows.map((row) => row.providerId),
  );

function providerOf(providers: Providers, row: { readonly providerId: string }): GqlOrganisation {
  const provider = providers.get(row.providerId);
  if (provider === undefined) throw new Error('A row names an organisation that does not exist.');
  const { id, kind, name, country, timeZone, sites } = provider;
  return { id, kind, name, country, timeZone, sites };
}

/** Claims carry a person's id: each one shown is a look, logged before the answer leaves. */
export async function claimViews(
  tx: Tx,
  disclosure: Disclosure,
  principal: PartnerPrincipal,
  claims: readonly Claim[],
  operation: string,
  now: Date,
): Promise<Named<GqlClaim, 'Claim'>[]> {
  const look = { purpose: 'PAYMENT_VERIFICATION', operation, categories: ['C0', 'C4'] } as const;
  const seen = await disclosure.lookAll(
    tx,
    principal,
    claims.map((claim) => claim.personId),
    look,
    now,
  );
  const providers = await providersOf(tx, claims);
  const paid = await paidMinorOf(
    tx,
    claims.map((claim) => claim.id),
  );
  return claims.map((claim) => ({
    __typename: 'Claim',
    id: claim.id,
    number: claim.number,
    kind: claim.kind,
    state: claim.state,
    referralId: claim.referralId,
    personId: seen.has(claim.personId) ? disclosure.pairwiseId(principal.organisationId, claim.personId) : null,
    contractId: claim.contractId,
    provider: providerOf(providers, claim),
    tariffId: claim.tariffId,
    tariffVersion: claim.tariffVersion,
    feeId: claim.feeId,
    dueOn: claim.dueOn,
    currency: claim.currency,
    askedMinor: claim.askedMinor,
    approvedMinor: claim.approvedMinor,
    certifiedMinor: claim.certifiedMinor,
    paidMinor: paid.get(claim.id) ?? 0n,
    why: claim.why,
    findings: claim.findings,
    correctsId: claim.correctsId,
    approvedBy: claim.approvedBy,
    certifiedBy: claim.certifiedBy,
    statementId: claim.statementId,
  }));
}

export const batchView = (batch: ClaimBatch): Named<GqlClaimBatch, 'ClaimBatch'> => ({
  __typename: 'ClaimBatch',
  id: batch.id,
  state: batch.state,
  count: batch.count,
  sumMinor: batch.sumMinor,
  currency: batch.currency,
  hash: batch.hash,
  approvedBy: batch.approvedBy,
  certifiedBy: batch.certifiedBy,
  fellOut: batch.fellOut,
});

export async function accountViews(
  tx: Tx,
  accounts: readonly PayeeAccount[],
): Promise<Named<GqlPayeeAccount, 'PayeeAccount'>[]> {
  const providers = await providersOf(tx, accounts);
  return accounts.map((account) => ({
    __typename: 'PayeeAccount',
    id: account.id,
    provider: providerOf(providers, account),
    iban: account.iban,
    holder: account.holder,
    state: account.state,
  }));
}

export async function payableViews(tx: Tx, payables: readonly Payable[]): Promise<Named<GqlPayable, 'Payable'>[]> {
  const providers = await providersOf(tx, payables);
  return payables.map((payable) => payableView(payable, providers));
}

const payableView = (payable: Payable, providers: Providers): Named<GqlPayable, 'Payable'> => ({
  __typename: 'Payable',
  id: payable.id,
  state: payable.state,
  provider: providerOf(providers, payable),
  statementNumber: payable.statementNumber,
  amountMinor: payable.amountMinor,
  currency: payable.currency,
  reference: payable.reference,
  endToEndId: payable.endToEndId,
  reason: payable.reason,
  attempts: payable.attempts,
});

export async function statementViews(
  tx: Tx,
  statements: readonly ProviderStatement[],
): Promise<Named<GqlProviderStatement, 'ProviderStatement'>[]> {
  const providers = await providersOf(tx, statements);
  const payables = await payablesOfStatements(
    tx,
    statements.map((statement) => statement.id),
  );
  return statements.map((statement) => {
    const payable = payables.get(statement.id);
    return {
      __typename: 'ProviderStatement',
      id: statement.id,
      number: statement.number,
      provider: providerOf(providers, statement),
      month: statement.month,
      currency: statement.currency,
      broughtForwardMinor: statement.broughtForwardMinor,
      lines: statement.lines.map(({ kind, claimNumber, feeId, text, amountMinor }) => ({
        kind,
        claimNumber,
        feeId,
        text,
        amountMinor,
      })),
      netMinor: statement.netMinor,
      carriedForwardMinor: statement.carriedForwardMinor,
      payable: payable === undefined ? null : payableView(payable, providers),
    };
  });
}

export async function recoveryViews(
  tx: Tx,
  recoveries: readonly Recovery[],
): Promise<Named<GqlRecovery, 'Recovery'>[]> {
  const providers = await providersOf(tx, recoveries);
  return recoveries.map((recovery) => ({
    __typename: 'Recovery',
    id: recovery.id,
    state: recovery.state,
    provider: providerOf(providers, recovery),
    claimId: recovery.claimId,
    amountMinor: recovery.amountMinor,
    recoveredMinor: recovery.recoveredMinor,
    currency: recovery.currency,
    reason: recovery.reason,
    providerAnswer: recovery.providerAnswer,
  }));
}

/** The document is shown once somebody has released it. */
export const fileView = (file: PaymentFile): Named<GqlPaymentFile, 'PaymentFile'> => ({
  __typename: 'PaymentFile',
  id: file.id,
  messageId: file.messageId,
  state: file.state,
  executionDate: file.executionDate,
  count: file.count,
  sumMinor: file.sumMinor,
  currency: file.currency,
  preparedBy: file.preparedBy,
  releasedBy: file.releasedBy,
  content: file.releasedBy === null ? null : file.content,
});

export const bankStatementView = (row: BankStatementRow & { readonly matched: number }): GqlBankStatement => ({
  id: row.id,
  account: row.account,
  statementId: row.statementId,
  date: row.date,
  openingMinor: row.openingMinor,
  closingMinor: row.closingMinor,
  currency: row.currency,
  lines: row.lines,
  matched: row.matched,
});

export const itemView = (item: UnmatchedItem): Named<GqlUnmatchedItem, 'UnmatchedItem'> => ({
  __typename: 'UnmatchedItem',
  id: item.id,
  kind: item.kind,
  open: item.open,
  since: item.since,
  amountMinor: item.amountMinor,
  currency: item.currency,
  text: item.text,
  candidates: item.candidates,
  resolution: item.resolution,
  settlement: item.settlement,
});

/** The one view of one row. */
export function only<View>(views: readonly View[]): View {
  const [view] = views;
  if (view === undefined) throw new Error('What was just written is not there.');
  return view;
}
