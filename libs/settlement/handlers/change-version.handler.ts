import { HubError, isUuid, type LocalDate } from '#libs/kernel/index.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { requirePerson } from '../domain/actor.js';
import type { Engagement } from '../domain/fact.js';
import { decideVersionChange, type VersionChange } from '../domain/version-change.js';
import { setCommitmentAmounts } from '../outbound/engagements.store.js';
import { appendHistory } from '../outbound/history.store.js';
import {
  engagementsToMove,
  insertVersionChange,
  lockVersionChange,
  moveEngagements,
  saveVersionChange,
} from '../outbound/version-changes.store.js';
import { actorOf, dayOf, requireRole } from './actor-of.js';
import type { Pricing, SettlementPorts } from './ports.js';
import { priceDue } from './price-due.handler.js';

export interface ProposeVersionChange {
  readonly tariffId: string;
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly contractId?: string | null;
  readonly reason: string;
}

export interface DecideVersionChange {
  readonly versionChangeId: string;
  readonly confirm: boolean;
}

const REASON_LENGTH_MAX = 500;

/**
 * A person of the authority says that running referrals are to be priced by another version of their tariff, and why.
 *
 * Errors: `tariff.no-version`, `version-change.currency`, `version-change.reason`, `version-change.contract`,
 * `version-change.nothing-to-move`, `version-change.terms`, `version-change.proposed-before`, `settlement.person-required`.
 */
export async function proposeVersionChange(
  tx: Tx,
  ports: SettlementPorts,
  principal: Principal,
  command: ProposeVersionChange,
  now: Date,
): Promise<VersionChange> {
  const partner = requireRole(principal, 'CONTRACT_MANAGER');
  requirePerson(actorOf(principal), 'Changing the version');
  const { tariffId, fromVersion, toVersion } = command;
  const [from, to] = [fromVersion, toVersion].map((version) => ports.pricing.currencyOf(tariffId, version));
  if (from !== to) throw refused('currency', 'Both versions pay in the same currency.', 'toVersion');
  if (fromVersion === toVersion) throw refused('nothing-to-move', 'This is the version they have.', 'toVersion');
  const contractId = command.contractId ?? null;
  if (contractId !== null && !isUuid(contractId)) throw refused('contract', 'There is no such contract.', 'contractId');
  const reason = command.reason.trim();
  if (reason === '' || reason.length > REASON_LENGTH_MAX)
    throw refused('reason', `A reason of 1 to ${REASON_LENGTH_MAX} characters is required.`, 'reason');
  const change: VersionChange = {
    id: newId<'VersionChange'>(),
    state: 'PROPOSED',
    authorityId: partner.organisationId,
    ...{ tariffId, fromVersion, toVersion, contractId, reason },
    proposedBy: partner.actorId,
    confirmedBy: null,
    referrals: null,
    version: 1,
  };
  const engagements = await engagementsToMove(tx, change);
  if (engagements.length === 0)
    throw refused('nothing-to-move', `No referral of yours is priced by ${tariffId} ${fromVersion}.`, 'fromVersion');
  requireTermsTaken(ports.pricing, change, engagements);
  if (!(await insertVersionChange(tx, change)))
    throw refused(
      'proposed-before',
      'The same change is proposed already: confirm or withdraw it first.',
      'fromVersion',
    );
  await remember(tx, change, 'VersionChangeProposed', now);
  return change;
}

/** Errors: `version-change.not-found`, `version-change.terms`, and those of `decideVersionChange`. */
export async function confirmVersionChange(
  tx: Tx,
  ports: SettlementPorts,
  principal: Principal,
  command: DecideVersionChange,
  now: Date,
): Promise<VersionChange> {
  requireRole(principal, 'CONTRACT_MANAGER');
  const change = await lockVersionChange(tx, command.versionChangeId);
  if (change === undefined) throw refused('not-found', 'There is no such change.', 'versionChangeId');
  const decided = decideVersionChange(change, command.confirm, actorOf(principal));
  if (command.confirm) requireTermsTaken(ports.pricing, decided, await engagementsToMove(tx, decided));
  await saveVersionChange(tx, decided);
  const day = await remember(tx, decided, command.confirm ? 'VersionChangeConfirmed' : 'VersionChangeWithdrawn', now);
  if (!command.confirm) return decided;
  const { id, authorityId, tariffId, fromVersion, toVersion } = decided;
  await ports.events.publish(tx, [
    {
      type: 'liaison.tariff.version-changed.v1',
      subject: id,
      data: { versionChangeId: id, authorityId, tariffId, fromVersion, toVersion, day },
    },
  ]);
  return decided;
}

/**
 * What follows: the referrals move, their budget becomes what they can come to now, and each is priced again. Only differences become
 * claims and recoveries; each names both versions. A referral that was accepted meanwhile and that the new version refuses stays.
 */
export async function repriceUnderVersion(
  tx: Tx,
  ports: SettlementPorts,
  versionChangeId: string,
  day: LocalDate,
  now: Date,
): Promise<void> {
  const change = await lockVersionChange(tx, versionChangeId);
  if (change?.state !== 'CONFIRMED') return;
  const engagements = await engagementsToMove(tx, change);
  const taken = engagements.filter((each) => refusalOf(ports.pricing, change, each) === undefined);
  const moved = await moveEngagements(
    tx,
    change,
    taken.map((each) => each.referralId),
    day,
  );
  await setCommitmentAmounts(
    tx,
    moved.map((each) => ({ referralId: each.referralId, amountMinor: ports.pricing.ceilingMinor(each) })),
  );
  await priceDue(tx, ports, day, now);
}

/** A version that refuses what was agreed for a referral would price nothing for it. Error: `version-change.terms`. */
function requireTermsTaken(pricing: Pricing, change: VersionChange, engagements: readonly Engagement[]): void {
  const refusals = engagements.flatMap((each) => refusalOf(pricing, change, each) ?? []);
  const [first] = refusals;
  if (first === undefined) return;
  const count = `${refusals.length} of ${engagements.length} ${engagements.length === 1 ? 'referral' : 'referrals'}`;
  const field = first.field === undefined ? '' : `${first.field}: `;
  throw refused(
    'terms',
    `${change.tariffId} ${change.toVersion} refuses what was agreed for ${count}; the first: ${field}${first.message}`,
    'toVersion',
  );
}

function refusalOf(pricing: Pricing, { tariffId, toVersion }: VersionChange, of: Engagement): HubError | undefined {
  try {
    pricing.checkLocked(tariffId, toVersion, of.locked);
    return undefined;
  } catch (error) {
    if (error instanceof HubError && error.code.startsWith('terms.')) return error;
    throw error;
  }
}

const refused = (code: string, message: string, field: string): HubError =>
  new HubError(`version-change.${code}`, message, { field: `input.${field}` });

async function remember(tx: Tx, change: VersionChange, type: string, now: Date): Promise<LocalDate> {
  const effectiveOn = await dayOf(tx, change.authorityId, now);
  const { id, authorityId, state, tariffId, fromVersion, toVersion, contractId, reason } = change;
  await appendHistory(tx, [
    {
      subjectKind: 'version-change',
      subjectId: id,
      authorityId,
      providerId: null,
      type,
      effectiveOn,
      body: { state, tariffId, fromVersion, toVersion, contractId, reason },
    },
  ]);
  return effectiveOn;
}
