import { addDays, dayIn, localDate, type LocalDate } from '#libs/kernel/index.js';
import { findContracts, findOrganisations, type Contract } from '#libs/partners/index.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { checkClaim } from '../domain/checks.js';
import { isOpen, type Claim, type ClaimCommand } from '../domain/claim.js';
import { commitmentStateOf } from '../domain/commitment.js';
import { factsOf, isVoid, lastDayForJobs, runningBeside, type Engagement, type StoredFact } from '../domain/fact.js';
import { compareFeesWithClaims, type ClaimMove } from '../domain/fees-and-claims.js';
import { applyToRecovery, type Recovery, type RecoveryCommand } from '../domain/recovery.js';
import { lockClaimsOfReferrals, nextClaimNumbers } from '../outbound/claims.store.js';
import {
  commitmentsOf,
  currentFacts,
  engagementsOfPersons,
  keepNewQuestions,
  lockPersons,
  replaceNamedDates,
  setCommitmentStates,
  type CommitmentRow,
} from '../outbound/engagements.store.js';
import { appendHistory } from '../outbound/history.store.js';
import { insertRecoveries, lockRecoveriesOfReferrals, saveRecoveries } from '../outbound/recoveries.store.js';
import { HUB } from './actor-of.js';
import { insertAndMoveClaims, moveClaims } from './move-claims.js';
import type { Priced, SettlementPorts } from './ports.js';
import { holdTheirTwins, sameFeeClaims, sameJobClaims } from './twin-claims.js';

/** One engagement with its answer, and what has to move so that claims and fees are equal. */
interface Outcome {
  readonly engagement: Engagement;
  readonly today: LocalDate;
  readonly priced: Priced;
  readonly void: boolean;
  /** Null while the service goes on. */
  readonly lastDayForJobs: LocalDate | null;
  readonly moves: readonly ClaimMove[];
  /** Referrals of the person that run at the same time under the same contract. */
  readonly beside: ReadonlySet<string>;
  /** A claim that would have taken something back was rejected. */
  readonly keepsMore: boolean;
}

const NOTHING: Priced = { fees: [], namedDates: [], questions: [], prospect: 'none' };

/**
 * Prices every engagement of some persons from what is known now, compares with their claims, and makes them equal: claims are made,
 * checked, submitted and cancelled, recoveries proposed and withdrawn, questions asked, days named. Sets, not rows: a statement a step.
 * `openedDay` is the programme's day where it is ahead of the clock's.
 */
export async function priceEngagements(
  tx: Tx,
  ports: SettlementPorts,
  personIds: readonly string[],
  now: Date,
  openedDay?: LocalDate,
): Promise<void> {
  await lockPersons(tx, personIds);
  const engagements = await engagementsOfPersons(tx, personIds);
  if (engagements.length === 0) return;
  const referralIds = engagements.map((engagement) => engagement.referralId);
  const facts = Map.groupBy(await currentFacts(tx, personIds), (fact) => fact.personId);
  const claims = await lockClaimsOfReferrals(tx, referralIds);
  const recoveries = await lockRecoveriesOfReferrals(tx, referralIds);
  const zones = await findOrganisations(
    tx,
    engagements.map((engagement) => engagement.authorityId),
  );
  const outcomes = engagements.map((engagement) => {
    const day = dayIn(zones.get(engagement.authorityId)?.timeZone ?? 'UTC', now);
    const today = openedDay !== undefined && openedDay > day ? openedDay : day;
    return priceOne(ports, engagement, engagements, facts.get(engagement.personId) ?? [], claims, recoveries, today);
  });
  const moved = await moveWhatIsThere(tx, ports, outcomes, claims, recoveries);
  await generate(tx, ports, outcomes, moved);
  await proposeRecoveries(tx, ports, outcomes);
  await ask(tx, ports, outcomes, now);
  await replaceNamedDates(tx, referralIds, outcomes.flatMap(namedDates));
  await setCommitmentStates(tx, outcomes.map(commitmentState));
}

function priceOne(
  ports: SettlementPorts,
  engagement: Engagement,
  engagements: readonly Engagement[],
  facts: readonly StoredFact[],
  claims: readonly Claim[],
  recoveries: readonly Recovery[],
  today: LocalDate,
): Outcome {
  const gone = isVoid(engagement.referralId, facts);
  const own = engagements.filter((each) => each.personId === engagement.personId);
  const priced = gone ? NOTHING : ports.pricing.price(engagement, factsOf(engagement, own, facts), today);
  const moves = compareFeesWithClaims(
    { fees: priced.fees, tariffVersion: engagement.tariffVersion },
    claims.filter((claim) => claim.referralId === engagement.referralId),
    recoveries.filter((recovery) => recovery.referralId === engagement.referralId),
    today,
  );
  return {
    engagement,
    today,
    priced,
    void: gone,
    lastDayForJobs: lastDayForJobs(engagement.referralId, facts) ?? null,
    moves,
    beside: runningBeside(engagement, own, facts),
    keepsMore: keepsMore(claims.filter((claim) => claim.referralId === engagement.referralId)),
  };
}

/** What takes back was rejected, and what it was about is not stated yet. */
const keepsMore = (claims: readonly Claim[]): boolean =>
  claims.some((claim) => claim.state === 'REJECTED' && claim.askedMinor < 0n) &&
  claims.some((claim) => claim.state === 'CERTIFIED' && claim.statementId === null);

/** Claims are cancelled or repriced, recoveries withdrawn or repriced. Answers all claims as they are now. */
async function moveWhatIsThere(
  tx: Tx,
  ports: SettlementPorts,
  outcomes: readonly Outcome[],
  claims: readonly Claim[],
  recoveries: readonly Recovery[],
): Promise<readonly Claim[]> {
  const today = outcomes[0]?.today;
  if (today === undefined) return claims;
  const ofClaims = new Map<string, ClaimCommand>();
  const ofRecoveries = new Map<string, RecoveryCommand>();
  for (const move of outcomes.flatMap((outcome) => outcome.moves)) {
    if (move.do === 'cancel') ofClaims.set(move.claimId, move);
    if (move.do === 'reprice-claim') ofClaims.set(move.claimId, { ...move, do: 'reprice' });
    if (move.do === 'withdraw-recovery') ofRecoveries.set(move.recoveryId, { do: 'withdraw' });
    if (move.do === 'reprice-recovery')
      ofRecoveries.set(move.recoveryId, { do: 'reprice', tariffVersion: move.tariffVersion, reason: move.why });
  }
  const tasks = claims.flatMap((claim) => {
    const command = ofClaims.get(claim.id);
    return command === undefined ? [] : [{ claim, commands: [command] }];
  });
  const after = new Map((await moveClaims(tx, ports.events, tasks, HUB, today)).map((claim) => [claim.id, claim]));
  const moved = recoveries.flatMap((recovery) => {
    const command = ofRecoveries.get(recovery.id);
    return command === undefined ? [] : [applyToRecovery(command, recovery, HUB)];
  });
  await saveRecoveries(tx, moved);
  await appendHistory(
    tx,
    moved.map((recovery) =>
      recoveryHistory(recovery.withdrawn ? 'RecoveryWithdrawn' : 'RecoveryRepriced', recovery, today),
    ),
  );
  return claims.map((claim) => after.get(claim.id) ?? claim);
}

/** New claims are checked at once: without findings they go straight to validation, with findings they wait as exceptions. */
async function generate(
  tx: Tx,
  ports: SettlementPorts,
  outcomes: readonly Outcome[],
  claims: readonly Claim[],
): Promise<void> {
  const drafts = outcomes.flatMap((outcome) =>
    outcome.moves.flatMap((move) => (move.do === 'generate' ? [draftOf(outcome.engagement, move)] : [])),
  );
  const today = outcomes[0]?.today;
  if (drafts.length === 0 || today === undefined) return;
  const numbers = await nextClaimNumbers(tx, drafts.length);
  const made = drafts.map((draft, index) => ({ ...draft, number: numbers[index] ?? '' }));
  const sameJobs = await sameJobClaims(tx, made);
  const cancelled = cancelledBy(outcomes);
  const sameFees = sameFeeClaims(
    made,
    [...claims.filter((claim) => !cancelled.has(claim.id)), ...made],
    new Map(outcomes.map((outcome) => [outcome.engagement.referralId, outcome.beside])),
  );
  const contracts = await findContracts(
    tx,
    made.map((claim) => claim.contractId),
  );
  const commitments = await commitmentsOf(
    tx,
    made.map((claim) => claim.referralId),
  );
  const pending = pendingMinor([...claims, ...made], outcomes);
  const tasks = made.map((claim) => {
    const findings = checkClaim(claim, {
      sameJobClaims: numbersOf(sameJobs.get(claim.id)),
      sameFeeClaims: numbersOf(sameFees.get(claim.id)),
      commitmentLeftMinor: left(commitments.get(claim.referralId), pending.get(claim.referralId) ?? 0n, claim),
      contractEndsOn: endOf(contracts.get(claim.contractId)),
    });
    return {
      claim,
      commands:
        findings.length > 0
          ? [{ do: 'hold', findings } as const]
          : [{ do: 'submit' } as const, { do: 'begin-validation' } as const],
    };
  });
  await insertAndMoveClaims(tx, ports.events, tasks, HUB, today);
  await holdTheirTwins(tx, ports, made, { sameJobs, sameFees }, today);
}

const numbersOf = (claims: readonly Claim[] = []): string[] => claims.map((claim) => claim.number);

function draftOf(engagement: Engagement, move: ClaimMove & { do: 'generate' }): Claim {
  return {
    id: newId<'Claim'>(),
    number: '',
    kind: move.kind,
    state: 'GENERATED',
    referralId: engagement.referralId,
    personId: engagement.personId,
    contractId: engagement.contractId,
    authorityId: engagement.authorityId,
    providerId: engagement.providerId,
    tariffId: engagement.tariffId,
    tariffVersion: engagement.tariffVersion,
    feeId: move.feeId,
    occurrence: move.occurrence,
    dueOn: move.dueOn,
    currency: engagement.currency as Claim['currency'],
    askedMinor: move.amountMinor,
    approvedMinor: null,
    certifiedMinor: null,
    feeMinor: move.feeMinor,
    why: move.why,
    jobs: move.jobs,
    findings: [],
    correctsId: move.correctsId,
    approvedBy: null,
    certifiedBy: null,
    certifiedOn: null,
    batchId: null,
    statementId: null,
    disputedFrom: null,
    returns: 0,
    version: 1,
  };
}

const cancelledBy = (outcomes: readonly Outcome[]): ReadonlySet<string> =>
  new Set(outcomes.flatMap(({ moves }) => moves.flatMap((move) => (move.do === 'cancel' ? [move.claimId] : []))));

/** What open claims of each referral will draw, those just cancelled left out. */
function pendingMinor(claims: readonly Claim[], outcomes: readonly Outcome[]): Map<string, bigint> {
  const cancelled = cancelledBy(outcomes);
  const pending = new Map<string, bigint>();
  for (const claim of claims) {
    if (!isOpen(claim.state) || cancelled.has(claim.id)) continue;
    pending.set(claim.referralId, (pending.get(claim.referralId) ?? 0n) + claim.askedMinor);
  }
  return pending;
}

/** What the commitment leaves for one claim when all other open claims of the referral are drawn from it too. */
const left = (commitment: CommitmentRow | undefined, pendingMinor: bigint, claim: Claim): bigint | null =>
  commitment === undefined ? null : commitment.amountMinor - commitment.drawnMinor - (pendingMinor - claim.askedMinor);

const endOf = (contract: Contract | undefined): LocalDate | null => contract?.validTo ?? null;

async function proposeRecoveries(tx: Tx, ports: SettlementPorts, outcomes: readonly Outcome[]): Promise<void> {
  const proposed = outcomes.flatMap(({ engagement, today, moves }) =>
    moves.flatMap((move) => (move.do === 'propose-recovery' ? [recoveryOf(engagement, move, today)] : [])),
  );
  const today = outcomes[0]?.today;
  if (proposed.length === 0 || today === undefined) return;
  await insertRecoveries(tx, proposed);
  await appendHistory(
    tx,
    proposed.map((recovery) => recoveryHistory('RecoveryProposed', recovery, today)),
  );
  await ports.events.publish(
    tx,
    proposed.map((recovery) => ({
      type: 'liaison.recovery.proposed.v1',
      subject: recovery.id,
      data: {
        recoveryId: recovery.id,
        claimId: recovery.claimId,
        authorityId: recovery.authorityId,
        providerId: recovery.providerId,
        amountMinor: recovery.amountMinor.toString(),
        currency: recovery.currency,
      },
    })),
  );
}

function recoveryOf(engagement: Engagement, move: ClaimMove & { do: 'propose-recovery' }, today: LocalDate): Recovery {
  return {
    id: newId<'Recovery'>(),
    state: 'PROPOSED',
    claimId: move.claimId,
    referralId: engagement.referralId,
    authorityId: engagement.authorityId,
    providerId: engagement.providerId,
    currency: engagement.currency as Recovery['currency'],
    amountMinor: move.amountMinor,
    recoveredMinor: 0n,
    feeMinor: move.feeMinor,
    tariffVersion: engagement.tariffVersion,
    reason: move.why,
    proposedOn: today,
    providerAccepts: null,
    providerAnswer: null,
    decision: null,
    decidedBy: null,
    confirmedBy: null,
    withdrawn: false,
    version: 1,
  };
}

const recoveryHistory = (type: string, recovery: Recovery, on: LocalDate) => ({
  subjectKind: 'recovery',
  subjectId: recovery.id,
  authorityId: recovery.authorityId,
  providerId: recovery.providerId,
  type,
  effectiveOn: on,
  body: {
    amountMinor: recovery.amountMinor,
    claimId: recovery.claimId,
    tariffVersion: recovery.tariffVersion,
    reason: recovery.reason,
  },
});

/** Each question is asked once; the answer comes back as a fact. */
async function ask(tx: Tx, ports: SettlementPorts, outcomes: readonly Outcome[], now: Date): Promise<void> {
  const questions = outcomes.flatMap(({ engagement, priced }) =>
    priced.questions.map((question) => ({
      ...question,
      verificationId: newId<'Verification'>(),
      referralId: engagement.referralId,
      personId: engagement.personId,
      authorityId: engagement.authorityId,
    })),
  );
  const fresh = await keepNewQuestions(tx, questions, now);
  const asked = questions.filter((question) => fresh.has(question.verificationId));
  if (asked.length === 0) return;
  await ports.events.publish(
    tx,
    asked.map((each) => ({
      type: 'liaison.verification.asked.v1',
      subject: each.verificationId,
      data: {
        verificationId: each.verificationId,
        referralId: each.referralId,
        personId: each.personId,
        authorityId: each.authorityId,
        question: each.question,
        from: each.from,
        to: each.to,
        earliest: each.earliest,
      },
    })),
  );
}

/** On the first the month is stated; from the day after, what was stated can be recovered. */
export const dayAfterStatement = (today: LocalDate): LocalDate => {
  const day = addDays(today, 31 - Number(today.slice(8)));
  const first = day.slice(0, 7) === today.slice(0, 7) ? addDays(day, 1) : localDate(`${day.slice(0, 7)}-01`);
  return addDays(first, 1);
};

/**
 * Those that pricing names; the day from which no new job can be a result, when budget may be free; and the day after the month is stated,
 * where a claim that takes back was rejected.
 */
const namedDates = ({ engagement, priced, lastDayForJobs: last, today, keepsMore }: Outcome) =>
  [...priced.namedDates, ...(last === null ? [] : [addDays(last, 1)]), ...(keepsMore ? [dayAfterStatement(today)] : [])]
    .filter((onDate) => onDate > today)
    .map((onDate) => ({ referralId: engagement.referralId, onDate }));

const commitmentState = (outcome: Outcome) => ({
  referralId: outcome.engagement.referralId,
  state: commitmentStateOf({ ...outcome, prospect: outcome.priced.prospect }),
});
