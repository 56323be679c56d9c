import type { Disclosure } from '#libs/disclosure/index.js';
import { findOrganisations, type Organisation } from '#libs/partners/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Claim } from '../domain/claim.js';
import type { Payable } from '../domain/payable.js';
import type { PayeeAccount } from '../domain/payee-account.js';
import type { Recovery } from '../domain/recovery.js';
import type { ClaimBatch } from '../outbound/batches.store.js';
import { paidMinorOf } from '../outbound/claims.store.js';
import { payablesOfStatements } from '../outbound/payables.store.js';
import type { ProviderStatement } from '../outbound/statements.store.js';

/** What leaves, field by field, as `schemas/graphql/settlement.graphql` names it. Amounts stay bigints; the scalar writes them. */
type Providers = ReadonlyMap<string, Organisation>;

const providersOf = (tx: Tx, rows: readonly { readonly providerId: string }[]): Promise<Providers> =>
  findOrganisations(
    tx,
    rows.map((row) => row.providerId),
  );

/** Claims carry a person's id: each one shown is a look, logged before the answer leaves. */
export async function claimViews(
  tx: Tx,
  disclosure: Disclosure,
  principal: PartnerPrincipal,
  claims: readonly Claim[],
  operation: string,
  now: Date,
) {
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
    __typename: 'Claim' as const,
    id: claim.id,
    number: claim.number,
    kind: claim.kind,
    state: claim.state,
    referralId: claim.referralId,
    personId: seen.has(claim.personId) ? disclosure.pairwiseId(principal.organisationId, claim.personId) : null,
    contractId: claim.contractId,
    provider: providers.get(claim.providerId),
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

export const batchView = (batch: ClaimBatch) => ({
  __typename: 'ClaimBatch' as const,
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

export async function accountViews(tx: Tx, accounts: readonly PayeeAccount[]) {
  const providers = await providersOf(tx, accounts);
  return accounts.map((account) => ({
    __typename: 'PayeeAccount' as const,
    id: account.id,
    provider: providers.get(account.providerId),
    iban: account.iban,
    holder: account.holder,
    state: account.state,
  }));
}

export async function payableViews(tx: Tx, payables: readonly Payable[]) {
  const providers = await providersOf(tx, payables);
  return payables.map((payable) => payableView(payable, providers));
}

const payableView = (payable: Payable, providers: Providers) => ({
  __typename: 'Payable' as const,
  id: payable.id,
  state: payable.state,
  provider: providers.get(payable.providerId),
  statementNumber: payable.statementNumber,
  amountMinor: payable.amountMinor,
  currency: payable.currency,
  reference: payable.reference,
  endToEndId: payable.endToEndId,
  reason: payable.reason,
  attempts: payable.attempts,
});

export async function statementViews(tx: Tx, statements: readonly ProviderStatement[]) {
  const providers = await providersOf(tx, statements);
  const payables = await payablesOfStatements(
    tx,
    statements.map((statement) => statement.id),
  );
  return statements.map((statement) => {
    const payable = payables.get(statement.id);
    return {
      __typename: 'ProviderStatement' as const,
      id: statement.id,
      number: statement.number,
      provider: providers.get(statement.providerId),
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

export async function recoveryViews(tx: Tx, recoveries: readonly Recovery[]) {
  const providers = await providersOf(tx, recoveries);
  return recoveries.map((recovery) => ({
    __typename: 'Recovery' as const,
    id: recovery.id,
    state: recovery.state,
    provider: providers.get(recovery.providerId),
    claimId: recovery.claimId,
    amountMinor: recovery.amountMinor,
    recoveredMinor: recovery.recoveredMinor,
    currency: recovery.currency,
    reason: recovery.reason,
    providerAnswer: recovery.providerAnswer,
  }));
}
