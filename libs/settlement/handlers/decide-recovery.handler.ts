import { HubError } from '#libs/kernel/index.js';
import type { Principal, Role } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Journal } from '../domain/journals.js';
import { recoveryDue, recoveryWrittenOff } from '../domain/journals.js';
import {
  applyToRecovery,
  leftMinor,
  type Recovery,
  type RecoveryCommand,
  type RecoveryDecision,
} from '../domain/recovery.js';
import { findClaim } from '../outbound/claims.store.js';
import { drawCommitments } from '../outbound/engagements.store.js';
import { appendHistory } from '../outbound/history.store.js';
import { lockRecovery, saveRecoveries } from '../outbound/recoveries.store.js';
import { actorOf, dayOf, requireRole } from './actor-of.js';
import type { SettlementPorts } from './ports.js';

export interface AnswerRecovery {
  readonly recoveryId: string;
  readonly accepted: boolean;
  readonly answer: string;
}
export interface DecideRecovery {
  readonly recoveryId: string;
  readonly decision: RecoveryDecision;
}

const ANSWER_LENGTH_MAX = 2_000;

/** The provider is heard. Errors: `recovery.not-found`, `recovery.answer`, and those of `applyToRecovery`. */
export async function answerRecovery(
  tx: Tx,
  _ports: SettlementPorts,
  principal: Principal,
  command: AnswerRecovery,
  now: Date,
): Promise<Recovery> {
  if (command.answer.trim() === '' || command.answer.length > ANSWER_LENGTH_MAX) {
    throw new HubError('recovery.answer', `An answer of 1 to ${ANSWER_LENGTH_MAX} characters is required.`, {
      field: 'input.answer',
    });
  }
  const { accepted, answer } = command;
  const said = { do: 'answer', accepted, answer } as const;
  return (await move(tx, principal, 'PROVIDER_FINANCE', command.recoveryId, () => said, now)).after;
}

/** The first call proposes the decision, the second one, by another person, makes it so; then the books know. */
export async function decideRecovery(
  tx: Tx,
  ports: SettlementPorts,
  principal: Principal,
  command: DecideRecovery,
  now: Date,
): Promise<Recovery> {
  const { before, after, on } = await move(
    tx,
    principal,
    'CONTRACT_MANAGER',
    command.recoveryId,
    (day) => ({ do: 'decide', decision: command.decision, on: day }),
    now,
  );
  if (after.state === before.state) return after;
  await tellRecoveries(tx, ports, [after]);
  const claim = await findClaim(tx, after.claimId);
  const journals: Journal[] = [];
  if (after.state === 'DUE' && claim !== undefined) {
    await drawCommitments(tx, [{ referralId: claim.referralId, amountMinor: -after.amountMinor }]);
    journals.push(recoveryDue(after, claim, on));
  }
  if (after.state === 'WRITTEN_OFF') journals.push(recoveryWrittenOff(after, leftMinor(before), on));
  await ports.ledger.post(tx, journals);
  return after;
}

/** Partners are told what a recovery came to. */
export async function tellRecoveries(tx: Tx, ports: SettlementPorts, recoveries: readonly Recovery[]): Promise<void> {
  await ports.events.publish(
    tx,
    recoveries.map((recovery) => ({
      type: 'liaison.recovery.decided.v1',
      subject: recovery.id,
      data: {
        recoveryId: recovery.id,
        claimId: recovery.claimId,
        authorityId: recovery.authorityId,
        providerId: recovery.providerId,
        amountMinor: recovery.amountMinor.toString(),
        currency: recovery.currency,
        state: recovery.state,
      },
    })),
  );
}

async function move(
  tx: Tx,
  principal: Principal,
  role: Role,
  recoveryId: string,
  command: (on: Awaited<ReturnType<typeof dayOf>>) => RecoveryCommand,
  now: Date,
) {
  const partner = requireRole(principal, role);
  const before = await lockRecovery(tx, recoveryId);
  if (before === undefined) {
    throw new HubError('recovery.not-found', 'There is no such recovery.', { field: 'input.recoveryId' });
  }
  const on = await dayOf(tx, partner.organisationId, now);
  const said = command(on);
  const after = applyToRecovery(said, before, actorOf(principal));
  await saveRecoveries(tx, [after]);
  await appendHistory(tx, [
    {
      subjectKind: 'recovery',
      subjectId: after.id,
      authorityId: after.authorityId,
      providerId: after.providerId,
      type:
        said.do === 'answer'
          ? 'RecoveryAnswered'
          : `Recovery${after.state === before.state ? 'DecisionProposed' : 'Decided'}`,
      effectiveOn: on,
      body: { ...said, state: after.state },
    },
  ]);
  return { before, after, on };
}
