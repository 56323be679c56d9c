import { HubError } from '#libs/kernel/index.js';
import type { Principal, Role } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Claim, ClaimCommand } from '../domain/claim.js';
import { sameJobFinding } from '../domain/checks.js';
import { findClaim, hasSuccessor, lockClaims } from '../outbound/claims.store.js';
import { appendHistory } from '../outbound/history.store.js';
import { actorOf, dayOf, HUB, requireRole } from './actor-of.js';
import { moveClaims } from './move-claims.js';
import type { SettlementPorts } from './ports.js';
import { sameJobClaims } from './twin-claims.js';

export interface RejectClaim {
  readonly claimId: string;
  readonly code: string;
  readonly reason: string;
}
export interface DisputeClaim {
  readonly claimId: string;
  readonly reason: string;
}
export interface AnswerDispute {
  readonly claimId: string;
  readonly upheld: boolean;
  readonly answer: string;
}
export interface ReturnClaim {
  readonly claimId: string;
  readonly code: string;
  readonly reason: string;
}
export interface ResubmitClaim {
  readonly claimId: string;
  readonly note: string;
}

const REASON_LENGTH_MAX = 2_000;
const CODE = /^[A-Z][A-Z0-9_]{1,39}$/;

/**
 * For good, with a code; the provider may dispute it. What would have taken money back is looked at again once the month is stated: two
 * people decide then, as on any recovery. Errors: those of `decideClaim`, `claim.not-found`, `claim.code`, `claim.reason`.
 */
export async function rejectClaim(
  tx: Tx,
  ports: SettlementPorts,
  principal: Principal,
  command: RejectClaim,
  now: Date,
): Promise<Claim> {
  requireCode(command.code);
  return decide(tx, ports, principal, 'CONTRACT_MANAGER', command, [{ do: 'reject', code: command.code }], now);
}

/** The provider is asked to put something right, and hands the claim in again. */
export async function returnClaim(
  tx: Tx,
  ports: SettlementPorts,
  principal: Principal,
  command: ReturnClaim,
  now: Date,
): Promise<Claim> {
  requireCode(command.code);
  return decide(tx, ports, principal, 'CONTRACT_MANAGER', command, [{ do: 'return', code: command.code }], now);
}

/**
 * The provider says that a claim, or its rejection, is wrong. Nothing is paid for it until somebody has answered.
 *
 * Errors: those of `decideClaim`, `claim.superseded` (a newer claim stands for the same fee).
 */
export async function disputeClaim(
  tx: Tx,
  ports: SettlementPorts,
  principal: Principal,
  command: DisputeClaim,
  now: Date,
): Promise<Claim> {
  const disputed = await findClaim(tx, command.claimId);
  if (disputed?.state === 'REJECTED' && disputed.kind === 'FEE' && (await hasSuccessor(tx, disputed)))
    throw new HubError('claim.superseded', 'A newer claim stands for the same fee: dispute that one.', {
      field: 'input.claimId',
    });
  return decide(tx, ports, principal, 'PROVIDER_FINANCE', command, [{ do: 'dispute' }], now);
}

export async function answerDispute(
  tx: Tx,
  ports: SettlementPorts,
  principal: Principal,
  command: AnswerDispute,
  now: Date,
): Promise<Claim> {
  const said = { ...command, reason: command.answer };
  const move = { do: 'answer-dispute', upheld: command.upheld } as const;
  return decide(tx, ports, principal, 'CONTRACT_MANAGER', said, [move], now);
}

/** The provider has put right what it was asked to. */
export async function resubmitClaim(
  tx: Tx,
  ports: SettlementPorts,
  principal: Principal,
  command: ResubmitClaim,
  now: Date,
): Promise<Claim> {
  const said = { ...command, reason: command.note };
  const submit = [{ do: 'submit' }, { do: 'begin-validation' }] as const;
  const claim = await decide(tx, ports, principal, 'PROVIDER_FINANCE', said, submit, now);
  // Another one may have claimed the same job while this one was away.
  const twins = (await sameJobClaims(tx, [claim])).get(claim.id) ?? [];
  if (twins.length === 0) return claim;
  const findings = [sameJobFinding(twins.map((twin) => twin.number))];
  const on = await dayOf(tx, claim.authorityId, now);
  const [held] = await moveClaims(tx, ports.events, [{ claim, commands: [{ do: 'hold', findings }] }], HUB, on);
  return held ?? claim;
}

async function decide(
  tx: Tx,
  ports: SettlementPorts,
  principal: Principal,
  role: Role,
  said: { readonly claimId: string; readonly reason: string },
  commands: readonly ClaimCommand[],
  now: Date,
): Promise<Claim> {
  const partner = requireRole(principal, role);
  requireReason(said.reason);
  const [claim] = await lockClaims(tx, [said.claimId]);
  if (claim === undefined) throw new HubError('claim.not-found', 'There is no such claim.', { field: 'input.claimId' });
  const on = await dayOf(tx, partner.organisationId, now);
  const [after] = await moveClaims(tx, ports.events, [{ claim, commands }], actorOf(principal), on);
  // What was said is for the two parties' eyes; events carry codes only.
  await appendHistory(tx, [
    {
      subjectKind: 'claim',
      subjectId: claim.id,
      authorityId: claim.authorityId,
      providerId: claim.providerId,
      type: 'ClaimReasonGiven',
      effectiveOn: on,
      body: { moves: commands.map((command) => command.do), reason: said.reason },
    },
  ]);
  return after ?? claim;
}

function requireReason(reason: string): void {
  if (reason.trim() !== '' && reason.length <= REASON_LENGTH_MAX) return;
  throw new HubError('claim.reason', `A reason of 1 to ${REASON_LENGTH_MAX} characters is required.`, {
    field: 'input.reason',
  });
}

function requireCode(code: string): void {
  if (CODE.test(code)) return;
  throw new HubError('claim.code', 'A code is capital letters, digits and underscores, for example SAME_JOB.', {
    field: 'input.code',
  });
}
