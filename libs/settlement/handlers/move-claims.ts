import type { LocalDate } from '#libs/kernel/index.js';
import type { EventLog, NewEvent } from '#libs/platform/events/event-log.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import type { Actor } from '../domain/actor.js';
import { decideClaim, evolveClaim, type Claim, type ClaimCommand, type ClaimEvent } from '../domain/claim.js';
import { insertClaims, saveClaims } from '../outbound/claims.store.js';
import { appendHistory, type HistoryRow } from '../outbound/history.store.js';

/** One claim and what is asked of it, in this order. */
export interface ClaimTask {
  readonly claim: Claim;
  readonly commands: readonly ClaimCommand[];
}

/**
 * Decides every command, then saves all claims, appends their history and publishes, each in one statement. A command that is
 * refused refuses all of them.
 */
export async function moveClaims(
  tx: Tx,
  events: EventLog,
  tasks: readonly ClaimTask[],
  actor: Actor,
  on: LocalDate,
): Promise<readonly Claim[]> {
  const steps = tasks.map((task) => runTask(task, actor));
  const after = steps.map((step) => step.claim);
  await saveClaims(
    tx,
    after,
    tasks.map((task) => task.claim),
  );
  await tell(tx, events, steps, on);
  return after;
}

/** As `moveClaims`, for claims that the hub has just made: they are inserted as they stand after their first commands. */
export async function insertAndMoveClaims(
  tx: Tx,
  events: EventLog,
  tasks: readonly ClaimTask[],
  actor: Actor,
  on: LocalDate,
): Promise<readonly Claim[]> {
  const steps = tasks.map((task) => {
    const step = runTask(task, actor);
    return { ...step, happened: [{ claim: task.claim, event: { type: 'ClaimGenerated' } as const }, ...step.happened] };
  });
  await insertClaims(
    tx,
    steps.map((step) => step.claim),
  );
  await tell(tx, events, steps, on);
  return steps.map((step) => step.claim);
}

type Happened = ClaimEvent | { readonly type: 'ClaimGenerated' };
interface Step {
  readonly claim: Claim;
  readonly happened: readonly { readonly claim: Claim; readonly event: Happened }[];
}

function runTask({ claim, commands }: ClaimTask, actor: Actor): Step {
  let now = claim;
  const happened = commands.map((command) => {
    const event = decideClaim(command, now, actor);
    now = evolveClaim(now, event);
    return { claim: now, event };
  });
  return { claim: now, happened };
}

async function tell(tx: Tx, events: EventLog, steps: readonly Step[], on: LocalDate): Promise<void> {
  const happened = steps.flatMap((step) => step.happened);
  await appendHistory(
    tx,
    happened.map(({ claim, event }) => historyRow(claim, event, on)),
  );
  const published = happened.flatMap(({ claim, event }) => publicEvent(claim, event));
  if (published.length > 0) await events.publish(tx, published);
}

const historyRow = (claim: Claim, event: Happened, on: LocalDate): HistoryRow => ({
  subjectKind: 'claim',
  subjectId: claim.id,
  authorityId: claim.authorityId,
  providerId: claim.providerId,
  type: event.type,
  effectiveOn: event.type === 'ClaimGenerated' ? claim.dueOn : on,
  body: event,
});

/** What partners are told; the steps in between (submitted, validation begun) are the hub's own. */
function publicEvent(claim: Claim, event: Happened): NewEvent[] {
  const data = {
    claimId: claim.id,
    referralId: claim.referralId,
    contractId: claim.contractId,
    authorityId: claim.authorityId,
    providerId: claim.providerId,
    feeId: claim.feeId,
    amountMinor: claim.askedMinor.toString(),
    currency: claim.currency,
  };
  const publish = (name: string, more: object = {}): NewEvent[] => [
    { type: `liaison.claim.${name}.v1`, subject: claim.id, data: { ...data, ...more } },
  ];
  switch (event.type) {
    case 'ClaimGenerated':
      return publish('generated', { kind: claim.kind, dueOn: claim.dueOn });
    case 'ClaimBlocked':
      return publish('blocked', { codes: event.findings.map((finding) => finding.code) });
    case 'ClaimApproved':
      return publish('approved', { batchId: event.batchId });
    case 'ClaimCertified':
      return publish('certified', { batchId: claim.batchId });
    case 'ClaimRejected':
      return publish('rejected', { code: event.code });
    case 'ClaimDisputed':
      return publish('disputed');
    case 'ClaimDisputeAnswered':
      return publish('dispute-answered', { upheld: event.upheld });
    case 'ClaimReturned':
      return publish('returned', { code: event.code });
    case 'ClaimCancelled':
      return publish('cancelled');
    case 'ClaimSubmitted':
    case 'ClaimValidationBegun':
    case 'ClaimRepriced':
      return [];
  }
}
