import { HubError } from '#libs/kernel/index.js';
import type { PartnerPrincipal } from '#libs/platform/auth/principal.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import type { RegisterAnswer } from '../contract/outcome.js';
import { rungRefused } from '../domain/evidence.js';
import type { Outcome } from '../domain/outcome.js';
import { loadOutcome } from './change-outcome.js';
import type { OutcomeServices } from './services.js';

export interface GiveEvidence {
  readonly outcomeId: string;
  readonly rung: number;
  readonly answer: RegisterAnswer;
  /** Who said so, or what was shown: kept for whoever checks it later. */
  readonly note: string;
}

const NOTE_LENGTH_MAX = 500;

/**
 * A person of the authority answers the open rung of the evidence ladder, where the register could not: what the employer, the person
 * or a document says. Never the provider, whose report it is. What follows from it is decided like a register's answer, at once but
 * after this. Errors: `outcome.person-required`, `outcome.not-found`, `outcome.not-yours`, `outcome.illegal-move`, `outcome.rung`, `outcome.note`.
 */
export async function giveEvidence(
  tx: Tx,
  principal: PartnerPrincipal,
  services: OutcomeServices,
  command: GiveEvidence,
  now: Date,
): Promise<Outcome> {
  if (principal.kind !== 'person')
    throw new HubError('outcome.person-required', 'Evidence is looked at by a person; a system may not give it.');
  const note = command.note.trim();
  if (note === '' || note.length > NOTE_LENGTH_MAX)
    throw new HubError('outcome.note', `Say who said so or what was shown, in 1 to ${NOTE_LENGTH_MAX} characters.`, {
      field: 'note',
    });
  const outcome = await loadOutcome(tx, services, command.outcomeId);
  if (outcome.authorityId !== principal.organisationId)
    throw new HubError('outcome.not-yours', 'Evidence is for the authority to look at.', { field: 'outcomeId' });
  const refusal = rungRefused(outcome, command.rung);
  if (refusal !== undefined) throw refusal;
  const { id: outcomeId, personId, authorityId, spell } = outcome;
  const { rung, answer } = command;
  const evidence = { id: newId<'Evidence'>(), outcomeId, authorityId, rung, answer, note };
  await services.outcomes.keepEvidence(tx, evidence, principal, now);
  await services.events.publish(tx, [
    {
      type: 'liaison.evidence.given.v1',
      subject: outcomeId,
      data: {
        evidenceId: evidence.id,
        outcomeId,
        personId,
        authorityId,
        rung,
        answer,
        spell: { spellId: outcomeId, ...spell },
      },
    },
  ]);
  return outcome;
}
