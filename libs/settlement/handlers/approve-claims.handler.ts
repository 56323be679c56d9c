import { createHash } from 'node:crypto';
import { HubError, localDate } from '#libs/kernel/index.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import type { Claim } from '../domain/claim.js';
import { findBatch, insertBatch, type ClaimBatch } from '../outbound/batches.store.js';
import { lockClaims, lockClaimsInValidation } from '../outbound/claims.store.js';
import { actorOf, dayOf, requireRole } from './actor-of.js';
import { moveClaims } from './move-claims.js';
import type { SettlementPorts } from './ports.js';

export interface ApproveClaims {
  /** Named one by one: claims with findings are approved only so. */
  readonly claimIds?: readonly string[] | null;
  readonly contractId?: string | null;
  readonly dueUntil: string;
}

/** What is left over is approved by asking again. */
export const BATCH_CLAIMS_MAX = 2_000;

/**
 * Freezes claims with their count, sum and hash.
 *
 * Errors: `settlement.role-required`, `claim.not-found`, `claim-batch.nothing-to-approve`, `claim-batch.too-large`,
 * `claim-batch.mixed-currencies`, and those of `decideClaim`.
 */
export async function approveClaims(
  tx: Tx,
  ports: SettlementPorts,
  principal: Principal,
  command: ApproveClaims,
  now: Date,
): Promise<ClaimBatch> {
  const manager = requireRole(principal, 'CONTRACT_MANAGER');
  const claims = await claimsToApprove(tx, manager.organisationId, command);
  const batch = freeze(claims, manager.organisationId, manager.actorId);
  await insertBatch(tx, batch, claims);
  const asException = command.claimIds !== undefined && command.claimIds !== null;
  const on = await dayOf(tx, manager.organisationId, now);
  const tasks = claims.map((claim) => ({
    claim,
    commands: [{ do: 'approve', batchId: batch.id, asException } as const],
  }));
  await moveClaims(tx, ports.events, tasks, actorOf(principal), on);
  return (await findBatch(tx, batch.id)) ?? { ...batch, fellOut: [] };
}

async function claimsToApprove(tx: Tx, authorityId: string, command: ApproveClaims): Promise<readonly Claim[]> {
  const dueUntil = localDate(command.dueUntil);
  if (command.claimIds === undefined || command.claimIds === null) {
    const contractId = command.contractId ?? null;
    return lockClaimsInValidation(tx, { authorityId, contractId, dueUntil, limit: BATCH_CLAIMS_MAX });
  }
  const ids = [...new Set(command.claimIds)];
  if (ids.length > BATCH_CLAIMS_MAX) {
    throw new HubError('claim-batch.too-large', `A batch holds at most ${BATCH_CLAIMS_MAX} claims.`, {
      field: 'input.claimIds',
    });
  }
  const claims = (await lockClaims(tx, ids)).filter((claim) => claim.authorityId === authorityId);
  if (claims.length < ids.length) {
    throw new HubError('claim.not-found', 'There is no such claim.', { field: 'input.claimIds' });
  }
  return claims;
}

function freeze(claims: readonly Claim[], authorityId: string, approvedBy: string): Omit<ClaimBatch, 'fellOut'> {
  const currencies = [...new Set(claims.map((claim) => claim.currency))];
  const [currency] = currencies;
  if (currency === undefined) {
    throw new HubError(
      'claim-batch.nothing-to-approve',
      'No claim passed every automatic check and is due by that day.',
    );
  }
  if (currencies.length > 1) {
    throw new HubError('claim-batch.mixed-currencies', 'A batch has one currency: name the claims of one of them.', {
      facts: { currencies },
    });
  }
  return {
    id: newId<'ClaimBatch'>(),
    authorityId,
    state: 'APPROVED',
    count: claims.length,
    sumMinor: claims.reduce((sum, claim) => sum + claim.askedMinor, 0n),
    currency,
    hash: hashOf(claims),
    approvedBy,
    certifiedBy: null,
  };
}

/** SHA-256 over `id amount` lines in the order of ids. */
export const hashOf = (claims: readonly Pick<Claim, 'id' | 'askedMinor'>[]): string =>
  createHash('sha256')
    .update(
      claims
        .map((claim) => `${claim.id} ${claim.askedMinor}\n`)
        .sort()
        .join(''),
    )
    .digest('hex');
