import type { LocalDate } from '#libs/kernel/index.js';
import type { ClaimId, RecoveryId } from '../contract/ids.js';
import { isOpen, type Claim, type ClaimKind } from './claim.js';
import { isProposal, type Recovery } from './recovery.js';

/** What pricing says of one occurrence of one fee. */
export interface FeeAnswer {
  readonly feeId: string;
  /** Which of a repeating fee's payments; the empty text where there is one only. */
  readonly occurrence: string;
  /**
   * `undecided`: a register has been asked; nothing that was certified is touched until it answers. `not-by-this-hub`: somebody else than
   * the provider is paid, which is never claimed.
   */
  readonly answer: 'due' | 'not-due' | 'undecided' | 'not-by-this-hub';
  /** Zero unless due. */
  readonly amountMinor: bigint;
  /** The day it became due; null unless due. */
  readonly dueOn: LocalDate | null;
  readonly why: string;
  /** References of the employments it rests on. */
  readonly jobs: readonly string[];
}

export type ClaimMove =
  | {
      readonly do: 'generate';
      readonly kind: ClaimKind;
      readonly feeId: string;
      readonly occurrence: string;
      readonly amountMinor: bigint;
      readonly feeMinor: bigint;
      readonly dueOn: LocalDate;
      readonly why: string;
      readonly jobs: readonly string[];
      readonly correctsId: ClaimId | null;
    }
  | { readonly do: 'cancel'; readonly claimId: ClaimId; readonly code: string }
  | {
      readonly do: 'propose-recovery';
      readonly claimId: ClaimId;
      readonly amountMinor: bigint;
      readonly feeMinor: bigint;
      readonly why: string;
    }
  | { readonly do: 'withdraw-recovery'; readonly recoveryId: RecoveryId };

export type ClaimView = Pick<
  Claim,
  | 'id'
  | 'state'
  | 'feeId'
  | 'occurrence'
  | 'askedMinor'
  | 'certifiedMinor'
  | 'feeMinor'
  | 'dueOn'
  | 'correctsId'
  | 'statementId'
  | 'disputedFrom'
  | 'tariffVersion'
>;
export type RecoveryView = Pick<
  Recovery,
  'id' | 'state' | 'claimId' | 'amountMinor' | 'recoveredMinor' | 'feeMinor' | 'withdrawn' | 'tariffVersion'
>;

/**
 * Compares what is due with what was claimed, for one referral, and answers the moves that make them equal.
 *
 * Not yet certified: cancelled, and generated anew where something is due. Certified and not yet stated: stopped by a reversal
 * claim. Stated: a proposed recovery. More due than certified: an adjustment. A person's rejection (or a dropped recovery) holds
 * for as long as the fee comes to the same. A correction by another version than what it corrects names both. `on` is the day of a
 * correction.
 */
export function compareFeesWithClaims(
  { fees, tariffVersion }: { readonly fees: readonly FeeAnswer[]; readonly tariffVersion: string },
  claims: readonly ClaimView[],
  recoveries: readonly RecoveryView[],
  on: LocalDate,
): readonly ClaimMove[] {
  const asked = new Map(fees.map((fee) => [keyOf(fee), fee]));
  const claimed = Map.groupBy(claims, keyOf);
  const keyOfClaim = new Map(claims.map((claim) => [claim.id, keyOf(claim)]));
  const recovered = Map.groupBy(recoveries, (recovery) => keyOfClaim.get(recovery.claimId) ?? '');
  return [...new Set([...asked.keys(), ...claimed.keys()])].sort().flatMap((key) => {
    const [own, taken] = [claimed.get(key) ?? [], recovered.get(key) ?? []];
    const moves = compareOne(asked.get(key) ?? gone(own), own, taken, on);
    const standing = standingVersion(own, taken);
    return standing === undefined || standing === tariffVersion
      ? moves
      : moves.map((move) => namingVersions(move, tariffVersion, standing));
  });
}

const namingVersions = (move: ClaimMove, tariffVersion: string, standing: string): ClaimMove =>
  'why' in move ? { ...move, why: `By version ${tariffVersion} instead of ${standing}: ${move.why}` } : move;

/** The version that what stands of a fee was priced by: that of the last entry which the books know. Ids are in the order of time. */
function standingVersion(claims: readonly ClaimView[], recoveries: readonly RecoveryView[]): string | undefined {
  const certified = claims.filter((claim) => claim.certifiedMinor !== null);
  const comingBack = recoveries.filter((recovery) => comingBackMinor(recovery) !== 0n);
  const entries: readonly (ClaimView | RecoveryView)[] = [...certified, ...comingBack];
  return entries.toSorted((a, b) => (a.id < b.id ? -1 : 1)).at(-1)?.tariffVersion;
}

const keyOf = (of: { readonly feeId: string; readonly occurrence: string }): string => `${of.feeId}#${of.occurrence}`;

function gone(claims: readonly ClaimView[]): FeeAnswer {
  const { feeId, occurrence } = claims[0] ?? { feeId: '', occurrence: '' };
  const why = 'This fee is no longer due.';
  return { feeId, occurrence, answer: 'not-due', amountMinor: 0n, dueOn: null, why, jobs: [] };
}

function compareOne(
  fee: FeeAnswer,
  claims: readonly ClaimView[],
  recoveries: readonly RecoveryView[],
  on: LocalDate,
): readonly ClaimMove[] {
  const open = claims.filter((claim) => isOpen(claim.state) && !isRejected(claim, fee));
  const proposals = recoveries.filter((recovery) => isProposal(recovery.state));
  const firmMinor = certifiedSum(claims) - recoveredSum(recoveries);
  const openMinor = sum(open.map((claim) => claim.askedMinor)) - sum(proposals.map((each) => each.amountMinor));
  const restMinor = restOf(fee.amountMinor, firmMinor, writtenOffSum(recoveries));
  const sameDay = open.every((claim) => claim.correctsId !== null || claim.dueOn === fee.dueOn);
  const takenBack = [...open.map(cancel), ...proposals.map(withdraw)];
  if (fee.answer === 'undecided') return takenBack;
  const wanted = restMinor === 0n ? [] : correct(fee, claims, restMinor, on);
  const moves = wanted.filter((move) => !isDecided(move, fee, claims, recoveries));
  // What is open already and what is wanted come to the same: nothing is taken back to be asked again.
  return openMinor === sum(moves.map(signedMinor)) && sameDay ? [] : [...takenBack, ...moves];
}

/** What nobody will give back stays with the provider: it pays for a fee that is due again, and is not asked for a second time. */
function restOf(feeMinor: bigint, firmMinor: bigint, writtenOffMinor: bigint): bigint {
  if (feeMinor >= firmMinor) return feeMinor - firmMinor;
  const keptMinor = feeMinor > writtenOffMinor ? feeMinor : writtenOffMinor;
  return firmMinor > keptMinor ? keptMinor - firmMinor : 0n;
}

const signedMinor = (move: ClaimMove): bigint =>
  move.do === 'generate' ? move.amountMinor : move.do === 'propose-recovery' ? -move.amountMinor : 0n;

const cancel = (claim: ClaimView): ClaimMove => ({ do: 'cancel', claimId: claim.id, code: 'FACTS_CHANGED' });
const withdraw = (recovery: RecoveryView): ClaimMove => ({ do: 'withdraw-recovery', recoveryId: recovery.id });

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

const certifiedSum = (claims: readonly ClaimView[]): bigint => sum(claims.map((claim) => claim.certifiedMinor ?? 0n));

/** What the books already know to be coming back. */
const recoveredSum = (recoveries: readonly RecoveryView[]): bigint => sum(recoveries.map(comingBackMinor));

function comingBackMinor({ state, recoveredMinor, amountMinor }: RecoveryView): bigint {
  if (isProposal(state) || state === 'DROPPED') return 0n;
  return state === 'WRITTEN_OFF' ? recoveredMinor : amountMinor;
}

const writtenOffSum = (recoveries: readonly RecoveryView[]): bigint =>
  sum(
    recoveries
      .filter((each) => each.state === 'WRITTEN_OFF')
      .map(({ amountMinor, recoveredMinor }) => amountMinor - recoveredMinor),
  );

/** A person already said no to exactly this: to a claim of that amount, or two to a recovery of it, while the fee came to the same. */
function isDecided(
  move: ClaimMove,
  fee: FeeAnswer,
  claims: readonly ClaimView[],
  recoveries: readonly RecoveryView[],
): boolean {
  if (move.do === 'generate')
    return claims.some(
      (claim) =>
        isRejected(claim, fee) &&
        claim.askedMinor === move.amountMinor &&
        (claim.correctsId === null) === (move.correctsId === null),
    );
  return (
    move.do === 'propose-recovery' &&
    recoveries.some(
      (each) =>
        each.state === 'DROPPED' &&
        !each.withdrawn &&
        each.feeMinor === fee.amountMinor &&
        each.amountMinor === move.amountMinor,
    )
  );
}

/** A rejection holds for as long as the fee comes to the same; a dispute about it ends it only when it is upheld. */
const isRejected = ({ state, disputedFrom, feeMinor }: ClaimView, fee: FeeAnswer): boolean =>
  (state === 'REJECTED' || (state === 'DISPUTED' && disputedFrom === 'REJECTED')) &&
  (fee.answer === 'undecided' || feeMinor === fee.amountMinor);

function correct(fee: FeeAnswer, claims: readonly ClaimView[], restMinor: bigint, on: LocalDate): readonly ClaimMove[] {
  const certified = claims.filter((claim) => claim.state === 'CERTIFIED');
  const first = certified.find((claim) => claim.correctsId === null) ?? certified[0];
  if (first === undefined) return [generate(fee, 'FEE', restMinor, fee.dueOn ?? on, null)];
  if (restMinor > 0n) return [generate(fee, 'ADJUSTMENT', restMinor, on, first.id)];
  return takeBack(fee, certified, -restMinor, on, first);
}

/** What stands on no provider statement yet is stopped; the rest was stated, so the provider is heard first. */
function takeBack(
  fee: FeeAnswer,
  certified: readonly ClaimView[],
  excessMinor: bigint,
  on: LocalDate,
  first: ClaimView,
): readonly ClaimMove[] {
  const unstated = certified.filter((claim) => claim.statementId === null);
  const unstatedMinor = certifiedSum(unstated);
  const stoppedMinor = unstatedMinor <= 0n ? 0n : unstatedMinor < excessMinor ? unstatedMinor : excessMinor;
  const recoverMinor = excessMinor - stoppedMinor;
  const whole = fee.amountMinor === 0n && recoverMinor === 0n;
  const stopped = unstated[0] ?? first;
  return [
    ...(stoppedMinor > 0n ? [generate(fee, whole ? 'REVERSAL' : 'ADJUSTMENT', -stoppedMinor, on, stopped.id)] : []),
    ...(recoverMinor > 0n
      ? [
          {
            do: 'propose-recovery',
            claimId: first.id,
            amountMinor: recoverMinor,
            feeMinor: fee.amountMinor,
            why: fee.why,
          } as const,
        ]
      : []),
  ];
}

const generate = (
  fee: FeeAnswer,
  kind: ClaimKind,
  amountMinor: bigint,
  dueOn: LocalDate,
  correctsId: ClaimId | null,
): ClaimMove => ({
  do: 'generate',
  kind,
  feeId: fee.feeId,
  occurrence: fee.occurrence,
  amountMinor,
  feeMinor: fee.amountMinor,
  dueOn,
  why: fee.why,
  jobs: fee.jobs,
  correctsId,
});
