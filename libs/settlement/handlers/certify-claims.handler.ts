import { HubError } from '#libs/kernel/index.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { requireSecondPerson } from '../domain/actor.js';
import { certified } from '../domain/journals.js';
import { findBatch, lockBatch, setBatchCertified, type ClaimBatch } from '../outbound/batches.store.js';
import { lockClaimsOfBatch } from '../outbound/claims.store.js';
import { drawCommitments } from '../outbound/engagements.store.js';
import { actorOf, dayOf, requireRole } from './actor-of.js';
import { moveClaims } from './move-claims.js';
import type { SettlementPorts } from './ports.js';

export interface CertifyClaims {
  readonly batchId: string;
  /** As the first person saw it. */
  readonly count: number;
  readonly sumMinor: bigint;
}

/**
 * A second person certifies what the first one approved: from now on it is owed, and the books say so in the same transaction.
 * Claims whose facts changed since have fallen out and stay out.
 *
 * Errors: `settlement.role-required`, `claim-batch.not-found`, `claim-batch.illegal-move`, `claim-batch.differs`,
 * `settlement.same-person`, `settlement.person-required`.
 */
export async function certifyClaims(
  tx: Tx,
  ports: SettlementPorts,
  principal: Principal,
  command: CertifyClaims,
  now: Date,
): Promise<ClaimBatch> {
  const manager = requireRole(principal, 'CONTRACT_MANAGER');
  const batch = await lockBatch(tx, command.batchId);
  if (batch === undefined) {
    throw new HubError('claim-batch.not-found', 'There is no such batch.', { field: 'input.batchId' });
  }
  requireCertifiable(batch, command);
  requireSecondPerson(actorOf(principal), batch.approvedBy, 'Certifying a batch');
  const on = await dayOf(tx, manager.organisationId, now);
  const claims = await lockClaimsOfBatch(tx, batch.id);
  const tasks = claims.map((claim) => ({ claim, commands: [{ do: 'certify', on } as const] }));
  const owed = await moveClaims(tx, ports.events, tasks, actorOf(principal), on);
  await setBatchCertified(tx, batch.id, manager.actorId);
  await drawCommitments(
    tx,
    owed.map((claim) => ({ referralId: claim.referralId, amountMinor: claim.certifiedMinor ?? 0n })),
  );
  const answer = (await findBatch(tx, batch.id)) ?? batch;
  await ports.ledger.post(
    tx,
    owed.map((claim) => certified(claim, on)),
  );
  return answer;
}

function requireCertifiable(batch: ClaimBatch, command: CertifyClaims): void {
  if (batch.state !== 'APPROVED') {
    throw new HubError('claim-batch.illegal-move', `A batch that is ${batch.state} cannot be certified.`, {
      facts: { batchId: batch.id, state: batch.state, allowed: ['APPROVED'] },
    });
  }
  if (batch.count !== command.count || batch.sumMinor !== command.sumMinor) {
    throw new HubError(
      'claim-batch.differs',
      'Count and sum are not those that the first person approved: look at the batch again.',
      {
        field: batch.count === command.count ? 'input.sumMinor' : 'input.count',
        facts: { batchId: batch.id, count: batch.count, sumMinor: batch.sumMinor.toString() },
      },
    );
  }
}
