import { HubError, type LocalDate } from '#libs/kernel/index.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Engagement, Spell, SpellStanding, StoredFact } from '../domain/fact.js';
import { findFact, insertCommitment, insertEngagement, keepFact, lockPersons } from '../outbound/engagements.store.js';
import { appendHistory } from '../outbound/history.store.js';
import type { SettlementPorts } from './ports.js';
import { priceEngagements } from './price-engagements.handler.js';

/** An accepted referral: its price is locked, budget is committed, and facts that came before are priced now. */
export async function openEngagement(tx: Tx, ports: SettlementPorts, engagement: Engagement, now: Date): Promise<void> {
  await lockPersons(tx, [engagement.personId]);
  await insertEngagement(tx, engagement);
  const amountMinor = ports.pricing.ceilingMinor(engagement);
  await insertCommitment(tx, { ...engagement, state: 'APPROVED', amountMinor, drawnMinor: 0n });
  await appendHistory(
    tx,
    ['CommitmentProposed', 'CommitmentApproved'].map((type) => ({
      subjectKind: 'commitment',
      subjectId: engagement.referralId,
      authorityId: engagement.authorityId,
      providerId: engagement.providerId,
      type,
      effectiveOn: engagement.locked.acceptedOn,
      body: { amountMinor, currency: engagement.currency },
    })),
  );
  await priceEngagements(tx, ports, [engagement.personId], now);
}

/** Keeps what was told, whether or not its engagement is known yet, and prices the person's engagements again. */
export async function keepFactAndPrice(
  tx: Tx,
  ports: SettlementPorts,
  fact: Omit<StoredFact, 'id'>,
  now: Date,
): Promise<void> {
  await lockPersons(tx, [fact.personId]);
  await keepFact(tx, fact);
  await priceEngagements(tx, ports, [fact.personId], now);
}

/**
 * Keeps a job as told now. Once verified it stays so when its end or a correction is told; the day it was first told counts
 * for claim windows.
 */
export async function keepSpell(
  tx: Tx,
  ports: SettlementPorts,
  told: Omit<StoredFact, 'id' | 'body'> & {
    readonly spell: Spell;
    readonly toldOn: LocalDate;
    readonly verifies: boolean;
  },
  now: Date,
): Promise<void> {
  await lockPersons(tx, [told.personId]);
  const known = (await findFact(tx, told.key))?.body;
  const { spell, toldOn, verifies, ...fact } = told;
  const before = known?.kind === 'SPELL' ? known : undefined;
  const body = {
    kind: 'SPELL',
    spell,
    reportedOn: before?.reportedOn ?? toldOn,
    standing: verifies || before?.standing === 'VERIFIED' ? 'VERIFIED' : 'PENDING',
  } as const;
  await keepFactAndPrice(tx, ports, { ...fact, body }, now);
}

/** A job's standing changes while the job itself is not told again: the fact known of it takes the new standing. */
export async function changeSpellStanding(
  tx: Tx,
  ports: SettlementPorts,
  change: Pick<StoredFact, 'key' | 'personId' | 'knownSince' | 'eventId'> & {
    readonly standing: SpellStanding;
  },
  now: Date,
): Promise<void> {
  await lockPersons(tx, [change.personId]);
  const known = await findFact(tx, change.key);
  if (known?.body.kind !== 'SPELL') {
    throw new HubError('settlement.unknown-job', 'The job whose standing changed was never told.', {
      facts: { key: change.key },
    });
  }
  const body = { ...known.body, standing: change.standing };
  await keepFactAndPrice(tx, ports, { ...known, knownSince: change.knownSince, eventId: change.eventId, body }, now);
}
