import { addDays, type LocalDate } from '#libs/kernel/index.js';
import type { Principal } from '#libs/platform/auth/principal.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { RegisterAnswer } from '../contract/outcome.js';
import { ASK_AGAIN_DAYS } from '../domain/evidence.js';
import { twinOf, type Outcome } from '../domain/outcome.js';
import { isSameJob, isSameSpell, type Spell } from '../domain/spell.js';
import { actingFor, changeOutcome, type Acting } from './change-outcome.js';
import type { RegisterServices } from './services.js';

export interface RecordVerification {
  readonly outcomeId: string;
  /** The job the question was about. */
  readonly about: Spell;
  readonly rung: number;
  readonly answer: RegisterAnswer;
  /** Why it is UNKNOWN. */
  readonly reason: string;
  readonly asOf: LocalDate;
}

/** The register was not reached: it is asked again on the next day already. */
export const UNREACHABLE = 'REGISTER_UNREACHABLE';

/** The day on which a question without an answer is asked again. */
export const askAgainOn = (asOf: LocalDate, reason: string): LocalDate =>
  addDays(asOf, reason === UNREACHABLE ? 1 : ASK_AGAIN_DAYS);

/**
 * What somebody who was asked for evidence said. First proof wins: where another outcome proves the same job already, this one is a
 * duplicate. A yes proves the job, not who asked: of the reports of it that wait for the same answer the earliest one is proven, in
 * whatever order the questions were put.
 */
export async function recordVerification(
  tx: Tx,
  by: Principal,
  services: RegisterServices,
  command: RecordVerification,
  now: Date,
): Promise<void> {
  const found = await services.outcomes.find(tx, command.outcomeId);
  if (found === undefined) return;
  await services.outcomes.lockPerson(tx, found.personId);
  const all = await services.outcomes.ofPerson(tx, found.personId);
  const asked = all.find((each) => each.id === found.id);
  if (asked === undefined) return;
  const acting = await actingFor(tx, by, found.authorityId, now);
  const earliest =
    command.answer === 'YES' && isSameSpell(command.about, asked.spell)
      ? (all.find((each) => waitsLike(each, asked)) ?? asked)
      : asked;
  const next = await answer(
    tx,
    services,
    { ...command, about: about(earliest, asked, command) },
    earliest,
    all,
    acting,
  );
  if (earliest.id === asked.id) return;
  const others = all.map((each) => (each.id === next.id ? next : each));
  await answer(tx, services, command, asked, others, acting);
}

/** A report of the same job with the same end: what the register says of one it says of both. */
const waitsLike = (other: Outcome, asked: Outcome): boolean =>
  other.state === 'EVIDENCE_PENDING' &&
  asked.state === 'EVIDENCE_PENDING' &&
  isSameJob(other.spell, asked.spell) &&
  other.spell.endedOn === asked.spell.endedOn;

const about = (earliest: Outcome, asked: Outcome, command: RecordVerification): Spell =>
  earliest.id === asked.id ? command.about : earliest.spell;

async function answer(
  tx: Tx,
  services: RegisterServices,
  command: RecordVerification,
  outcome: Outcome,
  all: readonly Outcome[],
  acting: Acting,
): Promise<Outcome> {
  const { about, rung, answer, reason, asOf } = command;
  const twin = twinOf(outcome, all);
  // A detection that nobody's referral stands behind gives way to the report.
  const givesWay = answer === 'YES' && outcome.state === 'EVIDENCE_PENDING' && twin?.referralId === null;
  const registerRef = givesWay ? await giveWay(tx, services, twin, outcome, acting) : outcome.registerRef;
  const isProven = twin !== undefined && !givesWay;
  const next = await changeOutcome(
    tx,
    services,
    outcome,
    { type: 'RecordVerification', about, rung, answer, reason, asOf, twin: isProven ? 'PROVEN' : 'NONE' },
    acting,
    registerRef === outcome.registerRef ? {} : { fields: { registerRef } },
  );
  if (answer === 'UNKNOWN' && next.state === 'EVIDENCE_PENDING') {
    await services.outcomes.askOn(tx, next.id, askAgainOn(asOf, reason));
  }
  return next;
}

/** The detection is taken back and the report takes its place in the register's books. */
async function giveWay(
  tx: Tx,
  services: RegisterServices,
  twin: Outcome,
  outcome: Outcome,
  acting: Acting,
): Promise<string | null> {
  await changeOutcome(tx, services, twin, { type: 'ReverseOutcome', reason: 'REPORTED_BY_PROVIDER' }, acting);
  if (twin.registerRef === null) return null;
  const known = await services.feed.known(tx, twin.authorityId, twin.registerRef);
  if (known !== undefined) {
    await services.feed.keep(tx, twin.authorityId, twin.registerRef, { ...known, outcomeId: outcome.id });
  }
  return twin.registerRef;
}
