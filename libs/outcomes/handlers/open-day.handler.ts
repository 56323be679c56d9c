import { addDays, type LocalDate } from '#libs/kernel/index.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { EVIDENCE_DAYS_MAX } from '../domain/evidence.js';
import { changeOutcome, loadOutcome } from './change-outcome.js';
import type { RegisterServices } from './services.js';

/** More than this many questions of one kind on a day wait for the next day. */
export const DAY_QUESTIONS_MAX = 2_000;

/** A day opens: registers' feeds are read, questions whose day has come are asked, reports without evidence lapse. */
export async function openDay(
  tx: Tx,
  by: Principal,
  services: RegisterServices,
  day: LocalDate,
  now: Date,
): Promise<void> {
  const acting = { by, today: day, now };
  for (const authorityId of services.registers.authorityIds) {
    await services.addJob(tx, 'poll-register', { authorityId, asOf: day });
  }
  const due = await services.outcomes.due(tx, day, addDays(day, -EVIDENCE_DAYS_MAX), DAY_QUESTIONS_MAX);
  for (const outcomeId of due.lapse) {
    await changeOutcome(tx, services, await loadOutcome(tx, services, outcomeId), { type: 'LapseOutcome' }, acting);
  }
  for (const outcomeId of due.ask) {
    const outcome = await loadOutcome(tx, services, outcomeId);
    if (outcome.state === 'REPORTED') {
      await changeOutcome(tx, services, outcome, { type: 'RequestEvidence' }, acting);
      continue;
    }
    await services.outcomes.askOn(tx, outcomeId, null);
    const question = { outcomeId, version: outcome.version, asOf: day };
    await services.addJob(tx, 'ask-register-for-outcome', question);
  }
  for (const { id } of await services.verifications.takeDue(tx, day, DAY_QUESTIONS_MAX)) {
    await services.addJob(tx, 'ask-register-for-verification', { verificationId: id, asOf: day });
  }
}
