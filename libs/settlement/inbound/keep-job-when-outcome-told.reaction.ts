import { asId, dayIn, type Envelope } from '#libs/kernel/index.js';
import type { OutcomeReported, OutcomeReversed } from '#libs/outcomes/contract/events.generated.js';
import { findOrganisation } from '#libs/partners/index.js';
import type { Reaction } from '#libs/platform/events/event-log.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Spell, SpellStanding } from '../domain/fact.js';
import { changeSpellStanding, keepSpell } from '../handlers/keep-fact.handler.js';
import type { SettlementPorts } from '../handlers/ports.js';

/** A job is priced once it is verified, and no longer when its source took it back. */
export const keepJobWhenOutcomeTold = (ports: SettlementPorts): Reaction => ({
  name: 'keep-job-when-outcome-told',
  types: [
    'liaison.outcome.reported.v1',
    'liaison.outcome.detected.v1',
    'liaison.outcome.verified.v1',
    'liaison.outcome.corrected.v1',
    'liaison.outcome.ended.v1',
    'liaison.outcome.not-verified.v1',
    'liaison.outcome.evidence-requested.v1',
    'liaison.outcome.lapsed.v1',
    'liaison.outcome.reversed.v1',
  ],
  handle: async (tx, event, now) => {
    const standing = STANDINGS[event.type];
    if (standing === undefined) return keepSpell(tx, ports, await told(tx, event), now);
    return changeSpellStanding(tx, ports, { ...gone(event), standing }, now);
  },
});

/** Events that say how a job stands without telling it again. */
const STANDINGS: Readonly<Record<string, SpellStanding>> = {
  'liaison.outcome.evidence-requested.v1': 'PENDING',
  'liaison.outcome.not-verified.v1': 'REFUTED',
  'liaison.outcome.lapsed.v1': 'REFUTED',
  'liaison.outcome.reversed.v1': 'GONE',
};

function gone(event: Envelope) {
  const { spellId, personId } = event.data as OutcomeReversed;
  return {
    key: `spell:${spellId}`,
    personId: asId<'Person'>(personId),
    knownSince: new Date(event.time),
    eventId: event.id,
  };
}

async function told(tx: Tx, event: Envelope) {
  const data = event.data as Omit<OutcomeReported, 'providerId'>;
  const authority = await findOrganisation(tx, data.authorityId);
  const spell: Spell = data.spell;
  return {
    key: `spell:${spell.spellId}`,
    referralId: data.referralId === null ? null : asId<'Referral'>(data.referralId),
    personId: asId<'Person'>(data.personId),
    authorityId: asId<'Organisation'>(data.authorityId),
    effectiveOn: spell.startedOn,
    knownSince: new Date(event.time),
    eventId: event.id,
    spell,
    toldOn: dayIn(authority?.timeZone ?? 'UTC', new Date(event.time)),
    verifies: event.type === 'liaison.outcome.verified.v1',
  };
}
