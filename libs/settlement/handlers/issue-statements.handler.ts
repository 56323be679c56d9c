import type { LocalDate } from '#libs/kernel/index.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import type { Claim } from '../domain/claim.js';
import { creditorReference } from '../domain/iso20022/creditor-reference.js';
import { recoveryOffset } from '../domain/journals.js';
import type { Payable } from '../domain/payable.js';
import { stateMonth, type StatementSums } from '../domain/provider-statement.js';
import { applyToRecovery, leftMinor, type Recovery } from '../domain/recovery.js';
import { lockUnstatedClaims } from '../outbound/claims.store.js';
import { appendHistory } from '../outbound/history.store.js';
import { insertPayables } from '../outbound/payables.store.js';
import { lockDueRecoveries, saveRecoveries } from '../outbound/recoveries.store.js';
import {
  carriedForward,
  claimNumbers,
  insertStatements,
  monthBefore,
  nextStatementNumbers,
  type ProviderStatement,
} from '../outbound/statements.store.js';
import { HUB } from './actor-of.js';
import { tellRecoveries } from './decide-recovery.handler.js';
import type { SettlementPorts } from './ports.js';

/** What one provider's statement is made of. */
interface Account {
  readonly authorityId: string;
  readonly providerId: string;
  readonly currency: string;
  readonly claims: readonly Claim[];
  readonly recoveries: readonly Recovery[];
}

type Draft = Account & { readonly sums: StatementSums };

/**
 * Issues the statements of the month that ended before `firstDay`: every provider that has a certified claim, or an offset, of every
 * authority. Their net totals become payables. Running it again finds nothing left to state.
 */
export async function issueStatements(tx: Tx, ports: SettlementPorts, firstDay: LocalDate, now: Date): Promise<void> {
  const month = monthBefore(firstDay);
  const claims = await lockUnstatedClaims(tx, firstDay);
  const recoveries = await lockDueRecoveries(tx);
  const before = await carriedForward(tx);
  const numbers = await claimNumbers(
    tx,
    recoveries.map((recovery) => recovery.claimId),
  );
  const drafts = accountsOf(claims, recoveries).flatMap((account): Draft[] => {
    const last = before.get(keyOf(account));
    if (last !== undefined && last.month >= month) return [];
    const sums = stateMonth(
      last?.minor ?? 0n,
      account.claims.map((claim) => ({ ...claim, claimId: claim.id, certifiedMinor: claim.certifiedMinor ?? 0n })),
      account.recoveries.map((recovery) => ({
        recoveryId: recovery.id,
        claimNumber: numbers.get(recovery.claimId)?.number ?? '',
        feeId: numbers.get(recovery.claimId)?.feeId ?? '',
        leftMinor: leftMinor(recovery),
      })),
    );
    return sums === undefined ? [] : [{ ...account, sums }];
  });
  if (drafts.length === 0) return;
  const statements = await numberThem(tx, drafts, month);
  await insertStatements(tx, statements, now);
  const payables = statements.filter((statement) => statement.netMinor > 0n).map(payableOf);
  await insertPayables(tx, payables);
  const offsets = offsetsOf(statements, recoveries);
  await saveRecoveries(
    tx,
    offsets.map((offset) => offset.after),
  );
  await tell(tx, ports, statements, payables, firstDay);
  await tellRecoveries(
    tx,
    ports,
    offsets.map((offset) => offset.after).filter((recovery) => recovery.state === 'OFFSET'),
  );
  await ports.ledger.post(
    tx,
    offsets.map(({ after, statementId, amountMinor }) => recoveryOffset(after, statementId, amountMinor, firstDay)),
  );
}

const keyOf = (of: { readonly authorityId: string; readonly providerId: string; readonly currency: string }): string =>
  `${of.authorityId} ${of.providerId} ${of.currency}`;

function accountsOf(claims: readonly Claim[], recoveries: readonly Recovery[]): readonly Account[] {
  const claimsBy = Map.groupBy(claims, keyOf);
  const recoveriesBy = Map.groupBy(recoveries, keyOf);
  return [...new Set([...claimsBy.keys(), ...recoveriesBy.keys()])].sort().map((key) => {
    const [authorityId = '', providerId = '', currency = ''] = key.split(' ');
    return {
      authorityId,
      providerId,
      currency,
      claims: claimsBy.get(key) ?? [],
      recoveries: recoveriesBy.get(key) ?? [],
    };
  });
}

async function numberThem(tx: Tx, drafts: readonly Draft[], month: string): Promise<ProviderStatement[]> {
  const numbers = await nextStatementNumbers(tx, drafts.length);
  return drafts.map(({ authorityId, providerId, currency, sums }, index) => ({
    id: newId<'ProviderStatement'>(),
    number: numbers[index] ?? '',
    authorityId,
    providerId,
    month,
    currency,
    ...sums,
  }));
}

const payableOf = (statement: ProviderStatement): Payable => ({
  id: newId<'Payable'>(),
  state: 'OPEN',
  authorityId: statement.authorityId as Payable['authorityId'],
  providerId: statement.providerId as Payable['providerId'],
  statementId: statement.id,
  statementNumber: statement.number,
  amountMinor: statement.netMinor,
  currency: statement.currency as Payable['currency'],
  reference: creditorReference(statement.number.replaceAll('-', '')),
  endToEndId: null,
  fileId: null,
  reason: null,
  attempts: 0,
  version: 1,
});

function offsetsOf(statements: readonly ProviderStatement[], recoveries: readonly Recovery[]) {
  const byId = new Map(recoveries.map((recovery) => [recovery.id as string, recovery]));
  return statements.flatMap((statement) =>
    statement.lines.flatMap((line) => {
      const recovery = line.recoveryId === null ? undefined : byId.get(line.recoveryId);
      if (recovery === undefined) return [];
      const amountMinor = -line.amountMinor;
      const after = applyToRecovery({ do: 'offset', amountMinor }, recovery, HUB);
      return [{ after, statementId: statement.id, amountMinor }];
    }),
  );
}

async function tell(
  tx: Tx,
  ports: SettlementPorts,
  statements: readonly ProviderStatement[],
  payables: readonly Payable[],
  on: LocalDate,
): Promise<void> {
  const row = (subjectKind: string, of: ProviderStatement | Payable, type: string, body: object) => ({
    subjectKind,
    subjectId: of.id,
    authorityId: of.authorityId,
    providerId: of.providerId,
    type,
    effectiveOn: on,
    body,
  });
  await appendHistory(tx, [
    ...statements.map((each) =>
      row('provider-statement', each, 'ProviderStatementIssued', { month: each.month, netMinor: each.netMinor }),
    ),
    ...payables.map((each) => row('payable', each, 'PayableOpened', { amountMinor: each.amountMinor })),
  ]);
  await ports.events.publish(tx, [
    ...statements.map((each) => ({
      type: 'liaison.provider-statement.issued.v1',
      subject: each.id,
      data: {
        statementId: each.id,
        authorityId: each.authorityId,
        providerId: each.providerId,
        month: each.month,
        netMinor: each.netMinor.toString(),
        currency: each.currency,
      },
    })),
    ...payables.map((each) => ({
      type: 'liaison.payable.opened.v1',
      subject: each.id,
      data: {
        payableId: each.id,
        statementId: each.statementId,
        authorityId: each.authorityId,
        providerId: each.providerId,
        amountMinor: each.amountMinor.toString(),
        currency: each.currency,
      },
    })),
  ]);
}
