import { dayIn, HubError, type LocalDate } from '#libs/kernel/index.js';
import { findOrganisation } from '#libs/partners/index.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import type { EventLog } from '#libs/platform/events/event-log.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { evolve } from '../domain/evolve.js';
import {
  begin,
  decide,
  decideNew,
  type NewOutcome,
  type Outcome,
  type OutcomeCommand,
  type OutcomeEvent,
} from '../domain/outcome.js';
import type { OutcomeStore } from './ports.js';

/** What a change is kept and told with. */
export interface OutcomeKeeping {
  readonly outcomes: OutcomeStore;
  readonly events: EventLog;
}

/** Who acts, on which day where the authority is, at which moment. */
export interface Acting {
  readonly by: Principal;
  readonly today: LocalDate;
  readonly now: Date;
}

export type Change = Exclude<OutcomeCommand, NewOutcome>;

/** Fields that events do not carry, and the reporter's own words. */
export interface Beside {
  readonly fields?: Partial<Pick<Outcome, 'registerRef' | 'employerName' | 'vacancyId'>>;
  readonly reason?: string;
}

/** Today where the authority is. */
export async function actingFor(tx: Tx, by: Principal, authorityId: string, now: Date): Promise<Acting> {
  const authority = await findOrganisation(tx, authorityId);
  if (authority === undefined) throw new Error('An outcome has an authority.');
  return { by, today: dayIn(authority.timeZone, now), now };
}

/** An outcome the caller may see. Throws `outcome.not-found`, also for what it may not see. */
export async function loadOutcome(tx: Tx, services: OutcomeKeeping, outcomeId: string): Promise<Outcome> {
  const outcome = await services.outcomes.find(tx, outcomeId);
  if (outcome === undefined) {
    throw new HubError('outcome.not-found', 'There is no such outcome.', { field: 'outcomeId' });
  }
  return outcome;
}

/** Decides a first word about a job, keeps what stands after it and publishes. */
export async function addOutcome(
  tx: Tx,
  services: OutcomeKeeping,
  command: NewOutcome,
  acting: Acting,
): Promise<Outcome> {
  const decision = decideNew(command, acting.today);
  if (!decision.ok) throw decision.error;
  const steps = follow(begin(command), decision.value, acting.now);
  const outcome = steps.at(-1)?.outcome ?? begin(command);
  await services.outcomes.insert(tx, outcome);
  await record(tx, services, outcome, steps, acting, null);
  return outcome;
}

/** Decides a change, saves (which serialises writers of this outcome), then appends history and publishes. */
export async function changeOutcome(
  tx: Tx,
  services: OutcomeKeeping,
  outcome: Outcome,
  command: Change,
  acting: Acting,
  beside: Beside = {},
): Promise<Outcome> {
  const decision = decide(outcome, command, acting.today);
  if (!decision.ok) throw decision.error;
  const steps = follow(outcome, decision.value, acting.now);
  const evolved = steps.at(-1)?.outcome ?? outcome;
  if (steps.length === 0 && beside.fields === undefined) return outcome;
  const next = { ...evolved, ...beside.fields, version: Math.max(evolved.version, outcome.version + 1) };
  await services.outcomes.update(tx, next, outcome.version);
  await record(tx, services, next, steps, acting, beside.reason ?? null);
  return next;
}

interface Step {
  readonly event: OutcomeEvent;
  readonly outcome: Outcome;
}

function follow(outcome: Outcome, events: readonly OutcomeEvent[], now: Date): Step[] {
  let state = outcome;
  return events.map((event) => {
    state = evolve(state, event, now);
    return { event, outcome: state };
  });
}

async function record(
  tx: Tx,
  services: OutcomeKeeping,
  outcome: Outcome,
  steps: readonly Step[],
  { by, now }: Acting,
  reason: string | null,
): Promise<void> {
  for (const { event, outcome: after } of steps) {
    await services.outcomes.appendHistory(tx, { version: after.version, event, reason }, by, now);
  }
  const published = steps.map(({ event }) => ({ type: event.type, subject: outcome.id, data: event.data }));
  await services.events.publish(tx, published);
  // A job that begins later is put to the register on the day it begins.
  if (outcome.state === 'REPORTED') await services.outcomes.askOn(tx, outcome.id, outcome.spell.startedOn);
}
