import { HubError, type LocalDate } from '#libs/kernel/index.js';
import type { HubPrincipal } from '#libs/platform/auth/principal.js';
import type { Job } from '#libs/platform/jobs/jobs.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { RegisterAnswer } from '../contract/outcome.js';
import { recordAnswer } from '../handlers/answer-verification.handler.js';
import { applyChanges, applyFeedPage } from '../handlers/apply-register-feed.handler.js';
import type { OutcomeJobs, RegisterRequest, Registers } from '../handlers/ports.js';
import { recordVerification, UNREACHABLE } from '../handlers/record-verification.handler.js';
import type { RegisterServices } from '../handlers/services.js';

/** Pages of a feed that one run reads; what is left waits for the next run. */
export const FEED_PAGES_MAX = 500;

/** The jobs that call registers. The queue keeps payloads as JSON: what was added is what is run. */
export const registerJobs = (services: RegisterServices): readonly Job[] => [
  job('ask-register-for-outcome', (payload, isLast) => askRegisterForOutcome(services, payload, isLast)),
  job('ask-register-for-verification', (payload, isLast) => askRegisterForVerification(services, payload, isLast)),
  job('poll-register', (payload) => pollRegister(services, payload)),
  job('read-register-of-person', (payload) => readRegisterOfPerson(services, payload)),
];

const job = <Name extends keyof OutcomeJobs>(
  name: Name,
  run: (payload: OutcomeJobs[Name], isLast: boolean) => Promise<void>,
): Job => ({ name, run: (payload, isLast) => run(payload as OutcomeJobs[Name], isLast) });

interface Answered {
  readonly answer: RegisterAnswer;
  /** Why it is UNKNOWN. */
  readonly reason: string;
}

const principalOf = (name: keyof OutcomeJobs): HubPrincipal => ({ kind: 'job', actorId: name });

/**
 * Asks the register about a reported job, outside of any transaction; its answer comes back as a command. A register that cannot be
 * reached makes the job run again, until `isLast`: then the answer is UNKNOWN.
 */
async function askRegisterForOutcome(
  services: RegisterServices,
  { outcomeId, version, asOf }: OutcomeJobs['ask-register-for-outcome'],
  isLast: boolean,
): Promise<void> {
  const name = 'ask-register-for-outcome';
  const by = principalOf(name);
  const asked = await services.unitOfWork.transaction(by, async (tx) => {
    const outcome = await services.outcomes.find(tx, outcomeId);
    if (outcome?.state !== 'EVIDENCE_PENDING' || outcome.version !== version) return undefined;
    const nationalId = await services.persons.of(tx, outcome.personId);
    return { outcome, nationalId };
  });
  if (asked === undefined) return;
  const { authorityId, spell } = asked.outcome;
  const { startedOn: from, endedOn, employerRef } = spell;
  const to = endedOn ?? latest(from, asOf);
  const question = { question: 'EMPLOYED_BY', from, to, asOf, employerRef };
  const answered = await ask(services.registers, { authorityId, nationalId: asked.nationalId, ...question }, isLast);
  const command = { outcomeId, about: spell, rung: 1, ...answered, asOf };
  await record(services, name, `${outcomeId}/${String(version)}/${asOf}`, { outcomeId, version, asOf }, (tx, now) =>
    recordVerification(tx, by, services, command, now),
  );
}

/** Asks the register one question of pricing, and publishes what it said. */
async function askRegisterForVerification(
  services: RegisterServices,
  { verificationId, asOf }: OutcomeJobs['ask-register-for-verification'],
  isLast: boolean,
): Promise<void> {
  const name = 'ask-register-for-verification';
  const asked = await services.unitOfWork.transaction(principalOf(name), async (tx) => {
    const open = await services.verifications.open(tx, verificationId);
    return open === undefined ? undefined : { ...open, nationalId: await services.persons.of(tx, open.personId) };
  });
  if (asked === undefined) return;
  const answered = await ask(services.registers, { ...asked, asOf, employerRef: null }, isLast);
  await record(services, name, `${verificationId}/${asOf}`, { verificationId, asOf }, (tx) =>
    recordAnswer(tx, services, { verificationId, ...answered, asOf }),
  );
}

/** Reads a register's feed from where it was left: each page with the cursor behind it in one transaction. */
async function pollRegister(
  services: RegisterServices,
  { authorityId, asOf }: OutcomeJobs['poll-register'],
): Promise<void> {
  const register = services.registers.of(authorityId);
  if (register === undefined) return;
  const by = principalOf('poll-register');
  for (let pages = 0; pages < FEED_PAGES_MAX; pages += 1) {
    const after = await services.unitOfWork.transaction(by, (tx) => services.feed.cursor(tx, authorityId));
    const page = await register.changes({ after, asOf });
    await services.unitOfWork.transaction(by, (tx, now) =>
      applyFeedPage(tx, by, services, { authorityId, after, page }, now),
    );
    if (!page.hasMore) return;
  }
}

/** Reads what a register told of a person before the person came on record; it moves no cursor. */
async function readRegisterOfPerson(
  services: RegisterServices,
  { authorityId, personId, asOf }: OutcomeJobs['read-register-of-person'],
): Promise<void> {
  const register = services.registers.of(authorityId);
  const by = principalOf('read-register-of-person');
  const nationalId = await services.unitOfWork.transaction(by, (tx) => services.persons.of(tx, personId));
  if (register === undefined || nationalId === undefined) return;
  for (let pages = 0, after = ''; pages < FEED_PAGES_MAX; pages += 1) {
    const page = await register.changes({ after, asOf, nationalId });
    await services.unitOfWork.transaction(by, (tx, now) =>
      applyChanges(tx, by, services, authorityId, page.changes, now),
    );
    if (!page.hasMore) return;
    after = page.cursor;
  }
}

async function ask(
  registers: Registers,
  {
    authorityId,
    nationalId,
    ...request
  }: Omit<RegisterRequest, 'nationalId'> & {
    readonly authorityId: string;
    readonly nationalId: string | undefined;
  },
  isLast: boolean,
): Promise<Answered> {
  const register = registers.of(authorityId);
  if (register === undefined) return { answer: 'UNKNOWN', reason: 'NO_REGISTER' };
  if (nationalId === undefined) return { answer: 'UNKNOWN', reason: 'PERSON_NOT_ON_RECORD' };
  const { question, from, to, asOf, employerRef } = request;
  try {
    const answer = await register.ask({ nationalId, question, from, to, asOf, employerRef });
    return { answer, reason: 'REGISTER_UNKNOWN' };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    if (!error.retriable) return { answer: 'UNKNOWN', reason: 'QUESTION_NOT_ANSWERED' };
    if (!isLast) throw error;
    return { answer: 'UNKNOWN', reason: UNREACHABLE };
  }
}

/** The first answer that was recorded stands: the key names the question, and a job that runs twice asks it once more in vain. */
async function record(
  services: RegisterServices,
  name: keyof OutcomeJobs,
  key: string,
  input: object,
  work: (tx: Tx, now: Date) => Promise<void>,
): Promise<void> {
  const command = { name: 'RecordVerification', idempotencyKey: `${name}/${key}`, input };
  await services.unitOfWork.command(principalOf(name), command, async (tx, now) => {
    await work(tx, now);
    return null;
  });
}

const latest = (a: LocalDate, b: LocalDate): LocalDate => (a < b ? b : a);
